"""Counts of what is there, for whoever watches from outside."""

from __future__ import annotations

from peewee import Case, fn

from storage.database import Database
from storage.models import JobRow, LedgerEntry, StageRunRow, WorkerRow
from storage.records import Failure, JobState, Record, RunState
from storage.tuples import tuples


class StageCount(Record):
    """One stage: how many runs were really done and how long they took together (seconds), how many failed."""

    stage: str
    done: int
    seconds: float
    failed: int
    tries_failed: int


class Census(Record):
    """What there is at one moment. Ages are seconds; `None` where there is nothing of the kind."""

    jobs: dict[str, int]
    stages: tuple[StageCount, ...]
    failures: dict[str, int]
    oldest_queued: float | None
    workers: int
    worker_seen: float | None
    reserved_cents: int
    spent_cents: int


def census(db: Database, *, alive_within: float) -> Census:
    """Count everything in one transaction. Workers are counted when seen in the last `alive_within` seconds."""
    return db.do(lambda: _census(db.now(), alive_within))


def _census(now: float, alive_within: float) -> Census:
    by_state = tuples(JobRow.select(JobRow.state, fn.COUNT(JobRow.id)).group_by(JobRow.state))
    jobs: dict[str, int] = {state.value: 0 for state in JobState} | dict(by_state)
    oldest = JobRow.select(fn.MIN(JobRow.queued_at)).where(JobRow.state == JobState.QUEUED).scalar()
    seen = WorkerRow.select(fn.MAX(WorkerRow.seen_at)).scalar()
    alive = WorkerRow.select().where(WorkerRow.seen_at > now - alive_within).count()
    money = LedgerEntry.select(fn.SUM(LedgerEntry.reserved_cents), fn.SUM(LedgerEntry.spent_cents))
    ((reserved, spent),) = tuples(money)
    return Census(
        jobs=jobs,
        stages=_stages(),
        failures=_failures(),
        oldest_queued=None if oldest is None else max(now - oldest, 0.0),
        workers=alive,
        worker_seen=None if seen is None else max(now - seen, 0.0),
        reserved_cents=reserved or 0,
        spent_cents=spent or 0,
    )


def _stages() -> tuple[StageCount, ...]:
    really = (StageRunRow.state == RunState.DONE) & (StageRunRow.reused == False)  # noqa: E712 - SQL
    failed = StageRunRow.state == RunState.FAILED
    counted = tuples(
        StageRunRow.select(
            StageRunRow.stage,
            fn.SUM(Case(None, [(really, 1)], 0)),
            fn.SUM(Case(None, [(really, StageRunRow.seconds)], 0.0)),
            fn.SUM(Case(None, [(failed, 1)], 0)),
            fn.SUM(StageRunRow.failures),
        )
        .group_by(StageRunRow.stage)
        .order_by(StageRunRow.stage)
    )
    return tuple(
        StageCount(stage=stage, done=done, seconds=seconds or 0.0, failed=gone, tries_failed=tries or 0)
        for stage, done, seconds, gone, tries in counted
    )


def _failures() -> dict[str, int]:
    """Failed jobs by the code of their failure."""
    texts = tuples(JobRow.select(JobRow.failure).where(JobRow.state == JobState.FAILED))
    counts: dict[str, int] = {}
    for (text,) in texts:
        code = Failure.model_validate_json(text).code if text else "unknown"
        counts[code] = counts.get(code, 0) + 1
    return counts
