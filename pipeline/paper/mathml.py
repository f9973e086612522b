"""A formula in MathML as a line of text that a person can read."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")

_SPACED = frozenset("=<>≤≥≈≠±×→∼~∈≡∝≪≫⩽⩾≲≳·")
_SIGNS = frozenset("+-−–")
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")


def formula(math: etree._Element) -> str:
    """The formula on one line: fractions with a slash, indices raised or lowered where such letters exist.

    The order of the symbols is that of the markup.
    """
    return " ".join(_read(math).split())


def raised(text: str) -> str:
    """`text` in superscript letters when all of it has such letters, else as it is."""
    return _shifted(text, _SUPERSCRIPTS)


def lowered(text: str) -> str:
    """`text` in subscript letters when all of it has such letters, else as it is."""
    return _shifted(text, _SUBSCRIPTS)


def _shifted(text: str, letters: dict[int, int]) -> str:
    return text.translate(letters) if text and all(ord(c) in letters for c in text) else text


def _children(node: etree._Element) -> list[str]:
    return [_read(child) for child in node.iterchildren(etree.Element)]


def _read(node: etree._Element) -> str:
    name = str(node.tag)
    if name in {"annotation", "annotation-xml", "mphantom", "mspace"}:
        return " " if name == "mspace" else ""
    if name in {"mi", "mn", "mtext", "mo", "ms"}:
        symbol = "".join(map(str, node.itertext())).translate(_INVISIBLE)
        return _operator(node, symbol.strip()) if name == "mo" else symbol
    if name in _ARRANGED:
        parts = _children(node)
        return _ARRANGED[name](parts) if len(parts) >= 2 else "".join(parts)
    inside = "".join(_children(node))
    if name == "msqrt":
        return f"√{_grouped(inside)}"
    if name == "mfenced":
        return f"{node.get('open', '(')}{', '.join(_children(node))}{node.get('close', ')')}"
    return f"{inside} " if name in {"mtr", "mtd"} else inside


def _operator(node: etree._Element, symbol: str) -> str:
    previous = node.getprevious()
    binary = symbol in _SIGNS and previous is not None and previous.tag != "mo"
    return f" {symbol} " if symbol in _SPACED or binary else symbol


def _grouped(text: str) -> str:
    bare = text.strip()
    return bare if len(bare) == 1 or bare.isalnum() else f"({bare})"


def _power(base: str, exponent: str) -> str:
    tight = exponent.replace(" ", "")
    if not tight:
        return base
    return base + (raised(tight) if raised(tight) != tight else f"^{_grouped(exponent)}")


def _limits(base: str, under: str, over: str = "") -> str:
    """A sum or integral with its limits: as indices where such letters exist, else in brackets."""
    below, above = under.replace(" ", ""), over.replace(" ", "")
    if lowered(below) != below and (not above or raised(above) != above):
        return f"{base}{lowered(below)}{raised(above)}"
    return f"{base}{f'_({under.strip()})' if below else ''}{f'^({over.strip()})' if above else ''}"


def _index(index: str) -> str:
    tight = index.replace(" ", "")
    return lowered(tight) if lowered(tight) != tight else index.strip()


_ARRANGED: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda parts: f"{_grouped(parts[0])}/{_grouped(parts[1])}",
    "msup": lambda parts: _power(parts[0], parts[1]),
    "msub": lambda parts: parts[0] + _index(parts[1]),
    "msubsup": lambda parts: _power(parts[0] + _index(parts[1]), parts[-1]),
    "munder": lambda parts: _limits(parts[0], parts[1]),
    "munderover": lambda parts: _limits(parts[0], parts[1], parts[-1]),
    "mroot": lambda parts: f"{_grouped(parts[0])}^(1/{parts[1]})",
}
