from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from pipeline.model import Paper
from pipeline.render.compose import Composer
from pipeline.render.ground import Ground
from pipeline.render.layout import SAFE, Scale
from pipeline.render.picture import QuotePicture
from pipeline.render.plan import SegmentPlan
from pipeline.render.planes import Planes
from pipeline.render.theme import NIGHT, THEMES, contrast
from tests.pipeline.render.conftest import SIZE

Planned = Callable[..., list[SegmentPlan]]
EVERY_SCENE = range(9)


def drawn(plan: SegmentPlan, files: Mapping[str, Path], number: int) -> Planes:
    frame = Planes.empty(*SIZE)
    Composer(plan, files).draw(number, frame)
    return frame


@pytest.mark.parametrize("index", EVERY_SCENE)
def test_what_must_be_read_is_inside_the_safe_box_and_apart(
    planned: Planned, files: Mapping[str, Path], index: int
) -> None:
    plan = planned()[index]
    composer = Composer(plan, files)
    for number in range(0, plan.frames, 7):
        boxes = composer.texts(number)
        assert all(SAFE.contains(box) for box in boxes)
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize(
    "standing",
    [
        {"concern": True},
        {"concern": True, "abstract_only": True},
        {"concern": True, "preprint": True, "abstract_only": True},
        {"retracted": True, "abstract_only": True},
        {"retracted": True, "withdrawn": True, "preprint": True, "abstract_only": True},
    ],
)
@pytest.mark.parametrize("index", [3, 7, 8])
def test_badges_are_inside_the_safe_box_and_apart(
    planned: Planned, paper: Paper, files: Mapping[str, Path], standing: Mapping[str, bool], index: int
) -> None:
    sound = {"retracted": False, "withdrawn": False, "preprint": False, "abstract_only": False}
    plan = planned(paper=paper.model_copy(update={**sound, **standing}))[index]
    boxes = Composer(plan, files).texts(plan.frames // 2)
    assert all(SAFE.contains(box) for box in boxes)
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize("words", [6, 25, 52])
def test_a_passage_is_shown_in_the_papers_words_inside_the_safe_box(
    planned: Planned, files: Mapping[str, Path], words: int
) -> None:
    picture = QuotePicture(quote=" ".join(["sleep"] * words), place="The paper’s words · Results, page 3")
    plan = planned()[7].model_copy(update={"picture": picture})
    boxes = Composer(plan, files).texts(plan.frames // 2)
    assert all(SAFE.contains(box) for box in boxes)
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    longer = picture.model_copy(update={"quote": f"{picture.quote} still"})
    other = plan.model_copy(update={"picture": longer})
    assert not np.array_equal(drawn(plan, files, 40).y, drawn(other, files, 40).y)


def test_a_title_of_three_hundred_characters_is_shown_whole(
    planned: Planned, paper: Paper, files: Mapping[str, Path]
) -> None:
    # Given a title of 300 characters, and the same without its last four,
    title = ("Immunohistochemical characterisation of hypoxia-inducible factors in adults " * 5)[:300].strip()
    shown = {}
    for told in (title[:-4], title):
        plans = planned(paper=paper.model_copy(update={"title": told}))
        for index in (0, 8):
            boxes = Composer(plans[index], files).texts(20)
            assert all(SAFE.contains(box) for box in boxes)
            shown[told, index] = drawn(plans[index], files, plans[index].frames // 2).y
    # I expect its last letters to make a difference: they are there.
    for index in (0, 8):
        assert not np.array_equal(shown[title, index], shown[title[:-4], index])


@pytest.mark.parametrize("index", EVERY_SCENE)
def test_a_scene_draws_the_same_every_time(planned: Planned, files: Mapping[str, Path], index: int) -> None:
    plan = planned()[index]
    first, again = drawn(plan, files, 30), drawn(plan, files, 30)
    assert np.array_equal(first.y, again.y)
    assert np.array_equal(first.u, again.u)
    assert np.array_equal(first.v, again.v)


def test_a_frame_does_not_depend_on_those_drawn_before(planned: Planned, files: Mapping[str, Path]) -> None:
    plan = planned()[4]
    composer, frame = Composer(plan, files), Planes.empty(*SIZE)
    for number in range(41):
        composer.draw(number, frame)
    assert np.array_equal(frame.y, drawn(plan, files, 40).y)


@pytest.mark.parametrize("index", EVERY_SCENE)
def test_no_scene_stands_still_for_three_seconds(
    planned: Planned, files: Mapping[str, Path], index: int
) -> None:
    plan = planned()[index].model_copy(update={"frames": 240, "cues": ()})
    a, b = drawn(plan, files, 110), drawn(plan, files, 180)
    assert np.abs(a.y.astype(int) - b.y.astype(int)).max() > 12


@pytest.mark.parametrize("index", range(8))
def test_the_ground_goes_on_where_the_scene_before_ended(
    planned: Planned, files: Mapping[str, Path], index: int
) -> None:
    before, after = planned()[index : index + 2]
    last, first = drawn(before, files, before.frames - 1), drawn(after, files, 0)
    hills = slice(SIZE[1] * 3 // 4, None)
    assert np.abs(last.y[hills].astype(int) - first.y[hills].astype(int)).mean() < 2


@pytest.mark.parametrize("height", [240, 242, 426, 1280])
def test_the_ground_fills_the_frame_at_every_size(height: int) -> None:
    scale = Scale(height * 9 // 16 // 2 * 2, height)
    ground = Ground(theme=next(iter(THEMES.values())), seed=7, scale=scale)
    frames = [Planes.empty(scale.width, scale.height) for _ in range(2)]
    for frame, before in zip(frames, (0, 255), strict=True):
        for plane in (frame.y, frame.u, frame.v):
            plane[:] = before
        ground.draw(frame, 0.5)
    assert all(np.array_equal(getattr(frames[0], name), getattr(frames[1], name)) for name in ("y", "u", "v"))


def test_the_stage_is_nearly_empty_at_a_cut(planned: Planned, files: Mapping[str, Path]) -> None:
    plan = planned()[1].model_copy(update={"cues": ()})
    stage = (slice(100, 240), slice(16, 232))
    brightest = [int(drawn(plan, files, n).y[stage].max()) for n in (0, plan.frames // 2, plan.frames - 1)]
    assert brightest[0] < brightest[1] > brightest[2]
    assert max(brightest[0], brightest[2]) < 150 < brightest[1]


def test_a_spoken_word_changes_the_caption(planned: Planned, files: Mapping[str, Path]) -> None:
    plan = planned()[7]
    cue = next(cue for cue in plan.cues if len(cue.words) > 1)
    moments = [round((word.start + word.end) / 2 * 30) for word in cue.words[:2]]
    captions = [drawn(plan, files, n).u[260 // 2 : 312 // 2].astype(int) for n in moments]
    assert np.abs(captions[0] - captions[1]).max() > 10


@pytest.mark.parametrize("name", list(THEMES))
def test_every_theme_keeps_its_contrast(name: str) -> None:
    theme = next(theme for key, theme in THEMES.items() if key == name)
    assert contrast(theme.accent, NIGHT) >= 7
    assert contrast(theme.second, NIGHT) >= 7
