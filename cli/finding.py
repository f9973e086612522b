"""What one look at the installation found, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import typer

from pipeline.errors import HiddenHillError
from storage.errors import StorageError
from storage.records import Record


class Finding(Record):
    """What one look found: `text` is what is there, or what is wrong and what to do. `well` is `None` for a hint.

    `ms` is how long it took (milliseconds) and `cents` what it cost at most (US cents), where something was asked.
    """

    name: str
    well: bool | None
    text: str
    ms: int | None = None
    cents: int | None = None


@dataclass
class Teller:
    """Tells findings on stdout, a line each, without what `hide` knows; remembers what was wrong and spent."""

    json: bool
    hide: Callable[[str], str] = str
    well: bool = True
    cents: int = 0

    def __call__(self, found: Finding) -> None:
        """Tell it."""
        self.well = self.well and found.well is not False
        self.cents += found.cents or 0
        told = found.model_copy(update={"text": self.hide(found.text)})
        typer.echo(_object(told) if self.json else _line(told))


def _object(found: Finding) -> str:
    unasked = {name for name in ("ms", "cents") if getattr(found, name) is None}
    return found.model_dump_json(exclude=unasked)


def _line(found: Finding) -> str:
    mark = {True: "✓", False: "✗", None: "·"}[found.well]
    took = [] if found.ms is None else [f"{found.ms} ms"]
    cost = [] if not found.cents else [f"{found.cents} ¢ at most"]
    aside = f" ({', '.join([*took, *cost])})" if took or cost else ""
    return f"{mark} {found.name}: {found.text}{aside}"


def in_words(error: HiddenHillError | StorageError) -> str:
    """What happened, and what to do."""
    return " ".join(filter(None, (error.sentence, error.advice)))
