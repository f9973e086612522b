"""How a text names figures: "Fig. 2A", "Figures 1–3", "Figs 2 and 4", "Supplementary Fig. 1"."""

from __future__ import annotations

import re

_NUMBER = r"(S?\d{1,3})(?:\s?[(\[]?[A-Za-z](?![A-Za-z])[)\]]?(?:\s?[-–,]\s?[A-Za-z](?![A-Za-z]))*)?"
_NAMED = re.compile(
    rf"\b(?P<more>suppl\w*\.?\s|additional\s(?:file\s\d+:?\s)?)?fig(?:ure|ura)?s?\.?\s*(?P<list>{_NUMBER}"
    rf"(?:\s?(?:[-–,;&]|and|to)\s?(?:(?:and|fig(?:ure)?s?\.?)\s)?{_NUMBER})*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})\s?(?:[-–]|to)\s?(\d{1,3})(?!\d)")
_ONE = re.compile(r"(?<![A-Za-z\d])(S?\d{1,3})")
#: More than so many figures in a range are a slip of reading.
_LONGEST_RANGE = 20


def number_of(label: str) -> str:
    """The number in a figure's label ("2" of "Fig. 2", "S1" of "Figure S1"); "" without one."""
    found = re.search(r"S?\d+", label)
    return found[0].upper() if found else ""


def named_in(text: str) -> set[str]:
    """The numbers of all figures that a text names; supplementary ones begin with S."""
    numbers: set[str] = set()
    for found in _NAMED.finditer(text):
        listed = found["list"]
        these = {number.upper() for number in _ONE.findall(listed)}
        for first, last in _RANGE.findall(listed):
            if int(first) < int(last) <= int(first) + _LONGEST_RANGE:
                these |= {str(number) for number in range(int(first), int(last) + 1)}
        numbers |= {f"S{number.removeprefix('S')}" for number in these} if found["more"] else these
    return numbers
