"""What a control remembers in its `custom_id`, and what was pressed, back in the card's own words.

A `custom_id` holds a hundred characters: `deed|value`, with `?` before it where a question comes first, and
`:2` after the deed where the same stands in a message twice. A longer value is kept in a row and named by its
digest: `deed#digest`. So a press means the same after a restart, and nothing is remembered in memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from bots.cards.card import Chosen
from bots.commands import is_job_id

#: Characters of a `custom_id`, and of the value of an option.
CUSTOM_ID: Final = 100
OPTION_VALUE: Final = 100
#: The deed of a menu: its options say what they do.
MENU: Final = "menu"
_BUTTON, _SELECT, _CHANNELS = 2, 3, 8
_ID: Final = re.compile(
    r"(?P<asks>\?)?(?P<deed>[a-z][a-z0-9?-]{0,39})(?::\d{1,3})?(?P<how>[|#])(?P<said>.*)", re.DOTALL
)
_DEED: Final = re.compile(r"[a-z][a-z0-9?-]{0,39}")
#: What is sure to come back as it was sent.
_SURE: Final = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")

#: The value that is kept under a digest; `None` when it was forgotten.
Recall = Callable[[str], str | None]


@dataclass(frozen=True)
class Press:
    """A deed and its value, as `Desk.press` takes them. `asks`: a question comes first (`Desk.question`).

    Of a select of channels the value is the channel's id. It is "" where it was kept and is forgotten: the desk
    says then that it must be said in words.
    """

    deed: str
    value: str
    asks: bool = False

    @property
    def job(self) -> str:
        """The job that it is about, as far as its value begins with one or was chosen for one; "" for none."""
        context = ""
        with suppress(ValidationError):
            context = Chosen.model_validate_json(self.value).context
        named = (context or self.value).partition(":")[0]
        return named if is_job_id(named) else ""


class Ids:
    """Names the controls of one message; what doesn't fit into a name is in `kept`, by digest."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self._given: set[str] = set()

    def name(self, deed: str, value: str, *, asks: bool = False) -> str:
        """A `custom_id` that no other control of this message has. Raises `ValueError` for what is no deed."""
        if not _DEED.fullmatch(deed):
            raise ValueError(f"no name of a deed: {deed!r}")
        mark = "?" if asks else ""
        times, name = 1, self._said(f"{mark}{deed}", value)
        while name in self._given:
            times += 1
            name = self._said(f"{mark}{deed}:{times}", value)
        self._given.add(name)
        return name

    def option(self, deed: str, value: str) -> str:
        """The value of an option of a menu."""
        return self._said(deed, value, OPTION_VALUE)

    def _said(self, head: str, value: str, most: int = CUSTOM_ID) -> str:
        name = f"{head}|{value}"
        if len(name) <= most and _SURE.fullmatch(value):
            return name
        key = hashlib.sha256(value.encode()).hexdigest()[:32]
        self.kept[key] = value
        return f"{head}#{key}"


def pressed(data: Mapping[str, Any], recall: Recall) -> Press | None:
    """What the `data` of a component's interaction means; `None` for what no card of ours holds."""
    press = read(str(data.get("custom_id") or ""), recall)
    values = tuple(str(value) for value in data.get("values") or ())
    match data.get("component_type"):
        case int(kind) if kind == _BUTTON:
            return press
        case int(kind) if kind == _SELECT and press is not None:
            if press.deed == MENU:
                return read(values[0], recall) if values else None
            chosen = Chosen(context=press.value, values=values)
            return Press(press.deed, chosen.model_dump_json(), press.asks)
        case int(kind) if kind == _CHANNELS and press is not None:
            return Press(press.deed, "".join(values[:1]), press.asks)
        case _:
            return None


def read(custom_id: str, recall: Recall) -> Press | None:
    """What a name says; `None` for one that isn't ours."""
    found = _ID.fullmatch(custom_id)
    if found is None:
        return None
    value = found["said"] if found["how"] == "|" else recall(found["said"]) or ""
    return Press(found["deed"], value, bool(found["asks"]))


def standing(
    components: Sequence[Mapping[str, Any]], deed: str, recall: Recall, *, asks: bool = False
) -> str | None:
    """The value that a control of that deed has in a message (its `components`, as Discord sends them).

    So a page tells which page it is, whatever is pressed in it. `None`: there is no such control, or (`asks`) a
    question doesn't come before what it does, or does.
    """
    for component in components:
        press = read(str(component.get("custom_id") or ""), recall)
        if press is not None and press.deed == deed and press.asks == asks:
            return press.value
        inside = [*(component.get("components") or ()), *filter(None, [component.get("accessory")])]
        if (found := standing(inside, deed, recall, asks=asks)) is not None:
            return found
    return None
