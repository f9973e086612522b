"""The title card: what the paper is called, as large as it goes."""

from __future__ import annotations

from pipeline.render.canvas import Canvas
from pipeline.render.layout import STAGE, Box, Scale
from pipeline.render.picture import TitlePicture
from pipeline.render.stage.layers import Layer, Still
from pipeline.render.theme import MUTED, TEXT, Theme
from pipeline.render.typography import fit

_BYLINE = 96.0


def title_stage(picture: TitlePicture, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """Title above, byline below, an accent rule between; the whole set into the middle of the stage."""
    px = scale.px
    title = fit(
        picture.title,
        width=px(STAGE.width),
        height=px(STAGE.height - _BYLINE - 60),
        sizes=(round(px(112)), max(round(px(40)), 5)),
        weight=800,
        lines=10,
    )
    byline = fit(
        picture.byline,
        width=px(STAGE.width),
        height=px(_BYLINE),
        sizes=(round(px(34)), max(round(px(28)), 4)),
        weight=500,
        lines=2,
    )
    title_height, byline_height = scale.units(title.height), scale.units(byline.height)
    top = STAGE.top + (STAGE.height - title_height - 50 - byline_height) * 0.42
    words = Canvas(Box(STAGE.left, top - 10, STAGE.right, top + title_height + 6), scale)
    below = words.setting(title, STAGE.left, top, TEXT) + 22
    rule = Canvas(Box(STAGE.left, below, STAGE.left + 130, below + 8), scale)
    rule.rounded(Box(STAGE.left, below, STAGE.left + 120, below + 7), 3.5, theme.accent)
    names = Canvas(Box(STAGE.left, below + 24, STAGE.right, below + 36 + byline_height), scale)
    names.setting(byline, STAGE.left, below + 26, MUTED)
    return Still.of(words), Still.of(rule, delay=0.12), Still.of(names, delay=0.18)
