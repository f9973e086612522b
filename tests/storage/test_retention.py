"""Which videos end, and whose requesters were told."""

from __future__ import annotations

import pytest

from storage import jobs, retention
from storage.database import Database
from storage.records import JobState, Requester
from storage.workspaces import user_id
from tests.databases import FakeClock

DAY = 24 * 3600.0
WEEK = 7 * DAY


@pytest.fixture
def job(database: Database, clock: FakeClock) -> str:
    """A job that was done a moment ago and ends in thirty days."""

    def write() -> None:
        user = user_id(database, Requester(workspace="lab", platform="terminal", user="ada"))
        new = jobs.NewJob(
            id="one",
            workspace="lab",
            user=user,
            private=False,
            order="{}",
            source="x",
            sameness="",
            state=JobState.DONE,
            stage="publish",
            needs_approval=False,
            estimate_cents=0,
            token="t" * 32,
        )
        jobs.add(database, new)
        jobs.change(database, "one", JobState, finished_at=clock.now - 1, expires_at=clock.now + 30 * DAY)

    database.do(write)
    return "one"


def test_it_ends_when_its_time_is_over_and_its_requester_knows(
    database: Database, clock: FakeClock, job: str
) -> None:
    ends = clock.now + 30 * DAY
    assert database.do(lambda: retention.ending(database, notice=WEEK)) == []
    clock.advance(23.5 * DAY)
    assert database.do(lambda: retention.ending(database, notice=WEEK)) == [job]
    assert database.do(lambda: retention.give_notice(database, job, notice=WEEK)) == clock.now + WEEK
    assert database.do(lambda: retention.give_notice(database, job, notice=WEEK)) is None
    assert database.do(lambda: retention.ending(database, notice=WEEK)) == []
    clock.now = ends
    assert database.do(lambda: retention.ended(database)) == []
    clock.advance(DAY)
    assert database.do(lambda: retention.ended(database)) == [job]
    assert database.do(lambda: retention.ended(database, job)) == [job]
    assert database.do(lambda: retention.ended(database, "other")) == []


def test_nobody_who_was_not_told_loses_a_video(database: Database, clock: FakeClock, job: str) -> None:
    clock.advance(400 * DAY)
    assert database.do(lambda: retention.ended(database)) == []


def test_what_is_kept_or_not_done_does_not_end(database: Database, clock: FakeClock, job: str) -> None:
    clock.advance(25 * DAY)
    database.do(lambda: jobs.change(database, job, JobState, state=JobState.RUNNING))
    assert database.do(lambda: retention.ending(database, notice=WEEK)) == []
    assert database.do(lambda: retention.give_notice(database, job, notice=WEEK)) is None
    database.do(lambda: jobs.change(database, job, JobState, state=JobState.DONE, expires_at=None))
    assert database.do(lambda: retention.give_notice(database, job, notice=WEEK)) is None
