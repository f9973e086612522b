"""Who is known to live."""

from __future__ import annotations

from storage.database import Database
from storage.workers import WorkerSign, forget_silent, gone, living, seen
from tests.databases import FakeClock

FIRST = WorkerSign(id="first", host="here", pid=1, io=4, cpu=2)
SECOND = WorkerSign(id="second", host="there", pid=1, io=4, cpu=8)


def test_a_worker_lives_as_long_as_it_says_so(database: Database, clock: FakeClock) -> None:
    seen(database, FIRST)
    clock.advance(40)
    seen(database, SECOND)
    assert living(database, 60.0) == (FIRST, SECOND)
    clock.advance(30)
    assert living(database, 60.0) == (SECOND,)
    seen(database, FIRST)
    assert living(database, 60.0) == (FIRST, SECOND)
    gone(database, "first")
    assert living(database, 60.0) == (SECOND,)


def test_a_worker_that_was_silent_for_long_is_forgotten(database: Database, clock: FakeClock) -> None:
    seen(database, FIRST)
    clock.advance(100)
    seen(database, SECOND)
    assert forget_silent(database, 50.0) == 1
    assert living(database, 1000.0) == (SECOND,)


def test_a_worker_that_died_before_the_clock_went_back_is_gone(database: Database, clock: FakeClock) -> None:
    seen(database, FIRST)
    seen(database, SECOND)
    clock.advance(-10_000)
    seen(database, SECOND)
    assert living(database, 60.0) == (SECOND,)
    assert forget_silent(database, 5_000) == 1
    assert living(database, 1_000_000.0) == (SECOND,)
