"""Jobs with something to write: which is next, so that what matters goes first and nobody is forgotten."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from bots.messenger.pacing import Pacing
from bots.messenger.plan import Level, Step

#: Steps that change a message that is there.
EDITS: Final = frozenset({"edit", "answered"})


@dataclass(frozen=True)
class Ready:
    """A job that wants to write `step` in `channel`. `shown_at` is when it was written to last (seconds)."""

    job: str
    channel: str
    step: Step
    shown_at: float

    @property
    def is_edit(self) -> bool:
        """Whether a message that is there would be changed."""
        return self.step.kind in EDITS

    @property
    def is_news(self) -> bool:
        """Whether it is more than progress."""
        return self.step.level is not Level.PROGRESS


class Lineup:
    """At most one step for each job. Of a channel's, the lowest level goes first, then whose turn was longest ago."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._ready: dict[str, dict[str, Ready]] = {}
        self._channels: dict[str, str] = {}

    def put(self, ready: Ready) -> None:
        """This is what the job wants to write now, in place of what it wanted before."""
        self.drop(ready.job)
        self._ready.setdefault(ready.channel, {})[ready.job] = ready
        self._channels[ready.job] = ready.channel

    def drop(self, job: str) -> None:
        """The job wants to write nothing."""
        channel = self._channels.pop(job, None)
        if channel is not None:
            del self._ready[channel][job]
            if not self._ready[channel]:
                del self._ready[channel]

    def __contains__(self, job: object) -> bool:
        return job in self._channels

    def pick(self) -> Ready | None:
        """The next that may be written now; it has its turn, and its room is taken."""
        firsts = sorted(map(_first, self._ready.values()), key=_order)
        for ready in firsts:
            if self._wait(ready) <= 0.0:
                self.drop(ready.job)
                self._pacing.take(ready.channel, edit=ready.is_edit)
                return ready
        return None

    def wait(self) -> float:
        """Seconds until `pick` may find something; infinite when nobody waits."""
        return min((self._wait(_first(jobs)) for jobs in self._ready.values()), default=math.inf)

    def _wait(self, ready: Ready) -> float:
        return self._pacing.wait(ready.channel, news=ready.is_news, edit=ready.is_edit)


def _first(jobs: dict[str, Ready]) -> Ready:
    return min(jobs.values(), key=_order)


def _order(ready: Ready) -> tuple[int, float]:
    return ready.step.level, ready.shown_at
