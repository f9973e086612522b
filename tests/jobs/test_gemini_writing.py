"""Gemini writes for jobs: what it costs, what happens when it fails, and that nothing is bought twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bots.cards.job import View, job_card
from jobs.kit import Kit
from jobs.office import Office
from jobs.versions import versions
from pipeline.line import Limit
from pipeline.model import Script
from pipeline.script.gemini_writer import most_cents
from storage.records import Job
from tests.bots.cards.test_job import words
from tests.databases import FakeClock
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, open_gemini
from tests.jobs.offices import job_now, run_now
from tests.jobs.test_stage_work import example_job, work, work_through


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


@pytest.fixture
def kit(tmp_path: Path, database_url: str | None, gemini: FakeGemini) -> Kit:
    return Kit(
        data=tmp_path,
        database_url=SecretStr(database_url) if database_url else None,
        gemini_key=SecretStr(KEY),
        gemini_base_url=gemini.url,
        gemini_model="gemini-3.8-flash",
        voice="hibari",
    )


def ordered(office: Office, example: Path, *, cloud: bool = True, **more: Any) -> Job:
    return example_job(office, example, estimate_cents=most_cents("gemini-3.8-flash"), cloud=cloud, **more)


def script_of(office: Office, kit: Kit, job: Job) -> Script:
    key = run_now(office, job.id, "generate-script").key
    assert key is not None
    folder = kit.local_artefacts("lab").find("generate-script", key)
    assert folder is not None
    return Script.model_validate_json((folder / "script.json").read_bytes())


def write(office: Office, kit: Kit, example: Path) -> tuple[Job, Script]:
    job = ordered(office, example)
    work_through(office, kit, last="generate-script")
    return job, script_of(office, kit, job)


@pytest.mark.timeout(300)
def test_a_script_is_bought_charged_and_kept_for_the_next_job(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    job, script = write(office, kit, example)
    assert script.writer.startswith("gemini/gemini-3.8-flash ")
    sold = len(gemini.sold)
    assert 1 <= sold <= 2
    assert run_now(office, job.id, "generate-script").provider == "gemini/gemini-3.8-flash"
    assert 0 < job_now(office, job.id).spent_cents <= most_cents("gemini-3.8-flash")
    second = ordered(office, example, force=True)  # another order, of which the same script is wanted
    work_through(office, kit, last="generate-script")
    assert script_of(office, kit, second) == script
    assert len(gemini.sold) == sold
    assert job_now(office, second.id).spent_cents == 0


@pytest.mark.timeout(300)
def test_a_file_whose_owner_did_not_agree_stays_here(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    job = ordered(office, example, cloud=False)
    work_through(office, kit, last="generate-script")
    assert script_of(office, kit, job).writer.startswith("extractive")
    assert gemini.requests == []


@pytest.mark.timeout(300)
def test_a_busy_gemini_is_tried_again_when_it_wishes_and_then_replaced(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, clock: FakeClock
) -> None:
    gemini.tell(*[Refused.too_many(retry=31)] * kit.tries)
    job = ordered(office, example)
    work_through(office, kit, last="generate-script")
    for failures in range(1, kit.tries):
        run = run_now(office, job.id, "generate-script")
        assert run.failures == failures
        assert run.due_at is not None
        assert run.due_at - clock.now >= 31
        clock.advance(run.due_at - clock.now)
        work(office, kit, "generate-script", job.id)
    script = script_of(office, kit, job)
    assert script.writer.startswith("extractive")
    assert "The embedded writer wrote this script instead." in script.remarks[0]
    assert (len(gemini.asked()), len(gemini.sold)) == (kit.tries, 0)
    assert job_now(office, job.id).spent_cents == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("order", [Refused.bad_key(), Refused.no_funds(), Refused.unknown_model()])
def test_what_waiting_does_not_mend_is_replaced_at_once(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, order: Refused
) -> None:
    gemini.tell(order)
    _, script = write(office, kit, example)
    assert script.remarks
    assert len(gemini.asked()) == 1


@pytest.mark.timeout(300)
def test_where_the_workspace_prefers_it_the_job_fails(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    gemini.tell(Refused.bad_key())
    job = ordered(office, example)
    work_through(office, replace(kit, on_failure="fail"), last="generate-script")
    failed = job_now(office, job.id)
    assert failed.failure is not None
    assert failed.failure.code == "provider-key"
    assert KEY not in failed.model_dump_json()


@pytest.mark.timeout(300)
def test_a_purchase_in_doubt_is_not_made_again_and_somebody_else_writes(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    gemini.tell(Broken())
    job, script = write(office, kit, example)
    assert script.writer.startswith("extractive")
    assert "may have been bought" in script.remarks[0]
    assert job_now(office, job.id).spent_cents > 0  # it counts as spent
    second = ordered(office, example, force=True)
    work_through(office, kit, last="generate-script")
    assert script_of(office, kit, second).remarks == script.remarks
    assert len(gemini.sold) == 1


@pytest.mark.timeout(300)
def test_a_job_that_finds_no_place_at_gemini_stands_in_line_and_its_card_says_where(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, clock: FakeClock, valkey_url: str
) -> None:
    kit = replace(kit, redis_url=SecretStr(valkey_url), limits={"Gemini": Limit(1, 100)})
    others = kit.shared_limits
    assert others is not None
    assert others.enter("Gemini", "another", seconds=3600) == 0
    job = ordered(office, example)
    work_through(office, kit, last="generate-script")
    card = words(job_card(View(job=job_now(office, job.id), now=clock.now)))
    assert "Gemini is busy with other videos. Place 1 in line." in card
    assert gemini.asked() == []

    def look() -> None:
        clock.advance(10)
        work(office, kit, "generate-script", job.id)

    look()
    waiting = job_now(office, job.id).waiting
    assert waiting is not None
    assert waiting.place == 1
    others.leave("Gemini", "another")
    look()
    assert script_of(office, kit, job).writer.startswith("gemini/")
    assert others.enter("Gemini", "the next", seconds=60) == 0, "the place is free again"
    assert job_now(office, job.id).spent_cents == len(gemini.sold), (
        "a cent each; nothing for standing in line"
    )


def test_another_writer_or_model_makes_another_video(kit: Kit) -> None:
    models = [replace(kit, gemini_model=model) for model in ("gemini-3.8-flash", "gemini-4")]
    assert len({versions(kit) for kit in (*models, replace(kit, writer="extractive"))}) == 3


@pytest.mark.timeout(300)
def test_a_process_killed_before_the_answer_was_kept_leaves_doubt_and_one_purchase(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, clock: FakeClock, tmp_path: Path
) -> None:
    dying = replace(kit, tools="tests.jobs.dying_gemini:tools", options={"mark": str(tmp_path / "died")})
    job = ordered(office, example)
    work_through(office, dying, last="generate-script")
    assert run_now(office, job.id, "generate-script").failures == 1
    clock.advance(600)
    work(office, dying, "generate-script", job.id)
    script = script_of(office, kit, job)
    assert script.writer.startswith("extractive")
    assert "may have been bought" in script.remarks[0]
    assert len(gemini.sold) == 1
