"""A figure on a sheet of paper, looked at by a camera: first whole, then along it if it is narrow or flat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.render.canvas import Canvas
from pipeline.render.layout import PICTURE, SAFE, Box, Scale
from pipeline.render.picture import SheetPicture
from pipeline.render.pictures import resized
from pipeline.render.planes import Plane, Planes, Sprite, float_blend
from pipeline.render.stage.layers import RISE, Layer, Moment, Still, ease_in_out
from pipeline.render.theme import MUTED, PAPER_WHITE, TEXT, mix
from pipeline.render.typography import fit

_PADDING = 18
_CREDIT_SIZE = 27
#: Lighter than other small type: what lies behind it is lighter too.
CREDIT = mix(MUTED, TEXT, 0.5)
#: The whole figure is shown this long before the camera moves closer, in seconds.
WHOLE = 1.6
#: A figure that grows into its sheet begins at this share of its size: a zoom of 1.08.
_BEGIN = 0.926
#: Below these shares of the window a whole figure is too narrow or too flat to be read.
_NARROW, _FLAT = 0.62, 0.46
#: The camera comes no closer than this, and not at all in scenes shorter than this (seconds).
_CLOSEST, _SHORTEST = 2.6, 4.0
#: Steps between the sizes that a picture is kept in, so that shrinking it never flickers.
_STEP = 1.3


@dataclass(frozen=True)
class View:
    """What the camera sees at `at` seconds: the point of the picture (0 to 1 each way) in the middle of
    the window, and how large the picture is (pixels of the frame a pixel of the picture)."""

    at: float
    x: float
    y: float
    zoom: float


class Sheet:
    """The paper, the picture on it, and its credit below."""

    def __init__(
        self, picture: SheetPicture, rgb: npt.NDArray[np.uint8], seconds: float, scale: Scale
    ) -> None:
        self._window, self.views = _frame_up(rgb.shape[1], rgb.shape[0], seconds, scale)
        self._size = (rgb.shape[1], rgb.shape[0])
        self._paper = _paper(self._window, scale)
        self._levels = _levels(rgb, [view.zoom for view in self.views])
        self._left, self._top = scale.even(self._window.left), scale.even(self._window.top)
        self._width, self._height = scale.even(self._window.width), scale.even(self._window.height)
        self._scratch = Planes.empty(self._width, self._height)
        self._rise = scale.px(RISE)
        none = np.zeros((self._height, self._width), np.uint8)
        self._opaque = Sprite(self._scratch, none, none[::2, ::2].copy())
        self._credit = _credit(picture.credit, self._window, scale)
        self.texts = self._credit.texts if self._credit else ()

    def draw(self, frame: Planes, moment: Moment) -> None:
        self._paper.draw(frame, moment)
        entered = moment.entered()
        opacity = entered * moment.leaving
        if opacity > 0.996:
            self._look(frame.window(self._left, self._top, self._width, self._height), moment)
        else:
            self._look(self._scratch, moment)
            float_blend(frame, self._opaque, self._left, self._top + self._rise * (1 - entered), opacity)
        if self._credit:
            self._credit.draw(frame, moment)

    def _look(self, into: Planes, moment: Moment) -> None:
        view = view_at(self.views, moment.at)
        zoom, level = next(((z, p) for z, p in self._levels if z >= view.zoom * 0.995), self._levels[-1])
        ratio = view.zoom / zoom
        x = self._width / 2 - view.x * self._size[0] * view.zoom
        y = self._height / 2 - view.y * self._size[1] * view.zoom
        _warp(level.y, into.y, ratio, x, y, 231)
        _warp(level.u, into.u, ratio, x / 2, y / 2, 128)
        _warp(level.v, into.v, ratio, x / 2, y / 2, 128)


def view_at(views: tuple[View, ...], at: float) -> View:
    """Where the camera is `at` seconds: between two views it starts and stops gently."""
    before = [view for view in views if view.at <= at] or [views[0]]
    after = [view for view in views if view.at > at] or [views[-1]]
    a, b = before[-1], after[0]
    if b.at <= a.at:
        return a
    t = ease_in_out((at - a.at) / (b.at - a.at))
    return View(
        at,
        a.x + (b.x - a.x) * t,
        a.y + (b.y - a.y) * t,
        math.exp((1 - t) * math.log(a.zoom) + t * math.log(b.zoom)),
    )


def _frame_up(width: int, height: int, seconds: float, scale: Scale) -> tuple[Box, tuple[View, ...]]:
    """The window on the sheet (units) and the views for a picture of that size."""
    room = Box(
        PICTURE.left + _PADDING, PICTURE.top + _PADDING, PICTURE.right - _PADDING, PICTURE.bottom - _PADDING
    )
    whole = min(room.width / width, room.height / height)
    narrow, flat = width * whole < _NARROW * room.width, height * whole < _FLAT * room.height
    if (narrow or flat) and seconds >= _SHORTEST:
        fill = room.width / width if narrow else room.height / height
        close = min(fill * 0.985, whole * _CLOSEST)
        return room, _along(whole * 0.97, close, width, height, room, seconds, scale)
    size = (max(width * whole, 120), max(height * whole, 80))
    middle = ((room.left + room.right) / 2, (room.top + room.bottom) / 2)
    window = Box(
        middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[0] + size[0] / 2, middle[1] + size[1] / 2
    )
    zoom = scale.px(whole)
    return window, (View(0, 0.5, 0.5, zoom * _BEGIN), View(max(seconds - 0.1, 0.1), 0.5, 0.5, zoom))


def _along(
    whole: float, close: float, width: int, height: int, room: Box, seconds: float, scale: Scale
) -> tuple[View, ...]:
    """Whole; then close at its beginning; then along it to its end."""
    shown_x, shown_y = min(room.width / (width * close), 1), min(room.height / (height * close), 1)
    first, last = (shown_x / 2, shown_y / 2), (1 - shown_x / 2, 1 - shown_y / 2)
    near = scale.px(close)
    arrive = WHOLE + 0.9
    return (
        View(0, 0.5, 0.5, scale.px(whole) * 0.97),
        View(WHOLE, 0.5, 0.5, scale.px(whole)),
        View(arrive, *first, near),
        View(max(seconds - 0.3, arrive + 0.1), *last, near),
    )


def _levels(rgb: npt.NDArray[np.uint8], zooms: list[float]) -> list[tuple[float, Planes]]:
    """The picture in the sizes that the camera will want, smallest first, each with its zoom."""
    height, width = rgb.shape[:2]
    paper = np.array([channel / 255 for channel in PAPER_WHITE], np.float32)
    count = max(1, math.ceil(math.log(max(zooms) / min(zooms)) / math.log(_STEP)))
    levels = []
    for step in range(count - 1, -1, -1):
        zoom = max(zooms) / _STEP**step
        size = [max(2, 2 * round(side * zoom / 2)) for side in (width, height)]
        levels.append((zoom, Planes.of_rgb(resized(rgb, size[0], size[1]) * paper)))
    return levels


def _warp(source: Plane, into: Plane, ratio: float, x: float, y: float, paper: int) -> None:
    """Show `source` at `ratio` of its size with its corner at (x, y); around it is paper."""
    matrix = np.array(
        [[1 / ratio, 0, (0.5 - x) / ratio - 0.5], [0, 1 / ratio, (0.5 - y) / ratio - 0.5]], np.float32
    )
    cv2.warpAffine(
        source,
        matrix,
        (into.shape[1], into.shape[0]),
        dst=into,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=paper,
    )


def _paper(window: Box, scale: Scale) -> Still:
    sheet = Box(
        window.left - _PADDING, window.top - _PADDING, window.right + _PADDING, window.bottom + _PADDING
    )
    canvas = Canvas(Box(sheet.left - 40, sheet.top - 24, sheet.right + 40, sheet.bottom + 64), scale)
    canvas.shadow(Box(sheet.left + 4, sheet.top + 16, sheet.right - 4, sheet.bottom + 20), 24, 15, 0.62)
    canvas.rounded(sheet, 18, PAPER_WHITE)
    return Still.of(canvas)


def _credit(credit: str, window: Box, scale: Scale) -> Still | None:
    """Under the sheet, flush with the picture as far as the safe box lets it."""
    if not credit.strip():
        return None
    top = window.bottom + _PADDING + 12
    size = max(round(scale.px(_CREDIT_SIZE)), 4)
    setting = fit(
        credit, width=scale.px(SAFE.width), height=scale.px(42), sizes=(size, size), weight=550, lines=1
    )
    width = scale.units(setting.width)
    left = min(max(SAFE.left, window.left - _PADDING), SAFE.right - width)
    canvas = Canvas(Box(left, top, left + width + 2, top + 42), scale)
    canvas.setting(setting, left, top, CREDIT)
    return Still.of(canvas, delay=0.1)


def sheet_stage(
    picture: SheetPicture, rgb: npt.NDArray[np.uint8], seconds: float, scale: Scale
) -> tuple[Layer, ...]:
    """The stage of a figure or a user's picture."""
    return (Sheet(picture, rgb, seconds, scale),)
