"""What every function of `jobs/` works with: the database, the object store, the queue and the rules, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.model import StageName
from storage.artefacts import FolderArtefacts
from storage.database import Database
from storage.objects import Links, Objects
from storage.records import WHOLE


class Queue(Protocol):
    """Where work is announced. The row is the work; a message only says "look at this row now"."""

    def send(self, stage: StageName, job: str, scene: int = WHOLE, *, after: float = 0.0) -> None:
        """Announce a run, `after` seconds from now. Raises `QueueAwayError` when the queue can't be reached."""
        ...

    def backlog(self, stage: StageName) -> int:
        """How many messages wait in the queue that `stage` goes through."""
        ...


class Hints(Protocol):
    """Tells whoever listens that a job changed. A hint may be lost; it never raises."""

    def changed(self, job: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The numbers that govern the flow; seconds unless said otherwise."""

    #: How long a run belongs to its holder without a sign of life; a sign comes every third of it.
    lease: float = 30.0
    #: How often a run's holder may vanish before the job fails: something about it kills workers.
    max_lost: int = 8
    #: How often a run may fail in a way that seldom passes, and how long in a row because something is away.
    max_failures: int = 5
    away_for: float = 3600.0
    #: The longest pause between two tries, and the first.
    longest_backoff: float = 300.0
    first_backoff: float = 4.0
    #: A run that is due and that nobody began, with nothing waiting in its queue: its message was lost.
    lost_after: float = 30.0
    #: Jobs at work at once for each worker that lives. Those that wait for a provider or a person don't count.
    jobs_per_worker: int = 2
    #: A worker that has not been seen for so long is gone.
    worker_gone_after: float = 60.0
    approval_days: float = 7.0
    #: How long a job waits to hear whether its file may leave. Then it goes on with nothing of it leaving.
    consent_hours: float = 24.0
    artefact_days: float = 30.0
    notice_days: float = 7.0


@dataclass(frozen=True, kw_only=True)
class Office:
    """Everything that the flow touches, joined by whoever starts the process."""

    database: Database
    objects: Objects
    links: Links
    queue: Queue
    hints: Hints
    rules: Rules = field(default_factory=Rules)
    #: The artefacts of a workspace on this machine, where there are any.
    local_artefacts: Callable[[str], FolderArtefacts] | None = None
