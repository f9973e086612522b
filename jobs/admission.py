"""Who is next: jobs stand in line, fairly between people, until there is room for one more at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import structlog

from jobs.news import News, written
from jobs.office import Office
from jobs.way import advance
from pipeline.model import StageName
from storage import jobs, stage_runs, workers
from storage.database import Database
from storage.errors import StorageError
from storage.line import Line, Waiter, at_work, line
from storage.records import Job, JobState

T = TypeVar("T")
_log = structlog.get_logger(__name__)


def in_order(now: Line) -> Iterator[str]:
    """The jobs in line, next first.

    Next is a job of whoever has the fewest at work; among equals, of whose last job was begun longest
    ago; then the one that has stood longest. Each that is taken counts as at work for those after it.
    """
    queues: dict[int, list[Waiter]] = {}
    for waiter in sorted(now.waiters, key=lambda waiter: (waiter.queued_at, waiter.job), reverse=True):
        queues.setdefault(waiter.user, []).append(waiter)
    busy = dict(now.at_work)
    begun: dict[int, tuple[int, float]] = {user: (0, at) for user, at in now.last_begun.items()}
    for turn in range(1, len(now.waiters) + 1):
        user = min(
            queues,
            key=lambda user: (
                busy.get(user, 0),
                begun.get(user, (-1, 0.0)),
                queues[user][-1].queued_at,
                queues[user][-1].job,
            ),
        )
        yield queues[user].pop().job
        if not queues[user]:
            del queues[user]
        busy[user] = busy.get(user, 0) + 1
        begun[user] = (turn, 0.0)


def place_in_line(db: Database, job: str) -> int | None:
    """The place of `job`, 1-based, `None` when it doesn't stand in line. Anywhere."""
    order = db.do(lambda: list(in_order(line())))
    return order.index(job) + 1 if job in order else None


def admit(office: Office) -> int:
    """Let as many jobs begin as there is room for; returns how many.

    There is room for `jobs_per_worker` at each living worker. Jobs that wait for a provider, for
    another job or for a person take none; those that wait for something that is away for all keep theirs.
    """
    admitted, _ = written(office, lambda news: _admit(office, news))
    return admitted


def _admit(office: Office, news: News) -> int:
    db = office.database
    db.alone("admission")
    room = _room(office)
    admitted = 0
    for job_id in in_order(line()) if room > 0 else ():
        if room <= 0:
            break
        if not jobs.change(
            db, job_id, [JobState.QUEUED], state=JobState.RUNNING, started_at=db.now(), waiting=None
        ):
            continue  # cancelled at this moment
        job = jobs.find(job_id)
        assert job is not None
        begun_before = stage_runs.of_job(job_id)
        advance(office, job, news)
        for run in begun_before:
            if run.state in stage_runs.UNFINISHED:  # it came back from a wait; nobody looked meanwhile
                stage: StageName = run.stage  # type: ignore[assignment]
                news.send(stage, job_id, run.scene, after=max((run.due_at or 0.0) - db.now(), 0.0))
        admitted += 1
        after = jobs.find(job_id)
        room -= after is not None and after.state is JobState.RUNNING
    return admitted


def is_room(office: Office, *, besides: str) -> bool:
    """Whether there is room for the job `besides`, which may hold some already. Inside `alone("admission")`."""
    return _room(office, besides=besides) > 0


def _room(office: Office, *, besides: str = "") -> int:
    living = len(workers.living(office.database, office.rules.worker_gone_after))
    return office.rules.jobs_per_worker * max(1, living) - at_work(besides=besides)


def concluded(office: Office, work: Callable[[News], T]) -> T:
    """Do `work` in one transaction, say what it leaves to be said, and let others begin where it made room."""
    result, room = written(office, work)
    if room:
        try:
            admit(office)
        except StorageError as error:  # what was asked for is done; the repairs admit later
            _log.warning("nobody admitted", error=error.sentence)
    return result


def as_it_stands(office: Office, job_id: str) -> Job:
    """The job as it stands now; it must be there."""
    job = office.database.do(lambda: jobs.find(job_id))
    assert job is not None
    return job
