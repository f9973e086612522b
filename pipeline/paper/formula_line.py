"""The parts of a formula on one line: fractions with a slash, indices raised or lowered where such letters exist."""

from __future__ import annotations

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def raised(text: str) -> str:
    """`text` in superscript letters when all of it has such letters, else as it is."""
    return _shifted(text, _SUPERSCRIPTS)


def lowered(text: str) -> str:
    """`text` in subscript letters when all of it has such letters, else as it is."""
    return _shifted(text, _SUBSCRIPTS)


def _shifted(text: str, letters: dict[int, int]) -> str:
    return text.translate(letters) if text and all(ord(c) in letters for c in text) else text


def grouped(text: str) -> str:
    """`text` in brackets, unless it is one letter, number or word."""
    bare = text.strip()
    return bare if len(bare) == 1 or bare.isalnum() else f"({bare})"


def power(base: str, exponent: str) -> str:
    """`base` with its exponent."""
    tight = exponent.replace(" ", "")
    if not tight:
        return base
    return base + (raised(tight) if raised(tight) != tight else f"^{grouped(exponent)}")


def limits(base: str, under: str, over: str = "") -> str:
    """A sum or integral with its limits: as indices where such letters exist, else in brackets."""
    below, above = under.replace(" ", ""), over.replace(" ", "")
    if lowered(below) != below and (not above or raised(above) != above):
        return f"{base}{lowered(below)}{raised(above)}"
    return f"{base}{f'_({under.strip()})' if below else ''}{f'^({over.strip()})' if above else ''}"


def index(text: str) -> str:
    """`text` as an index."""
    tight = text.replace(" ", "")
    return lowered(tight) if lowered(tight) != tight else text.strip()
