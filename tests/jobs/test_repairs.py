"""What the sweeper mends: lost workers, lost messages, approvals that nobody gave, jobs that stand still."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from jobs import flow, repairs
from jobs.failures import Verdict
from jobs.office import Office
from storage import jobs
from storage.models import JobRow, StageRunRow
from storage.records import JobState, RunState
from tests.databases import FakeClock
from tests.jobs.offices import (
    ADA,
    BEN,
    RecordedQueue,
    begun,
    finished,
    job_now,
    ordered,
    run_now,
    sent,
    work_through,
)

PASSES = Verdict(code="busy", sentence="NCBI is busy.", transient=True, retryable=True, shared=True)


def test_there_is_nothing_to_mend_where_all_is_well(office: Office) -> None:
    ordered(office)
    begun(office, sent(office)[0])
    assert not any(repairs.due_again(office).values())
    assert sent(office) == []


def test_a_run_whose_worker_vanished_is_sent_again(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    [message] = sent(office)
    begun(office, message)
    clock.advance(31)
    assert repairs.expired_leases(office) == 1
    assert sent(office) == [message]
    assert repairs.expired_leases(office) == 0
    assert run_now(office, job.id, "fetch-paper").lost == 1
    assert begun(office, message)


def test_two_sweepers_at_once_send_it_once(office: Office, clock: FakeClock) -> None:
    ordered(office)
    begun(office, sent(office)[0])
    clock.advance(31)
    with ThreadPoolExecutor(4) as pool:
        mended = list(pool.map(lambda _: repairs.expired_leases(office), range(4)))
    assert sum(mended) == 1
    assert len(sent(office)) == 1


def test_a_lost_message_is_sent_again(office: Office, clock: FakeClock) -> None:
    ordered(office)
    [message] = sent(office)
    clock.advance(29)
    assert repairs.lost_messages(office) == 0
    clock.advance(2)
    assert repairs.lost_messages(office) == 1
    assert sent(office) == [message]


def test_a_message_that_stands_in_a_queue_is_not_sent_again_soon(office: Office, clock: FakeClock) -> None:
    queue = office.queue
    assert isinstance(queue, RecordedQueue)
    queue.full = True
    ordered(office)
    sent(office)
    clock.advance(60)
    assert repairs.lost_messages(office) == 0
    clock.advance(300)
    assert repairs.lost_messages(office) == 1
    assert repairs.lost_messages(office) == 0


def test_a_pause_is_no_loss(office: Office, clock: FakeClock) -> None:
    ordered(office)
    verdict = PASSES.model_copy(update={"retry_after": 200.0})
    flow.fail(office, begun(office, sent(office)[0]), verdict)
    sent(office)
    clock.advance(100)
    assert repairs.lost_messages(office) == 0
    clock.advance(171)
    assert repairs.lost_messages(office) == 1


def test_a_pause_ends_when_the_clock_went_back(office: Office, clock: FakeClock) -> None:
    ordered(office)
    flow.fail(office, begun(office, sent(office)[0]), PASSES)
    sent(office)
    clock.advance(-24 * 3600)
    assert repairs.lost_messages(office) == 1
    assert begun(office, sent(office)[0])


def test_what_was_never_begun_does_not_wait_for_a_clock_that_went_back(
    office: Office, clock: FakeClock
) -> None:
    ordered(office)
    message = sent(office)[0]
    clock.advance(-24 * 3600)
    assert repairs.lost_messages(office) == 1
    assert sent(office) == [message]
    assert begun(office, message)


@pytest.mark.parametrize("how", ["lost", "let go", "failed", "sent again"])
def test_what_came_back_while_the_clock_was_ahead_does_not_wait_for_it(
    office: Office, clock: FakeClock, how: str
) -> None:
    ordered(office)
    claim = begun(office, sent(office)[0])
    clock.advance(24 * 3600)
    if how == "lost":
        repairs.expired_leases(office)
    elif how == "let go":
        flow.let_go(office, claim)
    else:
        flow.fail(office, claim, PASSES)
    if how == "sent again":
        clock.advance(3600)
        repairs.lost_messages(office)
        clock.advance(-3600)
    clock.advance(-24 * 3600)
    sent(office)
    assert repairs.lost_messages(office) == 1
    assert begun(office, sent(office)[0])


def test_a_forgotten_look_is_sent_again(office: Office, clock: FakeClock) -> None:
    ordered(office)
    flow.wait(office, begun(office, sent(office)[0]), task="t", provider="runway", why="…", again=10)
    sent(office)
    clock.advance(39)
    assert repairs.forgotten_looks(office) == 0
    clock.advance(2)
    assert repairs.forgotten_looks(office) == 1
    assert begun(office, sent(office)[0]).task == "t"


def test_what_nobody_approved_is_cancelled_after_seven_days(office: Office, clock: FakeClock) -> None:
    job = ordered(office, needs_approval=True, estimate_cents=30)
    work_through(office)
    clock.advance(7 * 24 * 3600 - 1)
    assert repairs.ungiven_approvals(office) == 0
    clock.advance(2)
    assert repairs.ungiven_approvals(office) == 1
    ended = job_now(office, job.id)
    assert (ended.state, ended.reserved_cents) == (JobState.CANCELLED, 0)
    assert ended.message == "Nobody approved the script within 7 days."


@pytest.mark.parametrize("stage", ["fetch-paper", "generate-videos", "publish"])
def test_a_job_that_stands_still_goes_on(office: Office, stage: str) -> None:
    job = ordered(office)
    work_through(office, until=stage)  # type: ignore[arg-type]
    sent(office)
    office.database.do(lambda: StageRunRow.delete().where(StageRunRow.state == str(RunState.DUE)).execute())
    assert repairs.stuck_jobs(office) == 1
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


def test_a_job_that_was_published_and_not_marked_so_is_published_again(office: Office) -> None:
    job = ordered(office)
    work_through(office)
    office.database.do(
        lambda: JobRow.update(state=str(JobState.RUNNING), link=None).where(JobRow.id == job.id).execute()
    )
    assert repairs.stuck_jobs(office) == 1
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


@pytest.mark.parametrize(
    ("leader_is", "expected"), [(JobState.DONE, JobState.DONE), (JobState.FAILED, JobState.RUNNING)]
)
def test_followers_without_a_leader_are_served_or_lead(
    office: Office, leader_is: JobState, expected: JobState
) -> None:
    files = finished(office, ADA, "1").files
    leader = ordered(office, ADA, "2")
    follower = ordered(office, BEN, "2")
    assert follower.follows == leader.id

    def end_without_a_word() -> None:
        jobs.publish(leader.id, files)
        jobs.change(office.database, leader.id, [JobState.RUNNING], state=leader_is)

    office.database.do(end_without_a_word)
    assert repairs.orphaned_followers(office) == 1
    assert job_now(office, follower.id).state is expected


def test_all_repairs_have_a_name_and_a_count(office: Office) -> None:
    assert set(repairs.due_again(office)) == {
        "expired leases",
        "lost messages",
        "forgotten looks",
        "ungiven approvals",
        "stuck jobs",
        "orphaned followers",
        "admit",
        "unanswered questions",
    }
