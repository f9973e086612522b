"""The numbers that an abstract states, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.model import Quantity
from pipeline.text.units import rate, unit

_DIGITS = r"\d{1,3}(?:[,\u202f\u2009 ]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:[.·]\d+)?|\.\d+"
_POWER = r"(?:\s?[×x·*]\s?10\s?(?:\^?(?P<plain>[-−–]?\d{1,2})|(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]{1,2})))?"
#: A number on its own: not part of a name (COX-2, H2O, p53), of an identifier, an address or a date like 12/03.
_NUMBER = re.compile(
    rf"(?<![\w./:@#])(?<![A-Za-z][-‐‑–])(?P<sign>(?<![\d%])(?<![\d%]\s)[-−](?=[\d.]))?(?P<digits>{_DIGITS}){_POWER}"
    r"(?P<unit>\s?%|\s?per\s?cent\b|[- ]?fold\b|\s?°\s?[CF]\b)?(?![\d])(?!\.\d)(?!/\d|/[a-z]+\.)"
    r"(?!(?:st|nd|rd|th)\b)"
)
#: What makes a number a name: "Study 2", "(1) …", "type 2".
_NAMING = re.compile(
    r"(?:\b(?:stud(?:y|ies)|experiments?|fig(?:ure)?s?\.?|tables?|types?|phase|stage|grade|class|group|cohort|day|model"
    r"|chapter|section|no\.|aims?|box|version|trials?)\s)$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[- \u00a0\u202f]?((?:[A-Za-zµμΩ°Å%℃]+[²³⁻¹-]*[123]?)(?:[/·]\s?[A-Za-zµμ]+[²³123]?){0,2})"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
#: What a listed number or the first end of a range shares with the one that follows ("5 to 10 mg").
_JOINED = re.compile(r"\s?(?:[-–−±,]|to|and|or|vs\.?|versus)\s?")


def read_quantities(paragraphs: Iterable[str]) -> tuple[Quantity, ...]:
    """Every number of the paragraphs in order, as printed with its unit.

    The unit is the printed one ("mg/kg", "%", "years"), "" for a bare count. The first number of a range takes
    the unit of the second.
    """
    return tuple(quantity for paragraph in paragraphs for quantity in _in(paragraph))


def _in(text: str) -> Iterator[Quantity]:
    found = [number for number in _NUMBER.finditer(text) if not _names(text, number)]
    units = [_unit_after(text, number) for number in found]
    for place in range(len(found) - 2, -1, -1):
        between = text[found[place].end() : found[place + 1].start()]
        if not units[place] and _JOINED.fullmatch(between):
            units[place] = units[place + 1]
    for number, symbol in zip(found, units, strict=True):
        own = symbol if text[number.end("digits") :].lstrip(" -").startswith(symbol) else ""
        printed = text[number.start() : number.end()]
        if own and not printed.endswith(own):
            printed = text[number.start() : text.index(own, number.end()) + len(own)]
        yield Quantity(text=printed.strip(), value=_value(number), unit=symbol)


def _names(text: str, number: re.Match[str]) -> bool:
    """Whether a number is one of a list or of a thing, and counts nothing."""
    before, after = text[max(0, number.start() - 14) : number.start()], text[number.end() : number.end() + 1]
    opened = before.endswith("(") or not before.strip()
    listed = after == ")" and opened and number["digits"].isdecimal() and int(number["digits"]) < 20
    return listed or (not opened and not number["unit"] and _NAMING.search(before) is not None)


def _value(number: re.Match[str]) -> float:
    value = float(re.sub(r"[,\u202f\u2009 ]", "", number["digits"]).replace("·", "."))
    power = (number["plain"] or "").replace("−", "-").replace("–", "-") or (number["raised"] or "").translate(
        _RAISED
    )
    return (-value if number["sign"] else value) * 10.0 ** int(power or 0)


def _unit_after(text: str, number: re.Match[str]) -> str:
    if number["unit"]:
        return number["unit"].strip(" -")
    following = _UNIT.match(text, number.end())
    if following is None:
        return ""
    symbol = following[1]
    singular = symbol.removesuffix("s")
    known = unit(symbol) or rate(symbol) or (len(singular) > 2 and unit(singular))
    return symbol if known else ""
