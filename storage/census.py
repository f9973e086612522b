"""Counts of what is there, for whoever watches from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peewee import Case, fn

from storage.database import Database
from storage.models import JobRow, LedgerEntry, StageRunRow, WorkerRow
from storage.records import Failure, JobState, Record, RunState
from storage.tuples import tuples

#: How far back stages are counted that were done, and those that failed for good (seconds).
DONE_LATELY: Final = 3600.0
FAILED_LATELY: Final = 900.0


class StageCount(Record):
    """One stage of late.

    `done` runs were really done in the last hour, in `seconds` together; `failed` runs ended their job in the
    last 15 minutes; `failing` is how many tries have failed of the runs that are still being tried.
    """

    stage: str
    done: int = 0
    seconds: float = 0.0
    failed: int = 0
    failing: int = 0


class Census(Record):
    """What there is at one moment. Ages are seconds; `None` where there is nothing of the kind.

    `oldest_queued` is how long a job has stood in line this time, also one that worked before and came back.
    """

    jobs: dict[str, int]
    stages: tuple[StageCount, ...]
    failures: dict[str, int]
    oldest_queued: float | None
    workers: int
    worker_seen: float | None
    reserved_cents: int
    spent_cents: int


def census(db: Database, *, alive_within: float, stages: Sequence[str] = ()) -> Census:
    """Count everything in one transaction; each of `stages`, also where there is nothing.

    Workers are counted when seen in the last `alive_within` seconds.
    """
    return db.do(lambda: _census(db.now(), alive_within, stages))


def _census(now: float, alive_within: float, stages: Sequence[str]) -> Census:
    by_state = tuples(JobRow.select(JobRow.state, fn.COUNT(JobRow.id)).group_by(JobRow.state))
    jobs: dict[str, int] = {state.value: 0 for state in JobState} | dict(by_state)
    oldest = JobRow.select(fn.MIN(JobRow.in_line_since)).where(JobRow.state == JobState.QUEUED).scalar()
    seen = WorkerRow.select(fn.MAX(WorkerRow.seen_at)).scalar()
    alive = WorkerRow.select().where(WorkerRow.seen_at > now - alive_within).count()
    money = LedgerEntry.select(fn.SUM(LedgerEntry.reserved_cents), fn.SUM(LedgerEntry.spent_cents))
    ((reserved, spent),) = tuples(money)
    return Census(
        jobs=jobs,
        stages=_stages(now, stages),
        failures=_failures(),
        oldest_queued=None if oldest is None else max(now - oldest, 0.0),
        workers=alive,
        worker_seen=None if seen is None else max(now - seen, 0.0),
        reserved_cents=reserved or 0,
        spent_cents=spent or 0,
    )


def _stages(now: float, names: Sequence[str]) -> tuple[StageCount, ...]:
    """Nothing here is counted since the beginning: a retry begins its run anew, so such sums would fall."""
    stage = StageRunRow.stage
    since = StageRunRow.ended_at > now - DONE_LATELY
    really = (StageRunRow.state == RunState.DONE) & (StageRunRow.reused == False)  # noqa: E712 - SQL
    gone = (StageRunRow.state == RunState.FAILED) & (StageRunRow.ended_at > now - FAILED_LATELY)
    ended = tuples(
        StageRunRow.select(
            stage,
            fn.SUM(Case(None, [(really, 1)], 0)),
            fn.SUM(Case(None, [(really, StageRunRow.seconds)], 0.0)),
            fn.SUM(Case(None, [(gone, 1)], 0)),
        )
        .where(stage.in_(names) & since)
        .group_by(stage)
    )
    tried = tuples(
        StageRunRow.select(stage, fn.SUM(StageRunRow.failures))
        .where(StageRunRow.state.in_([RunState.DUE, RunState.RUNNING, RunState.WAITING]))
        .group_by(stage)
    )
    failing: dict[str, int] = dict(tried)
    counts = {
        name: StageCount(stage=name, done=done, seconds=seconds or 0.0, failed=failed)
        for name, done, seconds, failed in ended
    }
    return tuple(
        counts.get(name, StageCount(stage=name)).model_copy(update={"failing": failing.get(name) or 0})
        for name in names
    )


def _failures() -> dict[str, int]:
    """Failed jobs by the code of their failure."""
    texts = tuples(JobRow.select(JobRow.failure).where(JobRow.state == JobState.FAILED))
    counts: dict[str, int] = {}
    for (text,) in texts:
        code = Failure.model_validate_json(text).code if text else "unknown"
        counts[code] = counts.get(code, 0) + 1
    return counts
