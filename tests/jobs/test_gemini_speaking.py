"""Gemini speaks for jobs: one recording a video, charged once, and somebody else where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from jobs.versions import versions
from jobs.voices import most_voice_cents, speaks_with_gemini
from pipeline.gemini.bought import KEPT
from pipeline.model import Narration
from storage import references
from storage.records import Job
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, open_gemini
from tests.jobs.offices import job_now, run_now
from tests.jobs.test_stage_work import example_job, work_through

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    pytest.importorskip("pocketsphinx")
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
        writer="extractive",
    )


def spoken(office: Office, kit: Kit, example: Path, **more: Any) -> tuple[Job, Narration]:
    more = {"cloud": True, **more}
    job = example_job(office, example, estimate_cents=most_voice_cents(kit, 30), **more)
    work_through(office, kit, last="generate-audio")
    key = run_now(office, job.id, "generate-audio").key
    assert key is not None, job_now(office, job.id).failure
    folder = kit.local_artefacts("lab").find("generate-audio", key)
    assert folder is not None
    return job, Narration.model_validate_json((folder / "narration.json").read_bytes())


def test_a_narration_is_one_recording_charged_once_and_kept_for_the_next_job(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    job, narration = spoken(office, kit, example, voice="gemini:Puck", style="warm")
    assert narration.voice.startswith("gemini/Puck gemini-3.8-flash-tts+")
    [sold] = gemini.sold
    assert sold.body["contents"][0]["parts"][0]["speechMetadata"]["style"].startswith("warm")
    assert 0 < job_now(office, job.id).spent_cents <= most_voice_cents(kit, 30)
    used = office.database.do(lambda: references.used_artefacts("lab"))
    assert KEPT in {stage for stage, _ in used}, "the recording would outlive the job"
    _, again = spoken(office, kit, example, voice="gemini:Puck", style="warm", force=True)
    assert again == narration
    assert len(gemini.sold) == 1


@pytest.mark.parametrize("more", [{"cloud": False}, {"voice": "hibari"}])
def test_what_may_not_leave_or_was_asked_for_by_name_is_spoken_here(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, more: dict[str, Any]
) -> None:
    _, narration = spoken(office, kit, example, **more)
    assert narration.voice.startswith("hibari/heart ")
    assert narration.remarks == ()
    assert gemini.requests == []


@pytest.mark.parametrize("order", [Refused.bad_key(), Broken()])
def test_who_speaks_instead_is_said(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini, order: Refused | Broken
) -> None:
    gemini.tell(order)
    job, narration = spoken(office, kit, example)
    assert narration.voice.startswith("hibari/heart ")
    assert narration.remarks[0].endswith("The embedded voice speaks instead.")
    assert run_now(office, job.id, "generate-audio").provider == "hibari/heart"
    assert len(gemini.asked()) == 1


def test_where_the_workspace_prefers_it_the_job_fails(
    office: Office, kit: Kit, example: Path, gemini: FakeGemini
) -> None:
    gemini.tell(Refused.no_funds())
    job = example_job(office, example, estimate_cents=50, cloud=True)
    work_through(office, replace(kit, on_failure="fail"), last="generate-audio")
    failed = job_now(office, job.id).failure
    assert failed is not None
    assert failed.code == "provider-funds"


def test_who_speaks_is_chosen_by_the_order_then_by_the_settings(kit: Kit) -> None:
    keyless = replace(kit, gemini_key=None)
    assert speaks_with_gemini(kit)
    assert not speaks_with_gemini(keyless)
    assert not speaks_with_gemini(replace(kit, voice="hibari"))
    assert speaks_with_gemini(replace(kit, voice="hibari"), "gemini:Kore")
    assert not speaks_with_gemini(kit, "gemini:Kore", cloud=False)
    assert not speaks_with_gemini(kit, "hibari")
    assert most_voice_cents(keyless, 75) == 0 < most_voice_cents(kit, 75)


def test_another_voice_makes_another_video(kit: Kit) -> None:
    kits = [
        kit,
        replace(kit, voice="hibari"),
        replace(kit, voice="gemini:Puck"),
        replace(kit, voice_style="warm"),
    ]
    assert len({versions(one) for one in kits}) == 4
    order = JobOrder(source="32296183")
    changes: list[dict[str, str]] = [{}, {"voice": "gemini:Kore"}, {"style": "warm"}]
    says = {order.model_copy(update=change).sameness("lab") for change in changes}
    assert len(says) == 3
    assert "voice" not in order.model_dump(mode="json")
