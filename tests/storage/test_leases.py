"""Duties and events: one at a time, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.audit import entries, note
from storage.database import Database
from storage.leases import hold, let_go
from storage.seen import first_time, forget_before
from tests.databases import FakeClock
from tests.storage.processes import together


def test_a_duty_is_held_renewed_and_given_up(database: Database, clock: FakeClock) -> None:
    assert hold(database, "sweep", "a", 30)
    assert not hold(database, "sweep", "b", 30)
    assert hold(database, "another duty", "b", 30)
    clock.advance(20)
    assert hold(database, "sweep", "a", 30)
    clock.advance(20)
    assert not hold(database, "sweep", "b", 30)
    let_go(database, "sweep", "b")
    assert not hold(database, "sweep", "b", 30)
    let_go(database, "sweep", "a")
    assert hold(database, "sweep", "b", 30)


def test_a_duty_whose_holder_is_silent_goes_to_another(database: Database, clock: FakeClock) -> None:
    assert hold(database, "sweep", "a", 30)
    clock.advance(29)
    assert not hold(database, "sweep", "b", 30)
    clock.advance(1)
    assert hold(database, "sweep", "b", 30)
    assert not hold(database, "sweep", "a", 30)


def test_a_clock_that_went_back_holds_no_duty_for_ever(database: Database, clock: FakeClock) -> None:
    assert hold(database, "sweep", "a", 30)
    clock.advance(-29)
    assert not hold(database, "sweep", "b", 30)
    clock.advance(-3600)
    assert hold(database, "sweep", "b", 30)


def be_first(db: Database, number: int) -> tuple[bool, bool]:
    return hold(db, "sweep", f"process {number}", 30), first_time(db, "slack", "Ev1")


def test_of_many_processes_one_gets_the_duty_and_one_the_event(
    database: Database, database_url: str | None, tmp_path: Path, clock: FakeClock
) -> None:
    duties, events = zip(*together(3, be_first, database_url, tmp_path, clock.now), strict=True)
    assert (sum(duties), sum(events)) == (1, 1)


def test_an_event_is_new_once_on_each_platform(database: Database, clock: FakeClock) -> None:
    assert first_time(database, "slack", "Ev1")
    assert not first_time(database, "slack", "Ev1")
    assert first_time(database, "discord", "Ev1")
    long = "x" * 5_000
    assert first_time(database, "slack", long + "1")
    assert first_time(database, "slack", long + "2")
    assert not first_time(database, "slack", long + "1")
    clock.advance(3600)
    assert first_time(database, "slack", "Ev2")
    assert forget_before(database, clock.now) == 4
    assert not first_time(database, "slack", "Ev2")
    assert first_time(database, "slack", "Ev1")


def test_the_audit_log_tells_who_did_what_newest_first(database: Database, clock: FakeClock) -> None:
    note(database, "lab", "ann", "cancel", "job1")
    clock.advance(5)
    note(database, "lab", "bob", "retry", "job1", detail="after the restart")
    note(database, "lab", "bob", "delete", "j" * 500)
    note(database, "another lab", "eve", "delete", "job9")
    lines = entries(database, "lab")
    assert [line.action for line in lines] == ["delete", "retry", "cancel"]
    assert entries(database, "lab", limit=1) == lines[:1]
    assert [line.actor for line in entries(database, "lab", target="job1")] == ["bob", "ann"]
    assert lines[1].detail == "after the restart"
    assert lines[1].at == clock.now
    assert len(entries(database, "lab", target="j" * 500)) == 1


def test_a_line_stands_there_only_if_the_deed_does(database: Database) -> None:
    def work() -> None:
        note(database, "lab", "ann", "cancel", "job1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.do(work)
    assert entries(database, "lab") == []
