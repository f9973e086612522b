"""Generated footage: it fills the frame, darkened where words stand on it, with its credit below the label."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from pipeline.errors import DamagedFileError
from pipeline.render.canvas import Canvas
from pipeline.render.encode import planes_of
from pipeline.render.layout import CAPTION_AREA, PROGRESS, SAFE, STAGE, Box, Scale
from pipeline.render.picture import FootagePicture
from pipeline.render.planes import Floats, Plane, Planes, blend_plane, to_bytes, to_yuv
from pipeline.render.stage.layers import Layer, Moment, Still
from pipeline.render.stage.title import title_stage
from pipeline.render.theme import NIGHT, TEXT, Theme
from pipeline.render.typography import fit

#: How much of the night lies over the footage (0 to 1): everywhere, behind the label, behind a title, at the captions.
_ALL, _LABEL, _TITLE, _CAPTIONS = 0.10, 0.84, 0.84, 0.34
_CREDIT_SIZE = 25
#: Below the progress segments, above the stage.
_CREDIT_TOP = PROGRESS.bottom + 9


class Reel:
    """The frames of a file, one after the other; going back begins anew. After its last frame that one stays."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._frames: Iterator[Any] = iter(())
        self._at = -1
        self._frame: Planes | None = None

    def frame(self, number: int) -> Planes:
        """Frame `number` (from 0). Raises `DamagedFileError` when the file can't be decoded."""
        if self._frame is None or number < self._at:
            self._frames, self._at = self._decoded(), -1
        while self._at < number:
            frame = next(self._frames, None)
            if frame is None:
                break
            self._frame, self._at = planes_of(frame), self._at + 1
        if self._frame is None:
            raise self._damaged()
        return self._frame

    def _decoded(self) -> Iterator[Any]:
        try:
            with av.open(str(self._file)) as container:
                container.streams.video[0].thread_type = "NONE"
                for frame in container.decode(video=0):
                    yield frame if frame.format.name == "yuv420p" else frame.reformat(format="yuv420p")
        except (av.error.FFmpegError, OSError, IndexError) as error:
            raise self._damaged() from error

    @staticmethod
    def _damaged() -> DamagedFileError:
        return DamagedFileError("The footage of a scene can't be read.", "Redo the scene.")


class Backdrop:
    """The footage, coming and going with the scene over the ground, and the shade on it."""

    texts: tuple[Box, ...] = ()

    def __init__(self, reel: Reel, *, titled: bool, fps: int, scale: Scale) -> None:
        self._reel = reel
        self._fps = fps
        self._scratch = Planes.empty(scale.width, scale.height)
        self._shade, self._keep = _shade(scale, titled=titled)

    def draw(self, frame: Planes, moment: Moment) -> None:
        shown = self._reel.frame(round(moment.at * self._fps))
        into = self._scratch
        for source, out in ((shown.y, into.y), (shown.u, into.u), (shown.v, into.v)):
            if source.shape == out.shape:
                np.copyto(out, source)
            else:
                larger = source.shape < out.shape
                way = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
                cv2.resize(source, (out.shape[1], out.shape[0]), dst=out, interpolation=way)
        blend_plane(into.y, self._shade.y, self._keep)
        half = self._keep[::2, ::2]
        blend_plane(into.u, self._shade.u, half)
        blend_plane(into.v, self._shade.v, half)
        opacity = moment.entered() * moment.leaving
        for over, under in ((into.y, frame.y), (into.u, frame.u), (into.v, frame.v)):
            cv2.addWeighted(over, opacity, under, 1 - opacity, 0, dst=under)


def footage_stage(picture: FootagePicture, file: Path, theme: Theme, scale: Scale) -> tuple[Layer, ...]:
    """The stage of a scene that shows footage from `file`, at the video's rate."""
    from pipeline.model import FPS

    backdrop = Backdrop(Reel(file), titled=picture.title is not None, fps=FPS, scale=scale)
    title = title_stage(picture.title, theme, scale) if picture.title is not None else ()
    return backdrop, _credit(picture.credit, scale), *title


def _credit(credit: str, scale: Scale) -> Still:
    size = max(round(scale.px(_CREDIT_SIZE)), 4)
    setting = fit(
        credit, width=scale.px(SAFE.width), height=scale.px(34), sizes=(size, size), weight=600, lines=1
    )
    canvas = Canvas(Box(SAFE.left, _CREDIT_TOP, SAFE.right, _CREDIT_TOP + 34), scale)
    canvas.setting(setting, SAFE.left, _CREDIT_TOP, TEXT)
    return Still.of(canvas, rise=0)


def _shade(scale: Scale, *, titled: bool) -> tuple[Planes, Plane]:
    """The night's share in each row, premultiplied, and how much of the footage is kept."""
    rows = np.arange(scale.height, dtype=np.float32) / scale.px(1)
    points = [(0.0, _LABEL * 0.6), (SAFE.top - 60, _LABEL), (_CREDIT_TOP + 50, _LABEL)]
    if titled:
        points += [(STAGE.top + 80, _TITLE), (STAGE.bottom - 60, _TITLE)]
    else:
        points += [(STAGE.top + 260, _ALL), (STAGE.bottom - 260, _ALL)]
    points += [
        (CAPTION_AREA.top + 40, _CAPTIONS),
        (CAPTION_AREA.bottom, _CAPTIONS),
        (CAPTION_AREA.bottom + 360, _ALL),
    ]
    heights, shares = zip(*points, strict=True)
    edged = np.interp(rows, heights, shares).astype(np.float32)
    share = cv2.GaussianBlur(edged[:, None], (0, 0), scale.px(34), borderType=cv2.BORDER_REPLICATE)[:, 0]
    night = to_yuv(np.array(NIGHT, np.float32)[None, None])[0, 0]
    alpha: Floats = np.repeat(share[:, None], scale.width, axis=1)
    half = alpha[::2, ::2]
    planes = Planes(to_bytes(alpha * night[0]), to_bytes(half * night[1]), to_bytes(half * night[2]))
    return planes, to_bytes(255 * (1 - alpha))
