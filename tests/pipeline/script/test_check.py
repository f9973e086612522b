from __future__ import annotations

import pytest

from pipeline.model import (
    Author,
    CardVisual,
    Claim,
    Evidence,
    Finding,
    NumberVisual,
    Paper,
    Scene,
    SceneKind,
    Script,
    Section,
    Visual,
)
from pipeline.script.check import check

PAPER = Paper(
    title="Sleep in 12 towns",
    authors=(Author(name="Zoë O’Neil-Park", surname="O’Neil-Park"),),
    abstract=(
        "In the trial, 37.5 % of the 212 adults slept badly.",
        "Sleep got worse when COX-2 rose.",
        "Captions spaced by letters did no better, with 231 ms.",
        "Captions were 222 ms off at the median, and 231 ms by letters, in 40 % of the cases.",
    ),
    journal="3 Biotech",
    year=2018,
    doi="10.1000/182",
    licence="CC-BY-4.0",
    sections=(Section(title="Results", kind="results", paragraphs=("Towns differed.",), pages=(7,)),),
    source="test",
)
SOURCE = Scene(kind="source", narration="“Sleep in 12 towns”, 3 Biotech, 2018.")
BADLY = "In the trial, 37.5 % of the 212 adults slept badly."


def scene(narration: str, *quotes: str, kind: SceneKind = "finding", visual: Visual | None = None) -> Scene:
    evidence = tuple(Evidence(quote=quote, section="Abstract") for quote in quotes)
    claims = (Claim(text=narration, evidence=evidence),) if evidence else ()
    return Scene(kind=kind, narration=narration, claims=claims, visual=visual or CardVisual())


def findings(*scenes: Scene) -> list[Finding]:
    """What the check has to say of the scenes, with a proper source scene after them unless they hold one."""
    ending = () if scenes[-1].kind == "source" else (SOURCE,)
    return check(Script(scenes=(*scenes, *ending)), PAPER)


@pytest.mark.parametrize(
    "right",
    [
        scene(BADLY, BADLY),
        scene("More than a third, 37.5 percent of adults, slept badly.".replace("a third, ", ""), BADLY),
        scene("In the  trial, 212 adults took part.", "In the\ntrial, 37.5 % of the 212 adults"),
        scene("How do we sleep?", kind="hook"),
        scene("How do 12 towns sleep?", kind="hook"),
        scene("Sleep in 12 towns.", BADLY, kind="hook", visual=CardVisual(headline="12 towns")),
        scene("Badly slept.", BADLY, visual=CardVisual(headline="37.5 % slept badly")),
        scene("“Sleep in 12 towns”, 3 Biotech, 2018.", kind="source"),
        scene("Read Zoë O’Neil-Park in 3 Biotech, CC BY 4.0. The narration is AI-made.", kind="source"),
        scene("Badly slept.", BADLY, visual=NumberVisual(value="37.5 %", meaning="of adults")),
    ],
)
def test_a_script_that_says_what_the_paper_says_passes(right: Scene) -> None:
    assert findings(right) == []


def test_a_changed_number_blocks_and_the_right_one_is_named() -> None:
    # Given a scene whose narration was edited, the fourth of four
    fine = scene(BADLY, BADLY)
    edited = scene("40 % of the adults slept badly.", BADLY)

    # If I check the script
    (found,) = findings(fine, fine, fine, edited)

    # I expect one finding that a person understands
    assert (found.check, found.severity, found.scene) == ("numbers", "block", 3)
    assert found.sentence == "Scene 4 says 40 %, but its evidence says 37.5 %."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (scene("Half of the adults slept badly.", BADLY), "Scene 1 says Half, but its evidence says 37.5 %."),
        (
            scene("Sleep got three-fold worse.", "Sleep got worse when COX-2 rose."),
            "Scene 1 says three-fold, which its evidence does not.",
        ),
        (
            scene("Sleep got worse when COX-1 rose.", "Sleep got worse when COX-2 rose."),
            "Scene 1 says COX-1, but its evidence says COX-2.",
        ),
        (
            scene("Adults slept badly.", BADLY, visual=NumberVisual(value="38 %", meaning="of adults")),
            "Scene 1 shows 38 %, but its evidence says 37.5 %.",
        ),
        (
            scene("Adults slept badly.", BADLY, visual=CardVisual(headline="99 % slept badly")),
            "Scene 1 shows 99 %, but its evidence says 37.5 %.",
        ),
        (
            scene("Sleep in 13 towns", kind="hook"),
            "Scene 1 says 13, but the paper's record says 12.",
        ),
        (
            scene("How do towns sleep?", kind="hook", visual=CardVisual(headline="99 % sleep")),
            "Scene 1 shows 99 %, which the paper's record does not.",
        ),
        (
            scene("“Sleep in 12 towns”, 2019.", kind="source"),
            "Scene 1 says 2019, but the paper's record says 2018.",
        ),
    ],
)
def test_a_number_that_the_evidence_does_not_state_blocks(wrong: Scene, sentence: str) -> None:
    (found,) = findings(wrong)
    assert (found.check, found.severity, found.sentence) == ("numbers", "block", sentence)


def test_all_numbers_that_do_not_stand_there_are_named_in_one_sentence_with_those_that_do() -> None:
    timed = "Captions were 222 ms off at the median, and 231 ms by letters, in 40 % of the cases."

    (found,) = findings(scene("Captions were 999 ms off, and 231 ms or 888 ms by letters.", timed))

    assert found.sentence == "Scene 1 says 999 and 888, but its evidence says 222 and 231."


REWRITTEN = "Captions spaced by letters did no better, with 231 ms."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "Unicorns did much better than captions, with 231 ms.",
            "These words are not in its passage: Unicorns, much.",
        ),
        ("Captions never did better, with 231 ms.", "This word is not in its passage: never."),
        ("With 231 ms, captions did no better.", ""),
    ],
)
def test_words_of_a_person_are_told_to_be_theirs_and_each_strange_one_is_named(
    words: str, sentence: str
) -> None:
    told = scene(words, REWRITTEN)

    (found,) = findings(told.model_copy(update={"by_hand": True}))

    assert (found.check, found.severity, found.scene) == ("evidence", "warn", 0)
    own = "Scene 1 is in a person's own words: its numbers were checked, its sense was not."
    assert found.sentence == f"{own} {sentence}".strip()
    assert findings(told) == []


def test_a_source_scene_in_a_persons_words_is_held_to_the_record() -> None:
    told = scene("“Sleep in 12 towns”, a masterpiece.", kind="source")

    (found,) = findings(told.model_copy(update={"by_hand": True}))

    assert found.sentence.endswith("This word is not in the paper's record: masterpiece.")


def test_a_quote_from_elsewhere_blocks() -> None:
    (found,) = findings(scene("Adults slept badly.", BADLY, "Mice slept badly."))
    assert (found.check, found.severity, found.passage) == ("evidence", "block", "Mice slept badly.")


@pytest.mark.parametrize("kind", ["background", "method", "finding", "limitation", "takeaway"])
def test_a_scene_that_asserts_without_a_claim_blocks(kind: SceneKind) -> None:
    (found,) = findings(scene("Adults slept badly.", kind=kind))
    assert (found.check, found.severity, found.scene) == ("evidence", "block", 0)


def test_a_source_scene_must_not_claim() -> None:
    (found,) = findings(scene("Sleep.", "Sleep got worse when COX-2 rose.", kind="source"))
    assert (found.check, found.severity) == ("evidence", "repair")


def test_words_that_the_evidence_does_not_hold_are_pointed_out() -> None:
    (found,) = findings(scene("Coffee and tobacco ruin the nights of adults.", BADLY))
    assert found.severity == "warn"
    assert "Coffee" in found.sentence
    assert "adults" not in found.sentence


@pytest.mark.parametrize(
    ("strange", "sentence"),
    [
        (
            scene("Chocolate cures cancer in every patient.", kind="hook"),
            "Scene 1 uses words that the title does not: Chocolate, cures, cancer, patient.",
        ),
        (scene("Sugar kills.", kind="hook"), "Scene 1 uses words that the title does not: Sugar, kills."),
        (
            scene("Adults slept badly.", BADLY, visual=CardVisual(headline="Chocolate kills")),
            "Scene 1 shows words that its evidence does not: Chocolate, kills.",
        ),
        (
            scene("By Jo Weber, published in Nature in 2018.", kind="source"),
            "Scene 1 names what the paper's record does not: Jo, Weber, Nature.",
        ),
    ],
)
def test_words_that_neither_evidence_nor_record_holds_are_warned_of(strange: Scene, sentence: str) -> None:
    (found,) = findings(strange)
    assert (found.severity, found.sentence) == ("warn", sentence)


@pytest.mark.parametrize(
    ("section", "page", "sentences"),
    [
        ("Results", 7, []),
        ("results.", None, []),
        ("Results", 77, ["Scene 1 quotes from “Results”, page 77 what stands in “Results”, page 7."]),
        ("Methods", None, ["Scene 1 quotes from “Methods” what stands in “Results”, page 7."]),
    ],
)
def test_a_quote_must_stand_where_it_is_said_to(section: str, page: int | None, sentences: list[str]) -> None:
    evidence = (Evidence(quote="Towns differed.", section=section, page=page),)
    told = Scene(
        kind="finding", narration="Towns differed.", claims=(Claim(text="They differ.", evidence=evidence),)
    )
    found = findings(told)
    assert [finding.sentence for finding in found] == sentences
    assert all(finding.severity == "repair" for finding in found)


def test_a_script_without_a_source_is_warned_of() -> None:
    (found,) = check(Script(scenes=(scene(BADLY, BADLY),)), PAPER)
    assert (found.severity, found.scene) == ("warn", None)
    assert found.sentence == "The video ends without naming its source."
