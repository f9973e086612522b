"""The processes in which stages are done: `pipeline.process`, with everything that stages import ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pipeline import process
from pipeline.process import Stopped, UnforeseenError, Work

__all__ = ["Stopped", "UnforeseenError", "run_in_process", "warm_up"]

A = TypeVar("A")
R = TypeVar("R")
S = TypeVar("S")

#: Imported once, by the server that the processes are forked from.
_PRELOAD: Final = ("jobs.preloaded",)


def run_in_process(
    work: Work[A, S, R],
    argument: A,
    *,
    tell: Callable[[S], None],
    should_stop: Callable[[], bool],
    limit: float,
    what: str = "The work",
) -> R:
    """`pipeline.process.run_in_process`: what `work(argument, tell)` returns, or why there is nothing."""
    process.preload(_PRELOAD)
    return process.run_in_process(work, argument, tell=tell, should_stop=should_stop, limit=limit, what=what)


def warm_up() -> None:
    """Start the server, so that the first stage needn't wait for its imports (some 2 s)."""
    run_in_process(_nothing, None, tell=_nothing, should_stop=lambda: False, limit=60.0)


def _nothing(*_: object) -> None: ...
