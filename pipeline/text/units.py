"""Units as words: "mg/kg" → "milligrams per kilogram", "m²" → "square meters", "kg⁻¹" → "per kilogram"."""

from __future__ import annotations

import re

_PREFIXES = {
    "T": "tera", "G": "giga", "M": "mega", "k": "kilo", "h": "hecto", "d": "deci", "c": "centi",
    "m": "milli", "µ": "micro", "n": "nano", "p": "pico", "f": "femto",
}  # fmt: skip

#: symbol: (name, the prefixes it is used with, whether it also stands without one)
_BASES = {
    "g": ("gram", "kcmµnpf", True),
    "m": ("meter", "kcmdµnp", True),
    "L": ("liter", "dcmµnpf", True),
    "l": ("liter", "dcmµnpf", True),
    "M": ("molar", "mµnpf", True),
    "mol": ("mole", "kmµnpf", True),
    "s": ("second", "mµnpf", True),
    "Hz": ("hertz", "TGMk", True),
    "V": ("volt", "kmµ", True),
    "A": ("amp", "mµnp", False),
    "W": ("watt", "TGMkmµn", True),
    "Wh": ("watt-hour", "TGMk", True),
    "J": ("joule", "GMkmµ", True),
    "N": ("newton", "Mkmµnp", False),
    "T": ("tesla", "mµ", False),
    "Pa": ("pascal", "GMkhm", True),
    "eV": ("electron volt", "TGMkm", True),
    "Da": ("dalton", "Mk", True),
    "bp": ("base pair", "Mk", True),
    "b": ("base", "GMk", False),
    "B": ("byte", "TGMk", False),
    "Ω": ("ohm", "GMkm", True),
    "S": ("siemens", "mµnp", False),
    "F": ("farad", "mµnp", False),
    "Gy": ("gray", "cmµ", True),
    "Sv": ("sievert", "mµ", True),
    "Bq": ("becquerel", "GMk", True),
    "Ci": ("curie", "mµ", True),
    "cal": ("calorie", "k", True),
    "Eq": ("equivalent", "m", False),
    "Osm": ("osmole", "m", True),
    "IU": ("international unit", "mµk", True),
    "U": ("unit", "mµk", True),
}  # fmt: skip

#: Units without prefixes: symbol → (singular, plural).
_WHOLE = {
    "min": ("minute", "minutes"), "h": ("hour", "hours"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"),
    "sec": ("second", "seconds"), "d": ("day", "days"), "wk": ("week", "weeks"), "wks": ("week", "weeks"),
    "mo": ("month", "months"), "yr": ("year", "years"), "yrs": ("year", "years"), "y": ("year", "years"),
    "day": ("day", "days"), "week": ("week", "weeks"), "month": ("month", "months"),
    "year": ("year", "years"),
    "hour": ("hour", "hours"), "minute": ("minute", "minutes"), "second": ("second", "seconds"),
    "°C": ("degree Celsius", "degrees Celsius"), "℃": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "°": ("degree", "degrees"), "K": ("kelvin", "kelvin"),
    "mmHg": ("millimeter of mercury", "millimeters of mercury"),
    "ppm": ("part per million", "parts per million"), "ppb": ("part per billion", "parts per billion"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "bpm": ("beat per minute", "beats per minute"), "nt": ("nucleotide", "nucleotides"),
    "aa": ("amino acid", "amino acids"), "Å": ("angstrom", "angstroms"), "ha": ("hectare", "hectares"),
    "dB": ("decibel", "decibels"), "cc": ("cubic centimeter", "cubic centimeters"),
    "%": ("percent", "percent"),
    "kph": ("kilometer per hour", "kilometers per hour"), "mph": ("mile per hour", "miles per hour"),
    "lb": ("pound", "pounds"), "oz": ("ounce", "ounces"), "ft": ("foot", "feet"),
}  # fmt: skip

#: Letters alone, and yet no word of English looks like them.
_PLAIN = frozenset({
    "kg", "mg", "µg", "ng", "µm", "nm", "mm", "cm", "km", "mL", "ml", "µL", "µM", "nM", "mM", "kDa", "kHz",
    "kPa", "mmHg",
})  # fmt: skip

_INVARIANT = ("molar", "hertz", "siemens")


def _table() -> dict[str, tuple[str, str]]:
    table = dict(_WHOLE)
    for symbol, (name, prefixes, alone) in _BASES.items():
        for prefix, word in [(p, _PREFIXES[p]) for p in prefixes] + [("", "")] * alone:
            singular = word + name
            plural = singular if name in _INVARIANT else f"{singular}s"
            table[prefix + symbol] = (singular, plural)
    return table


_UNITS = _table()
#: What a power or a slash may follow; the longest symbol first.
_FACTOR = re.compile(
    "(?P<unit>"
    + "|".join(re.escape(s) for s in sorted(_UNITS, key=lambda s: (-len(s), s)))
    + r")(?:\^?(?P<sign>[-−⁻–]?)(?P<power>[123¹²³]))?"
)
_POWERS = {"1": 1, "2": 2, "3": 3, "¹": 1, "²": 2, "³": 3}
_SHAPES = {2: "square ", 3: "cubic "}
#: One-letter symbols that a lone word after a number rarely means ("5 T cells", "3 A and 3 B").
_DOUBTFUL = frozenset("ATBNCFS")


def unit(symbol: str, *, one: bool = False) -> str | None:
    """The words of a unit, or `None` when `symbol` is none. `one` asks for the singular."""
    symbol = symbol.replace("μ", "µ")
    if symbol in _DOUBTFUL:
        return None
    words: list[str] = []
    for place, part in enumerate(symbol.split("/")):
        factor = _factor(part, one=one or place > 0)
        if factor is None:
            return None
        words.append(f"per {factor}" if place else factor)
    return " ".join(words)


def rate(symbol: str) -> str | None:
    """A thing counted per unit: "cells/mL" → "cells per milliliter"; `None` when it is no such thing."""
    thing, _, rest = symbol.partition("/")
    per = unit(rest, one=True) if re.fullmatch(r"[a-z]{3,}", thing) and thing not in _UNITS else None
    return f"{thing} per {per}" if per else None


def is_plain(symbol: str) -> bool:
    """Whether the symbol can't be taken for a word, so that it is a unit even without a number before it."""
    first = symbol.replace("μ", "µ").partition("/")[0].rstrip("23²³")
    return first in _PLAIN or symbol[0] == "°" or (len(symbol) > 2 and "/" in symbol)


def _factor(part: str, *, one: bool) -> str | None:
    found = _FACTOR.fullmatch(part)
    if not found:
        return None
    power = _POWERS[found["power"]] if found["power"] else 1
    singular, plural = _UNITS[found["unit"]]
    inverse = bool(found["sign"])
    name = singular if one or inverse else plural
    if power > 1:
        time = singular in {"second", "minute", "hour"}
        name = f"{name} {'squared' if power == 2 else 'cubed'}" if time else _SHAPES[power] + name
    return f"per {name}" if inverse else name
