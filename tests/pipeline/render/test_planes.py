from __future__ import annotations

import numpy as np
import pytest

from pipeline.render.planes import Planes, Sprite, blend, float_blend, pan


def solid(colour: tuple[int, int, int, int], width: int = 12, height: int = 12) -> Sprite:
    return Sprite.of_rgba(np.full((height, width, 4), colour, np.uint8))


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [((0, 0, 0), (16, 128, 128)), ((255, 255, 255), (235, 128, 128)), ((255, 0, 0), (63, 102, 240))],
)
def test_colours_become_bt709_in_limited_range(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    planes = Planes.of_rgb(np.full((2, 2, 3), rgb, np.uint8))
    assert (planes.y[0, 0], planes.u[0, 0], planes.v[0, 0]) == yuv


def test_an_opaque_sprite_covers_and_a_clear_one_does_not() -> None:
    frame = Planes.of_rgb(np.full((20, 20, 3), 90, np.uint8))
    before = frame.y.copy()
    blend(frame, solid((255, 255, 255, 0)), 4, 4)
    assert np.array_equal(frame.y, before)
    blend(frame, solid((255, 255, 255, 255)), 4, 4)
    assert (frame.y[4:16, 4:16] == 235).all()
    assert np.array_equal(frame.y[:4], before[:4])


@pytest.mark.parametrize("at", [(-6, -6), (14, 14), (-40, 0), (0, 60)])
def test_what_hangs_over_the_edge_is_cut(at: tuple[int, int]) -> None:
    frame = Planes.empty(20, 20)
    blend(frame, solid((255, 255, 255, 255)), *at)
    rows, columns = (range(max(0, a), max(0, min(20, a + 12))) for a in reversed(at))
    assert (frame.y == 235).sum() == len(rows) * len(columns)


def test_a_half_faded_sprite_lies_halfway() -> None:
    frame = Planes.of_rgb(np.zeros((20, 20, 3), np.uint8))
    float_blend(frame, solid((255, 255, 255, 255)), 0, 0, 0.5)
    assert abs(int(frame.y[5, 5]) - (16 + 235) / 2) <= 1


def test_a_sprite_moved_by_part_of_a_pixel_keeps_its_weight() -> None:
    rgba = np.zeros((24, 24, 4), np.uint8)
    rgba[6:18, 6:18] = 255
    light = []
    for x in (4.0, 4.5, 5.25):
        frame = Planes.of_rgb(np.zeros((40, 40, 3), np.uint8))
        float_blend(frame, Sprite.of_rgba(rgba), x, 4)
        columns = frame.y.astype(float) - 16
        light.append((columns.sum(), (columns.sum(0) * np.arange(40)).sum() / columns.sum()))
    assert light[1][0] == pytest.approx(light[0][0], rel=0.01)
    assert [round(centre - light[0][1], 2) for _, centre in light] == pytest.approx([0, 0.5, 1.25], abs=0.02)


def test_a_pan_shows_the_columns_between_two_pixels() -> None:
    source = np.tile(np.arange(0, 200, 10, dtype=np.uint8), (4, 1))
    out = np.zeros((4, 8), np.uint8)
    pan(source, 3.5, out)
    assert out[0].tolist() == [35, 45, 55, 65, 75, 85, 95, 105]
    pan(source, 4.0, out)
    assert out[0, 0] == 40


def test_a_sprite_is_revealed_in_its_order() -> None:
    order = np.repeat((np.arange(60) * 254 // 60).astype(np.uint8)[None], 12, axis=0)
    whole = solid((255, 255, 255, 255), width=60)
    half = whole.revealed(order, 0.5)
    assert (half.keep[:, :25] == 0).all()
    assert (half.keep[:, 35:] == 255).all()
    assert np.array_equal(whole.revealed(order, 1.0).planes.y, whole.planes.y)
