"""The embedded writer on small papers made for the purpose, and on every shared paper."""

from __future__ import annotations

import re
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from pipeline.errors import HiddenHillError, TooLittleTextError
from pipeline.model import Author, NumberVisual, Paper, Scene, Script, Section
from pipeline.paper.jats import read_jats
from pipeline.providers import Brief
from pipeline.script.check import check
from pipeline.script.compress import compress
from pipeline.script.content_words import content_stems, overlap
from pipeline.script.evidence import PaperText
from pipeline.script.extractive import ExtractiveWriter
from pipeline.script.numbers import numbers
from pipeline.script.sentences import sentences
from pipeline.script.shorten import shorten

ORDER = ["hook", "background", "method", "finding", "limitation", "takeaway", "source"]


def seconds(text: str) -> float:
    return len(text.split()) / 2.6


def length(script: Script) -> float:
    """The video's length: speech at the script's pace, 0.8 s a scene, 1.05 s more at the end."""
    spoken = sum(seconds(scene.narration) for scene in script.scenes)
    return spoken / script.pace + 0.8 * len(script.scenes) + 1.05


def write(paper: Paper, brief: Brief) -> Script:
    return ExtractiveWriter().write(paper, brief, spoken_seconds=seconds)


SLEEP = Paper(
    title="Light at night and the sleep of adults",
    authors=(Author(name="Maria Silva", surname="Silva"), Author(name="Jo Lee", surname="Lee")),
    abstract=(
        "Background: Poor sleep is a major problem for the health of adults worldwide.",
        "Methods: We measured the bedroom light of 212 adults using small sensors on their beds.",
        "Results: However, 37.5 % of the adults with bright bedrooms slept badly (p < 0.05) [12].",
        "Conclusions: These results suggest that dark bedrooms may help many adults to sleep.",
    ),
    abstract_labels=("Background", "Methods", "Results", "Conclusions"),
    journal="PLOS ONE",
    year=2018,
    article_type="research-article",
    source="test",
)
CONFESSION = "A limitation of this study is that we recruited only adults from three northern towns."


def test_a_structured_abstract_becomes_a_story() -> None:
    # Given a paper whose abstract says everything once

    # If I ask for a short video
    script = write(SLEEP, Brief(seconds=30, audience="public"))

    # I expect its sentences in order, told for the ear, with the untouched original as evidence
    assert [scene.kind for scene in script.scenes] == ["hook", "method", "finding", "takeaway", "source"]
    finding = script.scenes[2]
    assert finding.narration == "37.5 % of the adults with bright bedrooms slept badly."
    assert finding.claims[0].evidence[0].quote == (
        "However, 37.5 % of the adults with bright bedrooms slept badly (p < 0.05) [12]."
    )
    assert finding.visual == NumberVisual(value="37.5 %", meaning="of the adults")
    assert script.scenes[1].narration.startswith("The researchers measured the bedroom light of 212 adults")
    assert script.writer == "extractive 1"


def test_a_stated_limitation_is_told_and_none_is_made_up() -> None:
    confessing = SLEEP.model_copy(
        update={
            "sections": (
                Section(title="Results", kind="results", paragraphs=("Bright light was common in towns.",)),
                Section(title="Discussion", kind="discussion", paragraphs=(CONFESSION,)),
            )
        }
    )
    told = [scene for scene in write(confessing, Brief(67, "public")).scenes if scene.kind == "limitation"]
    assert [scene.claims[0].evidence[0].quote for scene in told] == [CONFESSION]
    assert not [s for s in write(SLEEP, Brief(67, "public")).scenes if s.kind == "limitation"]


def test_a_title_that_asks_opens_without_a_claim() -> None:
    asking = SLEEP.model_copy(update={"title": "Does light at night disturb sleep? A field study"})
    hook = write(asking, Brief(67, "public")).scenes[0]
    assert hook.narration == "Does light at night disturb sleep?"
    assert hook.claims == ()


def test_a_title_that_states_opens_with_its_evidence() -> None:
    stating = SLEEP.model_copy(update={"title": "Bright bedrooms suggest that adults slept badly"})
    hook = write(stating, Brief(67, "public")).scenes[0]
    assert hook.narration == "Bright bedrooms suggest that adults slept badly."
    assert hook.claims[0].evidence[0].quote.startswith("However, 37.5 %")


def test_a_single_author_is_quoted_where_the_grammar_would_break() -> None:
    alone = Paper(
        title="A note on bats",
        authors=(Author(name="Ann Poe", surname="Poe"),),
        sections=(
            Section(
                title="",
                kind="other",
                paragraphs=(
                    "Bats are among the most common animals of the northern forests and rivers.",
                    "As a child I watched the bats above our river every evening for three summers.",
                    "Their flight is a question of echoes and of warm air over the water.",
                    "Bats may help the farmers of the valley more than any poison does today.",
                ),
            ),
        ),
        source="test",
    )
    said = " ".join(scene.narration for scene in write(alone, Brief(67, "public")).scenes)
    assert "In the author’s words: “As a child I watched the bats above our river" in said


def test_a_paper_of_sixty_words_is_told_in_fewer_scenes() -> None:
    little = SLEEP.model_copy(update={"abstract": SLEEP.abstract[1:3], "abstract_labels": ("", "")})
    script = write(little, Brief(67, "public"))
    assert [scene.kind for scene in script.scenes][-1] == "source"
    assert 2 <= len(script.scenes) <= 4
    assert length(script) < 67


def test_a_paper_without_a_sentence_is_refused() -> None:
    nothing = Paper(title="Empty", abstract=("Keywords: light; sleep",), source="test")
    with pytest.raises(TooLittleTextError):
        write(nothing, Brief(67, "public"))


def test_the_same_paper_gives_the_same_script() -> None:
    first, second = (write(SLEEP, Brief(67, "student")).model_dump_json() for _ in range(2))
    assert first == second


# Every shared paper.

STATED = re.compile(
    r"limit|caution|small (?:sample|number)|cannot|could not|unable|did not|only|not\b|lack|bias|restricted|difficult"
    r"|uncertain|missing|(?:needed|required|necessary|warranted)|remains? to be|retrospective|underestimat|confound",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def read(papers: Path) -> dict[str, Paper]:
    """Every paper of the shared folder that can be read from JATS, by the name of its file or folder."""
    files = [*sorted(papers.glob("jats/*.xml")), *sorted(papers.glob("pairs/*/article.xml"))]
    found = {}
    for file in files:
        name = file.parent.name if file.stem == "article" else file.stem
        try:
            found[name] = read_jats(file.read_bytes(), f"file:{file.name}").paper
        except HiddenHillError:
            continue
    return found


USUAL = Brief(67, "public")
BRIEFS = [
    USUAL, Brief(30, "public"), USUAL, Brief(120, "public"), USUAL, Brief(67, "student"), Brief(67, "peer")
]  # fmt: skip


@pytest.fixture(scope="module")
def scripts(read: dict[str, Paper]) -> list[tuple[str, Paper, Script]]:
    """Each paper told in one way: every other in 67 s for the public, the rest longer, shorter or for others."""
    return [
        (f"{name} {brief}", paper, write(paper, brief))
        for (name, paper), brief in zip(read.items(), cycle(BRIEFS), strict=False)
    ]


def words_of(paper: Paper) -> int:
    return sum(len(passage.text.split()) for passage in paper.passages())


def test_every_paper_is_told_without_a_finding(scripts: list[tuple[str, Paper, Script]]) -> None:
    assert len(scripts) > 25
    blocked = {name: found for name, paper, script in scripts if (found := check(script, paper))}
    assert blocked == {}


def test_every_quote_is_verbatim_with_its_section(scripts: list[tuple[str, Paper, Script]]) -> None:
    for name, paper, script in scripts:
        passages = [" ".join(passage.text.split()) for passage in paper.passages()]
        text = PaperText(paper)
        for evidence in (e for scene in script.scenes for claim in scene.claims for e in claim.evidence):
            assert any(evidence.quote in passage for passage in passages), (name, evidence.quote)
            assert evidence in text.locate(evidence.quote), (name, evidence)
            assert evidence.section, name


def test_no_way_of_shortening_makes_a_number(read: dict[str, Paper]) -> None:
    # Given every tenth sentence of every paper, with all the shorter forms that it has
    for name, paper in read.items():
        for sentence in sentences(paper)[::10]:
            whole = compress(sentence.text, "public")
            stated = numbers(sentence.text)
            # I expect each number in them to stand in the sentence, with its unit
            for form in (whole, *shorten(whole)):
                made = [n.text for n in numbers(form.text) if not any(n.equals(m) for m in stated)]
                assert made == [], (name, sentence.text)


def test_scenes_come_in_the_order_of_a_story(scripts: list[tuple[str, Paper, Script]]) -> None:
    for name, _, script in scripts:
        kinds = [scene.kind for scene in script.scenes]
        assert kinds == sorted(kinds, key=ORDER.index), name
        assert kinds.count("hook") == kinds.count("source") == 1, name
        assert kinds.count("finding") <= 4, name
        assert len(kinds) <= 9, name
        assert not script.scenes[-1].claims, name


def test_the_length_asked_for_is_met(scripts: list[tuple[str, Paper, Script]]) -> None:
    for name, paper, script in scripts:
        assert length(script) <= script.seconds * 1.05, name
        if words_of(paper) > 400:
            assert {"finding", "takeaway"} <= {scene.kind for scene in script.scenes}, name
            assert length(script) >= script.seconds * 0.95, name
            assert len(script.scenes) >= (5 if script.seconds < 45 else 6), name


def test_a_limitation_is_one_in_the_authors_words(scripts: list[tuple[str, Paper, Script]]) -> None:
    told = [
        (name, scene) for name, _, script in scripts for scene in script.scenes if scene.kind == "limitation"
    ]
    assert told
    for name, scene in told:
        assert STATED.search(scene.claims[0].evidence[0].quote), (name, scene.narration)


def test_no_scene_repeats_another(scripts: list[tuple[str, Paper, Script]]) -> None:
    for name, _, script in scripts:
        bodies = [content_stems(scene.narration) for scene in script.scenes[1:-1]]
        for one, other in pairwise(bodies):
            assert overlap(one, other) < 0.8, (name, one & other)


def test_narration_can_be_said_aloud(scripts: list[tuple[str, Paper, Script]]) -> None:
    for name, _, script in scripts:
        for scene in script.scenes:
            assert_sayable(name, scene)


def assert_sayable(name: str, scene: Scene) -> None:
    text = scene.narration
    assert text[-1] in ".!?”", (name, text)
    assert text.count("(") == text.count(")"), (name, text)
    assert not re.search(r"\[\d|et al\.,? \(?\d{4}|https?:|\bFig\. ?\d|\bTable \d|\s,|\.\.", text), (
        name,
        text,
    )
    assert not text.startswith(("However", "Moreover", "Furthermore", "In addition")), (name, text)


def test_a_short_paper_makes_six_scenes_where_it_has_the_sentences() -> None:
    # Given a tutorial that tells no result, so that four kinds of scene have to do,
    told = [
        "Weather shapes how people live and work in many regions of the world.",
        "Few students learn how to use weather data in their own statistical work.",
        "We present a tutorial that guides students through weather data step by step.",
        "The tutorial explains where weather data come from and how they are averaged over regions.",
        "The tutorial can be used in class, by a teacher, or at home, by students who learn by themselves.",
        "Several projects were developed by students who had followed the steps of the tutorial.",
    ]
    paper = Paper(title="Weather data for students", abstract=(" ".join(told),), source="file:x.xml")
    # When a minute is asked for,
    script = ExtractiveWriter().write(
        paper, Brief(60, "public"), spoken_seconds=lambda t: len(t.split()) / 2.6
    )
    # I expect no scene with two sentences while there are fewer than six scenes.
    crowded = [scene for scene in script.scenes if len(scene.claims) > 1]
    assert len(script.scenes) >= 6 or not crowded
