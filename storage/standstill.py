"""Whether work goes on, and what failed of late: for whoever is asked why nothing happens."""

from __future__ import annotations

from peewee import fn

from storage.database import Database
from storage.models import JobRow, StageRunRow
from storage.records import Failure, JobState, Record, RunState
from storage.tuples import tuples


class Standstill(Record):
    """How many jobs are unfinished, and for how long (seconds) work has been due that nobody begins.

    `still` is 0 while anything moves: a run that is at work, or that began or ended since.
    """

    unfinished: int
    still: float


class LateFailures(Record):
    """How many jobs failed lately, and what the last of them that is not private says of it."""

    jobs: int
    last: Failure | None


def standstill(db: Database) -> Standstill:
    """Look whether work goes on."""
    return db.do(lambda: _standstill(db.now()))


def failed_lately(db: Database, within: float) -> LateFailures:
    """The jobs that failed in the last `within` seconds."""

    def work() -> LateFailures:
        lately = (JobRow.state == JobState.FAILED) & (JobRow.updated_at > db.now() - within)
        shown = lately & (JobRow.private == False) & JobRow.failure.is_null(False)  # noqa: E712 - SQL
        texts = tuples(JobRow.select(JobRow.failure).where(shown).order_by(JobRow.updated_at.desc()).limit(1))
        last = Failure.model_validate_json(texts[0][0]) if texts else None
        return LateFailures(jobs=JobRow.select().where(lately).count(), last=last)

    return db.do(work)


def _standstill(now: float) -> Standstill:
    state = StageRunRow.state
    unfinished = (
        JobRow.select().where(JobRow.state.in_([JobState.QUEUED, JobState.RUNNING, JobState.WAITING])).count()
    )
    at_work = StageRunRow.select().where((state == RunState.RUNNING) & (StageRunRow.lease_until > now))
    # Somebody who waits for something keeps their room, so that others may rightly stand in line.
    pausing = StageRunRow.select().where(
        state.in_([RunState.DUE, RunState.WAITING]) & (StageRunRow.due_at > now)
    )
    due = StageRunRow.select(fn.MIN(StageRunRow.due_at)).where(state == RunState.DUE).scalar()
    lost = StageRunRow.select(fn.MIN(StageRunRow.lease_until)).where(state == RunState.RUNNING).scalar()
    queued = JobRow.select(fn.MIN(JobRow.in_line_since)).where(JobRow.state == JobState.QUEUED).scalar()
    in_line = None if pausing.exists() else queued
    since = [moment for moment in (due, lost, in_line) if moment is not None and moment < now]
    if not since or at_work.exists():
        return Standstill(unfinished=unfinished, still=0.0)
    ((began, ended),) = tuples(StageRunRow.select(fn.MAX(StageRunRow.began_at), fn.MAX(StageRunRow.ended_at)))
    moved = max(began or 0.0, ended or 0.0)
    return Standstill(unfinished=unfinished, still=max(0.0, now - max(min(since), moved)))
