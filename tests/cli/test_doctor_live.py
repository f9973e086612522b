"""`doctor --live`: everybody is asked once; what is told before and after, and what it is without keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.clinic import Clinic, open_clinic
from tests.cli.commands import House
from tests.databases import PostgresServer
from tests.fakes.eutils import FakeNcbi
from tests.fakes.gemini import Broken

HOUSE = [
    "settings",
    "data folder",
    "database",
    "queue",
    "object store",
    "ffmpeg",
    "fonts",
    "scanned papers",
    "voice",
    "workers",
]


@pytest.fixture
def clinic(tmp_path: Path, postgres_server: PostgresServer, valkey_url: str) -> Iterator[Clinic]:
    with open_clinic(tmp_path, postgres_server, valkey_url) as clinic:
        yield clinic
        assert clinic.gemini.off_contract() == []
        assert clinic.discord.off_contract() == []


def test_everybody_is_asked_once_and_it_says_what_that_takes_and_costs(clinic: Clinic) -> None:
    answer = clinic.doctor("--json")
    found = {one["name"]: one for one in answer.objects}
    assert answer.status == 0, answer.out
    assert list(found)[: len(HOUSE)] == HOUSE
    assert list(found)[len(HOUSE) :][:5] == [
        "cost",
        "Gemini writer",
        "Gemini voice",
        "Runway footage",
        "NCBI",
    ]
    assert list(found)[-1] == "total"
    assert found["cost"]["text"] == "Gemini is asked now, for 2 ¢ at most; all others cost nothing."
    assert found["total"]["text"] == "2 ¢ at most were spent."
    assert [found[name]["cents"] for name in ("Gemini writer", "Gemini voice", "Runway footage", "NCBI")] == [
        1,
        1,
        0,
        0,
    ]
    timed = [name for name, one in found.items() if "ms" in one]
    assert {"database", "queue", "object store", "Gemini writer", "Slack bot token", "Discord gateway"} <= {
        *timed
    }
    assert found["Runway footage"]["text"] == "10,000 credits left, enough for 20 videos or more"
    assert found["Gemini voice"]["text"].startswith("Kore of gemini-3.8-flash-tts said “Ready.” in ")
    assert [request.method for request in clinic.gemini.requests] == ["generateContent"] * 2
    assert not clinic.runway.sales
    assert len(clinic.ncbi.requests) == 1


def test_what_may_have_been_paid_for_is_counted_and_unknown_models_are_named(clinic: Clinic) -> None:
    clinic.gemini.limits["gemini-9-tts"] = 8_192
    clinic.gemini.tell(Broken())
    answer = clinic.doctor(
        HIDDEN_HILL_GEMINI_VOICE_MODEL="gemini-9-tts",
        HIDDEN_HILL_RUNWAY_MODELS="gen9",
        HIDDEN_HILL_VOICE="gemini:Puck",
        SLACK_BOT_TOKEN="",
        DISCORD_TOKEN="",
    )
    lines = answer.out.splitlines()
    [writer] = [line for line in lines if "Gemini writer" in line]
    assert writer.startswith("✗ Gemini writer: The line to Gemini broke.")
    assert writer.endswith("1 ¢ at most)")
    [voice] = [line for line in lines if "Gemini voice" in line]
    assert "Puck of gemini-9-tts" in voice
    assert "the price of gemini-9-tts is not known here, the dearest is taken" in voice
    assert any("enough for 15 videos or more; the price of gen9 is not known here" in line for line in lines)
    assert not [line for line in lines if line.startswith(("✓ Slack", "✓ Discord"))]
    assert lines[-1] == "· total: 2 ¢ at most were spent."


def test_without_keys_what_is_embedded_is_as_good(tmp_path: Path) -> None:
    with FakeNcbi() as ncbi:
        answer = House(tmp_path / "data", {"NCBI_BASE_URL": ncbi.eutils}).type("doctor", "--live")
    assert answer.status == 0, answer.out
    lines = answer.out.splitlines()
    assert "✓ writer: the embedded one writes; GEMINI_API_KEY would let Gemini" in "\n".join(lines)
    assert any(line.startswith("✓ speaker: the embedded voice speaks") for line in lines)
    assert any(line.startswith("✓ footage: figures, numbers and type are shown") for line in lines)
    assert "· cost: All free." in lines
    assert lines[-1] == "· total: Nothing was spent."


def test_a_provider_that_is_asked_for_by_name_and_has_no_key_is_wrong(tmp_path: Path) -> None:
    wanted = {"HIDDEN_HILL_WRITER": "gemini", "HIDDEN_HILL_FOOTAGE": "runway", "HIDDEN_HILL_VOICE": "gemini"}
    with FakeNcbi() as ncbi:
        answer = House(tmp_path / "data", {"NCBI_BASE_URL": ncbi.eutils, **wanted}).type("doctor", "--live")
    assert answer.status == 4
    wrong = [line for line in answer.out.splitlines() if line.startswith("✗")]
    assert [line.split(":")[0] for line in wrong] == ["✗ Gemini writer", "✗ Gemini voice", "✗ Runway footage"]
    assert "GEMINI_API_KEY" in wrong[0]
    assert "RUNWAYML_API_SECRET" in wrong[2]
    assert answer.out.splitlines()[-1] == "· total: Nothing was spent."
