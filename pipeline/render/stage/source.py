"""The source card: the paper's full reference, and that a machine speaks."""

from __future__ import annotations

from pipeline.render.canvas import Canvas
from pipeline.render.layout import STAGE, Box, Scale
from pipeline.render.picture import SourcePicture
from pipeline.render.stage.layers import Layer, Still
from pipeline.render.theme import MUTED, NIGHT, TEXT, Theme
from pipeline.render.typography import Setting, fit

_PADDING = 36
#: Said on every source card.
MADE_BY = "AI-made narration"


def source_stage(picture: SourcePicture, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """One plate: title, a line for each fact, notes, and who speaks."""
    left, width = STAGE.left + _PADDING, STAGE.width - 2 * _PADDING
    px = scale.px

    def small(text: str, size: int, weight: int, lines: int) -> Setting:
        smallest = max(round(px(26)), 4)
        return fit(
            text,
            width=px(width),
            height=px(200),
            sizes=(max(round(px(size)), smallest), smallest),
            weight=weight,
            lines=lines,
        )

    rows = [(small(fact, 32, 500, 2), MUTED, 14.0 if i == 0 else 6.0) for i, fact in enumerate(picture.facts)]
    rows += [(small(note, 28, 550, 2), theme.second, 10.0) for note in picture.notes[:2]]
    rows.append((small(MADE_BY, 30, 650, 1), theme.accent, 16.0))
    below = sum(scale.units(setting.height) + gap for setting, _, gap in rows)
    title = fit(
        picture.title,
        width=px(width),
        height=px(STAGE.height - 2 * _PADDING - below),
        sizes=(round(px(56)), max(round(px(26)), 4)),
        weight=750,
        lines=12,
    )
    rows.insert(0, (title, TEXT, 0.0))
    height = sum(scale.units(setting.height) + gap for setting, _, gap in rows)
    top = STAGE.top + max(0.0, (STAGE.height - height - 2 * _PADDING) * 0.4)
    plate = Box(STAGE.left, top, STAGE.right, top + height + 2 * _PADDING)
    canvas = Canvas(Box(plate.left, plate.top, plate.right, plate.bottom), scale)
    canvas.rounded(plate, 28, NIGHT, 0.72)
    canvas.rounded(Box(plate.left, plate.top + 34, plate.left + 8, plate.bottom - 34), 4, theme.accent)
    y = top + _PADDING
    for setting, colour, gap in rows:
        y = canvas.setting(setting, left, y + gap, colour)
    return (Still.of(canvas),)
