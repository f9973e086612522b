"""Footage through jobs: real stages in real processes, Runway on the wire."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jobs import control, flow, stage_work
from jobs.calling_off import call_off
from jobs.kit import Kit
from jobs.office import Office
from jobs.versions import versions
from pipeline import line
from pipeline.line import LINE, Limit
from pipeline.publish.manifest import Manifest
from pipeline.visuals.runway.client import RunwayClient
from pipeline.visuals.runway.models import most_cents
from pipeline.visuals.runway.watcher import RunwayWatcher
from storage import ledger, stage_runs
from storage.models import ArtefactUse, Purchase
from storage.records import Job, JobState, RunState
from storage.tuples import tuples
from storage.workspaces import Terms, set_terms
from tests.databases import FakeClock
from tests.fakes.runway.server import KEY, FakeRunway, Fate, Refusal, fake_runway
from tests.jobs.offices import job_now, run_now
from tests.jobs.test_stage_work import example_job, work, work_through

pytestmark = pytest.mark.timeout(300)

#: The scenes of the example that footage is bought for.
SCENES = (0, 1, 3)


@pytest.fixture
def runway(clock: FakeClock) -> Iterator[FakeRunway]:
    with fake_runway() as fake:
        fake.usual = Fate(states=("SUCCEEDED",))
        yield fake


@pytest.fixture
def kit(tmp_path: Path, database_url: str | None, runway: FakeRunway) -> Kit:
    return Kit(
        data=tmp_path,
        database_url=SecretStr(database_url) if database_url else None,
        runway_key=SecretStr(KEY),
        runway_base_url=runway.url,
    )


@pytest.fixture(autouse=True)
def quick(office: Office, request: pytest.FixtureRequest) -> None:
    """What differs between the databases is the purchases' own: one whole job on each is enough."""
    if office.database.dialect != "sqlite" and "to_the_cent" not in request.node.name:
        pytest.skip("tests/storage/test_purchases.py does it on both databases")


def filmed_job(office: Office, example: Path, **more: Any) -> Job:
    """A job that may cost what its footage does."""
    return example_job(office, example, **{"estimate_cents": most_cents(3), "cloud": True, **more})


def spoken(office: Office, kit: Kit, example: Path) -> Job:
    """A job whose scenes are due."""
    job = filmed_job(office, example)
    work_through(office, kit, last="generate-audio")
    return job


def manifest_of(office: Office, job: Job) -> Manifest:
    file = next(file for file in job_now(office, job.id).files if file.name == "manifest.json")
    stored = office.objects.path(file.key)
    assert stored is not None
    return Manifest.model_validate_json(stored.read_bytes())


def test_footage_is_bought_once_waited_for_without_a_process_and_paid_to_the_cent(
    office: Office,
    kit: Kit,
    example: Path,
    clock: FakeClock,
    runway: FakeRunway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runway.usual = Fate(states=("PENDING", "THROTTLED", "SUCCEEDED"))
    job = filmed_job(office, example)
    work_through(office, kit, last="generate-videos")
    waiting = job_now(office, job.id)
    assert waiting.state is JobState.WAITING
    assert waiting.waiting is not None
    assert waiting.waiting.why == "Runway is drawing scene 1"
    runs = {index: run_now(office, job.id, "generate-videos", index) for index in range(5)}
    assert [index for index, run in runs.items() if run.state is RunState.WAITING] == list(SCENES)
    assert {run.provider for run in runs.values() if run.task} == {"Runway"}
    assert {run.task for run in runs.values() if run.task} == {sale.id for sale in runway.sales}
    cents = sum(sale.credits for sale in runway.sales)
    assert waiting.spent_cents == cents <= most_cents(3)

    with monkeypatch.context() as no_process:
        no_process.setattr(stage_work, "run_in_process", None)
        clock.advance(10)
        for scene in SCENES:
            work(office, kit, "generate-videos", job.id, scene)
    throttled = job_now(office, job.id).waiting
    assert throttled is not None
    assert throttled.why == "The footage stands in Runway’s line"
    assert throttled.place == len(SCENES)

    clock.advance(10)
    for scene in SCENES:
        work(office, kit, "generate-videos", job.id, scene)
    work_through(office, kit)
    done = job_now(office, job.id)
    assert (done.state, done.failure, done.spent_cents) == (JobState.DONE, None, cents)
    assert len(runway.sales) == len(SCENES)
    manifest = manifest_of(office, job)
    assert [scene.index for scene in manifest.scenes if scene.visual.kind == "clip"] == list(SCENES)
    assert manifest.checks == ()
    uses = office.database.do(lambda: tuples(ArtefactUse.select(ArtefactUse.stage)))
    assert {"footage", "footage-clip"} <= {stage for stage, *_ in uses}


def test_a_file_whose_owner_did_not_agree_is_not_spoken_of_to_runway(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    job = filmed_job(office, example, cloud=False)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    assert not runway.requests


def test_a_second_job_of_the_same_paper_buys_nothing(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    job = filmed_job(office, example)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    again = filmed_job(office, example, force=True, estimate_cents=0)
    work_through(office, kit)
    assert job_now(office, again.id).spent_cents == 0
    assert len(runway.sales) == 3


def test_what_runway_refuses_is_drawn_as_it_would_have_been_and_the_manifest_says_so(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    runway.usual = Fate(states=("FAILED",), code="SAFETY.INPUT.TEXT")
    set_terms(office.database, "lab", Terms(cents_per_user_day=5_000))
    job = filmed_job(office, example, estimate_cents=1_000)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    manifest = manifest_of(office, job)
    assert not any(scene.visual.kind == "clip" for scene in manifest.scenes)
    assert [(finding.check, finding.scene) for finding in manifest.checks] == [
        ("footage", 0),
        ("footage", 1),
        ("footage", 3),
    ]
    assert manifest.checks[0].sentence == ("Scene 1: No generated footage: Runway’s safety rules refused it.")


@pytest.mark.parametrize(
    ("trouble", "words"), [("key", "refuses our key"), ("budget", "one person may spend")]
)
def test_without_a_key_or_money_the_video_is_made_all_the_same(
    office: Office, kit: Kit, example: Path, runway: FakeRunway, trouble: str, words: str
) -> None:
    if trouble == "key":
        kit = replace(kit, runway_key=SecretStr("key_revoked"))
    if trouble == "budget":
        set_terms(office.database, "lab", Terms(cents_per_user_day=20))
    job = filmed_job(office, example, estimate_cents=20)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    assert words in manifest_of(office, job).checks[0].sentence
    assert not runway.sales


def test_a_scene_that_is_redone_shows_what_is_the_paper_s_own_unless_new_footage_is_asked_for(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    job = filmed_job(office, example)
    work_through(office, kit)
    control.redo(office, job.id, 1, by="ada")
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    assert len(runway.sales) == 3
    kinds = [scene.visual.kind for scene in manifest_of(office, job).scenes]
    assert (kinds[0], kinds[1] == "clip", kinds[3]) == ("clip", False, "clip")

    control.redo(office, job.id, 1, by="ada", footage=True)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    assert len(runway.sales) == 4
    assert runway.sales[3].body["seed"] != runway.sales[1].body["seed"]
    assert manifest_of(office, job).scenes[1].visual.kind == "clip"


def test_a_worker_that_was_killed_while_ordering_leaves_a_scene_without_footage_and_buys_nothing_twice(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    runway.refusals["order"].append(Refusal(sells=True, breaks=True))
    job = filmed_job(office, example)
    work_through(office, kit)
    assert job_now(office, job.id).state is JobState.DONE
    assert len(runway.sales) == 3
    [finding] = manifest_of(office, job).checks
    assert "may have been bought" in finding.sentence
    states = office.database.do(lambda: sorted(row.state for row in Purchase.select()))
    assert states == ["bought", "bought", "unsure"]
    spent = office.database.do(lambda: ledger.of_job(office.database, job.id))[1]
    assert spent == sum(sale.credits for sale in runway.sales), "what may be bought counts as spent"


def test_a_runway_that_is_away_is_waited_for(
    office: Office, kit: Kit, example: Path, clock: FakeClock, runway: FakeRunway
) -> None:
    busy = Refusal(503, {"error": "Service unavailable."}, {"Retry-After": "40"})
    job = spoken(office, kit, example)
    runway.refusals["order"].append(busy)
    work(office, kit, "generate-videos", job.id, 0)
    run = run_now(office, job.id, "generate-videos", 0)
    assert run.state in {RunState.WAITING, RunState.DUE}
    assert run.due_at is not None
    assert 39 <= run.due_at - clock.now <= 49, "as long as it wishes, and others don't come back with us"
    clock.advance(50)
    work(office, kit, "generate-videos", job.id, 0)
    assert run_now(office, job.id, "generate-videos", 0).state is RunState.DONE
    assert len(runway.sales) == 1


def test_two_workers_at_once_order_once(office: Office, kit: Kit, example: Path, runway: FakeRunway) -> None:
    job = spoken(office, kit, example)
    both = [threading.Thread(target=work, args=(office, kit, "generate-videos", job.id, 0)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(runway.sales) == 1
    assert office.database.do(lambda: stage_runs.find(job.id, "generate-videos", 0)) is not None


def test_what_a_cancelled_job_had_ordered_is_called_off_where_that_saves_money(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    job = spoken(office, kit, example)
    runway.fates += [
        Fate(states=("PENDING",), remembered=True),
        Fate(states=("THROTTLED",)),
        Fate(states=("RUNNING",)),
    ]
    for scene in SCENES:
        work(office, kit, "generate-videos", job.id, scene)
    refunded, untold, running = runway.sales
    control.cancel(office, job.id, by="ada")
    assert call_off(office, kit.watching) == 3
    assert [sale.cancelled for sale in runway.sales] == [True, True, False]
    assert job_now(office, job.id).spent_cents == untold.credits + running.credits, "0 where Runway says so"
    looks = len(runway.requests)
    assert call_off(office, kit.watching) == 0
    assert len(runway.requests) == looks

    control.retry(office, job.id, by="ada")
    work_through(office, kit, last="generate-videos")
    sales = runway.sales
    assert len(sales) == 5, "what ran goes on to be waited for, what was called off is bought anew"
    assert job_now(office, job.id).spent_cents == sum(sale.credits for sale in sales) - refunded.credits


def test_what_another_job_waits_for_is_not_called_off(
    office: Office, kit: Kit, example: Path, runway: FakeRunway
) -> None:
    runway.usual = Fate(states=("PENDING",))
    set_terms(office.database, "lab", Terms(cents_per_user_day=5_000))
    one = spoken(office, kit, example)
    other = filmed_job(office, example, force=True)
    work_through(office, kit, last="generate-audio")
    for job in (one, other):
        work(office, kit, "generate-videos", job.id, 0)
    assert len(runway.sales) == 1
    control.cancel(office, one.id, by="ada")
    assert call_off(office, kit.watching) == 1
    assert not runway.sales[0].cancelled


def test_no_more_is_ordered_at_once_than_may_be_and_a_place_is_free_when_its_task_is_over(
    office: Office, kit: Kit, example: Path, clock: FakeClock, runway: FakeRunway, valkey_url: str
) -> None:
    kit = replace(kit, redis_url=SecretStr(valkey_url), limits={"Runway": Limit(1, 100)})
    job = spoken(office, kit, example)
    runway.fates += [Fate(states=("PENDING", "RUNNING", "FAILED", "FAILED"), code="SAFETY.OUTPUT.VIDEO")]
    for scene in SCENES:
        work(office, kit, "generate-videos", job.id, scene)
    assert len(runway.sales) == 1
    runs = {scene: run_now(office, job.id, "generate-videos", scene) for scene in SCENES}
    assert [runs[scene].provider for scene in SCENES] == ["Runway", LINE, LINE]

    def look(scene: int) -> None:
        clock.advance(10)
        work(office, kit, "generate-videos", job.id, scene)

    look(1)
    assert len(runway.sales) == 1, "the first is still at it"
    with pytest.MonkeyPatch.context() as no_process:
        no_process.setattr(flow, "may_go_on", lambda *_: False)
        look(0)
        look(0)  # it failed: its place is free before anybody has time to go on with the scene
    look(1)
    assert len(runway.sales) == 2
    assert run_now(office, job.id, "generate-videos", 1).state is RunState.DONE
    control.cancel(office, job.id, by="ada")
    call_off(office, kit.watching)
    assert kit.shared_limits is not None
    kit.shared_limits.leave("Runway", line.read(runs[3].task or "")[1])
    assert kit.shared_limits.enter("Runway", "the next", seconds=60) == 0


def test_footage_is_part_of_what_makes_two_videos_the_same(kit: Kit) -> None:
    kits = (kit, replace(kit, footage="off"), replace(kit, runway_models=("veo3.1",)))
    assert len({versions(one) for one in kits}) == 3
    assert versions(replace(kit, runway_key=None)) == versions(replace(kit, footage="off"))


def test_a_look_finds_what_is_over_ready_whatever_came_of_it(runway: FakeRunway) -> None:
    client = RunwayClient(base_url=runway.url, key=KEY)
    watcher = RunwayWatcher(client)
    assert watcher.check("no-such-task") == "ready"
    assert RunwayWatcher(RunwayClient(base_url=runway.url, key="revoked")).check("any") == "ready"
