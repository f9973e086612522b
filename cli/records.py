"""Jobs as they are looked at from the terminal: with their place in line, and whether anybody works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from cli.environment import read_settings
from cli.reporting import AT_A_TERMINAL, said
from cli.terminal import terminal_user
from jobs.admission import in_order
from jobs.office import Rules
from jobs.opening import PATIENCE, object_store, opened_database
from jobs.privacy import seen_by
from jobs.progress import with_remaining
from storage import jobs as rows
from storage import stage_runs, workers
from storage.database import Database
from storage.line import line
from storage.objects import Objects
from storage.records import Job, JobState, Waiting

#: States in which a job goes on only if a worker lives.
_NEEDS_A_WORKER = {JobState.QUEUED, JobState.RUNNING, JobState.WAITING}


class Records(Protocol):
    """The part of an office that is enough to look at jobs."""

    @property
    def database(self) -> Database: ...
    @property
    def objects(self) -> Objects: ...


@dataclass(frozen=True)
class JustRecords:
    """A database and a store, without a queue."""

    database: Database
    objects: Objects


@dataclass(frozen=True)
class Seen:
    """A job, with its place in line or its time left. `alone`: it could go on, but no worker lives.

    `begun`: somebody began to work on it; known only of one that is `alone`.
    """

    job: Job
    alone: bool
    begun: bool = True


@contextmanager
def open_records(*, waiting: bool = False) -> Iterator[Records]:
    """The database and the store alone, for commands that only look; errors inside end the command in words.

    With `waiting`, a database that is away for a while is waited for.
    """
    with said():
        settings = read_settings()
        with opened_database(settings, patience=PATIENCE if waiting else AT_A_TERMINAL) as database:
            yield JustRecords(database, object_store(settings))


def look(records: Records, job_id: str) -> Seen | None:
    """The job as it stands now, `None` when there is none."""
    job = records.database.do(lambda: rows.find(job_id))
    return None if job is None else look_at(records, [job])[0]


def look_at(records: Records, found: list[Job]) -> list[Seen]:
    """The same for jobs that were just read, as the person at this terminal may see them."""
    db, me = records.database, terminal_user()
    places: dict[str, int] = {}
    if any(job.state is JobState.QUEUED for job in found):
        places = {job: place for place, job in enumerate(db.do(lambda: list(in_order(line()))), 1)}
    needing = [job.id for job in found if job.state in _NEEDS_A_WORKER]
    alone = bool(needing) and not workers.living(db, Rules().worker_gone_after)
    timed = db.do(lambda: [with_remaining(db, job) for job in found])
    lonely = set(needing) if alone else set()
    running = {job.id for job in found if job.state is JobState.RUNNING}
    untouched = db.do(lambda: {job for job in lonely & running if not _begun(job)})
    return [
        Seen(seen_by(_placed(job, places.get(job.id)), me), job.id in lonely, job.id not in untouched)
        for job in timed
    ]


def _begun(job_id: str) -> bool:
    """Whether a run of the job was ever begun. Inside `do`."""
    return any(run.attempt > 0 for run in stage_runs.of_job(job_id))


def _placed(job: Job, place: int | None) -> Job:
    if job.state is not JobState.QUEUED or place is None:
        return job
    return job.model_copy(update={"waiting": Waiting(why="in line", place=place)})
