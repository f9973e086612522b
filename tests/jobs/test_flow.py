"""The way of a job: each stage, the fan-out and its join, failures, waiting, leases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from jobs import flow
from jobs.control import approve, cancel
from jobs.errors import DeadLinkError
from jobs.failures import Verdict, verdict
from jobs.office import Office
from jobs.order import JobOrder
from storage import artefact_uses, ledger
from storage.records import JobState, RunState
from tests.databases import FakeClock
from tests.jobs.offices import (
    ADA,
    BEN,
    RecordedHints,
    RecordedQueue,
    begun,
    finished,
    job_now,
    ordered,
    outcome,
    run_now,
    sent,
    work_through,
)

PASSES = Verdict(
    code="busy", sentence="NCBI is busy.", transient=True, retryable=True, reference="HH-7F3K", shared=True
)
LASTS = Verdict(code="no-paper", sentence="There is no such paper.", reference="HH-AAAA")


def test_a_job_goes_through_its_stages_and_is_delivered_with_its_link(office: Office) -> None:
    job = ordered(office, estimate_cents=30)
    assert job.state is JobState.RUNNING
    seen = []
    while messages := sent(office):
        for message in messages:
            claim = begun(office, message)
            seen.append((claim.stage, claim.scene))
            flow.finish(office, claim, outcome(office, claim))
            assert job_now(office, job.id).fraction < 1.0 or claim.stage == "publish"
    assert seen == [
        ("fetch-paper", -1),
        ("generate-script", -1),
        ("generate-audio", -1),
        ("generate-videos", 0),
        ("generate-videos", 1),
        ("generate-videos", 2),
        ("add-captions", -1),
        ("publish", -1),
    ]
    done = job_now(office, job.id)
    assert (done.state, done.fraction, done.paper.title) == (JobState.DONE, 1.0, "Caption times")
    assert done.link == f"https://hill.example/v/{done.token}"
    assert (done.scenes, done.seconds, done.finished_at) == (3, 6.0, office.database.now())
    assert (done.reserved_cents, done.spent_cents) == (0, 0)


def test_a_claim_tells_what_was_made_before(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="add-captions")
    claim = begun(office, sent(office)[0])
    assert set(claim.known) == {
        "fetch-paper",
        "generate-script",
        "generate-audio",
        "scene:0",
        "scene:1",
        "scene:2",
    }
    assert [(record.name, record.seconds) for record in claim.stages] == [
        ("fetch-paper", 2.0),
        ("generate-script", 2.0),
        ("generate-audio", 2.0),
        ("generate-videos", 6.0),
    ]
    assert (claim.token, claim.job_token) == (job.token, job.token)


def test_every_change_raises_the_revision_and_is_hinted_at(office: Office) -> None:
    job = ordered(office)
    hints = office.hints
    assert isinstance(hints, RecordedHints)
    revision = job.revision
    while messages := sent(office):
        for message in messages:
            hints.jobs.clear()
            claim = begun(office, message)
            assert flow.progress(office, claim, 0.5, "half")
            flow.finish(office, claim, outcome(office, claim))
            now = job_now(office, job.id)
            assert now.revision > revision
            assert job.id in hints.jobs
            revision = now.revision


def test_two_workers_with_one_message_do_it_once(office: Office) -> None:
    ordered(office)
    [(stage, job_id, scene, _)] = sent(office)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda n: flow.begin(office, stage, job_id, scene, worker=f"w{n}"), range(8)))
    assert sum(claim is not None for claim in claims) == 1


@pytest.mark.parametrize("round_", range(5))
def test_last_scenes_that_finish_at_once_are_joined_once(office: Office, round_: int) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos", scenes=6)
    claims = [begun(office, message) for message in sent(office)]
    assert len(claims) == 6
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda claim: flow.finish(office, claim, outcome(office, claim)), claims))
    assert [message[:2] for message in sent(office)] == [("add-captions", job.id)]


def test_the_fraction_never_goes_back(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="generate-audio")
    claim = begun(office, sent(office)[0])
    assert flow.progress(office, claim, 0.9, "scene 8 of 9")
    high = job_now(office, job.id).fraction
    assert flow.progress(office, claim, 0.1, "again from the start")
    flow.fail(office, claim, PASSES)
    assert 0 < high == job_now(office, job.id).fraction < 1


def test_a_finish_without_the_lease_changes_nothing(office: Office, clock: FakeClock) -> None:
    ordered(office)
    message = sent(office)[0]
    first = begun(office, message)
    clock.advance(31)
    second = begun(office, message)
    assert not flow.progress(office, first, 0.5, "still at it")
    flow.finish(office, first, outcome(office, first))
    flow.fail(office, first, LASTS)
    flow.wait(office, first, task="t", provider="runway", why="…", again=1)
    flow.let_go(office, first)
    assert run_now(office, first.job, "fetch-paper").owner == second.owner
    assert run_now(office, first.job, "fetch-paper").lost == 1
    assert sent(office) == []
    flow.finish(office, second, outcome(office, second))
    assert [message[0] for message in sent(office)] == ["generate-script"]


def test_signs_of_life_keep_the_lease(office: Office, clock: FakeClock) -> None:
    ordered(office)
    message = sent(office)[0]
    claim = begun(office, message)
    for _ in range(5):
        clock.advance(20)
        assert flow.progress(office, claim, 0.2, "reading")
        assert flow.begin(office, message[0], message[1], worker="other") is None


def test_a_lease_that_no_clock_can_have_given_is_taken_over(office: Office, clock: FakeClock) -> None:
    ordered(office)
    message = sent(office)[0]
    begun(office, message)
    clock.advance(-3600)
    assert begun(office, message)


def test_work_that_kills_its_workers_ends_the_job(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    message = sent(office)[0]
    for _ in range(9):
        begun(office, message)
        clock.advance(31)
    assert flow.begin(office, message[0], message[1], worker="test") is None
    failed = job_now(office, job.id)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert failed.failure.sentence == "The worker vanished 9 times while reading the paper."
    assert failed.failure.retryable


def test_what_passes_is_tried_again_after_a_pause(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    message = sent(office)[0]
    flow.fail(office, begun(office, message), PASSES)
    [again] = sent(office)
    assert again[:3] == message[:3]
    assert 2.0 <= again[3] <= 4.0
    waiting = job_now(office, job.id)
    assert waiting.state is JobState.WAITING
    assert waiting.waiting is not None
    assert waiting.waiting.why == "NCBI is busy."
    assert waiting.waiting.until == pytest.approx(clock.now + again[3])
    clock.advance(again[3])
    assert begun(office, again)
    assert job_now(office, job.id).state is JobState.RUNNING


def test_a_message_that_comes_too_early_is_sent_again_for_its_time(office: Office, clock: FakeClock) -> None:
    ordered(office)
    flow.fail(office, begun(office, sent(office)[0]), PASSES.model_copy(update={"retry_after": 60.0}))
    [again] = sent(office)
    assert 60.0 <= again[3] <= 72.0, "others were told the same"
    clock.advance(50)
    assert flow.begin(office, again[0], again[1], again[2], worker="test") is None
    assert sent(office) == [(*again[:3], pytest.approx(again[3] - 50.0))]


def test_what_lasts_fails_at_once_and_gives_the_video_back(office: Office) -> None:
    job = ordered(office, estimate_cents=50)
    work_through(office, until="generate-videos")
    first, second, third = [begun(office, message) for message in sent(office)]
    office.database.do(lambda: ledger.charge(office.database, job=job.id, purchase="p1", cents=20))
    flow.fail(office, second, LASTS)
    failed = job_now(office, job.id)
    assert (failed.state, failed.reserved_cents, failed.spent_cents) == (JobState.FAILED, 0, 20)
    assert not flow.progress(office, first, 0.5, "")
    flow.finish(office, third, outcome(office, third))
    assert run_now(office, job.id, "generate-videos", 1).state is RunState.FAILED
    assert run_now(office, job.id, "generate-videos", 2).state is RunState.CANCELLED
    usage = office.database.do(lambda: ledger.usage(office.database, "lab", 1, ledger.Caps()))
    assert (usage.user_day.videos, usage.user_day.spent_cents) == (0, 20)


def test_a_scene_that_waits_leaves_the_job_at_work_while_others_are(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos")
    first, second, third = [begun(office, message) for message in sent(office)]
    flow.wait(office, first, task="t1", provider="runway", why="Runway draws scene 1", again=10, until=600)
    assert sent(office) == [("generate-videos", job.id, 0, 10)]
    assert job_now(office, job.id).state is JobState.RUNNING
    flow.finish(office, second, outcome(office, second))
    flow.finish(office, third, outcome(office, third))
    waiting = job_now(office, job.id)
    assert waiting.state is JobState.WAITING
    assert waiting.waiting is not None
    assert (waiting.waiting.why, waiting.waiting.until) == ("Runway draws scene 1", clock.now + 600)


def test_looking_at_a_task_changes_nothing_until_it_is_ready(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos", scenes=1)
    claim = begun(office, sent(office)[0])
    flow.wait(office, claim, task="t1", provider="runway", why="Runway draws", again=10, until=600, place=3)
    [look] = sent(office)
    before = job_now(office, job.id)
    assert before.waiting is not None
    assert before.waiting.place == 3
    for _ in range(3):
        clock.advance(10)
        claim = begun(office, look)
        assert (claim.task, claim.provider) == ("t1", "runway")
        assert job_now(office, job.id).revision == before.revision
        flow.still_waiting(office, claim, again=10, place=3)
        [look] = sent(office)
        assert job_now(office, job.id).revision == before.revision
    clock.advance(10)
    claim = begun(office, look)
    assert flow.progress(office, claim, 0.1, "fetching the clip")
    assert job_now(office, job.id).state is JobState.RUNNING
    flow.finish(office, claim, outcome(office, claim))
    assert [message[0] for message in sent(office)] == ["add-captions"]


def test_a_task_that_takes_too_long_fails_the_job(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    claim = begun(office, sent(office)[0])
    flow.wait(office, claim, task="t1", provider="Runway", why="drawing scene 1", again=10, until=60)
    [look] = sent(office)
    clock.advance(61)
    flow.still_waiting(office, begun(office, look), again=10)
    failure = job_now(office, job.id).failure
    assert failure is not None
    assert (failure.sentence, failure.retryable) == ("Runway did not finish in time (drawing scene 1).", True)


def test_a_worker_that_stops_leaves_its_run_to_another_at_once(office: Office) -> None:
    job = ordered(office)
    [message] = sent(office)
    flow.let_go(office, begun(office, message))
    assert sent(office) == [message]
    assert begun(office, message)
    run = run_now(office, job.id, "fetch-paper")
    assert (run.failures, run.lost) == (0, 0)


def test_a_queue_that_is_away_loses_nothing(office: Office) -> None:
    queue = office.queue
    assert isinstance(queue, RecordedQueue)
    queue.away = True
    job = ordered(office)
    queue.away = False
    assert sent(office) == []
    assert run_now(office, job.id, "fetch-paper").state is RunState.DUE


def test_the_script_waits_for_approval_and_goes_on(office: Office, clock: FakeClock) -> None:
    job = ordered(office, needs_approval=True)
    work_through(office)
    asked = job_now(office, job.id)
    assert asked.state is JobState.AWAITING_APPROVAL
    assert asked.waiting is not None
    assert asked.waiting.until == clock.now + 7 * 24 * 3600
    approve(office, job.id, by="Ada")
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


def test_an_approved_script_of_another_hand_is_taken_without_asking_again(office: Office) -> None:
    job = ordered(office, needs_approval=True)
    work_through(office)
    approve(office, job.id, by="Ada", script="uploads/lab/abc.json")
    [message] = sent(office)
    claim = begun(office, message)
    assert claim.stage == "generate-script"
    assert JobOrder.model_validate_json(claim.order).script == "uploads/lab/abc.json"
    flow.finish(office, claim, outcome(office, claim))
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE


def test_nothing_is_called_done_without_a_video(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="publish")
    claim = begun(office, sent(office)[0])
    with pytest.raises(ValueError, match=r"video\.mp4"):
        flow.finish(office, claim, outcome(office, claim).model_copy(update={"files": ()}))
    assert job_now(office, job.id).state is JobState.RUNNING


def test_a_video_whose_object_is_not_there_is_published_again(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="publish")
    claim = begun(office, sent(office)[0])
    made = outcome(office, claim)
    assert made.files
    office.objects.delete(made.files[0].key)
    with pytest.raises(DeadLinkError) as dead:
        flow.look_at_link(office, claim, made)
    flow.fail(office, claim, verdict(dead.value, claim.stage))
    now = job_now(office, job.id)
    assert now.state is JobState.WAITING
    assert now.fraction < 1.0
    assert [message[0] for message in sent(office)] == ["publish"]


def test_a_cancelled_job_stops_its_workers(office: Office) -> None:
    job = ordered(office)
    claim = begun(office, sent(office)[0])
    cancel(office, job.id, by="Ada")
    assert not flow.progress(office, claim, 0.5, "reading")
    assert flow.begin(office, "fetch-paper", job.id, worker="test") is None


def test_when_a_job_ends_the_next_in_line_begins(office: Office) -> None:
    tight = replace(office, rules=replace(office.rules, jobs_per_worker=1))
    first = ordered(tight, ADA, "1")
    second = ordered(tight, BEN, "2")
    assert (first.state, second.state) == (JobState.RUNNING, JobState.QUEUED)
    work_through(tight)
    assert job_now(tight, second.id).state is JobState.DONE


def test_a_job_refers_to_what_was_made_for_it(office: Office) -> None:
    job = finished(office)
    uses = office.database.do(lambda: artefact_uses.forget("lab", job.id))
    assert ("scene", f"scene-{job.id}-1") in uses
    assert ("fetch-paper", f"fetch-paper-{job.id}") in uses
