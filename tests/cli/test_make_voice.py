"""`hidden-hill make --voice`: Gemini's voice where there is a key, and what is said when it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import Made, make
from tests.fakes.gemini import KEY, FakeGemini, Reply, open_gemini

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    pytest.importorskip("pocketsphinx")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


def spoken(gemini: FakeGemini, example: Path, folder: Path, *options: str, key: str = KEY) -> Made:
    environment = {"GEMINI_API_KEY": key, "GOOGLE_GEMINI_BASE_URL": gemini.url}
    return make(example, folder, "--writer", "extractive", *options, **environment)


def narration_of(made: Made) -> dict[str, Any]:
    [file] = (made.folder / ".work" / "generate-audio").glob("*/narration.json")
    narration: dict[str, Any] = json.loads(file.read_bytes())
    return narration


def test_a_voice_by_name_with_a_style_speaks_once(gemini: FakeGemini, example: Path, tmp_path: Path) -> None:
    options = ("--voice", "gemini:leda", "--style", "calm and clear", "--until", "generate-audio")
    made = spoken(gemini, example, tmp_path / "out", *options)
    assert made.status == 0, made.printed
    assert narration_of(made)["voice"].startswith("gemini/Leda ")
    assert len(gemini.sold) == 1
    assert spoken(gemini, example, tmp_path / "out", *options).reused()["generate-audio"]
    assert len(gemini.sold) == 1
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert KEY.encode() not in written
    assert KEY not in made.printed + made.logged


def test_the_embedded_voice_by_name_or_without_a_key(
    gemini: FakeGemini, example: Path, tmp_path: Path
) -> None:
    until = ("--until", "generate-audio")
    named = spoken(gemini, example, tmp_path / "named", "--voice", "hibari", *until)
    keyless = spoken(gemini, example, tmp_path / "keyless", *until, key="")
    assert narration_of(named) == narration_of(keyless)
    assert "remarks" not in narration_of(named)
    assert gemini.requests == []


def test_a_voice_that_is_none_is_refused(gemini: FakeGemini, example: Path, tmp_path: Path) -> None:
    made = spoken(gemini, example, tmp_path / "out", "--voice", "gemini:Korr")
    assert made.status == 2
    assert "Did you mean Kore?" in made.events[-1]["advice"]
    assert spoken(gemini, example, tmp_path / "out", "--style", "<b>").status == 2


def test_who_spoke_instead_stands_in_the_manifest(gemini: FakeGemini, example: Path, tmp_path: Path) -> None:
    gemini.tell(*[Reply(finish="OTHER")] * 3)
    made = spoken(gemini, example, tmp_path / "out")
    assert made.status == 0, made.printed
    [remark] = [check.sentence for check in made.manifest.checks if check.check == "voice"]
    assert remark.startswith("Gemini’s voice failed 3 times.")
    assert remark.endswith("The embedded voice speaks instead.")
    [audio] = [stage for stage in made.manifest.stages if stage.name == "generate-audio"]
    assert audio.provider == "hibari/heart"
    assert remark in made.events[-1]["message"]
