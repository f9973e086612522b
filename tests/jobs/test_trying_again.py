"""What is tried again, for how long, and who may work meanwhile."""

from __future__ import annotations

from dataclasses import replace

from jobs import flow
from jobs.office import Office
from jobs.repairs import due_again
from storage.records import JobState
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, begun, job_now, ordered, outcome, sent, work_through
from tests.jobs.test_flow import LASTS, PASSES


def test_what_is_away_is_waited_for_an_hour(office: Office, clock: FakeClock) -> None:
    job = ordered(office, estimate_cents=50)
    began, tries = clock.now, 0
    while (failed := job_now(office, job.id)).state is not JobState.FAILED:
        [message] = sent(office)
        clock.advance(message[3])
        assert message[3] <= 300.0
        flow.fail(office, begun(office, message), PASSES)
        tries += 1
    assert 3600 <= clock.now - began <= 3900
    assert failed.failure is not None
    assert failed.failure.sentence == f"NCBI is busy. It was tried {tries} times."
    assert (failed.failure.retryable, failed.failure.stage) == (True, "fetch-paper")
    assert failed.failure.reference == "HH-7F3K"
    assert failed.reserved_cents == 0


def test_what_seldom_passes_is_tried_a_few_times_whatever_was_away_before(
    office: Office, clock: FakeClock
) -> None:
    job = ordered(office)
    defect = PASSES.model_copy(update={"tries": 1})
    for failure in (PASSES, PASSES, PASSES, defect, PASSES):
        flow.fail(office, begun(office, sent(office)[0]), failure)
        assert job_now(office, job.id).state is JobState.WAITING
        clock.advance(1700)
    flow.fail(office, begun(office, sent(office)[0]), defect)
    assert job_now(office, job.id).state is JobState.FAILED


def test_while_something_is_away_no_more_jobs_burn(office: Office, clock: FakeClock) -> None:
    queued = [ordered(office, ADA, str(number)) for number in range(1, 5)]
    for message in sent(office):
        flow.fail(office, begun(office, message), PASSES)
    due_again(office)
    states = [job_now(office, job.id).state for job in queued]
    assert states == [JobState.WAITING, JobState.WAITING, JobState.QUEUED, JobState.QUEUED]


def test_what_waited_for_a_task_stands_in_line_where_there_is_no_room(
    office: Office, clock: FakeClock
) -> None:
    office = replace(office, rules=replace(office.rules, jobs_per_worker=1))
    first = ordered(office, ADA, "1")
    work_through(office, until="generate-videos", scenes=2)
    for message in sent(office):
        claim = begun(office, message)
        flow.wait(office, claim, task=f"t{claim.scene}", provider="runway", why="…", again=10, until=600)
    looks = sent(office)
    clock.advance(1)
    second = ordered(office, BEN, "2")
    bens = sent(office)
    assert job_now(office, second.id).state is JobState.RUNNING
    clock.advance(10)
    claim = begun(office, looks[0])
    assert not flow.may_go_on(office, claim)
    stands = job_now(office, first.id)
    assert (stands.state, stands.waiting) == (JobState.QUEUED, None)
    assert flow.begin(office, *looks[1][:3], worker="test") is None
    third = ordered(office, BEN, "3")
    flow.fail(office, begun(office, bens[0]), LASTS)
    assert job_now(office, second.id).state is JobState.FAILED
    assert job_now(office, third.id).state is JobState.QUEUED
    assert job_now(office, first.id).state is JobState.RUNNING
    again = sent(office)
    assert {message[:3] for message in again} == {("generate-videos", first.id, 0), looks[1][:3]}
    claims = [begun(office, message) for message in again]
    assert all(flow.may_go_on(office, claim) for claim in claims)
    for claim in claims:
        flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    assert {job_now(office, job.id).state for job in (first, third)} == {JobState.DONE}
