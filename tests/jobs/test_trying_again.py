"""What is tried again, for how long, and who may work meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobs import flow
from jobs.office import Office
from jobs.repairs import due_again
from storage.records import JobState, RunState
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, begun, job_now, ordered, outcome, run_now, sent, work_through
from tests.jobs.test_flow import LASTS, PASSES

#: The trouble of this one paper.
OWN = PASSES.model_copy(update={"tries": 5, "shared": False})


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


def test_two_papers_own_trouble_stops_nobody_else(office: Office, clock: FakeClock) -> None:
    bad = [ordered(office, ADA, str(number)) for number in (1, 2)]
    for message in sent(office):
        flow.fail(office, begun(office, message), OWN)
    tries = sent(office)
    waiting = job_now(office, bad[0].id).waiting
    assert waiting is not None
    assert waiting.until == pytest.approx(clock.now + tries[0][3])
    good = [ordered(office, BEN, str(number)) for number in (3, 4)]
    assert {job_now(office, job.id).state for job in good} == {JobState.RUNNING}
    bens = sent(office)

    clock.advance(10)
    assert [flow.begin(office, *message[:3], worker="test") for message in tries] == [None, None]
    assert [job_now(office, job.id).state for job in bad] == [JobState.QUEUED, JobState.QUEUED]
    flow.fail(office, begun(office, bens[0]), LASTS)
    [again] = sent(office)
    assert again[1] in {job.id for job in bad}
    assert begun(office, again)
    run = run_now(office, again[1], "fetch-paper")
    assert (run.failures, run.state) == (1, RunState.RUNNING)


def test_what_comes_back_where_there_is_room_goes_on_at_once(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    flow.fail(office, begun(office, sent(office)[0]), OWN)
    clock.advance(10)
    flow.finish(office, (claim := begun(office, sent(office)[0])), outcome(office, claim))
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


def test_a_pause_that_was_asked_for_and_is_long_keeps_no_room(office: Office, clock: FakeClock) -> None:
    for number in (1, 2):
        ordered(office, ADA, str(number))
    for message in sent(office):
        flow.fail(office, begun(office, message), PASSES.model_copy(update={"retry_after": 301.0}))
    assert ordered(office, BEN, "3").state is JobState.RUNNING


def test_what_others_get_through_is_not_away_and_keeps_no_room(office: Office, clock: FakeClock) -> None:
    office = replace(office, rules=replace(office.rules, jobs_per_worker=2))
    bad, good, third = (ordered(office, ADA, str(number)) for number in (1, 2, 3))
    first, second = sent(office)
    flow.fail(office, begun(office, first), PASSES)
    assert job_now(office, third.id).state is JobState.QUEUED
    clock.advance(10)
    flow.finish(office, (claim := begun(office, second)), outcome(office, claim))
    assert job_now(office, good.id).state is JobState.RUNNING
    again = next(message for message in sent(office) if message[1] == bad.id)
    flow.fail(office, begun(office, again), PASSES)
    assert job_now(office, bad.id).state is JobState.WAITING
    assert job_now(office, third.id).state is JobState.RUNNING


@pytest.mark.parametrize("how", ["waiting for its time", "at work", "in line", "sent again"])
def test_time_in_which_nobody_tried_is_no_time_of_trying(office: Office, clock: FakeClock, how: str) -> None:
    job = ordered(office)
    for _ in range(8):
        [message] = sent(office)
        clock.advance(message[3])
        flow.fail(office, begun(office, message), PASSES)
    [message] = sent(office)
    if how == "at work":
        clock.advance(message[3])
        begun(office, message)
    clock.advance(8 * 3600)  # the machine sleeps
    if how in ("at work", "sent again"):
        due_again(office)
        [message] = sent(office)
    for _ in range(2):
        flow.fail(office, begun(office, message), PASSES)
        assert job_now(office, job.id).state is JobState.WAITING
        [message] = sent(office)
        clock.advance(message[3])


def test_a_machine_that_sleeps_in_the_middle_of_a_try_is_given_more_of_them(
    office: Office, clock: FakeClock
) -> None:
    job = ordered(office)
    for tries in range(1, 6):
        [message] = sent(office)
        clock.advance(message[3])
        claim = begun(office, message)
        if tries == 2:
            clock.advance(8 * 3600)
            assert flow.progress(office, claim, 0.1, "")  # the process goes on where it was
        flow.fail(office, claim, PASSES)
        assert job_now(office, job.id).state is (JobState.FAILED if tries == 5 else JobState.WAITING)


@pytest.mark.parametrize("how", ["waits", "let go", "defect"])
def test_what_worked_in_between_begins_the_hour_anew(office: Office, clock: FakeClock, how: str) -> None:
    office = replace(office, rules=replace(office.rules, max_failures=2))
    job = ordered(office)
    flow.fail(office, begun(office, sent(office)[0]), PASSES)
    clock.advance(10)
    claim = begun(office, sent(office)[0])
    clock.advance(3600)
    if how == "waits":
        flow.wait(office, claim, task="t", provider="runway", why="…", again=0)
    elif how == "let go":
        flow.let_go(office, claim)
    else:
        flow.fail(office, claim, OWN)
        clock.advance(10)
    flow.fail(office, begun(office, sent(office)[0]), PASSES)
    assert job_now(office, job.id).state is JobState.WAITING
    run = run_now(office, job.id, "fetch-paper")
    assert (run.away, run.away_since) == (1, clock.now)


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
