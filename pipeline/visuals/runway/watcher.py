"""Looking at Runway's tasks without a process: what a worker does while footage is being made."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final, Literal

from pipeline import line
from pipeline.errors import ProviderError, TransientProviderError
from pipeline.providers import Limits, NotYet
from pipeline.visuals.runway.client import FilmTask, RunwayClient

#: Who sells, as purchases, watchers, limits and people know it.
RUNWAY: Final = "Runway"
#: Seconds between two looks at a task; Runway asks for five at least.
AGAIN: Final = 6.0
#: How long a task may take until the scene goes on without it (seconds); most take one or two minutes.
PATIENCE: Final = 30 * 60.0
#: A throttled task that nobody looked at for so long (seconds) stands in no line.
_FORGOTTEN: Final = 120.0


class RunwayWatcher:
    """Fits `pipeline.providers.Watcher`. Failed tasks are "ready": the stage knows what to do about them.

    A task is Runway's, or one that somebody holds a place of `limits` for (`pipeline.line.holding`); that is given
    back as soon as the task is over.
    """

    def __init__(
        self,
        client: RunwayClient,
        *,
        limits: Limits | None = None,
        again: float = AGAIN,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.again = again
        self._client = client
        self._limits = limits
        self._now = now
        self._lock = Lock()
        #: The throttled tasks that were looked at: when each was created, and when it was seen last.
        self._line: dict[str, tuple[float, float]] = {}

    def check(self, task: str) -> Literal["ready", "not-yet"] | NotYet:
        """See `pipeline.providers.Watcher`. Raises `TransientProviderError` when Runway can't be asked."""
        name, who = line.held(task)
        try:
            found = self._client.look(name)
        except TransientProviderError:
            raise
        except ProviderError:
            return "ready"
        if found is None or found.over or is_late(found, self._now()):
            self._forget(name)
            line.leave(self._limits, RUNWAY, who)
            return "ready"
        if found.status != "throttled":
            self._forget(name)
            return NotYet(why=why(found)) if found.progress else "not-yet"
        return NotYet(why=why(found), place=self._place(found))

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:
        """See `pipeline.providers.Watcher`. What runs costs the same whether it is stopped or not, so it may end.

        Runway gives the credits of a task back that still waits (runwayml 5.24, `tasks.delete`), without promising
        it, and shows a task no more that was cancelled: then nobody says what it cost.
        """
        name, who = line.held(task)
        found = self._client.look(name)
        self._forget(name)
        line.leave(self._limits, RUNWAY, who)
        if found is None:
            sure()
            return None
        if found.over or found.status == "running" or not sure():
            return found.cents
        self._client.cancel(name)
        gone = self._client.look(name)
        return gone.cents if gone is not None else None

    def _forget(self, task: str) -> None:
        with self._lock:
            self._line.pop(task, None)

    def _place(self, task: FilmTask) -> int:
        """Its place among our own throttled tasks; of those of others Runway says nothing."""
        now = self._now()
        with self._lock:
            self._line[task.task] = (task.created, now)
            self._line = {name: seen for name, seen in self._line.items() if now - seen[1] < _FORGOTTEN}
            return 1 + sum(
                (created, name) < (task.created, task.task) for name, (created, _) in self._line.items()
            )


def is_late(task: FilmTask, now: float, patience: float = PATIENCE) -> bool:
    """Whether the task took longer than anybody waits for a scene's footage."""
    return not task.over and task.created > 0 and now - task.created > patience


def why(task: FilmTask, number: int | None = None) -> str:
    """What is told to those who wait, with the scene's number (from 1) where it is known."""
    scene = f"scene {number}" if number else "the footage"
    if task.status == "throttled":
        return f"{scene[:1].upper()}{scene[1:]} stands in Runway’s line"
    if task.progress:
        return f"Runway is drawing {scene} ({task.progress:.0%})"
    return f"Runway is drawing {scene}"
