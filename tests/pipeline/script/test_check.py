from __future__ import annotations

import pytest

from pipeline.model import (
    CardVisual,
    Claim,
    Evidence,
    Finding,
    NumberVisual,
    Paper,
    Scene,
    SceneKind,
    Script,
    Visual,
)
from pipeline.script.check import check

PAPER = Paper(
    title="Sleep in 12 towns",
    abstract=("In the trial, 37.5 % of the 212 adults slept badly.", "Sleep got worse when COX-2 rose."),
    journal="3 Biotech",
    year=2018,
    doi="10.1000/182",
    source="test",
)
BADLY = "In the trial, 37.5 % of the 212 adults slept badly."


def scene(narration: str, *quotes: str, kind: SceneKind = "finding", visual: Visual | None = None) -> Scene:
    evidence = tuple(Evidence(quote=quote, section="Abstract") for quote in quotes)
    claims = (Claim(text=narration, evidence=evidence),) if evidence else ()
    return Scene(kind=kind, narration=narration, claims=claims, visual=visual or CardVisual())


def findings(*scenes: Scene) -> list[Finding]:
    return check(Script(scenes=scenes), PAPER)


@pytest.mark.parametrize(
    "right",
    [
        scene(BADLY, BADLY),
        scene("More than a third, 37.5 percent of adults, slept badly.".replace("a third, ", ""), BADLY),
        scene("In the  trial, 212 adults took part.", "In the\ntrial, 37.5 % of the 212 adults"),
        scene("How do we sleep?", kind="hook"),
        scene("“Sleep in 12 towns”, 3 Biotech, 2018.", kind="source"),
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
            scene("“Sleep in 12 towns”, 2019.", kind="source"),
            "Scene 1 says 2019, but the paper's record says 2018.",
        ),
    ],
)
def test_a_number_that_the_evidence_does_not_state_blocks(wrong: Scene, sentence: str) -> None:
    (found,) = findings(wrong)
    assert (found.check, found.severity, found.sentence) == ("numbers", "block", sentence)


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
