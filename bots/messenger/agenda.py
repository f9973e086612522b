"""When which job is looked at next."""

from __future__ import annotations

import math


class Agenda:
    """Jobs with a moment each; moments are seconds of one clock."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def put(self, job: str, at: float) -> None:
        """Look at the job then, unless it is looked at before."""
        self._at[job] = min(at, self._at.get(job, math.inf))

    def take(self, now: float, *, most: int) -> list[str]:
        """The jobs whose moment has come, at most so many, the earliest first; they are not noted any more."""
        due = sorted((at, job) for job, at in self._at.items() if at <= now)[:most]
        for _, job in due:
            del self._at[job]
        return [job for _, job in due]

    def wait(self, now: float) -> float:
        """Seconds until the next moment; infinite when there is none."""
        return max(min(self._at.values(), default=math.inf) - now, 0.0)
