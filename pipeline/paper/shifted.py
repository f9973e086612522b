"""Raised and lowered text in letters of Unicode's own, so that 10⁵ is never 105."""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def raised(text: str) -> str:
    """Superscript digits and signs; text that holds a letter stays as it is."""
    return _shifted(text, _RAISED)


def lowered(text: str) -> str:
    """Subscript digits and signs; text that holds a letter stays as it is."""
    return _shifted(text, _LOWERED)


def _shifted(text: str, letters: dict[int, int]) -> str:
    return text if any(c.isalpha() for c in text) else text.translate(letters)
