"""What went wrong with footage, kept as artefacts: a stage that is left and run again must remember it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pipeline.keys import Unusable, key_of, once, read, recall, write
from pipeline.model import Value
from pipeline.providers import Artefacts

#: The stage under which they are kept.
FAILURES: Final = "footage-failure"
#: How long what may pass is remembered (seconds): another day another try.
REMEMBERED: Final = 6 * 3600.0

Kind = Literal["moderation", "refused", "passing", "ended", "away", "back"]


class FilmFailure(Value):
    """One try that came to nothing. `at` is in epoch seconds.

    `moderation`: the same words are refused again. `refused`: Runway doesn't take the request. `passing`: the task
    failed, another may not. `ended`: nobody waits for it
    any more, `code` says why. `away`: Runway could not be asked, since then; `back`: after that it answered.
    """

    kind: Kind
    task: str = ""
    code: str = ""
    at: float


@dataclass(frozen=True)
class Failures:
    """The failures of a workspace's footage. `now` answers in epoch seconds."""

    artefacts: Artefacts
    now: Callable[[], float]

    def find(self, key: str) -> FilmFailure | None:
        """What is remembered under `key`."""
        found = recall(self.artefacts, FAILURES, key, self._load)
        return found and found[0]

    def away(self, who: str, code: str) -> float:
        """Since when Runway can't be asked (epoch seconds): since now, if it answered after the time before."""
        return self.note(key_of("away", who, self._outages(who)), "away", code=code).at

    def back(self, who: str) -> None:
        """Runway answered."""
        count = self._outages(who)
        if self.find(key_of("away", who, count)) is not None:
            self.note(key_of("back", who, count), "back")

    def _outages(self, who: str) -> int:
        """How many are over."""
        return next(count for count in itertools.count() if self.find(key_of("back", who, count)) is None)

    def note(self, key: str, kind: Kind, *, task: str = "", code: str = "") -> FilmFailure:
        """Remember a failure, unless one is remembered already; the one that is."""
        failure = FilmFailure(kind=kind, task=task, code=code, at=self.now())

        def build(folder: Path) -> None:
            write(folder / "failure.json", failure)

        return once(self.artefacts, FAILURES, key, build, self._load)[0]

    def _load(self, folder: Path) -> FilmFailure:
        failure = read(folder / "failure.json", FilmFailure)
        if failure.kind != "moderation" and not 0 <= self.now() - failure.at + 1 <= REMEMBERED:
            raise Unusable
        return failure
