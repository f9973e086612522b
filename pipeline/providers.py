"""What the stages need from outside, as small protocols. Embedded and production ones are of equal rank."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.model import Audience, Paper, Script, Word

#: Told how far a stage is (0 to 1) and what is going on ("scene 4 of 8").
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Speech:
    """Sound (float32 mono, −1 to 1, `rate` Hz) and its words, timed from the first sample."""

    samples: npt.NDArray[np.float32]
    rate: int
    words: tuple[Word, ...]


class Voice(Protocol):
    """Speaks. `name` and `version` are part of every key, so a new voice never meets an old recording."""

    name: str
    version: str

    def speak(self, text: str, *, pace: float) -> Speech:
        """Say `text`; `pace` 1.1 is 10 % faster. The words shown, joined by spaces, are `text`."""
        ...

    def seconds(self, text: str) -> float:
        """How long `text` takes at pace 1, without saying it."""
        ...


@dataclass(frozen=True)
class Brief:
    """What the writer is asked for. `seconds` is the length of the whole video."""

    seconds: int
    audience: Audience


class Writer(Protocol):
    """Turns a paper into a script; every claim carries verbatim evidence."""

    name: str
    version: str

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script: ...


class Artefacts(Protocol):
    """Finished stages by key. What is there is whole: a half-made artefact is never seen."""

    def find(self, stage: str, key: str) -> Path | None:
        """The folder of a finished artefact (read-only), or `None`."""
        ...

    def make(self, stage: str, key: str) -> AbstractContextManager[Path]:
        """A scratch folder that becomes the artefact when the block ends without an error."""
        ...


class Store(Protocol):
    """Where finished videos live."""

    def put(self, name: str, file: Path, content_type: str) -> str:
        """Keep a copy of `file` under `name`; returns where it can be had (a path or an address)."""
        ...

    def withdraw(self, name: str) -> None:
        """Keep nothing under `name` any more; no error when nothing was."""
        ...


@dataclass(frozen=True)
class Receipt:
    """The provider's task, and what it cost in truth (US cents, rounded up), where the answer says so."""

    task: str
    cents: int


#: Orders something under a purchase's id, and returns the provider's task; a receipt where its true cost is known.
Ask = Callable[[str], str | Receipt]


class Purchases(Protocol):
    """Remembers what was bought, so that a killed worker or a second try buys nothing twice."""

    def once(self, what: str, *, provider: str, cents: int, ask: Ask, repeatable: bool) -> str:
        """The provider's task for `what`, which names the purchase for good; `cents` is what it costs at most.

        `ask(purchase id)` orders it and returns the task. It is called only if it was never called before;
        after a crash between asking and noting the answer, again with the same id when `repeatable` (the
        provider knows an id it has seen), else `UncertainPurchaseError` is raised. An error of `ask` whose
        attribute `nothing_bought` is true leaves nothing behind: the next call asks anew.
        """
        ...

    def cost(self, what: str, task: str, cents: int) -> None:
        """`task` cost so much in truth (US cents), as the provider says once it is done."""
        ...

    def set_aside(self, what: str, task: str) -> None:
        """`task` failed at the provider, or what it made is gone: the next `once` buys `what` anew."""
        ...


class Limits(Protocol):
    """How much of a provider may be used at once, and begun in a minute, by all that share its key."""

    def enter(self, provider: str, who: str, *, seconds: float) -> int:
        """Ask for one of the provider's places; 0 once `who` has one, else their place in line (from 1).

        It is held until `leave`, or for so many `seconds`; whoever has one and asks again keeps it for as long anew.
        Whoever is in line asks again every few seconds. Raises `TransientProviderError` when nobody can say.
        """
        ...

    def leave(self, provider: str, who: str) -> None:
        """Give the place back; whoever has none changes nothing."""
        ...


@dataclass(frozen=True)
class NotYet:
    """A task is under way: what is told to people meanwhile, and the place in line where there is one (from 1)."""

    why: str
    place: int | None = None


class Watcher(Protocol):
    """Looks at a provider's task without holding anything: no process, no thread, no file.

    `again`: seconds between two looks at the same task. Used by several threads at once.
    """

    again: float

    def check(self, task: str) -> Literal["ready", "not-yet"] | NotYet:
        """Whether the task's result can be fetched; "not-yet": nothing new is to be told.

        Raises a `ProviderError` when the task failed.
        """
        ...


class Pending(Exception):  # noqa: N818 - not an error: the stage goes on when the task is done
    """Raised by a provider whose task takes a while: the stage is left, and run again when the task is done.

    `why` is told to people ("Runway is drawing scene 3"). `again` is when to look (seconds from now),
    `until` how long it may take at most (seconds from now), `None` for no limit of its own; `place` is the place
    in a line (from 1).
    """

    def __init__(
        self,
        task: str,
        provider: str,
        why: str,
        again: float,
        until: float | None = None,
        place: int | None = None,
    ) -> None:
        super().__init__(task, provider, why, again, until, place)
        self.task = task
        self.provider = provider
        self.why = why
        self.again = again
        self.until = until
        self.place = place
