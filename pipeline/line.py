"""Standing in line for a provider that many want at once: the stage is left, and nobody holds anything meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pipeline.providers import Limits, Pending

#: The provider's name of a run that stands in line: whoever watches lines looks at its task.
LINE: Final = "line"
#: Seconds between two questions of somebody in line.
AGAIN: Final = 3.0


@dataclass(frozen=True)
class Limit:
    """What one provider allows: tasks `at_once`, and so many begun `a_minute`."""

    at_once: int
    a_minute: int


def enter(limits: Limits | None, provider: str, who: str, *, seconds: float) -> None:
    """Take one of the provider's places, until `limits.leave`, or for so many seconds at most.

    Without limits there is a place for everybody. Raises `Pending` when none is free; nothing is bought then.
    """
    place = 0 if limits is None else limits.enter(provider, who, seconds=seconds)
    if place:
        pending = Pending(f"{provider}|{who}|{seconds:g}", LINE, why(provider), AGAIN, place=place)
        pending.nothing_bought = True
        raise pending


def leave(limits: Limits | None, provider: str, who: str) -> None:
    """Give the place back."""
    if limits is not None:
        limits.leave(provider, who)


@contextmanager
def place_at(limits: Limits | None, provider: str, who: str, *, seconds: float) -> Iterator[None]:
    """Hold one of the provider's places while the block runs. Raises `Pending` when none is free."""
    enter(limits, provider, who, seconds=seconds)
    try:
        yield
    finally:
        leave(limits, provider, who)


def read(task: str) -> tuple[str, str, float]:
    """Provider, who and for how long (seconds), as the task of somebody in line says."""
    provider, who, seconds = task.split("|")
    return provider, who, float(seconds)


def place_of(buyer: str, what: str) -> str:
    """Who takes a place for the purchase `what` of `buyer`: the same at every run of the stage."""
    return f"{buyer}/{what}"


def holding(task: str, who: str) -> str:
    """The name of a provider's task that `who` holds a place for until it is over; see `held`."""
    return f"{task}|{who}"


def held(task: str) -> tuple[str, str]:
    """The provider's own name of a task, and who holds a place for it ("" where nobody does)."""
    name, _, who = task.partition("|")
    return name, who


def why(provider: str) -> str:
    """What people are told who wait."""
    return f"{provider} is busy with other videos"
