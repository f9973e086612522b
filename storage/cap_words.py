"""Limits as people write them: money in dollars ("dollars_per_day=20"), as rows hold it in cents."""

from __future__ import annotations

import re
from typing import Final

from storage.quotas import Caps

#: Written for no limit.
NONE: Final = "none"
_CENTS, _DOLLARS = "cents_", "dollars_"
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_AMOUNT: Final = re.compile(r"\$?([0-9]{1,7})(?:[.,]([0-9]{1,2}))?\$?")


def said_name(name: str) -> str:
    """A cap's name as people say it: "cents_per_day" is "dollars_per_day"."""
    return f"{_DOLLARS}{name.removeprefix(_CENTS)}" if name.startswith(_CENTS) else name


#: The names of all caps, as people say them.
NAMES: Final = tuple(said_name(name) for name in Caps.model_fields)


def said_cap(name: str, cap: int | None) -> str:
    """A cap as people write it: "5", "20.00" for money, "none"."""
    if cap is None:
        return NONE
    return f"{cap / 100:.2f}" if name.startswith(_CENTS) else str(cap)


def cap_of(name: str, text: str) -> tuple[str, int | None] | None:
    """What "dollars_per_day" and "20", "$20.00" or "none" mean: the cap's name and its value, money in cents.

    "cents_per_day" is understood too, in cents. `None`: that is no amount. Raises `KeyError` for a name of none.
    """
    name, text = name.casefold(), text.strip().casefold()
    field = f"{_CENTS}{name.removeprefix(_DOLLARS)}" if name.startswith(_DOLLARS) else name
    if field not in Caps.model_fields:
        raise KeyError(name)
    if text == NONE:
        return field, None
    if name.startswith(_DOLLARS):
        found = _AMOUNT.fullmatch(text)
        return found and (field, int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")))
    return (field, int(text)) if _WHOLE.fullmatch(text) else None


def wanted(name: str) -> str:
    """What may be written for a cap, in words."""
    return "an amount like 20 or 7.50" if name.startswith((_DOLLARS, _CENTS)) else "a whole number"
