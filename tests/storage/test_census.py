"""Counts of what is there."""

from __future__ import annotations

from storage import jobs, ledger, workers
from storage.budgets import budgets
from storage.census import StageCount, census
from storage.database import Database
from storage.records import JobState, Requester
from storage.workers import WorkerSign
from storage.workspaces import Terms, set_terms, user_id
from tests.databases import FakeClock

ADA = Requester(workspace="lab", platform="terminal", user="ada")


def add(database: Database, name: str, state: JobState) -> None:
    def write() -> None:
        new = jobs.NewJob(
            id=name,
            workspace="lab",
            user=user_id(database, ADA),
            private=False,
            order="{}",
            source="x",
            sameness="",
            state=state,
            stage="fetch-paper",
            needs_approval=False,
            estimate_cents=0,
            token=name * 32,
        )
        jobs.add(database, new)

    database.do(write)


def test_an_empty_house_counts_nothing(database: Database) -> None:
    counted = census(database, alive_within=60, stages=["publish"])
    assert set(counted.jobs.values()) == {0}
    assert counted.jobs.keys() == {state.value for state in JobState}
    assert (counted.workers, counted.worker_seen, counted.oldest_queued) == (0, None, None)
    assert (counted.reserved_cents, counted.spent_cents, counted.stages) == (
        0,
        0,
        (StageCount(stage="publish"),),
    )
    assert budgets(database) == []


def test_ages_are_of_the_oldest_job_and_the_latest_sign(database: Database, clock: FakeClock) -> None:
    workers.seen(database, WorkerSign(id="old", host="a", pid=1, io=1, cpu=1))
    add(database, "a", JobState.QUEUED)
    clock.advance(100)
    workers.seen(database, WorkerSign(id="new", host="b", pid=2, io=1, cpu=1))
    add(database, "b", JobState.QUEUED)
    add(database, "c", JobState.DONE)
    clock.advance(5)
    counted = census(database, alive_within=60, stages=())
    assert counted.oldest_queued == 105
    assert (counted.workers, counted.worker_seen) == (1, 5)
    assert (counted.jobs["queued"], counted.jobs["done"]) == (2, 1)
    clock.advance(-500)
    assert census(database, alive_within=60, stages=()).oldest_queued == 0


def test_a_job_that_comes_back_to_the_line_is_counted_from_then(database: Database, clock: FakeClock) -> None:
    add(database, "a", JobState.AWAITING_APPROVAL)
    clock.advance(3 * 24 * 3600)
    database.do(
        lambda: jobs.change(
            database, "a", [JobState.AWAITING_APPROVAL], state=JobState.QUEUED, approved_at=1.0
        )
    )
    clock.advance(7)
    database.do(lambda: jobs.change(database, "a", [JobState.QUEUED], message="…"))
    assert census(database, alive_within=60, stages=()).oldest_queued == 7
    assert database.do(lambda: jobs.entry("a").queued_at) == clock.now - 3 * 24 * 3600 - 7


def test_a_budget_is_what_is_spent_or_held_of_a_cap(database: Database, clock: FakeClock) -> None:
    caps = Terms(cents_per_day=100, cents_per_month=None)
    set_terms(database, "lab", caps)
    add(database, "a", JobState.RUNNING)
    user = database.do(lambda: user_id(database, ADA))
    reserve = {"workspace": "lab", "user": user, "job": "a", "cents": 60, "caps": caps}
    database.do(lambda: ledger.reserve(database, **reserve))  # type: ignore[arg-type]
    database.do(lambda: ledger.charge(database, job="a", purchase="p", cents=20))
    (budget,) = budgets(database)
    assert (budget.workspace, budget.span, budget.used) == ("lab", "day", 0.6)
    clock.advance(24 * 3600)
    assert budgets(database)[0].used == 0
