"""How one printed word is read aloud: a small lexer over its numbers, signs, units, Greek and letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.narration import numbers
from pipeline.narration.symbols import (
    BEFORE_LABELS,
    BEFORE_ROMAN,
    BEFORE_YEARS,
    CURRENCIES,
    FORMULAS,
    GREEK,
    SIGNS,
)
from pipeline.text.units import is_plain, rate, unit


@dataclass(frozen=True)
class Place:
    """What stands beside a word and changes its reading: its neighbours without their punctuation.

    `before` is empty where punctuation parts the words; `roman` says that a Roman numeral is expected.
    """

    before: str = ""
    after: str = ""
    roman: bool = False


_DASH = "-‐‑−–—"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+−")
_LIGATURES = str.maketrans({
    "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "œ": "oe", "đ": "d", "ð": "d",
    "þ": "th", "ı": "i", "´": "’", "`": "’", "ʼ": "’",
})  # fmt: skip
_GREEK = "".join(GREEK)
_LETTER = rf"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹{_GREEK}]"
_SIGNS = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))

_LEXEME = re.compile(
    rf"(?P<ordinal>\d+(?:st|nd|rd|th)\b)|(?P<decade>\d*\d0s\b)|(?P<number>{numbers.NUMBER})"
    r"|(?P<power>\^[-−–]?\d+|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<charge>[⁺⁻])"
    rf"|(?P<greek>[{_GREEK}])|(?P<genotype>[+−–-]/[+−–-])"
    rf"|(?P<word>{_LETTER}(?:\.{_LETTER})+|{_LETTER}+(?:['’]{_LETTER}+)*)"
    rf"|(?P<sign>{_SIGNS})|(?P<dash>[{_DASH}])|(?P<slash>[/_])|(?P<pause>[,;:!?.…()\"“”'’\[\]])"
)
_NUMERIC = re.compile(rf"[<>≤≥=~≈±+−–-]*(?:{numbers.NUMBER})(?:[–−-](?:{numbers.NUMBER}))?|.*10\^[-−–]?\d+")
_LOST_POWER = re.compile(r"^(.*[×⋅·])?10([-−–]\d{1,2}|[1-9]\d?)$")
_QUANTITY = re.compile(
    rf"(?P<number>.*?(?:{numbers.NUMBER}))(?P<hyphen>[-‐‑]?)(?P<unit>[^\d\W][^\s]*|[°℃%Å].*)"
)
_MONEY = re.compile(rf"(?P<sign>[$€£¥])(?P<number>{numbers.NUMBER})(?P<scale>[kKMBm]?)")
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "B": "billion", "": ""}
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth",
          10: "tenth"}  # fmt: skip
_DECADE = re.compile(r"(?:1[5-9]|20)\d0s|[2-9]0s")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MANY = re.compile(r"[a-z-]{3,}s|people|children|women|men|mice|adults?")
_NO_PLURAL = frozenset({"was", "has", "does", "this", "its", "thus", "these", "those", "across", "versus"})
_ROMAN_PART = re.compile(r"([IVX]+)([a-cA-C]?)")


def is_number(core: str) -> bool:
    """Whether a word is a number and nothing else ("12", "<0.05", "3–5")."""
    return bool(_NUMERIC.fullmatch(core))


def read(core: str, place: Place) -> str:
    """The words for `core`, a printed word without its outer punctuation; "" when it is not said."""
    core = core.translate(_SUBSCRIPTS).translate(_LIGATURES).replace("(s)", "s")
    core = re.sub(r"(?<=\d)x$", "×", core)
    if place.before.endswith("×") or "×" in core:
        core = _LOST_POWER.sub(r"\g<1>10^\2", core)
    for reading in (_address, _formula, _as_roman, _alone, _money, _fraction, _as_unit, _quantity):
        words = reading(core, place)
        if words is not None:
            return words
    parts = core.split("/")
    if len(parts) > 1 and all(any(c.isalnum() for c in part) for part in parts):
        return " ".join(read(part, Place()) for part in parts)
    return _plain(_compose(core, place))


def _address(core: str, place: Place) -> str | None:
    """A web address by its host alone: nobody writes the rest down."""
    del place
    found = re.fullmatch(r"(?:https?://|www\.)+([\w.-]+).*", core)
    return found[1].replace(".", " dot ") if found else None


def _formula(core: str, place: Place) -> str | None:
    del place
    plain = core.translate(_SUPERSCRIPTS)
    return FORMULAS.get(core) or (FORMULAS.get(plain) if plain != core else None)


def _as_roman(core: str, place: Place) -> str | None:
    if not place.roman:
        return None
    words: list[str] = []
    for part in re.split(r"([-–/])", core):
        found = _ROMAN_PART.fullmatch(part)
        value = numbers.roman(found[1]) if found else None
        if found and value:
            words += [value, found[2]] if found[2] else [value]
        elif part in "-–":
            words.append("to")
        elif part != "/":
            return None
    return " ".join(words)


def _alone(core: str, place: Place) -> str | None:
    """A sign that stands by itself."""
    if core in {"×", "x", "X"} and is_number(place.before) and is_number(place.after):
        whole = place.before.isdigit() and place.after.isdigit() and not _LOST_POWER.match(place.after)
        return "by" if whole else "times"
    if core and core in _DASH:
        return "to" if is_number(place.before) and is_number(place.after) else "—"
    neighbours = {("×", "g"): "G", ("mm", "Hg"): "mercury"}
    if (place.before, core) in neighbours:
        return neighbours[place.before, core]
    if (core, place.after) == ("mm", "Hg"):
        return "millimeters of"
    return SIGNS.get(core)


def _money(core: str, place: Place) -> str | None:
    if core in {"million", "billion", "trillion", "thousand"} and place.before[:1] in CURRENCIES:
        return f"{core} {CURRENCIES[place.before[0]]}"
    found = _MONEY.fullmatch(core)
    if not found:
        return None
    words = [numbers.cardinal(found["number"]), _SCALES[found["scale"]]]
    if place.after not in {"million", "billion", "trillion", "thousand"}:
        words.append(CURRENCIES[found["sign"]])
    return " ".join(word for word in words if word)


def _fraction(core: str, place: Place) -> str | None:
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", core)
    if not found:
        return None
    top, bottom = (numbers.cardinal(number) for number in found.groups())
    a, b = int(found[1]), int(found[2])
    if place.before.lower() in BEFORE_ROMAN:
        return f"{top} {bottom}"
    if 0 < a < b <= 10:
        part = _PARTS[b]
        return f"{top} {part}" if a == 1 else f"{top} {'halves' if b == 2 else part + 's'}"
    return f"{top} {'out of' if a <= b else 'over'} {bottom}"


def _as_unit(core: str, place: Place) -> str | None:
    """A unit by itself, after a number or unmistakable ("mg", "mL/min")."""
    measured = is_number(place.before) or unit(place.before) is not None
    if measured or is_plain(core) or re.fullmatch(r".+[−⁻][1-3¹²³]", core):
        return unit(core, one=place.before == "1") or rate(core)
    return rate(core)


def _quantity(core: str, place: Place) -> str | None:
    """A number with its unit: "5mg", "37.5°C", "10-mL"."""
    found = _QUANTITY.fullmatch(core)
    if not found or place.before.lower() in BEFORE_LABELS or not is_number(found["number"]):
        return None
    if _DECADE.fullmatch(core):
        return None
    symbol = found["unit"]
    if not found["hyphen"] and len(symbol) == 1 and symbol.isupper():
        return None  # "3D", "4T", "2A" are names
    one = bool(found["hyphen"]) or found["number"] == "1"
    words = unit(symbol, one=one)
    if words is None:
        return None
    return f"{_compose(found['number'], place)}{'-' if found['hyphen'] else ' '}{words}"


def _compose(core: str, place: Place) -> str:
    found = list(_LEXEME.finditer(core))
    out = ""
    for index, lexeme in enumerate(found):
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        words = _say(lexeme, before, after, place)
        joins = words[:1] in {"-", "—"} or lexeme.lastgroup == "pause"
        if words and out and out[-1] not in " -—(“[" and not joins:
            out += " "
        out += words
    return out.strip(" -")


def _say(
    lexeme: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None, place: Place
) -> str:
    text, kind = lexeme.group(), lexeme.lastgroup
    match kind:
        case "ordinal":
            return numbers.ordinal(text[:-2])
        case "decade":
            return numbers.decade(text[:-1])
        case "number":
            return _number(lexeme, place)
        case "power":
            return _power(text, before)
        case "charge" | "dash" | "sign" if text in f"⁺⁻+{_DASH}":
            return _dash_or_plus(text, before, after)
        case "greek":
            article = before is not None and before.group() == "A"
            return f"-{GREEK[text]}" if article else GREEK[text]  # amyloid beta is no "a beta"
        case "genotype":
            return " ".join("plus" if sign == "+" else "minus" for sign in text.split("/"))
        case "sign":
            return "more than" if text == ">" and before is None else SIGNS[text]
        case "slash":
            return " "
        case "pause" if text == ":" and _is(before, "number") and _is(after, "number"):
            return " to"
        case _:
            return text


def _is(lexeme: re.Match[str] | None, *kinds: str) -> bool:
    return lexeme is not None and lexeme.lastgroup in kinds


def _number(lexeme: re.Match[str], place: Place) -> str:
    text, head, rest = lexeme.group(), lexeme.string[: lexeme.start()], lexeme.string[lexeme.end() :]
    if re.search(r"[^\W\d_][-‐‑]?$", head):
        return numbers.in_a_name(text)
    if _YEAR.fullmatch(text) and _is_year(int(text), head, rest, place):
        return numbers.year(text)
    return numbers.cardinal(text)


def _is_year(value: int, head: str, rest: str, place: Place) -> bool:
    """A year and no count: by the neighbours; within a word, only a span of two years is one."""
    if head or rest:
        return bool(
            re.fullmatch(r"(?:19|20)\d\d[–−-]|", head) and re.fullmatch(r"[–−-](?:19|20)?\d\d|[a-z]|", rest)
        )
    counted = bool(_MANY.fullmatch(place.after)) and place.after not in _NO_PLURAL
    if counted and place.before not in {"In", "Since", "From", "Until"}:
        return False
    return value >= 1900 or place.before.lower() in BEFORE_YEARS


def _power(text: str, before: re.Match[str] | None) -> str:
    exponent = text.translate(_SUPERSCRIPTS).lstrip("^")
    minus, value = exponent[0] in "-−–", exponent.lstrip("+-−–")
    if _is(before, "word") and len(before.group()) > 3 and not minus:  # type: ignore[union-attr]
        return ""  # the mark of a citation or a footnote
    if value in {"2", "3"} and not minus and not (before and before.group() == "10"):
        return "squared" if value == "2" else "cubed"
    return f"to the {'minus ' if minus else ''}{numbers.cardinal(value)}"


def _dash_or_plus(text: str, before: re.Match[str] | None, after: re.Match[str] | None) -> str:
    plus = text in "⁺+"
    if after is None:
        marks = before is not None and (plus or text in "−⁻")
        return ("positive" if plus else "negative") if marks else ""
    if text == "—":
        return "—"
    if text == "–" and before and after and len(before.group()) == len(after.group()) == 1:
        return "to"  # panels A–C
    starts = before is None or (
        before.lastgroup in {"sign", "pause", "dash", "slash"} and before.group() != "%"
    )
    if plus or (starts and _is(after, "number")):
        return "plus" if plus else "minus"
    if (_is(before, "number", "sign") and _is(after, "number")) or (
        _is(before, "decade") and _is(after, "decade")
    ):
        return "to"
    if _is(after, "number", "power") or _is(before, "power"):
        return " "
    return "-"


def _plain(words: str) -> str:
    """Without accents and without what is not Latin: the voice knows the rest."""
    bare = unicodedata.normalize("NFKD", words)
    return "".join(c for c in bare if not unicodedata.combining(c) and (c.isascii() or c in "—…“”’‘"))
