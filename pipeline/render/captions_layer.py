"""The words as they are spoken: two lines on a dark plate, the one being said on an accent pill."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipeline.model import Cue
from pipeline.render.canvas import Canvas
from pipeline.render.layout import CAPTION_AREA, CAPTION_CENTRE, CAPTION_SIZE, CAPTION_WIDTH, Box, Scale
from pipeline.render.planes import Planes, Sprite, float_blend
from pipeline.render.theme import NIGHT, TEXT, Theme
from pipeline.render.typography import Face, break_lines, measure, presentable

_LINES: Final = 2
_LEADING: Final = 82
#: Space around the lines on the plate, around a word on its pill, and between words (units at full size).
_PLATE, _PILL, _SPACE = (30, 20), (10, 6), 22
_POP: Final = 0.1


@lru_cache(maxsize=2048)
def caption_fits(text: str) -> bool:
    """Whether `text` has room in two caption lines at full size."""
    lines = break_lines(presentable(text).split(), Face(CAPTION_SIZE, 800), CAPTION_WIDTH, space=_SPACE)
    return lines is not None and len(lines) <= _LINES


class Captions:
    """Draws the cues of one scene. Keeps the sprites of the cue on screen only."""

    def __init__(self, cues: Sequence[Cue], *, theme: Theme, scale: Scale) -> None:
        self._cues = cues
        self._theme = theme
        self._scale = scale
        self._sprites: dict[int, tuple[Sprite, int, int]] = {}
        self._shown: Cue | None = None

    def draw(self, frame: Planes, at: float) -> None:
        """Draw what stands there `at` seconds into the scene."""
        cue = next((c for c in self._cues if c.start <= at < c.end), None)
        if cue is None:
            return
        if cue is not self._shown:
            self._sprites, self._shown = {}, cue
        word = spoken_word(cue, at)
        if word not in self._sprites:
            self._sprites[word] = self._sprite(cue, word)
        sprite, left, top = self._sprites[word]
        after_gap = all(
            other.end < cue.start for other in self._cues if other is not cue and other.start < cue.start
        )
        opacity = min((at - cue.start + 0.03) / _POP, 1.0) if after_gap else 1.0
        float_blend(frame, sprite, left, top, opacity)

    def texts(self, at: float) -> list[Box]:
        """The boxes of the lines that stand there `at` seconds into the scene."""
        cue = next((c for c in self._cues if c.start <= at < c.end), None)
        return self._canvas(cue, -1).texts if cue else []

    def _sprite(self, cue: Cue, spoken: int) -> tuple[Sprite, int, int]:
        return self._canvas(cue, spoken).placed()

    def _canvas(self, cue: Cue, spoken: int) -> Canvas:
        """The cue with word `spoken` marked."""
        canvas = Canvas(CAPTION_AREA, self._scale)
        words = [presentable(word.shown) for word in cue.words]
        face, lines = _set(words, self._scale)
        units = self._scale.units
        leading = _LEADING * units(face.size) / CAPTION_SIZE
        middle = (CAPTION_AREA.top + CAPTION_AREA.bottom) / 2
        top = middle - leading * len(lines) / 2
        space = _SPACE * units(face.size) / CAPTION_SIZE
        widths = [
            sum(units(measure(words[i], face)) for i in line) + space * (len(line) - 1) for line in lines
        ]
        half = max(widths) / 2 + _PLATE[0]
        plate = Box(
            CAPTION_CENTRE - half,
            top - _PLATE[1],
            CAPTION_CENTRE + half,
            top + leading * len(lines) + _PLATE[1],
        )
        canvas.rounded(plate, 30, NIGHT, 0.80)
        for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
            x, baseline = CAPTION_CENTRE - width / 2, top + (number + 0.76) * leading
            for index in line:
                x = self._word(canvas, words[index], x, baseline, face, index == spoken) + space
        return canvas

    def _word(self, canvas: Canvas, word: str, x: float, baseline: float, face: Face, spoken: bool) -> float:
        """Draw a word at `x`; returns where it ends."""
        size, width = self._scale.units(face.size), self._scale.units(measure(word, face))
        if spoken:
            across, along = _PILL[0], _PILL[1]
            top, bottom = baseline - 0.74 * size - along, baseline + 0.20 * size + along
            canvas.rounded(Box(x - across, top, x + width + across, bottom), 16, self._theme.accent)
        canvas.line(word, x, baseline, face, NIGHT if spoken else TEXT)
        return x + width


def spoken_word(cue: Cue, at: float) -> int:
    """The word being said `at` seconds: the last one that has begun."""
    begun = [i for i, word in enumerate(cue.words) if word.start <= at]
    return begun[-1] if begun else 0


def _set(words: list[str], scale: Scale) -> tuple[Face, list[list[int]]]:
    """The largest size up to the caption's own at which the words fit, and the words of each line."""
    size = round(scale.px(CAPTION_SIZE))
    width = scale.px(CAPTION_WIDTH)
    while True:
        face = Face(size, 800)
        lines = break_lines(words, face, width, space=size * _SPACE / CAPTION_SIZE)
        if (lines is not None and len(lines) <= _LINES) or size <= 6:
            break
        size -= 1
    groups, index = [], 0
    for line in lines or [" ".join(words)]:
        count = len(line.split())
        groups.append(list(range(index, index + count)))
        index += count
    return face, groups
