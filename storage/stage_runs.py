"""The rows of stages: what is due, who works on it, what came of it. Called inside `Database.do`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypedDict, Unpack

from storage.database import Database
from storage.models import JobRow, StageRunRow
from storage.records import JobState, RunState, StageRun
from storage.tuples import tuples

#: States out of which a run leads by itself.
UNFINISHED: Final = (RunState.DUE, RunState.RUNNING, RunState.WAITING)
#: A run that got no further than this says nothing new.
_NEAR: Final = 0.01
#: Jobs whose runs may be begun.
_LIVE: Final = JobRow.state.in_([str(JobState.RUNNING), str(JobState.WAITING)])


class RunChanges(TypedDict, total=False):
    """What may be changed of a run."""

    state: RunState
    attempt: int
    failures: int
    away: int
    away_since: float | None
    defects: int
    lost: int
    owner: str | None
    lease_until: float | None
    due_at: float | None
    fraction: float
    key: str | None
    provider: str | None
    version: str | None
    seconds: float | None
    reused: bool | None
    task: str | None
    error: str | None
    give_up_at: float | None
    began_at: float | None
    ended_at: float | None


def of_job(job: str) -> list[StageRun]:
    """All runs of `job`, scenes in their order."""
    rows = StageRunRow.select().where(StageRunRow.job == job).order_by(StageRunRow.id)
    return [_run(row) for row in rows]


def find(job: str, stage: str, scene: int) -> StageRun | None:
    """One run, or `None`."""
    row = StageRunRow.get_or_none(
        (StageRunRow.job == job) & (StageRunRow.stage == stage) & (StageRunRow.scene == scene)
    )
    return None if row is None else _run(row)


def make_due(db: Database, job: str, stage: str, scene: int, *, weight: float | None = None) -> None:
    """Let the run begin, as if it never had; it is made when there is none. Without `weight` it keeps its own."""
    fresh: dict[str, object] = {
        "state": str(RunState.DUE),
        "failures": 0,
        "away": 0,
        "defects": 0,
        "lost": 0,
        "due_at": db.now(),
        "fraction": 0.0,
        **dict.fromkeys(
            ("owner", "lease_until", "task", "error", "give_up_at", "away_since", "began_at", "ended_at")
        ),
        **dict.fromkeys(("key", "provider", "version", "seconds", "reused")),
    }
    if weight is not None:
        fresh["weight"] = weight
    there = (StageRunRow.job == job) & (StageRunRow.stage == stage) & (StageRunRow.scene == scene)
    if not StageRunRow.update(**fresh).where(there).execute():
        StageRunRow.insert(job=job, stage=stage, scene=scene, **fresh).execute()


def change(run: int, among: Iterable[RunState], **to: Unpack[RunChanges]) -> bool:
    """Change the run if it is in one of the states `among`; whether it was.

    One that stops running has no owner and no lease any more; one without a task has no end to wait for.
    `began_at` goes with every new `due_at`: it says whether a clock went back since.
    """
    columns: dict[str, object] = {**to}
    if "state" in to:
        columns["state"] = str(to["state"])
        if to["state"] is not RunState.RUNNING:
            columns |= {"owner": None, "lease_until": None}
    if "task" in to and to["task"] is None:
        columns["give_up_at"] = None
    where = (StageRunRow.id == run) & StageRunRow.state.in_([str(state) for state in among])
    return bool(StageRunRow.update(**columns).where(where).execute())


def sign(run: int, owner: str, *, lease_until: float, near: float) -> bool:
    """Renew a lease, and nothing else; only of a run that is held by `owner`, without a task, about as far as `near`.

    For the many signs of life that say nothing new: needs no lock of the job.
    """
    held = (
        (StageRunRow.id == run)
        & (StageRunRow.owner == owner)
        & (StageRunRow.state == str(RunState.RUNNING))
        & StageRunRow.task.is_null()
        & StageRunRow.fraction.between(near - _NEAR, near + _NEAR)
    )
    return bool(StageRunRow.update(lease_until=lease_until).where(held).execute())


def put_off_look(run: int, owner: str, *, now: float, due_at: float) -> bool:
    """Wait on for a task that was looked at, and nothing else; only while `owner` looks and it isn't overdue.

    The job waits before, meanwhile and afterwards, so this needs no lock of it.
    """
    held = (
        (StageRunRow.id == run)
        & (StageRunRow.owner == owner)
        & (StageRunRow.state == str(RunState.RUNNING))
        & StageRunRow.task.is_null(False)
        & (StageRunRow.give_up_at.is_null() | (StageRunRow.give_up_at > now))
    )
    free = dict.fromkeys(("owner", "lease_until", "away_since"))
    waiting = {"state": str(RunState.WAITING), "due_at": due_at, "began_at": now, **free}
    return bool(StageRunRow.update(**waiting).where(held).execute())


def cancel(job: str, stages: Iterable[str] | None = None, *, among: Iterable[RunState] = UNFINISHED) -> None:
    """Nobody works on these runs any more (all stages of `job`, unless some are named)."""
    where = (StageRunRow.job == job) & StageRunRow.state.in_([str(state) for state in among])
    if stages is not None:
        where &= StageRunRow.stage.in_(list(stages))
    free = {"owner": None, "lease_until": None, "due_at": None, "task": None}
    StageRunRow.update(state=str(RunState.CANCELLED), **free).where(where).execute()


def drop_scenes(job: str, stage: str, *, beyond: int) -> None:
    """Forget scenes that the script has no more: those numbered `beyond` and higher."""
    StageRunRow.delete().where(
        (StageRunRow.job == job) & (StageRunRow.stage == stage) & (StageRunRow.scene >= beyond)
    ).execute()


def blank(job: str) -> None:
    """Keep how long things took, forget what was said."""
    StageRunRow.update(error=None, task=None).where(StageRunRow.job == job).execute()


def durations(stage: str, *, last: int = 20) -> list[tuple[float, float]]:
    """(seconds, weight) of the latest runs of `stage` that were really done, not found."""
    rows = (
        StageRunRow.select(StageRunRow.seconds, StageRunRow.weight)
        .where(
            (StageRunRow.stage == stage)
            & (StageRunRow.state == str(RunState.DONE))
            & (StageRunRow.reused == False)  # noqa: E712 - SQL
            & StageRunRow.seconds.is_null(False)
        )
        .order_by(StageRunRow.ended_at.desc())
        .limit(last)
    )
    return [(seconds, weight) for seconds, weight in tuples(rows)]


def was_done(stage: str, *, since: float) -> bool:
    """Whether a run of `stage` was really done, not found, after the moment `since`."""
    done = (
        (StageRunRow.stage == stage)
        & (StageRunRow.ended_at > since)
        & (StageRunRow.state == str(RunState.DONE))
        & (StageRunRow.reused == False)  # noqa: E712 - SQL
    )
    return bool(StageRunRow.select().where(done).exists())


def expired(db: Database, *, lease: float) -> list[StageRun]:
    """Runs whose holder gave no sign of life in time, or holds a lease that no clock can have given."""
    now = db.now()
    late = (StageRunRow.lease_until < now) | (StageRunRow.lease_until > now + 3 * lease)
    return _of_live_jobs((StageRunRow.state == str(RunState.RUNNING)) & late)


def overdue(db: Database, state: RunState, *, since: float, lease: float) -> list[StageRun]:
    """Runs in `state` that should have been begun before the moment `since`, or that a clock left in the future.

    Those are the runs begun later than now, and those never begun (which nobody puts off) and due later.
    """
    future = db.now() + lease
    left_there = (StageRunRow.began_at > future) | (
        StageRunRow.began_at.is_null() & (StageRunRow.due_at > future)
    )
    late = (StageRunRow.due_at < since) | left_there
    return _of_live_jobs((StageRunRow.state == str(state)) & late)


def jobs_without(states: Iterable[RunState]) -> list[str]:
    """Jobs at work (not those that follow another) that have no run in any of `states`."""
    having = StageRunRow.select(StageRunRow.job).where(
        StageRunRow.state.in_([str(state) for state in states])
    )
    where = _LIVE & JobRow.follows.is_null() & JobRow.id.not_in(having)
    return [job for (job,) in tuples(JobRow.select(JobRow.id).where(where))]


def _of_live_jobs(where: object) -> list[StageRun]:
    live = JobRow.select(JobRow.id).where(_LIVE)
    rows = StageRunRow.select().where(where, StageRunRow.job.in_(live)).order_by(StageRunRow.due_at)
    return [_run(row) for row in rows]


def _run(row: StageRunRow) -> StageRun:
    return StageRun.model_validate(row.__data__)
