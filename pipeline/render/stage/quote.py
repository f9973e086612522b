"""The paper's own words: the passage that backs what is being said, and where it stands."""

from __future__ import annotations

from pipeline.render.canvas import Canvas
from pipeline.render.layout import STAGE, Box, Scale
from pipeline.render.picture import QuotePicture
from pipeline.render.stage.layers import Layer, Still
from pipeline.render.theme import MUTED, TEXT, Theme
from pipeline.render.typography import Face, fit

_MARK = 190
_GAP = 26


def quote_stage(picture: QuotePicture, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """An opening mark, the passage as large as it goes, and its place in the paper under it."""
    px = scale.px
    smallest = max(round(px(30)), 4)
    words = fit(
        picture.quote,
        width=px(STAGE.width),
        height=px(STAGE.height - _MARK * 0.5 - 90),
        sizes=(max(round(px(60)), smallest), smallest),
        weight=600,
        lines=12,
    )
    small = max(round(px(30)), 4)
    place = fit(
        picture.place,
        width=px(STAGE.width),
        height=px(60),
        sizes=(small, max(round(px(26)), 4)),
        weight=500,
        lines=1,
    )
    height = _MARK * 0.5 + scale.units(words.height) + _GAP + scale.units(place.height)
    top = STAGE.top + max(0.0, (STAGE.height - height) * 0.4)
    mark = Canvas(Box(STAGE.left - 4, top, STAGE.left + _MARK, top + _MARK * 0.55), scale)
    mark.line("“", STAGE.left - 8, top + 0.76 * _MARK, Face(round(px(_MARK)), 800), theme.accent)
    mark.texts.clear()  # an ornament, nothing to read
    begin = top + _MARK * 0.5
    canvas = Canvas(Box(STAGE.left, begin - 8, STAGE.right, top + height + 12), scale)
    end = canvas.setting(words, STAGE.left, begin, TEXT)
    canvas.setting(place, STAGE.left, end + _GAP, MUTED)
    return Still.of(mark), Still.of(canvas, delay=0.1)
