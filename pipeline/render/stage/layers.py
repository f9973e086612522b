"""What a stage is made of: layers that come in, stay and leave, each drawn for a moment of the scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from pipeline.render.canvas import Canvas
from pipeline.render.layout import Box, Scale
from pipeline.render.planes import Plane, Planes, Sprite, blend, float_blend

#: How long things take to come in and to leave, in seconds, and how far they rise as they come, in units.
ENTER, LEAVE, RISE = 0.3, 0.2, 26.0


@dataclass(frozen=True)
class Moment:
    """A point of a scene: `at` of `seconds`."""

    at: float
    seconds: float

    def entered(self, delay: float = 0.0, duration: float = ENTER) -> float:
        """How far something that comes after `delay` seconds is there: 0 to 1, eased out."""
        return ease_out((self.at - delay) / duration)

    @property
    def leaving(self) -> float:
        """1 until the scene is about to end, then down to nearly 0 at its last frame."""
        return min(1.0, max(0.0, (self.seconds - self.at) / LEAVE))


class Layer(Protocol):
    """Something on the stage. `texts` are the boxes of what must be read, in units."""

    @property
    def texts(self) -> tuple[Box, ...]: ...

    def draw(self, frame: Planes, moment: Moment) -> None: ...


@dataclass(frozen=True)
class Still:
    """A sprite that rises in after `delay` seconds, stays, and fades before the cut."""

    sprite: Sprite
    left: int
    top: int
    scale: Scale
    delay: float = 0.0
    rise: float = RISE
    texts: tuple[Box, ...] = ()

    @classmethod
    def of(cls, canvas: Canvas, delay: float = 0.0, rise: float = RISE) -> Still:
        return cls(*canvas.placed(), canvas.scale, delay, rise, tuple(canvas.texts))

    def draw(self, frame: Planes, moment: Moment) -> None:
        entered = moment.entered(self.delay)
        opacity = entered * moment.leaving
        if opacity > 0.996:
            blend(frame, self.sprite, self.left, self.top)
        else:
            down = self.scale.px(self.rise) * (1 - entered)
            float_blend(frame, self.sprite, self.left, self.top + down, opacity)


@dataclass(frozen=True)
class Drawn:
    """A sprite that is drawn like a line: its pixels appear in `order` (0 to 254) over `duration` seconds."""

    still: Still
    order: Plane
    duration: float
    texts: tuple[Box, ...] = field(default=())

    def draw(self, frame: Planes, moment: Moment) -> None:
        progress = ease_in_out((moment.at - self.still.delay) / self.duration)
        if progress <= 0:
            return
        sprite = self.still.sprite
        part = sprite if progress >= 1 else sprite.revealed(self.order, progress)
        float_blend(frame, part, self.still.left, self.still.top, moment.leaving)


def ease_out(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return 1 - (1 - x) ** 3


def ease_in_out(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
