"""Who stands in line and who is at work: what admission decides by. Called inside `Database.do`."""

from __future__ import annotations

from peewee import Expression, fn

from storage.models import JobRow, StageRunRow
from storage.records import JobState, Record, RunState
from storage.tuples import tuples


class Waiter(Record):
    """A job in line: whose it is (the row id of the user) and since when (epoch seconds)."""

    job: str
    user: int
    queued_at: float


class Line(Record):
    """The line at one moment: who waits, how many jobs each user has at work, when each last had one begun."""

    waiters: tuple[Waiter, ...]
    at_work: dict[int, int]
    last_begun: dict[int, float]


def line() -> Line:
    """The line as it is now. `last_begun` holds those who wait only."""
    queued = JobRow.state == str(JobState.QUEUED)
    rows = JobRow.select(JobRow.id, JobRow.user, JobRow.queued_at).where(queued)
    waiters = tuple(Waiter(job=job, user=user, queued_at=queued_at) for job, user, queued_at in tuples(rows))
    users = {waiter.user for waiter in waiters}
    running = JobRow.select(JobRow.user, fn.COUNT(JobRow.id)).where(_holds_room()).group_by(JobRow.user)
    begun = (
        JobRow.select(JobRow.user, fn.MAX(JobRow.started_at))
        .where(JobRow.user.in_(users) & JobRow.started_at.is_null(False))
        .group_by(JobRow.user)
    )
    return Line(waiters=waiters, at_work=dict(tuples(running)), last_begun=dict(tuples(begun)))


def at_work(*, besides: str = "") -> int:
    """How many jobs have room: those worked on, and those with a run that is due.

    A run that is due later is tried again then, and what it waits for, others would too; whatever else waits
    (for a provider's task, for the end of its own trouble) is `RunState.WAITING`.
    """
    return JobRow.select().where(_holds_room() & (JobRow.id != besides)).count()


def _holds_room() -> Expression:
    due = StageRunRow.select(StageRunRow.job).where(StageRunRow.state == str(RunState.DUE))
    running: Expression = JobRow.state == str(JobState.RUNNING)
    return running | ((JobRow.state == str(JobState.WAITING)) & JobRow.id.in_(due))
