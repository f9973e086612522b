"""A big number that counts up to its value as it is spoken, with what it counts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from PIL import ImageDraw

from pipeline.render.canvas import Canvas
from pipeline.render.layout import STAGE, Box, Scale
from pipeline.render.picture import NumberPicture
from pipeline.render.planes import Planes
from pipeline.render.stage.layers import Drawn, Layer, Moment, Still, ease_out
from pipeline.render.theme import TEXT, Theme
from pipeline.render.typography import Setting, fit, presentable

#: How many values are shown on the way up. More would not be seen.
_STEPS = 18
_COUNTABLE = re.compile(r"([~≈+±$€£]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)")
_DIAL_RADIUS = 300.0


@dataclass(frozen=True)
class Count:
    """Sprites of the values on the way, the last one the value itself, complete at `said` seconds."""

    steps: tuple[Still, ...]
    said: float
    texts: tuple[Box, ...]

    def draw(self, frame: Planes, moment: Moment) -> None:
        progress = ease_out(moment.at / self.said)
        step = len(self.steps) - 1 if progress > 0.995 else int(progress * (len(self.steps) - 1))
        self.steps[step].draw(frame, moment)


def number_stage(picture: NumberPicture, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """A dial that draws itself, the number on it, a growing rule, the meaning."""
    px = scale.px
    value = fit(
        picture.value,
        width=px(STAGE.width),
        height=px(330),
        sizes=(round(px(280)), max(round(px(64)), 6)),
        weight=850,
        lines=2,
    )
    meaning = fit(
        picture.meaning,
        width=px(STAGE.width - 40),
        height=px(230),
        sizes=(round(px(54)), max(round(px(38)), 5)),
        weight=600,
        lines=4,
    )
    height = scale.units(value.height) + 30 + scale.units(meaning.height)
    top = STAGE.top + (STAGE.height - height) * 0.46
    middle = top + scale.units(value.height - value.leading + 0.8 * value.face.size)
    words = Canvas(
        Box(STAGE.left, middle + 66, STAGE.right, middle + 90 + scale.units(meaning.height)), scale
    )
    words.setting(meaning, STAGE.left, middle + 72, TEXT)
    return (
        _dial(theme, middle - scale.units(value.height) * 0.4, scale),
        _count(picture, value, top, theme, scale),
        _rule(middle + 40, picture.said, theme, scale),
        Still.of(words, delay=0.25),
    )


def counting(value: str) -> list[str]:
    """The values shown on the way to `value`; only itself where that is no plain number."""
    match = _COUNTABLE.fullmatch(value.strip())
    if match is None or "/" in value:
        return [value]
    before, whole, decimals, after = match.group(1), match.group(2), match.group(3) or "", match.group(4)
    places = max(len(decimals) - 1, 0)
    target = float(whole.replace(",", "") + decimals)
    comma = "," if "," in whole else ""
    steps = [f"{before}{target * i / _STEPS:{comma}.{places}f}{after}" for i in range(_STEPS)]
    return [*steps, value]


def _count(picture: NumberPicture, setting: Setting, top: float, theme: Theme, scale: Scale) -> Count:
    area = Box(STAGE.left - 10, top - 12, STAGE.right, top + scale.units(setting.height) + 12)
    steps: list[Still] = []
    values = counting(picture.value) if len(setting.lines) == 1 else [picture.value]
    for text in values:
        canvas = Canvas(area, scale)
        lines = setting.lines if text == picture.value else (presentable(text),)
        shown = Setting(lines, setting.face, setting.leading)
        canvas.setting(shown, STAGE.left, top, theme.accent)
        steps.append(Still.of(canvas))
    return Count(tuple(steps), picture.said, steps[-1].texts)


def _rule(top: float, said: float, theme: Theme, scale: Scale) -> Drawn:
    canvas = Canvas(Box(STAGE.left, top, STAGE.left + 420, top + 10), scale)
    canvas.rounded(Box(STAGE.left, top, STAGE.left + 416, top + 8), 4, theme.second)
    still = Still.of(canvas)
    width = still.sprite.width
    order = np.repeat(
        (np.arange(width) * 254 // width).astype(np.uint8)[None, :], still.sprite.height, axis=0
    )
    return Drawn(still, order, max(said, 0.3))


def _dial(theme: Theme, middle: float, scale: Scale) -> Drawn:
    """A thin ring with ticks, like an instrument's; partly outside, since nothing on it is read."""
    centre = (1010.0, middle)
    reach = _DIAL_RADIUS + 30
    canvas = Canvas(Box(centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach), scale)
    pen = ImageDraw.Draw(canvas.image)
    x, y = canvas.at(*centre)
    colour = (*theme.second, 84)
    for tick in range(72):
        angle = math.tau * tick / 72 - math.pi / 2
        inner = scale.px(_DIAL_RADIUS - (26 if tick % 6 == 0 else 12))
        outer = scale.px(_DIAL_RADIUS)
        ends = [(x + r * math.cos(angle), y + r * math.sin(angle)) for r in (inner, outer)]
        pen.line(ends, fill=colour, width=max(1, round(scale.px(3))))
    still = Still.of(canvas, rise=0)
    rows, columns = np.mgrid[: still.sprite.height, : still.sprite.width]
    down, right = rows + still.top - scale.px(centre[1]), columns + still.left - scale.px(centre[0])
    turn = (np.arctan2(down, right) + math.pi / 2) % math.tau
    return Drawn(still, (turn / math.tau * 254).astype(np.uint8), 2.2)
