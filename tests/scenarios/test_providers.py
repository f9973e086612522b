"""A whole video by those who cost money: written and spoken by Gemini, filmed by Runway, on both platforms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.manifest import Manifest
from storage import ledger
from storage.models import Purchase
from storage.records import Job, JobState
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini, open_gemini
from tests.fakes.runway.server import KEY as RUNWAY_KEY
from tests.fakes.runway.server import FakeRunway, Fate, fake_runway
from tests.scenarios.lab import MADE, PLATFORMS, Lab, opened_labs

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(500),
]


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    pytest.importorskip("pocketsphinx")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    pytest.importorskip("runwayml")
    with fake_runway() as fake:
        fake.usual = Fate(states=("PENDING", "SUCCEEDED"))
        yield fake


def test_every_provider_works_for_both_platforms_and_the_ledger_is_right_to_the_cent(
    tmp_path: Path, gemini: FakeGemini, runway: FakeRunway
) -> None:
    providers = {
        "GEMINI_API_KEY": GEMINI_KEY,
        "GOOGLE_GEMINI_BASE_URL": gemini.url,
        "RUNWAYML_API_SECRET": RUNWAY_KEY,
        "RUNWAYML_BASE_URL": runway.url,
        "HIDDEN_HILL_RUNWAY_AT_ONCE": "2",
    }
    with ExitStack() as stack:
        labs = stack.enter_context(opened_labs(tmp_path, *PLATFORMS, **providers))
        asked, calls = {}, 0
        for name, lab in labs.items():
            lab.at_work()
            ada = lab.person("Ada")
            asked[name] = lab.ask(ada, lab.channel(ada), f"{lab.paper()} seconds=30")
        for name, lab in labs.items():
            lab.shows(asked[name], "Done", seconds=2 * MADE)
            job = lab.settled(asked[name])
            assert (job.state, job.failure) == (JobState.DONE, None)
            assert lab.hand.files(asked[name])[0].content[4:8] == b"ftyp"
            bill = billed(lab, job, gemini, runway)
            assert len(bill["Runway"]) == 3
            assert 2 <= len(bill["Gemini"]) <= 3
            calls += len(bill["Gemini"])
            spent = sum(bill["Gemini"]) + sum(bill["Runway"])
            assert ledger.of_job(lab.database, job.id) == (0, spent)
            assert job.spent_cents == spent
            manifest = manifest_of(lab, job)
            assert sum(scene.visual.kind == "clip" for scene in manifest.scenes) == 3
            who = {record.name: record.provider for record in manifest.stages}
            assert (who["generate-script"], who["generate-audio"]) == (
                "gemini/gemini-3.8-flash",
                "gemini/Kore",
            )
            assert not [finding for finding in manifest.checks if finding.check in {"voice", "footage"}]
        assert len(runway.sales) == 6
        assert len(gemini.sold) == calls, "nothing was bought beside what is in the books"


def billed(lab: Lab[Any], job: Job, gemini: FakeGemini, runway: FakeRunway) -> dict[str, list[int]]:
    """What each provider itself would put on the bill for what the job bought (US cents)."""
    tills = {
        "Gemini": {request.id: request.bill for request in gemini.sold},
        "Runway": {sale.id: sale.credits for sale in runway.sales},
    }
    its = (Purchase.job == job.id) & (Purchase.state == "bought")
    bought = lab.database.do(lambda: [(row.provider, row.task) for row in Purchase.select().where(its)])
    return {who: [till[task] for provider, task in bought if provider == who] for who, till in tills.items()}


def manifest_of(lab: Lab[Any], job: Job) -> Manifest:
    """The manifest, out of the house's own store."""
    file = next(file for file in job.files if file.name == "manifest.json")
    stored = lab.processes.house.data / "objects" / file.key
    return Manifest.model_validate(json.loads(stored.read_bytes()))
