"""What was bought for jobs that were cancelled since: a provider's task that still waits can be called off.

A purchase goes `bought` → `unwanted` when its job is cancelled; back to `bought` once somebody asks for the same
thing, or → `void` when it was called off: the next who wants it buys it anew.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from peewee import fn

from storage import jobs, ledger
from storage.database import Database
from storage.models import JobRow, Purchase, StageRunRow
from storage.purchases import PurchaseState, lock_of, put_aside
from storage.records import JobState, Record
from storage.stage_runs import UNFINISHED

#: How many are looked for at once.
_SOME: Final = 20


class Unwanted(Record):
    """A purchase that nobody waits for."""

    id: str
    workspace: str
    job: str
    what: str
    provider: str
    task: str


def no_longer_wanted(db: Database, job: str) -> None:
    """What was bought for `job` is wanted by it no more. Inside `do`."""
    Purchase.update(state=PurchaseState.UNWANTED, updated_at=db.now()).where(
        (Purchase.job == job) & (Purchase.state == str(PurchaseState.BOUGHT))
    ).execute()


def unwanted(db: Database, providers: Collection[str]) -> list[Unwanted]:
    """Some of those that were bought from these providers, the longest unwanted first."""

    def work() -> list[Unwanted]:
        rows: Any = (
            Purchase.select()
            .where((Purchase.state == str(PurchaseState.UNWANTED)) & Purchase.provider.in_([*providers]))
            .order_by(Purchase.updated_at)
            .limit(_SOME)
        )
        return [Unwanted.model_validate(row.__data__, extra="ignore") for row in rows]

    return db.do(work) if providers else []


def give_up(db: Database, one: Unwanted) -> bool:
    """It is called off now, unless somebody wants it again or waits for its task; whether it is."""

    def work() -> bool:
        db.alone(lock_of(one.workspace, one.what))
        row: Any = Purchase.get_by_id(one.id)
        if row.state != PurchaseState.UNWANTED or _is_waited_for(one.task):
            return False
        put_aside(db, row, PurchaseState.VOID)
        return True

    return db.do(work)


def settle(db: Database, one: Unwanted, cents: int | None) -> bool:
    """It was looked at, and cost so much in truth (US cents). What was not called off may be used again.

    Answers whether what the job spent is another sum now.
    """

    def work() -> bool:
        jobs.locked(db, one.job)  # before the purchase, as everywhere
        db.alone(lock_of(one.workspace, one.what))
        row: Any = Purchase.get_by_id(one.id)
        to: dict[str, Any] = {"updated_at": db.now()}
        if row.state == PurchaseState.UNWANTED:
            to["state"] = PurchaseState.BOUGHT
        if cents is not None:
            to["cents"] = cents
        Purchase.update(**to).where(Purchase.id == one.id).execute()
        if cents is None or cents == row.cents:
            return False
        ledger.correct(db, purchase=one.id, cents=cents - row.cents)
        jobs.change(db, one.job, JobState)
        return True

    return db.do(work)


def _is_waited_for(task: str) -> bool:
    """Whether a run waits for the task, by its own name or with a place that is held for it ("task|who")."""
    live = JobRow.select(JobRow.id).where(JobRow.state.in_([str(state) for state in jobs.AT_WORK]))
    its = (StageRunRow.task == task) | (fn.SUBSTR(StageRunRow.task, 1, len(task) + 1) == f"{task}|")
    waiting = StageRunRow.state.in_([str(state) for state in UNFINISHED])
    return bool(StageRunRow.select().where(its & waiting & StageRunRow.job.in_(live)).exists())
