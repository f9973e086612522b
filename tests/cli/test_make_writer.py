"""`hidden-hill make --writer`: Gemini where there is a key, and what is said when it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import Made, make
from tests.fakes.gemini import KEY, Broken, FakeGemini, Refused, open_gemini


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


def asked(gemini: FakeGemini, example: Path, folder: Path, *options: str, key: str = KEY) -> Made:
    environment = {"GEMINI_API_KEY": key, "GOOGLE_GEMINI_BASE_URL": gemini.url, "HIDDEN_HILL_VOICE": "hibari"}
    return make(example, folder, "--until", "generate-script", *options, **environment)


def script_of(made: Made) -> dict[str, Any]:
    script: dict[str, Any] = json.loads((made.folder / "script.json").read_bytes())
    return script


def test_a_key_is_enough_and_the_second_run_buys_nothing(
    gemini: FakeGemini, example: Path, tmp_path: Path
) -> None:
    made = asked(gemini, example, tmp_path / "out", "--tone", "warm")
    assert made.status == 0, made.printed
    assert script_of(made)["writer"].startswith("gemini/")
    assert "warm" in gemini.asked()[0].text
    sold = len(gemini.sold)
    assert sold <= 2
    assert re.search(r"Bought: \$0\.\d\d from Gemini\.", made.events[-1]["message"])
    again = asked(gemini, example, tmp_path / "out", "--tone", "warm")
    assert again.reused()["generate-script"]
    assert "Nothing was bought now: $0." in again.events[-1]["message"]
    assert len(gemini.sold) == sold
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert KEY.encode() not in written
    assert KEY not in made.printed + made.logged


def test_the_embedded_writer_by_name_or_without_a_key(
    gemini: FakeGemini, example: Path, tmp_path: Path
) -> None:
    named = asked(gemini, example, tmp_path / "named", "--writer", "extractive")
    keyless = asked(gemini, example, tmp_path / "keyless", key="")
    assert script_of(named) == script_of(keyless)
    assert "remarks" not in script_of(named)
    assert gemini.requests == []


@pytest.mark.parametrize(
    ("order", "said"), [(Refused.bad_key(), "refuses our key"), (Broken(), "may have been bought")]
)
def test_a_failure_falls_back_and_says_so(
    gemini: FakeGemini, example: Path, tmp_path: Path, order: Refused | Broken, said: str
) -> None:
    gemini.tell(order)
    made = asked(gemini, example, tmp_path / "out", "--writer", "gemini")
    assert made.status == 0, made.printed
    assert said in made.events[-1]["message"]
    assert script_of(made)["writer"].startswith("extractive")


def test_gemini_by_name_without_a_key_is_told(gemini: FakeGemini, example: Path, tmp_path: Path) -> None:
    made = asked(gemini, example, tmp_path / "out", "--writer", "gemini", key="")
    assert "There is no key for Gemini." in made.events[-1]["message"]


def test_a_busy_gemini_is_tried_again(gemini: FakeGemini, example: Path, tmp_path: Path) -> None:
    gemini.tell(Refused.too_many(retry=0.1), Refused.overloaded())
    made = asked(gemini, example, tmp_path / "out")
    assert script_of(made)["writer"].startswith("gemini/")
    assert any("It is tried again." in str(event["message"]) for event in made.events)
