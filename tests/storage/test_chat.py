"""The message of a job: opened once, held by one, found from any message around it, and due when it is behind."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from peewee import Expression

from storage import chat, jobs, workspaces
from storage.chat import Chat
from storage.database import Database
from storage.jobs import NewJob
from storage.models import ChatMessage, JobRow
from storage.records import Failure, JobState, Requester
from tests.databases import FakeClock

ADA = Requester(workspace="slack:T1", platform="slack", user="U1", name="Ada")
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)
DAY = 24 * 3600.0


def add(db: Database, job: str, state: JobState = JobState.QUEUED) -> None:
    new = NewJob(
        id=job,
        workspace=ADA.workspace,
        user=workspaces.user_id(db, ADA),
        private=False,
        order='{"source":"1"}',
        source="1",
        sameness=job,
        state=state,
        stage="fetch-paper",
        needs_approval=False,
        estimate_cents=0,
        token=f"token-{job}",
    )
    db.do(lambda: jobs.add(db, new))


def change(db: Database, job: str, **to: Any) -> None:
    assert db.do(lambda: jobs.change(db, job, JobState, **to))


def opened(db: Database, job: str, **more: Any) -> Chat:
    said: dict[str, Any] = {
        "platform": "slack",
        "workspace": ADA.workspace,
        "channel": "C1",
        "kind": "public",
    }
    chat.open_chat(db, job=job, **(said | more))
    return there(db, job)


def there(db: Database, job: str) -> Chat:
    found = chat.chat_of(db, job)
    assert found is not None
    return found


def shown(db: Database, job: str, *names: str, owner: str = "bot") -> None:
    """All that there is to show and say of the job is shown and said, as one messenger does."""
    held = chat.take(db, job, owner, 30.0)
    row = db.do(lambda: jobs.find(job))
    assert held is not None
    assert row is not None
    for name in names:
        assert chat.note_said(db, job, owner, name)
    message = held.message or f"m-{job}"
    assert chat.keep_shown(db, job, owner, message=message, shown_revision=row.revision)
    chat.release(db, job, owner)


def settled(db: Database, job: str) -> None:
    shown(db, job, f"end:{there(db, job).round}")


def test_a_message_is_opened_once_and_where_it_was_asked_for_first(database: Database) -> None:
    add(database, "j1")
    first = opened(database, "j1", thread="t1", origin="o1")
    assert first == Chat(
        job="j1",
        platform="slack",
        workspace="slack:T1",
        channel="C1",
        kind="public",
        thread="t1",
        origin="o1",
        round=first.round,
    )
    assert opened(database, "j1", channel="C2", kind="dm") == first
    assert chat.chat_of(database, "other") is None


def test_what_is_shown_comes_back(database: Database, clock: FakeClock) -> None:
    add(database, "j1")
    opened(database, "j1")
    assert chat.take(database, "j1", "bot", 30.0) is not None
    assert chat.keep_shown(
        database, "j1", "bot", message="m1", shown_revision=3, shown_digest="d", posted_at=5.0, gone=True
    )
    assert chat.keep_shown(database, "j1", "bot", channel="D1", kind="dm", thread=None)
    assert chat.note_said(database, "j1", "bot", "script:1")
    assert chat.note_said(database, "j1", "bot", "end:1")
    assert chat.note_said(database, "j1", "bot", "end:1")
    now = there(database, "j1")
    assert (now.message, now.shown_revision, now.shown_digest, now.posted_at) == ("m1", 3, "d", 5.0)
    assert (now.channel, now.kind, now.gone, now.said) == ("D1", "dm", True, ("script:1", "end:1"))
    assert now.checked_at == clock.now


def test_one_shows_a_job_at_a_time(database: Database, clock: FakeClock) -> None:
    add(database, "j1")
    opened(database, "j1")
    assert chat.take(database, "nothing", "a", 30.0) is None
    assert chat.take(database, "j1", "a", 30.0) is not None
    assert chat.take(database, "j1", "b", 30.0) is None
    assert chat.take(database, "j1", "a", 30.0) is not None
    assert not chat.keep_shown(database, "j1", "b", message="twice")
    assert not chat.note_said(database, "j1", "b", "twice")
    chat.release(database, "j1", "b")
    assert chat.take(database, "j1", "b", 30.0) is None
    chat.release(database, "j1", "a")
    assert chat.take(database, "j1", "b", 30.0) is not None
    clock.advance(31.0)
    assert chat.take(database, "j1", "a", 30.0) is not None
    assert not chat.keep_shown(database, "j1", "b", message="late")
    assert there(database, "j1").message is None


def test_a_lease_that_a_clock_left_in_the_future_is_none(database: Database, clock: FakeClock) -> None:
    add(database, "j1")
    opened(database, "j1")
    clock.advance(3600.0)
    assert chat.take(database, "j1", "a", 30.0) is not None
    clock.advance(-3600.0)
    assert chat.take(database, "j1", "b", 30.0) is not None


def test_of_many_at_once_one_holds_it(database: Database) -> None:
    add(database, "j1")
    opened(database, "j1")
    with ThreadPoolExecutor(12) as threads:
        tries = [threads.submit(chat.take, database, "j1", f"bot {n}", 30.0) for n in range(12)]
        assert sum(one.result() is not None for one in tries) == 1


@pytest.mark.parametrize("where", ["message", "thread", "origin"])
def test_a_job_is_found_from_the_messages_around_it(database: Database, clock: FakeClock, where: str) -> None:
    for number in (1, 2):
        add(database, f"j{number}")
        opened(database, f"j{number}", thread=f"t{number}", origin=f"o{number}")
        shown(database, f"j{number}")
    message = {"message": "m-j1", "thread": "t1", "origin": "o1"}[where]
    assert chat.job_at(database, "slack", "C1", message) == "j1"
    assert chat.job_at(database, "slack", "C2", message) is None
    assert chat.job_at(database, "discord", "C1", message) is None
    clock.advance(5.0)
    add(database, "j3")
    opened(database, "j3", **{where if where != "message" else "thread": message})
    # What hangs under a job's own message doesn't take its place.
    assert chat.job_at(database, "slack", "C1", message) == ("j1" if where == "message" else "j3")
    assert chat.job_of(database, "slack", "C1", message) == ("j1" if where == "message" else None)


def test_a_retry_begins_another_round(database: Database, clock: FakeClock) -> None:
    add(database, "j1")
    before = opened(database, "j1").round
    change(database, "j1", state=JobState.RUNNING, message="on its way")
    assert there(database, "j1").round == before
    clock.advance(0.5)
    change(database, "j1", queued_at=clock.now)
    assert there(database, "j1").round != before


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


def test_messages_of_deleted_jobs_are_forgotten_once_that_was_shown(
    database: Database, clock: FakeClock
) -> None:
    for job, state in (("shown", JobState.DELETED), ("unseen", JobState.DELETED), ("done", JobState.DONE)):
        add(database, job, state)
        opened(database, job)
    shown(database, "shown")
    shown(database, "done")
    assert chat.forget_deleted(database, before=clock.now) == 0
    clock.advance(DAY)
    assert chat.forget_deleted(database, before=clock.now) == 1
    rows = database.do(lambda: sorted(row.job for row in ChatMessage.select()))
    assert rows == ["done", "unseen"]


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
