from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.model import (
    CardVisual,
    Claim,
    Evidence,
    Figure,
    FigureVisual,
    NumberVisual,
    Paper,
    Scene,
    SceneKind,
    Script,
    Visual,
)
from pipeline.visuals.takes import alternatives, retaken

SLEEP = Figure(id="f1", label="Figure 1", caption="Hours of sleep in mutant and control mice.", file="1.png")
WAKE = Figure(id="f2", label="Figure 2", caption="Sleep lost by mutant mice in hours.", file="2.png")
CELL = Figure(id="f3", label="Figure 3", caption="Calcium entry through a channel.", file="3.png")
PAPER = Paper(title="Sleep", figures=(SLEEP, WAKE, CELL), source="file:t.xml", year=2020)
NUMBER = NumberVisual(value="3 h", meaning="less sleep")
TOPIC = CardVisual(headline="Mutant mice")


def scene(kind: SceneKind = "finding", visual: Visual | None = None) -> Scene:
    quote = Evidence(quote="Mutants slept for fewer hours.", section="Results")
    return Scene(
        kind=kind,
        narration="Mutant mice lost hours of sleep.",
        claims=(Claim(text="They lost sleep.", evidence=(quote,)),),
        visual=visual or CardVisual(),
    )


def shows(figure: str) -> FigureVisual:
    return FigureVisual(figure=figure, credit=f"Figure {figure[1]} · 2020")


def typeset(_: Scene) -> Sequence[Visual]:
    return [NUMBER, TOPIC]


def seen(script: Script, index: int, figures: Sequence[Figure] = PAPER.figures) -> list[str]:
    found = alternatives(script, index, PAPER, figures, typeset)
    return [
        visual.figure
        if isinstance(visual, FigureVisual)
        else getattr(visual, "headline", None) or visual.kind
        for visual in found
    ]


def test_another_take_shows_figures_that_fit_then_type_then_the_passage_then_what_else_there_is() -> None:
    script = Script(scenes=(scene("hook"), scene(visual=shows("f1")), scene("takeaway")))
    assert seen(script, 1) == ["f1", "f2", "number", "Mutant mice", "card", "f3"]


def test_what_stands_beside_it_is_left_out_and_what_nobody_shows_comes_first() -> None:
    script = Script(scenes=(scene(visual=shows("f2")), scene(), scene("takeaway"), scene(visual=shows("f1"))))
    assert seen(script, 1) == ["card", "f1", "number", "Mutant mice", "f3"]
    assert seen(script, 2)[1] == "f2", "f1 stands beside it"


def test_the_title_shows_figures_only_and_the_source_card_stays() -> None:
    script = Script(scenes=(scene("hook"), scene(), scene("source")))
    assert seen(script, 0) == ["card", "f2", "f1", "f3"]
    assert seen(script, 2) == ["card"]
    assert seen(script, 0, figures=()) == ["card"]


@pytest.mark.parametrize("take", [1, 2, 5, 6, 7])
def test_a_take_changes_its_scene_alone_and_goes_round(take: int) -> None:
    script = Script(scenes=(scene("hook"), scene(visual=shows("f1")), scene("takeaway")))
    changed, grounds = retaken(script, PAPER, PAPER.figures, {1: take}, typeset)
    choices = alternatives(script, 1, PAPER, PAPER.figures, typeset)
    assert changed.scenes[1].visual == choices[take % len(choices)]
    assert (changed.scenes[0], changed.scenes[2]) == (script.scenes[0], script.scenes[2])
    assert not grounds


def test_no_take_changes_nothing() -> None:
    script = Script(scenes=(scene(visual=shows("f1")),))
    for takes in ({}, {0: 0}, {7: 1}, {-1: 1}):
        changed, grounds = retaken(script, PAPER, PAPER.figures, takes, typeset)
        assert (changed is script, grounds) == (True, {})


def test_a_scene_with_nothing_else_to_show_gets_another_ground() -> None:
    script = Script(scenes=(scene(), scene("source")))
    assert retaken(script, PAPER, PAPER.figures, {1: 3}, typeset) == (script, {1: 3})


def test_redoing_one_scene_leaves_the_redone_scene_beside_it_as_it_is() -> None:
    script = Script(scenes=(scene("hook"), scene(visual=shows("f1")), scene(visual=shows("f2")), scene()))
    one, _ = retaken(script, PAPER, PAPER.figures, {1: 1}, typeset)
    both, _ = retaken(script, PAPER, PAPER.figures, {1: 1, 2: 1}, typeset)
    assert both.scenes[1] == one.scenes[1]
