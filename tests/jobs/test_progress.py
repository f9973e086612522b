"""How far a job is and how long it will take, learnt from those before."""

from __future__ import annotations

import pytest

from jobs import flow
from jobs.office import Office
from jobs.progress import pace, with_remaining
from storage import workers
from storage.records import Job
from storage.workers import WorkerSign
from tests.databases import FakeClock
from tests.jobs.offices import begun, finished, job_now, ordered, outcome, sent, work_through


def seen(office: Office, job: Job) -> Job:
    return office.database.do(lambda: with_remaining(office.database, job_now(office, job.id)))


def test_a_job_at_work_says_how_long_it_will_take(office: Office) -> None:
    job = ordered(office)
    before = seen(office, job).remaining
    work_through(office, until="generate-videos")
    after = seen(office, job).remaining
    assert before is not None
    assert after is not None
    assert 0 < after < before


def test_what_stages_took_is_learnt_and_what_was_found_is_not(office: Office, clock: FakeClock) -> None:
    job = ordered(office)
    while messages := sent(office):
        for message in messages:
            claim = begun(office, message)
            took = {"fetch-paper": 100.0, "generate-videos": 30.0}.get(claim.stage, 1.0)
            reused = claim.stage == "generate-script"
            made = outcome(office, claim).model_copy(update={"seconds": took, "reused": reused})
            flow.finish(office, claim, made)
    assert job_now(office, job.id).fraction == 1.0
    clock.advance(60)
    learnt = office.database.do(lambda: pace(office.database))
    assert learnt.seconds["fetch-paper"] == 100.0
    assert learnt.seconds["generate-videos"] == 0.5  # 30 s for 60 frames
    assert learnt.seconds["generate-script"] == 3.0


def test_more_hands_draw_sooner(office: Office) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos")
    alone = seen(office, job).remaining
    workers.seen(office.database, WorkerSign(id="a", host="h", pid=1, io=2, cpu=3))
    together = seen(office, job).remaining
    assert alone is not None
    assert together is not None
    assert together < alone


def test_what_waits_or_is_over_has_no_time_left_to_tell(office: Office, clock: FakeClock) -> None:
    done = finished(office, source="1")
    assert seen(office, done).remaining is None
    job = ordered(office, source="2")
    flow.wait(office, begun(office, sent(office)[0]), task="t", provider="runway", why="…", again=9)
    assert seen(office, job).remaining is None


@pytest.mark.parametrize("scenes", [1, 9])
def test_the_fraction_rises_with_every_scene(office: Office, scenes: int) -> None:
    job = ordered(office)
    work_through(office, until="generate-videos", scenes=scenes)
    fractions = [job_now(office, job.id).fraction]
    for message in sent(office):
        claim = begun(office, message)
        flow.finish(office, claim, outcome(office, claim))
        fractions.append(job_now(office, job.id).fraction)
    assert fractions == sorted(set(fractions))
    assert fractions[-1] < 1.0
