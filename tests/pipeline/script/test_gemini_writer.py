"""What becomes of Gemini's answers: what the paper says is kept, all else gives way, and no call too many is made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ModerationError, ProviderError
from pipeline.gemini.bought import Bought
from pipeline.gemini.client import Gemini
from pipeline.model import LAST_TAIL, LEAD, TAIL, Paper, Script
from pipeline.paper.jats import read_jats
from pipeline.providers import Brief
from pipeline.script.check import check
from pipeline.script.credits import credits_line
from pipeline.script.gemini_edit import ORDER
from pipeline.script.gemini_prompt import fenced, pieces
from pipeline.script.gemini_wording import speaks_to_someone
from pipeline.script.gemini_writer import GeminiWriter
from storage.artefacts import FolderArtefacts
from tests.fakes.gemini import KEY, FakeGemini, Refused, Reply, Request, open_gemini
from tests.fakes.gemini.author import paper_in, script_for

Change = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    pytest.importorskip("google.genai")
    with open_gemini() as fake:
        yield fake
        assert fake.off_contract() == []


@pytest.fixture(scope="module")
def paper() -> Paper:
    example = Path(__file__).parents[3] / "examples" / "caption-times.xml"
    return read_jats(example.read_bytes(), "file:caption-times.xml").paper


def seconds(text: str) -> float:
    return len(text.split()) / 2.6


def write(
    gemini: FakeGemini, paper: Paper, folder: Path, brief: Brief | None = None, **options: Any
) -> Script:
    bought = Bought(Gemini(api_key=KEY, base_url=gemini.url), FolderArtefacts(folder), None)
    brief = brief or Brief(67, "public")
    return GeminiWriter(bought, **options).write(paper, brief, spoken_seconds=seconds)


def changed(change: Change, *, every: bool = True) -> Callable[[Request], str]:
    """An author that is faithful but for one thing; without `every` it mends that when it is told to."""

    def author(request: Request) -> str:
        draft = json.loads(script_for(request.text))
        if every or len(request.body["contents"]) == 1:
            change(draft["scenes"])
        return json.dumps(draft)

    return author


def said(script: Script) -> str:
    return " ".join(scene.narration for scene in script.scenes)


def the(kind: str, scenes: list[dict[str, Any]]) -> dict[str, Any]:
    return next(scene for scene in scenes if scene["kind"] == kind)


def is_good(script: Script, paper: Paper) -> None:
    """What every script must be, whatever Gemini wrote."""
    kinds = [scene.kind for scene in script.scenes]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert (kinds[0], kinds[-1]) == ("hook", "source")
    assert check(script, paper) == []
    assert not any(speaks_to_someone(scene.narration) for scene in script.scenes[:-1])
    assert script.scenes[-1].narration == credits_line(
        paper, seconds, longest=min(9.0, script.seconds * 0.16)
    )


def lasts(script: Script) -> float:
    spoken = sum(seconds(scene.narration) for scene in script.scenes) / script.pace
    return spoken + len(script.scenes) * (LEAD + TAIL) + LAST_TAIL - TAIL


def test_a_faithful_script_is_taken_as_it_is_with_one_purchase(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    script = write(gemini, paper, tmp_path)
    is_good(script, paper)
    assert script.remarks == ()
    assert script.writer.startswith("gemini/gemini-3.8-flash ")
    assert lasts(script) == pytest.approx(67, rel=0.1)
    assert [request.method for request in gemini.requests] == ["countTokens", "generateContent"]
    assert write(gemini, paper, tmp_path) == script
    assert len(gemini.sold) == 1


@pytest.mark.parametrize("length", [30, 120])
def test_other_lengths_are_met(gemini: FakeGemini, paper: Paper, tmp_path: Path, length: int) -> None:
    script = write(gemini, paper, tmp_path, Brief(length, "peer", "lively"))
    is_good(script, paper)
    assert lasts(script) <= length * 1.1
    assert len(gemini.sold) <= 2


def test_audience_tone_and_length_are_told_and_nothing_of_the_record(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    write(gemini, paper, tmp_path, Brief(45, "student", "warm"))
    (request,) = gemini.asked()[:1]
    assert "students of the field" in request.text
    assert "warm" in request.text
    for unsaid in (paper.journal, paper.authors[0].name, paper.doi):
        assert unsaid is None or unsaid not in request.text
    assert "It is data" in request.instruction


def test_a_made_up_quote_goes_back_once_and_is_then_mended(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    def lie(scenes: list[dict[str, Any]]) -> None:
        the("finding", scenes)["claims"][0]["quotes"] = [
            "Captions cured every viewer within a day of watching."
        ]

    gemini.author = changed(lie, every=False)
    script = write(gemini, paper, tmp_path)
    is_good(script, paper)
    assert script.remarks == ()
    assert len(gemini.sold) == 2
    complaint = gemini.sold[1].body["contents"][-1]["parts"][0]["text"]
    assert "Captions cured every viewer" in complaint


@pytest.mark.parametrize(
    ("kind", "narration", "quote"),
    [
        ("finding", "Visit evil.example for the cure.", "Visit evil.example for the cure of everything."),
        ("takeaway", "Captions cure blindness in nine of ten viewers.", None),
        ("background", "Professor Okonkwo discovered captions.", None),
        ("hook", "Subscribe to our channel for more.", None),
        ("method", "Exactly 99 voices read 4,711 books.", None),
    ],
)
def test_what_the_paper_does_not_say_is_replaced_and_remarked(
    gemini: FakeGemini, paper: Paper, tmp_path: Path, kind: str, narration: str, quote: str | None
) -> None:
    def lie(scenes: list[dict[str, Any]]) -> None:
        scene = the(kind, scenes)
        scene["narration"] = narration
        if quote:
            scene["claims"] = [{"text": narration, "quotes": [quote]}]

    gemini.author = changed(lie)
    script = write(gemini, paper, tmp_path)
    is_good(script, paper)
    assert narration not in said(script)
    assert any("did not stand up to the checks" in remark for remark in script.remarks)
    assert len(gemini.sold) == 2


def test_a_source_scene_or_another_field_is_not_taken(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    draft = {"scenes": [{"kind": "source", "narration": "By Dr. Evil.", "claims": []}]}
    gemini.author = lambda _: json.dumps(draft)
    with pytest.raises(ProviderError, match="twice"):
        write(gemini, paper, tmp_path)


@pytest.mark.parametrize(
    "first",
    [
        Reply(text="{not json"),
        Reply(text="[]"),
        Reply(finish="MAX_TOKENS"),
        Reply(finish="RECITATION"),
        Reply(empty=True),
        Reply(text='{"scenes": []}'),
    ],
)
def test_an_answer_that_is_no_script_is_asked_for_once_more(
    gemini: FakeGemini, paper: Paper, tmp_path: Path, first: Reply
) -> None:
    gemini.tell(first)
    is_good(write(gemini, paper, tmp_path), paper)
    assert len(gemini.sold) == 2


def test_no_script_twice_is_a_failure_and_no_third_purchase(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    gemini.tell(Reply(text="{"), Reply(finish="MAX_TOKENS"))
    with pytest.raises(ProviderError, match="no script"):
        write(gemini, paper, tmp_path)
    assert len(gemini.sold) == 2


@pytest.mark.parametrize("order", [Reply(block="SAFETY"), Reply(finish="PROHIBITED_CONTENT")])
def test_what_google_s_rules_withhold_is_not_asked_for_again(
    gemini: FakeGemini, paper: Paper, tmp_path: Path, order: Reply
) -> None:
    gemini.tell(order)
    for _ in range(2):
        with pytest.raises(ModerationError):
            write(gemini, paper, tmp_path)
    assert len(gemini.sold) == 1


def test_a_script_that_is_too_long_goes_back_and_is_then_cut_to_length(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    brief = Brief(45, "public")
    gemini.author = lambda request: script_for(
        request.text.replace(" words of narration", "0 words of narration")
    )
    script = write(gemini, paper, tmp_path, brief)
    is_good(script, paper)
    assert lasts(script) <= 49.5
    assert len(gemini.sold) == 2


def test_a_long_paper_is_cut_by_section_the_least_telling_first(
    gemini: FakeGemini, paper: Paper, tmp_path: Path
) -> None:
    whole = len(fenced(pieces(paper))) // 4
    script = write(gemini, paper, tmp_path, most_read=int(whole * 0.6) + 700)
    is_good(script, paper)
    read = paper_in(gemini.asked()[0].text)
    assert read is not None
    kept = {section.title for section in read.sections}
    assert kept < {section.title for section in paper.sections}
    bodies = [passage.text for passage in paper.passages() if passage.kind == "abstract"]
    assert list(read.abstract) == bodies
    for section in read.sections:
        assert section.paragraphs in [other.paragraphs for other in paper.sections]
    assert any("too long for Gemini" in remark for remark in script.remarks)


def test_an_abstract_that_is_too_long_is_a_failure(gemini: FakeGemini, paper: Paper, tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="too long"):
        write(gemini, paper, tmp_path, most_read=100)
    assert gemini.sold == []


def test_a_refusal_is_raised_and_nothing_is_bought(gemini: FakeGemini, paper: Paper, tmp_path: Path) -> None:
    gemini.tell(Refused.too_many(), method="countTokens")
    with pytest.raises(ProviderError):
        write(gemini, paper, tmp_path)
    assert gemini.sold == []
