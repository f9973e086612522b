"""The top of the frame: what part of the story this is, and thin segments that fill as it goes."""

from __future__ import annotations

from pipeline.render.canvas import Canvas
from pipeline.render.layout import LABEL_TOP, PROGRESS, SAFE, Box, Scale
from pipeline.render.planes import Planes, Sprite, blend
from pipeline.render.stage.layers import Moment, Still
from pipeline.render.theme import ALARM, NIGHT, TEXT, Colour, Theme
from pipeline.render.typography import Face, measure, presentable

_GAP = 8
_LABEL_SIZE = 32
#: As large as fits beside the label; the first where there is no room for one.
_BADGE_SIZES = (24, 20)
_BADGE_GAP = 12
_ALARMING = frozenset({"RETRACTED", "WITHDRAWN", "EXPRESSION OF CONCERN"})


class Header:
    """Label, badges at the right, and one segment a scene; the current one fills as the scene plays."""

    def __init__(
        self, *, label: str, badges: tuple[str, ...], index: int, count: int, theme: Theme, scale: Scale
    ) -> None:
        self._scale = scale
        self._title = self._label(label, badges, theme)
        self.texts = self._title.texts
        width = (PROGRESS.width - _GAP * (count - 1)) / count
        self._slots = [
            Box(left, PROGRESS.top, left + width, PROGRESS.bottom)
            for left in (PROGRESS.left + i * (width + _GAP) for i in range(count))
        ]
        self._index = index
        self._rest = self._bars(self._slots[index:], TEXT, 0.26)
        self._done = self._bars(self._slots[:index], theme.accent, 1.0)
        self._full = self._bars(self._slots[index : index + 1], theme.accent, 1.0)

    def draw(self, frame: Planes, moment: Moment) -> None:
        blend(frame, *self._rest)
        blend(frame, *self._done)
        sprite, left, top = self._full
        slot = self._slots[self._index]
        filled = self._scale.px(slot.left + slot.width * moment.at / moment.seconds) - left
        columns = min(2 * int(filled / 2), sprite.width)
        part = Sprite(
            sprite.planes.window(0, 0, columns, sprite.height),
            sprite.keep[:, :columns],
            sprite.keep_half[:, : columns // 2],
        )
        blend(frame, part, left, top)
        self._title.draw(frame, moment)

    def _bars(self, slots: list[Box], colour: Colour, opacity: float) -> tuple[Sprite, int, int]:
        canvas = Canvas(PROGRESS, self._scale)
        for slot in slots:
            canvas.rounded(slot, 3, colour, opacity)
        return canvas.placed()

    def _label(self, label: str, badges: tuple[str, ...], theme: Theme) -> Still:
        """Badges are set smaller where they would run into the label; it gives way to them where that is not enough."""
        canvas = Canvas(Box(SAFE.left, LABEL_TOP - 6, SAFE.right, PROGRESS.top - 2), self._scale)
        face = Face(round(self._scale.px(_LABEL_SIZE)), 650, 0.09)
        words = presentable(label.upper())
        room = SAFE.width - self._scale.units(measure(words, face))
        size = next((size for size in _BADGE_SIZES if self._width(badges, size) < room), None)
        if size is not None:
            canvas.line(words, SAFE.left, LABEL_TOP + 27, face, theme.accent)
        right, top = SAFE.right, LABEL_TOP - 2 + (_BADGE_SIZES[0] - (size or _BADGE_SIZES[0])) / 2
        for badge in badges:
            colour = ALARM if badge in _ALARMING else TEXT
            right = pill(canvas, badge, right, top, size or _BADGE_SIZES[0], colour) - _BADGE_GAP
        return Still.of(canvas, rise=0)

    def _width(self, badges: tuple[str, ...], size: float) -> float:
        return sum(pill_width(self._scale, presentable(badge), size) + _BADGE_GAP for badge in badges)


def pill(canvas: Canvas, words: str, right: float, top: float, size: float, colour: Colour) -> float:
    """A badge whose right end is at `right`; returns its left end."""
    text = presentable(words)
    width = pill_width(canvas.scale, text, size)
    canvas.rounded(Box(right - width, top, right, top + size * 1.56), size * 0.78, colour)
    canvas.line(text, right - width + size * 0.58, top + size * 1.13, _pill_face(canvas.scale, size), NIGHT)
    return right - width


def pill_width(scale: Scale, text: str, size: float) -> float:
    """How wide a badge is, in units."""
    return scale.units(measure(text, _pill_face(scale, size))) + size * 1.1


def _pill_face(scale: Scale, size: float) -> Face:
    return Face(round(scale.px(size)), 750, 0.06)
