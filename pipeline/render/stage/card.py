"""A few words, large, with the motif of the scene's kind; neighbours are laid out differently."""

from __future__ import annotations

from pipeline.render.canvas import Canvas
from pipeline.render.layout import STAGE, Box, Scale
from pipeline.render.picture import CardPicture
from pipeline.render.stage.layers import Layer, Still
from pipeline.render.stage.motifs import motif
from pipeline.render.theme import TEXT, Theme
from pipeline.render.typography import fit

_RADIUS = 112.0


def card_stage(picture: CardPicture, index: int, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """Motif above the words, left or right in turn; without words the motif alone, larger."""
    if not picture.headline.strip():
        middle = ((STAGE.left + STAGE.right) / 2, (STAGE.top + STAGE.bottom) / 2 - 10)
        return (motif(picture.motif, middle, 236, theme, scale),)
    right = index % 2 == 1
    setting = fit(
        picture.headline,
        width=scale.px(STAGE.width),
        height=scale.px(STAGE.height - 2 * _RADIUS - 70),
        sizes=(round(scale.px(108)), max(round(scale.px(48)), 6)),
        weight=800,
        lines=6,
    )
    height = scale.units(setting.height)
    block = 2 * _RADIUS + 46 + height
    top = STAGE.top + (STAGE.height - block) * 0.45
    x = STAGE.right - _RADIUS if right else STAGE.left + _RADIUS
    begin = top + 2 * _RADIUS + 46
    canvas = Canvas(Box(STAGE.left, begin - 8, STAGE.right, begin + height + 8), scale)
    if right:
        for number, line in enumerate(setting.lines):
            one = type(setting)((line,), setting.face, setting.leading)
            left = STAGE.right - scale.units(one.width)
            canvas.setting(one, left, begin + number * scale.units(setting.leading), TEXT)
    else:
        canvas.setting(setting, STAGE.left, begin, TEXT)
    return motif(picture.motif, (x, top + _RADIUS), _RADIUS, theme, scale), Still.of(canvas, delay=0.1)
