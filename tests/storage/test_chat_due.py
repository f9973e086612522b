"""Which messages are behind: what changed is due until it is shown, and no longer."""

from __future__ import annotations

import re

import pytest
from peewee import Expression

from storage import chat
from storage.database import Database
from storage.models import ChatMessage, JobRow
from storage.records import Failure, JobState
from tests.databases import FakeClock
from tests.storage.chats import DAY, add, change, opened, settled, shown

ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)


def test_what_changed_is_due_until_it_is_shown(database: Database) -> None:
    add(database, "j1")
    add(database, "silent")
    opened(database, "j1")
    assert chat.due(database, "slack") == ["j1"]
    assert chat.due(database, "discord") == []
    shown(database, "j1")
    assert chat.due(database, "slack") == []
    change(database, "j1", message="news")
    assert chat.due(database, "slack") == ["j1"]


def test_what_goes_on_is_due_again_now_and_then(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.RUNNING)
    opened(database, "j1")
    shown(database, "j1")
    clock.advance(chat.LOOKED_AT_EVERY - 1)
    assert chat.due(database, "slack") == []
    clock.advance(2)
    assert chat.due(database, "slack") == ["j1"]
    shown(database, "j1")
    clock.advance(-3600.0)
    assert chat.due(database, "slack") == ["j1"]


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_an_end_is_due_until_it_is_told(database: Database, clock: FakeClock, state: JobState) -> None:
    add(database, "j1", state)
    opened(database, "j1")
    shown(database, "j1")
    for _ in range(2):
        clock.advance(DAY)
        assert chat.due(database, "slack") == ["j1"]
    settled(database, "j1")
    assert chat.due(database, "slack") == []
    clock.advance(10.0)
    change(database, "j1", queued_at=clock.now)
    shown(database, "j1")
    assert chat.due(database, "slack") == ["j1"], "another round has an end of its own"


@pytest.mark.parametrize("state", [JobState.CANCELLED, JobState.DELETED])
def test_other_ends_are_shown_and_need_no_word(database: Database, state: JobState) -> None:
    add(database, "j1", state)
    opened(database, "j1")
    assert chat.due(database, "slack") == ["j1"]
    shown(database, "j1")
    assert chat.due(database, "slack") == []


def test_an_old_job_that_changes_again_is_due(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.DONE)
    opened(database, "j1")
    settled(database, "j1")
    for _ in range(3):
        clock.advance(40 * DAY)
        assert chat.due(database, "slack") == []
    change(database, "j1", kept_at=clock.now)
    clock.advance(90.0)
    assert chat.due(database, "slack") == ["j1"]
    shown(database, "j1")
    assert chat.due(database, "slack") == []
    change(database, "j1", state=JobState.DELETED)
    assert chat.due(database, "slack") == ["j1"]


def test_a_change_that_was_committed_late_is_found(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.DONE)
    opened(database, "j1")
    settled(database, "j1")
    clock.advance(DAY)
    assert chat.due(database, "slack") == []

    def late() -> None:
        JobRow.update(revision=JobRow.revision + 1, updated_at=clock.now - 120.0).execute()

    database.do(late)
    assert chat.due(database, "slack") == ["j1"]


def test_what_stays_unsaid_is_found_however_old_it_grows(database: Database, clock: FakeClock) -> None:
    for job in ("j1", "j2"):
        add(database, job, JobState.DONE)
        opened(database, job)
    settled(database, "j2")
    for _ in range(5):
        clock.advance(7 * DAY)
        assert chat.due(database, "slack") == ["j1"]


def test_an_old_job_that_was_left_in_the_middle_is_due(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.DONE)
    opened(database, "j1")
    settled(database, "j1")
    clock.advance(7 * DAY)
    assert chat.due(database, "slack") == []
    chat.take(database, "j1", "killed", 30.0)
    chat.keep_shown(database, "j1", "killed", message=None, channel="D1", kind="dm", shown_revision=0)
    clock.advance(31.0)
    assert chat.due(database, "slack") == ["j1"]


def test_a_message_that_a_person_deleted_is_due_no_more_once_its_end_is_told(database: Database) -> None:
    add(database, "j1", JobState.DONE)
    opened(database, "j1")
    chat.take(database, "j1", "bot", 30.0)
    chat.keep_shown(database, "j1", "bot", gone=True)
    chat.release(database, "j1", "bot")
    assert chat.due(database, "slack") == ["j1"]
    settled(database, "j1")
    change(database, "j1", message="kept")
    assert chat.due(database, "slack") == []
    change(database, "j1", state=JobState.DELETED)
    assert chat.due(database, "slack") == ["j1"], "what hangs under it is to be taken away"


def test_whose_requester_is_out_of_reach_is_let_be(database: Database) -> None:
    add(database, "j1", JobState.FAILED)
    opened(database, "j1")
    shown(database, "j1", chat.UNREACHABLE)
    change(database, "j1", message="more")
    assert chat.due(database, "slack") == []


def test_what_was_left_in_the_middle_is_due(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.CANCELLED)
    opened(database, "j1")
    chat.take(database, "j1", "killed", 30.0)
    chat.keep_shown(database, "j1", "killed", shown_revision=9)
    assert chat.due(database, "slack") == []
    clock.advance(31.0)
    assert chat.due(database, "slack") == ["j1"]
    shown(database, "j1")
    assert chat.due(database, "slack") == []


def test_who_waits_longest_is_first_and_nobody_is_left_out(database: Database, clock: FakeClock) -> None:
    for number in range(5):
        add(database, f"j{number}")
        opened(database, f"j{number}")
        shown(database, f"j{number}")
        clock.advance(1.0)
    for number in (3, 1, 4):
        change(database, f"j{number}", message="news")
    assert chat.due(database, "slack", limit=2) == ["j1", "j3"]
    shown(database, "j1")
    shown(database, "j3")
    assert chat.due(database, "slack", limit=2) == ["j4"]


def test_finished_jobs_of_long_ago_are_not_looked_at_each_time(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        add(database, f"j{number}", ENDED[number % 4])
        opened(database, f"j{number}")
        settled(database, f"j{number}")
    add(database, "now", JobState.RUNNING)
    opened(database, "now")
    clock.advance(DAY)
    looked_at: list[str] = []
    is_due = chat._Row.is_due

    def counted(row: chat._Row, platform: str, now: float) -> bool:
        looked_at.append(row.job)
        return is_due(row, platform, now)

    monkeypatch.setattr(chat._Row, "is_due", counted)
    assert chat.due(database, "slack") == ["now"]
    assert len(looked_at) == 31
    looked_at.clear()
    assert chat.due(database, "slack") == ["now"]
    assert looked_at == ["now"]


@pytest.mark.parametrize(
    "where",
    [
        JobRow.state.in_(["queued", "running"]),
        JobRow.updated_at >= 5.0,
        ChatMessage.lease_until < 5.0,
    ],
)
def test_sqlite_looks_for_what_changed_by_indexes(database: Database, where: Expression) -> None:
    if database.dialect != "sqlite":
        pytest.skip("Postgres plans by its statistics")

    def plan() -> list[str]:
        query, values = chat._query(where).sql()
        return [row[-1] for row in database.run(f"EXPLAIN QUERY PLAN {query}", *values)]

    steps = database.do(plan)
    assert any(re.match(r"SEARCH t. USING INDEX (jobrow|chatmessage)_", step) for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_a_failure_and_its_retry_are_told_each(database: Database, clock: FakeClock) -> None:
    add(database, "j1", JobState.RUNNING)
    opened(database, "j1")
    failure = Failure(code="c", sentence="It broke.", reference="HH-AAAA")
    change(database, "j1", state=JobState.FAILED, failure=failure, finished_at=clock.now)
    settled(database, "j1")
    assert chat.due(database, "slack") == []
    clock.advance(60.0)
    change(database, "j1", state=JobState.QUEUED, failure=None, queued_at=clock.now)
    shown(database, "j1")
    change(database, "j1", state=JobState.FAILED, failure=failure)
    shown(database, "j1")
    assert chat.due(database, "slack") == ["j1"]
