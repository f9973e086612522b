"""What a person is told before anything is spent, and what is reserved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from jobs.estimate import cost_sentence, estimate, estimate_cents, refused
from jobs.filming import filmer, films
from jobs.kit import Kit
from jobs.order import JobOrder
from pipeline.providers import Shot
from pipeline.visuals.runway.filmer import RunwayFilmer
from pipeline.visuals.runway.prompts import MOST_SCENES
from storage.folder_purchases import FolderPurchases
from storage.quotas import over_job

PAPER = JobOrder(source="1", seconds=67)
UPLOAD = PAPER.model_copy(update={"upload": "uploads/lab/0.pdf"})


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """With every provider, at the prices of models that the tables don't change by the day."""
    return Kit(
        data=tmp_path,
        gemini_key=SecretStr("g"),
        gemini_model="gemini-3.5-flash",
        gemini_voice_model="gemini-3.1-flash-tts-preview",
        runway_key=SecretStr("r"),
    )


def test_the_embedded_providers_cost_nothing(tmp_path: Path) -> None:
    for wish in (PAPER, PAPER.model_copy(update={"footage": True, "voice": "gemini:Kore"})):
        found = estimate(wish, Kit(data=tmp_path))
        assert (found.most, found.shares) == (0, ())
    assert "nothing" in cost_sentence(found)


def test_each_provider_has_its_share_and_they_are_told(kit: Kit) -> None:
    found = estimate(PAPER, kit)
    # Writer: 2 × (136,384 × $1.50 + 16,384 × $9.00) a million; voice: 3 recordings of 16,384 tokens at $20 a million.
    # Footage: four scenes, each ten seconds at 12 credits, refused once.
    assert [(one.what, one.about, one.most) for one in found.shares] == [
        ("script", 9, 72),
        ("voice", 4, 99),
        ("footage", 3 * 9 * 12, 4 * 2 * 120),
    ]
    assert cost_sentence(found) == (
        "It costs about $3.37, at most $11.31: script about $0.09, at most $0.72 (Gemini), voice about $0.04, "
        "at most $0.99 (Gemini), footage about $3.24, at most $9.60 (Runway)."
    )


@pytest.mark.parametrize(
    "models", [(), ("veo3.1_fast", "gen4.5"), ("veo3.1",), ("gen5",), ("gen5", "veo3.1")]
)
def test_the_most_covers_a_refused_clip_and_the_one_in_its_place(kit: Kit, models: tuple[str, ...]) -> None:
    """For every scene that may show footage, however long, whatever step of the ladder makes it in the end."""
    kit = replace(kit, runway_models=models)
    share = estimate(PAPER, kit).shares[-1]
    filmed = filmer(kit, kit.local_artefacts("lab"), FolderPurchases(kit.data))
    assert isinstance(filmed, RunwayFilmer)
    for seconds in (2.0, 7.9, 9.2, 26.0):
        shot = Shot(kind="hook", topic="", audience="public", seconds=seconds, size=(1080, 1920))
        refused, *others = [request.cents for request in filmed.requests(shot)]
        assert MOST_SCENES * (refused + max(others)) <= share.most
        assert 0 < share.about <= share.most


def test_only_what_is_asked_for_is_estimated(kit: Kit) -> None:
    def of(order: JobOrder = PAPER, **wishes: object) -> list[str]:
        return [one.what for one in estimate(order.model_copy(update=wishes), kit).shares]

    assert of(footage=False) == ["script", "voice"]
    assert of(voice="hibari") == ["script", "footage"]
    assert of(script="scripts/lab/1") == ["voice", "footage"]
    assert of(UPLOAD) == []
    assert of(UPLOAD, cloud=True) == ["script", "voice", "footage"]
    off = replace(kit, footage="off")
    assert not films(off, True)
    assert [one.what for one in estimate(PAPER, off).shares] == ["script", "voice"]


def test_who_is_refused_for_the_cap_of_a_job_is_told_what_to_do(kit: Kit) -> None:
    """Without footage where that helps; nobody is told what would be refused again."""
    no = over_job(500, spent=0, cents=estimate_cents(PAPER, kit))
    assert no is not None
    assert refused(no, PAPER, kit, "footage=no") == (
        "This video may cost $11.31, and one may cost $5.00 at most. "
        "Say footage=no, or ask whoever looks after the app for a higher limit."
    )
    tight = no.model_copy(update={"most": 20})
    assert "footage" not in refused(tight, PAPER, kit, "footage=no")
    assert over_job(None, spent=0, cents=10_000) is None
