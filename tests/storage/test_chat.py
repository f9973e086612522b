"""The message of a job: opened once, held by one, and found from any message around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import chat
from storage.chat import Chat
from storage.database import Database
from storage.models import ChatMessage
from storage.records import JobState
from tests.databases import FakeClock
from tests.storage.chats import DAY, add, change, opened, shown, there


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
