"""Drawing stills in layout units: a sheet that becomes a sprite and remembers its words' boxes."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from pipeline.render.layout import Box, Scale
from pipeline.render.planes import Sprite
from pipeline.render.theme import Colour
from pipeline.render.typography import Face, Setting, draw, measure


class Canvas:
    """A transparent sheet over `area` (units), with a clear margin so that its sprite may be shifted."""

    MARGIN = 4

    def __init__(self, area: Box, scale: Scale) -> None:
        self.scale = scale
        self.left, self.top = scale.even(area.left) - self.MARGIN, scale.even(area.top) - self.MARGIN
        width = scale.even(area.width) + 2 * self.MARGIN
        height = scale.even(area.height) + 2 * self.MARGIN
        self.image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        self.texts: list[Box] = []

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel on this sheet of a point in units."""
        return self.scale.px(x) - self.left, self.scale.px(y) - self.top

    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def line(self, text: str, x: float, baseline: float, face: Face, fill: Colour) -> None:
        """A line of text whose left end is at `x`, and its box."""
        left, bottom = self.at(x, baseline)
        draw(self.pen(), (left, bottom), text, face, fill)
        size = self.scale.units(face.size)
        width = self.scale.units(measure(text, face))
        self.texts.append(Box(x, baseline - 0.76 * size, x + width, baseline + 0.22 * size))

    def setting(
        self, setting: Setting, x: float, top: float, fill: Colour, *, centred: bool = False
    ) -> float:
        """Set lines below `top`, flush left at `x` or centred on it. Returns where they end."""
        leading = self.scale.units(setting.leading)
        size = self.scale.units(setting.face.size)
        for number, text in enumerate(setting.lines):
            shift = self.scale.units(measure(text, setting.face)) / 2 if centred else 0
            self.line(text, x - shift, top + number * leading + 0.80 * size, setting.face, fill)
        return top + leading * len(setting.lines)

    def rounded(self, box: Box, radius: float, fill: Colour, opacity: float = 1.0) -> None:
        """A rounded rectangle with smooth edges, laid over what is there."""
        self._lay(*self._mask(box, radius, opacity, margin=2), fill)

    def shadow(self, box: Box, radius: float, blur: float, opacity: float) -> None:
        """A soft dark shape under what is drawn next."""
        pixels = max(self.scale.px(blur), 0.5)
        mask, corner = self._mask(box, radius, opacity, margin=int(3 * pixels) + 2)
        soft = cv2.GaussianBlur(np.asarray(mask), (0, 0), pixels)
        self._lay(Image.fromarray(soft), corner, (2, 4, 10))

    def _lay(self, mask: Image.Image, corner: tuple[int, int], fill: Colour) -> None:
        over = Image.new("RGBA", mask.size, (*fill, 0))
        over.putalpha(mask)
        self.image.alpha_composite(over, corner)

    def placed(self) -> tuple[Sprite, int, int]:
        """What was drawn, cut to itself and a clear margin, and the frame's pixel where its corner goes."""
        drawn = self.image.getbbox() or (0, 0, 2, 2)
        left, top = (2 * max(0, (edge - self.MARGIN) // 2) for edge in drawn[:2])
        right, bottom = (
            min(side, 2 * ((edge + self.MARGIN + 1) // 2))
            for edge, side in zip(drawn[2:], self.image.size, strict=True)
        )
        part = self.image.crop((left, top, right, bottom))
        return Sprite.of_rgba(np.asarray(part)), self.left + left, self.top + top

    def _mask(
        self, box: Box, radius: float, opacity: float, *, margin: int
    ) -> tuple[Image.Image, tuple[int, int]]:
        """The shape's own surroundings only, averaged from a grid four times as fine, and its corner."""
        finer = 4
        (left, top), (right, bottom) = self.at(box.left, box.top), self.at(box.right, box.bottom)
        x0, y0 = max(0, int(left) - margin), max(0, int(top) - margin)
        x1, y1 = (
            min(self.image.width, int(right) + margin + 1),
            min(self.image.height, int(bottom) + margin + 1),
        )
        part = Image.new("L", ((x1 - x0) * finer, (y1 - y0) * finer), 0)
        corners = (
            (left - x0) * finer,
            (top - y0) * finer,
            (right - x0) * finer - 1,
            (bottom - y0) * finer - 1,
        )
        pen = ImageDraw.Draw(part)
        pen.rounded_rectangle(corners, radius=self.scale.px(radius) * finer, fill=round(255 * opacity))
        return part.reduce(finer), (x0, y0)
