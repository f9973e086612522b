from __future__ import annotations

import numpy as np
import pytest

from pipeline.render.layout import LABEL_TOP, PICTURE, Scale
from pipeline.render.picture import SheetPicture
from pipeline.render.planes import Planes
from pipeline.render.stage.layers import Moment
from pipeline.render.stage.number import counting
from pipeline.render.stage.sheet import CREDIT, WHOLE, Sheet, view_at
from pipeline.render.theme import THEMES, ThemeName, contrast
from pipeline.render.veil import Veil

SCALE = Scale(270, 480)


def sheet(width: int, height: int, seconds: float = 8.0) -> Sheet:
    rows, columns = np.mgrid[:height, :width]
    rgb = np.dstack([columns * 255 // width, rows * 255 // height, rows * 0]).astype(np.uint8)
    return Sheet(SheetPicture(sha256="0", credit="Figure 1", size=(width, height)), rgb, seconds, SCALE)


@pytest.mark.parametrize("size", [(1600, 900), (900, 900), (400, 1200), (2400, 260), (60, 2000)])
def test_a_figure_is_shown_whole_at_first(size: tuple[int, int]) -> None:
    shown = sheet(*size)
    for at in (0.3, WHOLE - 0.1):
        view = view_at(shown.views, at)
        assert size[0] * view.zoom <= SCALE.px(PICTURE.width)
        assert size[1] * view.zoom <= SCALE.px(PICTURE.height)
        assert (view.x, view.y) == (0.5, 0.5)


@pytest.mark.parametrize(("size", "axis"), [((400, 1200), "y"), ((2400, 260), "x")])
def test_the_camera_goes_along_a_figure_too_narrow_or_too_flat(size: tuple[int, int], axis: str) -> None:
    views = sheet(*size).views
    path = [getattr(view_at(views, at), axis) for at in (3.0, 4.5, 6.0, 7.6)]
    assert path == sorted(path)
    assert path[-1] - path[0] > 0.2
    assert view_at(views, 7).zoom > 1.5 * view_at(views, 1).zoom


def test_a_short_scene_leaves_the_camera_where_it_is() -> None:
    views = sheet(400, 1200, seconds=3.0).views
    assert {(view.x, view.y) for view in views} == {(0.5, 0.5)}


def test_the_picture_does_not_jitter_as_it_grows() -> None:
    shown, centres = sheet(1200, 800), []
    for number in range(60, 120):
        frame = Planes.of_rgb(np.zeros((480, 270, 3), np.uint8))
        shown.draw(frame, Moment(number / 30, 8.0))
        green = 250 - frame.v[88 // 2 : 240 // 2, 20:115].astype(float)
        centres.append((green.sum(0) * np.arange(green.shape[1])).sum() / green.sum())
    steps = np.diff(centres)
    assert np.std(steps) < 0.05


@pytest.mark.parametrize("name", list(THEMES))
def test_a_figures_shadow_in_the_sky_leaves_the_small_type_legible(name: ThemeName) -> None:
    stripes = np.zeros((400, 600, 3), np.uint8)
    stripes[:, ::80] = stripes[:, 1::80] = 255
    rows = 336
    veil = Veil(255 - stripes, theme=THEMES[name], scale=SCALE, height=rows)
    sky = Planes.empty(270, rows)
    veil.paint(sky, Moment(4.0, 8.0))
    for colour, top, bottom in ((CREDIT, PICTURE.bottom, 1010), (THEMES[name].accent, LABEL_TOP, 310)):
        behind = int(sky.y[round(SCALE.px(top)) : round(SCALE.px(bottom))].max())
        grey = round((behind - 16) * 255 / 219)
        assert contrast(colour, (grey, grey, grey)) >= 4.5


@pytest.mark.parametrize(
    ("value", "third"),
    [("37.5 %", "12.5 %"), ("1,204", "401"), ("9×", "3×"), ("$3,000", "$1,000"), ("-", None)],
)
def test_a_plain_number_is_counted_up(value: str, third: str | None) -> None:
    steps = counting(value)
    assert steps[-1] == value
    assert third is None or steps[len(steps) // 3] == third


@pytest.mark.parametrize("value", ["p < 0.001", "10–20 %", "3 in 4", "2/3", "1.2 × 10⁻³"])
def test_a_number_that_is_not_plain_stands_as_it_is(value: str) -> None:
    assert counting(value) == [value]
