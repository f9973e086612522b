from __future__ import annotations

from pipeline.model import (
    CardVisual,
    Claim,
    Evidence,
    Figure,
    FigureVisual,
    ImageVisual,
    NumberVisual,
    Paper,
    Scene,
    SceneKind,
    Script,
    Section,
    Visual,
)
from pipeline.paper.details import with_details
from pipeline.visuals.figures import assign_figures

SLEEP = Figure(id="f1", label="Figure 1", caption="Hours of sleep in mutant and control mice.", file="1.png")
MODEL = Figure(id="f2", label="Figure 2", caption="Model of calcium entry through the channel.", file="2.png")
PAPER = Paper(title="Sleep and calcium", figures=(SLEEP, MODEL), source="file:t.xml", year=2020)


def scene(
    narration: str,
    quote: str = "",
    kind: SceneKind = "finding",
    visual: Visual | None = None,
    section: str = "Results",
) -> Scene:
    claims = (Claim(text=narration, evidence=(Evidence(quote=quote, section=section),)),) if quote else ()
    return Scene(kind=kind, narration=narration, claims=claims, visual=visual or CardVisual())


def shown(*scenes: Scene, figures: tuple[Figure, ...] = (SLEEP, MODEL)) -> list[str]:
    """The figure of each scene by id, else the kind of its visual."""
    script = assign_figures(Script(scenes=scenes), PAPER, figures)
    return [s.visual.figure if isinstance(s.visual, FigureVisual) else s.visual.kind for s in script.scenes]


def test_a_scene_shows_the_figure_whose_caption_is_about_the_same() -> None:
    assert shown(
        scene("This model explains calcium entry."), scene("Mutant mice slept for fewer hours of sleep.")
    ) == ["f2", "f1"]


def test_what_the_body_says_of_a_figure_tells_more_than_captions_that_sound_alike() -> None:
    curves = Figure(id="f3", label="Figure 3", caption="Effect of the extract on protease.", file="3.png")
    leaves = Figure(id="f4", label="Figure 4", caption="Effect of the leaf on protease.", file="4.png")
    body = (
        "The curves fall (Figure 3). The enzyme lost half of its work at 49.8 ng (Figure 4). It was cold.",
    )
    results = Section(title="Results", kind="results", paragraphs=body)
    paper = with_details(PAPER.model_copy(update={"figures": (curves, leaves), "sections": (results,)}))
    told = scene("At 49.8 ng the enzyme protease lost half of its work to the extract.")
    script = assign_figures(Script(scenes=(told,)), paper, paper.figures)
    assert script.scenes[0].visual.model_dump()["figure"] == "f4"


def test_a_few_words_in_common_are_not_enough() -> None:
    assert shown(scene("Calcium made mice that had eaten nothing for a week run faster in wheels.")) == [
        "card"
    ]


def test_a_figure_that_the_evidence_names_beats_likeness_of_words() -> None:
    assert shown(scene("Mutant mice lost hours of sleep.", quote="as modelled (Fig. 2b)")) == ["f2"]
    assert shown(scene("It goes in.", quote="Model of calcium entry", section="Figure 2")) == ["f2"]


def test_a_scene_about_something_else_keeps_its_card() -> None:
    assert shown(scene("Teachers liked the workshop.")) == ["card"]


def test_hook_takeaway_and_source_show_no_figure() -> None:
    kinds: tuple[SceneKind, ...] = ("hook", "limitation", "takeaway", "source")
    assert shown(*(scene("Mutant mice lost hours of sleep.", kind=kind) for kind in kinds)) == ["card"] * 4


def test_a_users_picture_stays_and_a_number_gives_way_to_a_fitting_figure() -> None:
    text = "Mutant mice lost hours of sleep."
    number = NumberVisual(value="3 h", meaning="less sleep")
    assert shown(scene(text, visual=ImageVisual(file="mine.png"))) == ["image"]
    assert shown(scene(text, visual=number)) == ["f1"]
    assert shown(scene("Bees dance.", visual=number)) == ["number"]
    assert shown(scene(text, quote="3 h less (Figure 1)", visual=number)) == ["f1"]


def test_a_figure_is_shown_once_unless_evidence_names_it_again_and_never_twice_in_a_row() -> None:
    named = scene("Mutant mice slept.", quote="(Fig 1A)")
    alike = scene("Mutant mice lost hours of sleep.")
    assert shown(alike, alike) == ["f1", "card"]
    assert shown(named, named, named) == ["f1", "card", "f1"]


def test_a_figure_that_may_not_be_shown_gives_way_to_a_card() -> None:
    asked = scene("It goes in.", visual=FigureVisual(figure="f2", credit="Figure 2"))
    assert shown(asked, figures=(SLEEP,)) == ["card"]
    assert shown(asked) == ["f2"]
    assert shown(scene("Mutant mice lost hours of sleep."), figures=()) == ["card"]


def test_a_picture_too_small_to_be_a_figure_is_passed_over() -> None:
    sign = SLEEP.model_copy(update={"width": 90, "height": 40})
    assert shown(scene("Mutant mice lost hours of sleep."), figures=(sign, MODEL)) == ["card"]


def test_the_credit_names_figure_and_year() -> None:
    script = assign_figures(Script(scenes=(scene("Mutant mice lost hours of sleep."),)), PAPER, (SLEEP,))
    assert script.scenes[0].visual == FigureVisual(figure="f1", credit="Figure 1 · 2020")


def test_assigning_twice_changes_nothing() -> None:
    script = Script(scenes=(scene("Mutant mice lost hours of sleep."), scene("Calcium enters the channel.")))
    once = assign_figures(script, PAPER, (SLEEP, MODEL))
    assert assign_figures(once, PAPER, (SLEEP, MODEL)) == once
