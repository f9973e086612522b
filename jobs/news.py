"""What a transaction leaves to be said once it is committed: messages to the queue, hints to who watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from jobs.office import Office
from pipeline.model import StageName
from storage.records import WHOLE

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass
class News:
    """Gathered while rows are written; thrown away with them when the transaction is tried again.

    `sends` are runs to announce, as (stage, job, scene, seconds from now); `changed` are jobs. `room`
    says that a job more may be at work now.
    """

    sends: list[tuple[StageName, str, int, float]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    room: bool = False

    def send(self, stage: StageName, job: str, scene: int = WHOLE, *, after: float = 0.0) -> None:
        """Announce a run after the commit."""
        self.sends.append((stage, job, scene, after))

    def change(self, job: str) -> None:
        """Hint at `job` after the commit."""
        if job not in self.changed:
            self.changed.append(job)


def written(office: Office, work: Callable[[News], T]) -> tuple[T, bool]:
    """Do `work` in one transaction, then say what it leaves to be said. Returns what it returns, and `room`.

    A message that can't be sent is left to the repairs: its row stays due.
    """

    def whole() -> tuple[T, News]:
        news = News()
        return work(news), news

    result, news = office.database.do(whole)
    for stage, job, scene, after in news.sends:
        try:
            office.queue.send(stage, job, scene, after=after)
        except Exception as error:  # noqa: BLE001 - whatever ails the queue, the row is due and is found again
            _log.warning(
                "not sent, left to the sweeper", job=job, stage=stage, scene=scene, error=repr(error)
            )
    for job in news.changed:
        office.hints.changed(job)
    return result, news.room
