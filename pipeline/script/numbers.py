"""The numbers that a text states, in digits or words, as values that can be compared."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Unit = Literal["", "share", "fold", "name"]

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
_ONES = {word: value for value, word in enumerate(_UNITS.split())}
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: value for value, word in zip(range(20, 100, 10), _DECADES.split(), strict=True)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_CHANGES = {
    "halved": (0.5, "share"), "halving": (0.5, "share"), "twice": (2.0, "fold"), "doubled": (2.0, "fold"),
    "doubling": (2.0, "fold"), "tripled": (3.0, "fold"), "tripling": (3.0, "fold"), "thrice": (3.0, "fold"),
    "quadrupled": (4.0, "fold"),
}  # fmt: skip

_CARDINAL = "|".join([*_ONES, *_TENS])
_WORDS = rf"(?:{_CARDINAL})(?:[- ](?:{_CARDINAL}|{'|'.join(_SCALES)}|and(?=\s(?:{_CARDINAL}))))*"
_DIGITS = r"\d{1,3}(?:[,\u202f\u2009\u00a0 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,·]\d+)?|\.\d+"
_FOLD = r"(?:[- ]?fold|[- ]?times|×(?!\s?\d))"
_MANY = "hundred|thousand|million|billion"
_QUANTITY = re.compile(
    rf"""
    (?P<name>(?<![\w.])[^\W\d_]+[-‐‑]?\d[\w]*(?:[-‐‑]\w+)*)
    | (?<!\w)(?P<part>(?P<whole>an?|one|two|three|four)[- ]
      (?P<piece>half|third|quarter|fourth|fifth|tenth)s?)\b
    | (?<![\w-])(?P<half>half)(?!-)\b
    | (?<!\w)(?P<top>\d{{1,2}}|{_CARDINAL})\s(?:in|out\sof)(?:\severy)?
      \s(?P<bottom>\d{{1,3}}(?!\d)|{_CARDINAL})\b(?!\s(?:of|{_MANY}))
    | (?<!\w)(?P<change>{"|".join(_CHANGES)})\b
    | (?<!\w)(?P<above>\d*)(?P<vulgar>[¼-¾⅐-⅞])
    | (?P<sign>(?<![\w)\]])[-−–]\s?)?(?<![\w.])(?P<digits>{_DIGITS})
      (?P<power>(?<=(?<![\d.,])10)[⁺⁻]?[⁰¹²³⁴-⁹]{{1,2}})?(?:\s(?P<scale>{_MANY})\b)?
      (?P<unit>\s?%|\s?per\s?cent\b|{_FOLD}\b)?
    | (?<!\w)(?P<words>{_WORDS})(?P<wordunit>\s?%|\sper\s?cent\b|{_FOLD}\b)?(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_JOINS_A_RANGE = re.compile(r"\s?(?:[-–−,±]|,?\s?(?:to|and|or|versus|vs\.?))\s?$")


@dataclass(frozen=True)
class Quantity:
    """A number as a text states it.

    `unit` is "share" for percentages and fractions (37 % is 0.37, "one in five" 0.2), "fold" for
    multiples, "name" for a word with a number in it (COX-2), which has no value of its own, else "".
    """

    value: float
    unit: Unit
    text: str

    def equals(self, other: Quantity) -> bool:
        """Whether both state the same: value and unit, or the same name."""
        if "name" in (self.unit, other.unit):
            return self.unit == other.unit and _bare(self.text) == _bare(other.text)
        return self.unit == other.unit and math.isclose(self.value, other.value, rel_tol=1e-9, abs_tol=1e-12)


def _bare(name: str) -> str:
    return re.sub(r"[-‐‑]", "", name).lower()


def numbers(text: str) -> list[Quantity]:
    """The numbers of `text` in order. "one" alone is a pronoun, not a number; ordinals are none either."""
    matches = list(_QUANTITY.finditer(text))
    found: list[Quantity] = []
    for index, match in enumerate(matches):
        quantity = _quantity(match)
        if quantity is None:
            continue
        if quantity.unit == "" and _range_of_shares(text, matches, index):
            quantity = Quantity(quantity.value / 100, "share", quantity.text)
        found.append(quantity)
    return found


def _range_of_shares(text: str, matches: list[re.Match[str]], index: int) -> bool:
    """Whether the number begins a range or list whose last member has the percent sign ("93–96 %")."""
    for here, following in zip(matches[index:], matches[index + 1 :], strict=False):
        if not _JOINS_A_RANGE.fullmatch(text[here.end() : following.start("digits")] or "x"):
            return False
        if "%" in (following["unit"] or "") or "cent" in (following["unit"] or ""):
            return True
    return False


def _quantity(match: re.Match[str]) -> Quantity | None:
    text = match[0].strip()
    if match["name"]:
        return Quantity(0.0, "name", text)
    if match["part"]:
        whole = 1 if match["whole"].lower() in ("a", "an") else _ONES[match["whole"].lower()]
        return Quantity(whole / _PARTS[match["piece"].lower()], "share", text)
    if match["half"]:
        return Quantity(0.5, "share", text)
    if match["top"]:
        return _ratio(match["top"], match["bottom"], text)
    if match["change"]:
        value, unit = _CHANGES[match["change"].lower()]
        return Quantity(value, "share" if unit == "share" else "fold", text)
    if match["vulgar"]:
        value = float(match["above"] or 0) + unicodedata.numeric(match["vulgar"])
        return Quantity(value, "" if match["above"] else "share", text)
    if match["power"]:
        exponent = int(unicodedata.normalize("NFKC", match["power"]).replace("−", "-"))
        return Quantity((-1 if match["sign"] else 1) * 10.0**exponent, "", text)
    if match["digits"]:
        value = _digits(match["digits"]) * _SCALES.get((match["scale"] or "").lower(), 1)
        return _with_unit(-value if match["sign"] else value, match["unit"], text)
    if match["words"].lower() == "one" and not match["wordunit"]:
        return None
    return _with_unit(_worded(match["words"]), match["wordunit"], text)


def _ratio(top: str, bottom: str, text: str) -> Quantity:
    above, below = (float(part) if part.isdigit() else float(_worded(part)) for part in (top, bottom))
    if below <= above:  # "15 in 2010" is no share
        return Quantity(above, "", top)
    return Quantity(above / below, "share", text)


def _with_unit(value: float, unit: str | None, text: str) -> Quantity:
    if unit is None:
        return Quantity(value, "", text)
    if "%" in unit or "cent" in unit.lower():
        return Quantity(value / 100, "share", text)
    return Quantity(value, "fold", text)


def _digits(written: str) -> float:
    """12,345 and 12 345 are thousands; a comma or raised dot before another number of digits is decimal."""
    if re.fullmatch(r"\d{1,3}(?:[,\u202f\u2009\u00a0 ]\d{3})+(?:\.\d+)?", written):
        return float(re.sub(r"[,\s]", "", written))
    return float(written.replace(",", ".").replace("·", "."))


def _worded(written: str) -> float:
    total = current = 0
    for word in re.split(r"[- ]", written.lower()):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] >= 1_000:
                total, current = total + current, 0
        else:
            current += _ONES.get(word, 0) + _TENS.get(word, 0)
    return float(total + current)
