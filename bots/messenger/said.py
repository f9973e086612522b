"""What was said of a job once, as `storage.chat.Chat.said` holds it: names, and beside them where it stands.

A name is written down with a "?" before it is said, and plainly after. One that has only its "?" may have got
out before a crash. "@name channel handle" says where it stands, so that it can be taken away again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """Where something that was said stands: its channel, and the platform's handle of it."""

    name: str
    channel: str
    handle: str


class Said:
    """The names in `said`, understood."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)
        self._in_order = names

    def has(self, name: str) -> bool:
        """Whether it was said."""
        return name in self._names

    def meant(self, name: str) -> bool:
        """Whether somebody was about to say it, and perhaps did."""
        return meaning(name) in self._names

    def begun(self, prefix: str) -> list[str]:
        """The names with this beginning that were said or about to be, in the order in which they were."""
        plain = (name.removeprefix("?") for name in self._in_order)
        return list(dict.fromkeys(name for name in plain if name.startswith(prefix)))

    def spots(self) -> Iterator[Spot]:
        """Where what was said stands, the oldest first."""
        for name in self._in_order:
            if name.startswith("@") and len(parts := name[1:].split(" ")) == 3:
                yield Spot(*parts)

    def spot(self, name: str) -> Spot | None:
        """Where this stands, if it stands anywhere."""
        return next((spot for spot in self.spots() if spot.name == name), None)


def meaning(name: str) -> str:
    """What is written down before `name` is said."""
    return f"?{name}"


def standing(name: str, channel: str, handle: str) -> str:
    """What is written down beside `name`, to find it again."""
    return f"@{name} {channel} {handle}"
