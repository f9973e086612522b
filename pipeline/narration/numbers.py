"""Numbers as words, in the American way: no "and", digits after the point one by one.

Our own, because inflect takes seconds to import (it compiles type checks) and num2words comes without a wheel;
held against inflect 7.5 on 1,560 numbers when it was written.
"""

from __future__ import annotations

import re

#: A number as papers print it: 1,234.5 · 12 · 0.05 · .03
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"

_ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
#: Longer runs of digits are accession numbers; nobody says them as one number.
_LONGEST = 15


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ["", "thousand", "million", "billion", "trillion"]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _words(number: str) -> str:
    whole, point, fraction = number.partition(".")
    said = _whole(int(whole or 0))
    return " ".join([said, "point", *(_SMALL[int(digit)] for digit in fraction)]) if point else said


def _whole(number: int) -> str:
    groups = []
    for scale in _SCALES:
        number, below = divmod(number, 1000)
        if below:
            groups.append(f"{_hundreds(below)} {scale}".strip())
    return " ".join(reversed(groups)) or _SMALL[0]


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        parts.append(f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens])
    elif rest:
        parts.append(_SMALL[rest])
    return " ".join(parts)


def cardinal(number: str) -> str:
    """ "1,234.5" → "one thousand two hundred thirty-four point five"."""
    plain = number.replace(",", "")
    if plain.startswith("."):
        plain = f"0{plain}"
    return _words(plain) if len(plain) <= _LONGEST else digits(plain)


def ordinal(number: str) -> str:
    """ "21" → "twenty-first"."""
    head, separator, last = re.fullmatch(r"(.*?)([ -]?)(\w+)", _words(number)).groups()  # type: ignore[union-attr]
    if last in _ORDINALS:
        return f"{head}{separator}{_ORDINALS[last]}"
    return (
        f"{head}{separator}{last.removesuffix('y')}ieth"
        if last.endswith("y")
        else f"{head}{separator}{last}th"
    )


def digits(number: str) -> str:
    """ "1038" → "one zero three eight"."""
    return " ".join(_words(digit) if digit.isdigit() else "point" for digit in number)


def year(number: str) -> str:
    """ "1905" → "nineteen oh five", "2003" → "two thousand three", "2019" → "twenty nineteen"."""
    century, rest = int(number[:2]), int(number[2:])
    if number[1] == "0" and rest < 10:
        return _words(number)
    if rest == 0:
        return f"{_words(str(century))} hundred"
    return f"{_words(str(century))} {'oh ' if rest < 10 else ''}{_words(str(rest))}"


def decade(number: str) -> str:
    """ "1990" → "nineteen nineties", "80" → "eighties"."""
    words = year(number) if len(number) == 4 else cardinal(number)
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def in_a_name(number: str) -> str:
    """The digits of a gene, cell line or virus: "53" → "fifty-three", "293" → "two ninety-three"."""
    if "." in number:
        return cardinal(number)
    if number.startswith("0") or len(number) > 4:
        return digits(number)
    if len(number) <= 2 or number.endswith("00"):
        return cardinal(number)
    if len(number) == 4:
        return year(number) if number[0] != "0" else digits(number)
    head, rest = number[:1], number[1:]
    return f"{cardinal(head)} {'oh ' + cardinal(rest[1]) if rest[0] == '0' else cardinal(rest)}"


def roman(numeral: str) -> str | None:
    """ "IV" → "four"; `None` when it is no Roman numeral from I to XXXIX."""
    if not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    total = sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
    return cardinal(str(total))
