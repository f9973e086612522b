"""A small line drawing for each kind of scene, in strokes on a square from −1 to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from pipeline.model import SceneKind
from pipeline.render.canvas import Canvas
from pipeline.render.layout import Box, Scale
from pipeline.render.stage.layers import Drawn, Still
from pipeline.render.theme import Theme

Point = tuple[float, float]
#: A line through points, in the accent colour (True) or the second one.
Stroke = tuple[tuple[Point, ...], bool]

_FINER = 4


def motif(kind: SceneKind, centre: Point, radius: float, theme: Theme, scale: Scale) -> Drawn:
    """The motif of `kind` around `centre` (units), drawing itself during the first second."""
    canvas = Canvas(
        Box(centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), scale
    )
    width, height = canvas.image.size
    large = Image.new("RGBA", (width * _FINER, height * _FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(large)
    x, y = canvas.at(*centre)
    reach = scale.px(radius) * 0.92
    thick = max(2, round(scale.px(7 + radius * 0.014) * _FINER))
    for points, accent in STROKES[kind]:
        line = [((x + px * reach) * _FINER, (y + py * reach) * _FINER) for px, py in points]
        colour = theme.accent if accent else theme.second
        pen.line(line, fill=(*colour, 255), width=thick, joint="curve")
        for px, py in (line[0], line[-1]):
            pen.ellipse((px - thick / 2, py - thick / 2, px + thick / 2, py + thick / 2), fill=(*colour, 255))
    canvas.image.alpha_composite(_reduced(large, width, height))
    still = Still.of(canvas, rise=0)
    rows, columns = np.mgrid[: still.sprite.height, : still.sprite.width]
    sweep = (columns / still.sprite.width + rows / still.sprite.height) / 2
    return Drawn(still, (sweep * 254).astype(np.uint8), 1.1)


def _reduced(large: Image.Image, width: int, height: int) -> Image.Image:
    """Averaged with premultiplied colour, so that edges do not darken."""
    return large.convert("RGBa").resize((width, height), Image.Resampling.BOX).convert("RGBA")


def _arc(x: float, y: float, radius: float, begin: float, end: float) -> tuple[Point, ...]:
    """Degrees, 0 at the right, clockwise."""
    count = max(8, int(abs(end - begin) / 4))
    angles = [math.radians(begin + (end - begin) * i / count) for i in range(count + 1)]
    return tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)


def _rays(count: int, inner: float, outer: float) -> list[Stroke]:
    angles = [math.tau * i / count for i in range(count)]
    return [
        (((inner * math.cos(a), inner * math.sin(a)), (outer * math.cos(a), outer * math.sin(a))), False)
        for a in angles
    ]


def _closed(*points: Point) -> tuple[Point, ...]:
    return (*points, points[0], points[1])


STROKES: dict[SceneKind, Sequence[Stroke]] = {
    # a spark
    "hook": [(_arc(0, 0, 0.34, 0, 360), True), *_rays(8, 0.58, 0.92)],
    # a question
    "background": [
        (_arc(0, 0, 0.92, -60, 270), False),
        ((*_arc(0, -0.22, 0.30, 180, 395), (0.02, 0.14), (0.0, 0.30)), True),
        (((0, 0.55), (0, 0.56)), True),
    ],
    # a flask
    "method": [
        (((-0.34, -0.9), (0.34, -0.9)), True),
        (
            (
                (-0.2, -0.9),
                (-0.2, -0.3),
                (-0.72, 0.66),
                (-0.6, 0.88),
                (0.6, 0.88),
                (0.72, 0.66),
                (0.2, -0.3),
                (0.2, -0.9),
            ),
            True,
        ),
        (((-0.50, 0.28), (-0.2, 0.20), (0.12, 0.34), (0.50, 0.28)), False),
        (_arc(-0.12, 0.58, 0.07, 0, 360), False),
        (_arc(0.2, 0.66, 0.05, 0, 360), False),
    ],
    # a curve under a lens
    "finding": [
        (_arc(-0.16, -0.16, 0.68, 0, 360), True),
        (((0.34, 0.34), (0.9, 0.9)), True),
        (((-0.52, 0.08), (-0.28, -0.12), (-0.08, 0.0), (0.2, -0.44)), False),
    ],
    # a warning
    "limitation": [
        (_closed((0, -0.82), (0.92, 0.76), (-0.92, 0.76)), True),
        (((0, -0.26), (0, 0.26)), False),
        (((0, 0.50), (0, 0.51)), False),
    ],
    # a flag on a hill
    "takeaway": [
        ((*_arc(0, 1.32, 0.92, 205, 335),), False),
        (((-0.08, 0.42), (-0.08, -0.9)), True),
        (((-0.08, -0.88), (0.66, -0.62), (-0.08, -0.30)), True),
    ],
    # a page
    "source": [(_closed((-0.6, -0.86), (0.6, -0.86), (0.6, 0.86), (-0.6, 0.86)), True)],
}
