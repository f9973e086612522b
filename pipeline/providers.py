"""What the stages need from outside, as small protocols. Embedded and production ones are of equal rank."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.model import Audience, Footage, Paper, SceneKind, Script, Tone, Word

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

    def speak(self, texts: Sequence[str], *, pace: float) -> Iterator[Speech]:
        """Say the texts, each as soon as it is there; `pace` 1.1 is 10 % faster.

        All of them are asked for at once, so that a voice that is paid by the call needs one call. The words
        shown of each speech, joined by spaces, are its text.
        """
        ...

    def seconds(self, text: str) -> float:
        """How long `text` takes at pace 1, without saying it."""
        ...


@dataclass(frozen=True)
class Brief:
    """What the writer is asked for. `seconds` is the length of the whole video.

    `tone` is for writers that choose their words; the embedded one tells in the paper's own.
    """

    seconds: int
    audience: Audience
    tone: Tone = "plain"


class Writer(Protocol):
    """Turns a paper into a script; every claim carries verbatim evidence."""

    name: str
    version: str

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script: ...


@dataclass(frozen=True)
class Shot:
    """What a scene's footage is asked for. It is all that the footage depends on, beside who makes it.

    `topic` is a phrase of the paper's, or empty. `seconds` is how long the scene lasts, `size` the video's width and
    height in pixels. `way` tells scenes of one kind apart, so that they don't look the same; `take` tells apart what
    is bought anew for the same scene, 0 being the first.
    """

    kind: SceneKind
    topic: str
    audience: Audience
    seconds: float
    size: tuple[int, int]
    way: int = 0
    take: int = 0


class Filmer(Protocol):
    """Makes moving pictures for a scene that shows no data."""

    def film(self, shot: Shot, number: int) -> Filmed:
        """The footage for scene `number` (from 1, for words to people), or why there is none.

        Raises `Pending` while it is being made, and errors of providers where something may pass or where the
        maker has no word to go on without footage. Asked again it buys nothing that it bought before.
        """
        ...

    def filmed(self, shot: Shot) -> Filmed | None:
        """What `film` last answered, without asking anybody; `None` when it never did."""
        ...


@dataclass(frozen=True)
class Filmed:
    """Footage, or the word that there is none, and the folder in which its file lies."""

    footage: Footage
    folder: Path


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
        """Whether the stage can go on with the task; "not-yet": nothing new is to be told.

        A `NotYet` says anew what is waited for. Raises a `ProviderError` when it is the job that failed with it.
        """
        ...

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:
        """The job that ordered the task was cancelled: stop it where that saves anything.

        `sure()` is asked right before: whether still nobody wants it; if so, it is worth nothing from then on. Answers
        what it cost in truth (US cents), `None` where nobody says. Raises `ProviderError`.
        """
        ...


class Pending(Exception):  # noqa: N818 - not an error: the stage goes on when the task is done
    """Raised by a provider whose task takes a while: the stage is left, and run again when the task is done.

    `why` is told to people ("Runway is drawing scene 3"). `again` is when to look (seconds from now),
    `until` how long it may take at most (seconds from now), `None` for no limit of its own; `place` is the place
    in a line (from 1). `nothing_bought`: it was raised before anything was asked for.
    """

    nothing_bought = False

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
