"""Pictures as the encoder wants them: Y, U and V planes, BT.709, limited range, chroma at half resolution.

Composing in these planes touches half the bytes of RGB, needs no conversion per frame, and lets OpenCV's
integer arithmetic do the blending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

#: RGB (0-255) to Y'CbCr, ITU-R BT.709, limited range; the last column is added.
_BT709 = np.array(
    [
        [0.2126 * 219 / 255, 0.7152 * 219 / 255, 0.0722 * 219 / 255, 16],
        [-0.2126 / 1.8556 * 224 / 255, -0.7152 / 1.8556 * 224 / 255, 0.5 * 224 / 255, 128],
        [0.5 * 224 / 255, -0.7152 / 1.5748 * 224 / 255, -0.0722 / 1.5748 * 224 / 255, 128],
    ],
    dtype=np.float32,
)


@dataclass(frozen=True)
class Planes:
    """A picture without transparency: `y` is (height, width), `u` and `v` half of each."""

    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def empty(cls, width: int, height: int) -> Self:
        half = (height // 2, width // 2)
        return cls(
            np.zeros((height, width), np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8)
        )

    @classmethod
    def of_rgb(cls, rgb: npt.NDArray[np.uint8] | Floats) -> Self:
        """Convert (height, width, 3), both even, values 0 to 255. Fractions are rounded, not dithered."""
        return cls.of_yuv(to_yuv(np.asarray(rgb, np.float32)))

    @classmethod
    def of_yuv(cls, yuv: Floats) -> Self:
        """Round (height, width, 3) of Y'CbCr; chroma is averaged over two by two pixels."""
        half = cv2.resize(yuv[:, :, 1:], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return cls(to_bytes(yuv[:, :, 0]), to_bytes(half[:, :, 0]), to_bytes(half[:, :, 1]))

    def copy_to(self, other: Planes) -> None:
        np.copyto(other.y, self.y)
        np.copyto(other.u, self.u)
        np.copyto(other.v, self.v)

    def window(self, x: int, y: int, width: int, height: int) -> Planes:
        """A view on a part; all four numbers are even."""
        return Planes(
            self.y[y : y + height, x : x + width],
            self.u[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2],
            self.v[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2],
        )


@dataclass(frozen=True)
class Sprite:
    """A picture with transparency, premultiplied: `keep` is how much of what lies below shows (255 = all)."""

    planes: Planes
    keep: Plane
    keep_half: Plane

    @classmethod
    def of_rgba(cls, rgba: npt.NDArray[np.uint8]) -> Self:
        """Convert (height, width, 4), both even, straight alpha."""
        alpha = rgba[:, :, 3].astype(np.float32) / np.float32(255)
        yuv = to_yuv(rgba[:, :, :3].astype(np.float32)) * alpha[:, :, None]
        keep = np.float32(255) * (1 - alpha)
        keep_half = cv2.resize(keep, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return cls(Planes.of_yuv(yuv), to_bytes(keep), to_bytes(keep_half))

    @property
    def width(self) -> int:
        return int(self.keep.shape[1])

    @property
    def height(self) -> int:
        return int(self.keep.shape[0])

    def faded(self, opacity: float) -> Sprite:
        """The same with less of itself: 1 is as it is, 0 invisible."""
        y, u, v = (
            cv2.convertScaleAbs(p, alpha=opacity) for p in (self.planes.y, self.planes.u, self.planes.v)
        )
        keep, keep_half = (
            cv2.addWeighted(p, opacity, p, 0, 255 * (1 - opacity)) for p in (self.keep, self.keep_half)
        )
        return Sprite(Planes(y, u, v), keep, keep_half)

    def revealed(self, order: Plane, progress: float) -> Sprite:
        """The part whose `order` (0 first, 254 last) has come by `progress` (0 to 1)."""
        shown = np.clip((progress * 262 - np.arange(256)) / 6, 0, 1)
        mask = cv2.LUT(order, (255 * shown).astype(np.uint8))
        half = cv2.resize(
            mask, (self.keep_half.shape[1], self.keep_half.shape[0]), interpolation=cv2.INTER_AREA
        )
        p = self.planes
        return Sprite(
            Planes(_times(p.y, mask), _times(p.u, half), _times(p.v, half)),
            cv2.bitwise_not(_times(cv2.bitwise_not(self.keep), mask)),
            cv2.bitwise_not(_times(cv2.bitwise_not(self.keep_half), half)),
        )

    def shifted(self, right: float, down: float) -> Sprite:
        """The same moved by a part of a pixel (0 to 2 each); needs a clear margin of 2 px."""

        def moved(plane: Plane, x: float, y: float, border: int) -> Plane:
            matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
            size = (plane.shape[1], plane.shape[0])
            out: Plane = cv2.warpAffine(
                plane, matrix, size, borderMode=cv2.BORDER_CONSTANT, borderValue=border
            )
            return out

        p = self.planes
        return Sprite(
            Planes(
                moved(p.y, right, down, 0),
                moved(p.u, right / 2, down / 2, 0),
                moved(p.v, right / 2, down / 2, 0),
            ),
            moved(self.keep, right, down, 255),
            moved(self.keep_half, right / 2, down / 2, 255),
        )


def blend(frame: Planes, sprite: Sprite, x: int, y: int) -> None:
    """Lay `sprite` on `frame` with its corner at (x, y), both even; what hangs over the edge is cut."""
    height, width = frame.y.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + sprite.width), min(height, y + sprite.height)
    if right <= left or bottom <= top:
        return
    into = frame.window(left, top, right - left, bottom - top)
    part = sprite.planes.window(left - x, top - y, right - left, bottom - top)
    keep = sprite.keep[top - y : bottom - y, left - x : right - x]
    keep_half = sprite.keep_half[(top - y) // 2 : (bottom - y) // 2, (left - x) // 2 : (right - x) // 2]
    blend_plane(into.y, part.y, keep)
    blend_plane(into.u, part.u, keep_half)
    blend_plane(into.v, part.v, keep_half)


def blend_plane(into: Plane, part: Plane, keep: Plane) -> None:
    cv2.multiply(into, keep, dst=into, scale=1 / 255)
    cv2.add(into, part, dst=into)


def float_blend(frame: Planes, sprite: Sprite, x: float, y: float, opacity: float = 1.0) -> None:
    """As `blend`, at any place and strength."""
    if opacity <= 0.004:
        return
    whole_x, whole_y = 2 * int(x // 2), 2 * int(y // 2)
    if x != whole_x or y != whole_y:
        sprite = sprite.shifted(x - whole_x, y - whole_y)
    if opacity < 0.996:
        sprite = sprite.faded(opacity)
    blend(frame, sprite, whole_x, whole_y)


def pan(source: Plane, offset: float, out: Plane) -> None:
    """Write into `out` what `source` (wider than `out`) shows from column `offset`, a fraction allowed."""
    whole = int(offset)
    part = offset - whole
    width = out.shape[1]
    if part < 0.002:
        np.copyto(out, source[:, whole : whole + width])
        return
    cv2.addWeighted(
        source[:, whole : whole + width], 1 - part, source[:, whole + 1 : whole + 1 + width], part, 0, dst=out
    )


def _times(plane: Plane, share: Plane) -> Plane:
    """`plane` with 0 to 255 255ths of it left."""
    out: Plane = cv2.multiply(plane, share, scale=1 / 255)
    return out


def to_yuv(rgb: Floats) -> Floats:
    """Y'CbCr of (height, width, 3) in the range of bytes, not yet rounded."""
    out: Floats = cv2.transform(rgb, _BT709)
    return out


def to_bytes(values: npt.NDArray[np.floating[Any]]) -> Plane:
    out: Plane = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return out
