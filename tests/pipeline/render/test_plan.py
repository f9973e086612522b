from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ScriptError
from pipeline.model import (
    CardVisual,
    Claim,
    Evidence,
    FigureVisual,
    ImageVisual,
    Paper,
    Scene,
    Script,
    Visual,
)
from pipeline.render.picture import QuotePicture
from pipeline.render.plan import SegmentPlan, plan_segments
from tests.pipeline.render.conftest import SIZE, gradient, narration_of

Planned = Callable[..., list[SegmentPlan]]


def with_scene(script: Script, index: int, **changes: object) -> Script:
    scenes = list(script.scenes)
    scenes[index] = scenes[index].model_copy(update=changes)
    return script.model_copy(update={"scenes": tuple(scenes)})


def test_each_scene_gets_the_picture_that_it_asks_for(planned: Planned) -> None:
    kinds = [plan.picture.kind for plan in planned()]
    assert kinds == ["title", "card", "sheet", "number", "sheet", "sheet", "sheet", "card", "source"]


def test_several_findings_are_counted_in_their_labels(planned: Planned) -> None:
    labels = [plan.label for plan in planned()]
    assert labels[3:6] == ["Finding 1 of 3", "Finding 2 of 3", "Finding 3 of 3"]


def test_badges_say_what_a_viewer_must_know(planned: Planned, paper: Paper) -> None:
    assert planned()[0].badges == ("RETRACTED", "PREPRINT")
    plain = paper.model_copy(update={"retracted": False, "preprint": False, "abstract_only": True})
    assert planned(paper=plain)[4].badges == ("ABSTRACT ONLY",)
    doubted = plain.model_copy(update={"concern": True})
    assert planned(paper=doubted)[4].badges == ("EXPRESSION OF CONCERN", "ABSTRACT ONLY")
    withdrawn = doubted.model_copy(update={"retracted": True, "withdrawn": True})
    assert planned(paper=withdrawn)[4].badges == ("WITHDRAWN", "ABSTRACT ONLY")


def test_captions_are_the_words_of_the_narration_in_order(planned: Planned, script: Script) -> None:
    for plan, scene in zip(planned(), script.scenes, strict=True):
        assert " ".join(cue.text for cue in plan.cues) == scene.narration
        assert all(cue.end <= plan.seconds for cue in plan.cues)


def test_a_longer_scene_leaves_the_keys_of_the_others_alone(planned: Planned, script: Script) -> None:
    before = [plan.key for plan in planned()]
    longer = with_scene(script, 1, narration="Nobody in the world knew which of the sensors listens.")
    after = [plan.key for plan in planned(script=longer)]
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [1]


def test_a_key_follows_the_picture_file_and_not_its_name(
    planned: Planned, paper: Paper, script: Script, folder: Path
) -> None:
    before = planned()[6].key
    (folder / "copy.png").write_bytes((folder / "mine.png").read_bytes())
    assert planned(script=with_scene(script, 6, visual=ImageVisual(file="copy.png")))[6].key == before
    gradient(folder / "mine.png", 500, 480)
    assert planned()[6].key != before


def test_another_papers_theme_may_differ_but_the_same_papers_never_does(
    planned: Planned, paper: Paper
) -> None:
    assert {plan.theme for plan in planned()} == {planned()[0].theme}
    others = {
        planned(paper=paper.model_copy(update={"doi": f"10.1/{number}"}))[0].theme for number in range(24)
    }
    assert len(others) > 2


def test_a_number_stands_complete_when_it_is_spoken(planned: Planned) -> None:
    plan = planned()[3]
    said = next(word.end for cue in plan.cues for word in cue.words if word.shown == "37.5")
    assert plan.picture.kind == "number"
    assert plan.picture.said == pytest.approx(max(said, 0.8), abs=0.001)


def test_a_card_without_words_shows_the_passage_behind_it_unless_that_is_too_long(
    planned: Planned, script: Script
) -> None:
    short = Evidence(quote="Trained animals forgot.", section="Results", page=3)
    long = Evidence(quote="Trained animals forgot. " * 20, section="Results")
    told = Claim(text="They forgot.", evidence=(long, short))
    picture = planned(script=with_scene(script, 7, visual=CardVisual(), claims=(told,)))[7].picture
    assert picture == QuotePicture(
        quote="Trained animals forgot.", place="The paper’s words · Results, page 3"
    )
    endless = Claim(text="They forgot.", evidence=(long,))
    assert (
        planned(script=with_scene(script, 7, visual=CardVisual(), claims=(endless,)))[7].picture.kind
        == "card"
    )


def test_a_figure_that_cannot_be_opened_becomes_a_card(planned: Planned, folder: Path) -> None:
    (folder / "usual.png").write_bytes(b"this is no picture")
    assert planned()[2].picture.kind == "card"


@pytest.mark.parametrize(
    ("visual", "sentence"),
    [
        (ImageVisual(file="absent.png"), "not there"),
        (ImageVisual(file="../mine.png"), "not beside the script"),
        (ImageVisual(file="notes.txt"), "no picture"),
        (FigureVisual(figure="f99", credit=""), "none of that id"),
    ],
)
def test_a_picture_that_cannot_be_had_is_named(
    planned: Planned, script: Script, folder: Path, visual: Visual, sentence: str
) -> None:
    (folder / "notes.txt").write_text("only words")
    with pytest.raises(ScriptError, match=sentence) as error:
        planned(script=with_scene(script, 2, visual=visual))
    assert "Scene 3" in error.value.sentence
    assert error.value.advice


def test_without_a_folder_for_pictures_none_can_be_asked_for(paper: Paper, folder: Path) -> None:
    script = Script(scenes=(Scene(kind="finding", narration="Look.", visual=ImageVisual(file="mine.png")),))
    with pytest.raises(ScriptError):
        plan_segments(
            paper, script, narration_of(script), figures_folder=folder, images_folder=None, size=SIZE
        )


def test_a_plan_of_one_scene_is_the_one_among_all(
    planned: Planned, paper: Paper, script: Script, folder: Path
) -> None:
    def plan_of(index: int) -> list[SegmentPlan]:
        return plan_segments(
            paper,
            script,
            narration_of(script),
            figures_folder=folder,
            images_folder=folder,
            size=SIZE,
            scenes={index},
        )

    assert [plan_of(index) for index in range(len(script.scenes))] == [[plan] for plan in planned()]


def test_another_ground_changes_the_key_of_its_scene_alone(
    planned: Planned, paper: Paper, script: Script, folder: Path
) -> None:
    def keys(grounds: dict[int, int]) -> list[str]:
        plans = plan_segments(
            paper,
            script,
            narration_of(script),
            figures_folder=folder,
            images_folder=folder,
            size=SIZE,
            grounds=grounds,
        )
        return [plan.key for plan in plans]

    before = [plan.key for plan in planned()]
    assert keys({}) == keys({8: 0}) == before
    assert [i for i, (a, b) in enumerate(zip(before, keys({8: 1}), strict=True)) if a != b] == [8]
    assert keys({8: 1})[8] != keys({8: 2})[8]
