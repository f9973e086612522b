"""Where things stand. All numbers are in units of a 1080 × 1920 frame; `Scale` turns them into pixels."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 1080, 1920


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def contains(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


#: What must be read stays in here: what TikTok, Reels and Shorts all leave free of their own buttons.
SAFE = Box(65, 269, 930, 1248)
#: Where the picture of a scene stands, between the label and the captions.
STAGE = Box(65, 362, 930, 1004)
#: Figures may be wider than text: nothing of theirs has to be read at the edge.
PICTURE = Box(44, 354, 1036, 956)
#: The label line and the progress segments.
LABEL_TOP = 272
PROGRESS = Box(65, 322, 930, 328)
#: Captions stand on this centre line, not wider than this.
CAPTION_CENTRE = 498
CAPTION_WIDTH = 800
CAPTION_AREA = Box(80, 1034, 916, 1248)
CAPTION_SIZE = 64


@dataclass(frozen=True)
class Scale:
    """Units to pixels. Frames are 9:16; `width` and `height` in pixels, both even."""

    width: int
    height: int

    def px(self, units: float) -> float:
        return units * self.width / WIDTH

    def even(self, units: float) -> int:
        """To the nearest even pixel: chroma has half the resolution, so only these need no resampling."""
        return 2 * round(self.px(units) / 2)

    def units(self, pixels: float) -> float:
        return pixels * WIDTH / self.width
