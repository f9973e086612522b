"""Whether the command that runs was called with `--json`: what goes to stderr depends on it too."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Annotated

import typer

_wanted = ContextVar("wanted", default=False)


def note_json(value: bool) -> bool:
    """Remember what was said of `--json`; returns it."""
    _wanted.set(value)
    return value


def wants_json() -> bool:
    """Whether `--json` was said."""
    return _wanted.get()


AsJson = Annotated[
    bool, typer.Option("--json", callback=note_json, help="As JSON, an object a line, and nothing else.")
]
