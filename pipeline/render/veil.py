"""The sky of a figure's scene: its own detail, enlarged, blurred and darkened, drifting behind it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.render.layout import Scale
from pipeline.render.planes import Floats, Planes, pan, to_bytes, to_yuv
from pipeline.render.stage.layers import Moment
from pipeline.render.theme import NIGHT, Theme, mix

#: How far it drifts during a scene, in units, and how much larger than the frame the figure is shown.
_TRAVEL, _ENLARGED = 46.0, 1.9


class Veil:
    """Paints over the night's sky, coming and going with the scene."""

    def __init__(self, rgb: npt.NDArray[np.uint8], *, theme: Theme, scale: Scale, height: int) -> None:
        self._travel = scale.px(_TRAVEL)
        width = scale.width + 2 * int(self._travel / 2 + 2)
        self._planes = _tinted(_texture(rgb, width, height, scale), theme)
        self._scratch = Planes.empty(scale.width, height)

    def paint(self, heaven: Planes, moment: Moment) -> None:
        """Lay the veil over `heaven` as it is at this moment."""
        opacity = moment.entered() * moment.leaving
        offset = self._travel * moment.at / moment.seconds
        into = heaven if opacity >= 1 else self._scratch
        for source, out, step in (
            (self._planes.y, into.y, offset),
            (self._planes.u, into.u, offset / 2),
            (self._planes.v, into.v, offset / 2),
        ):
            pan(source, step, out)
        if opacity < 1:
            for over, under in (
                (into.y, heaven.y),
                (into.u, heaven.u),
                (into.v, heaven.v),
            ):
                cv2.addWeighted(over, opacity, under, 1 - opacity, 0, dst=under)


def _texture(rgb: npt.NDArray[np.uint8], width: int, height: int, scale: Scale) -> Floats:
    """Light (0 to 1) on dark, at half of the size asked for: a figure on white paper becomes a negative."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    if np.median(grey) > 0.5:
        grey = 1 - grey
    rows, columns = grey.shape
    factor = max(width / columns, height / rows) * _ENLARGED
    part_rows, part_columns = min(rows, round(height / factor)), min(columns, round(width / factor))
    top, left = (rows - part_rows) // 2, (columns - part_columns) // 2
    part = grey[top : top + max(part_rows, 1), left : left + max(part_columns, 1)]
    half = cv2.resize(part, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(half, (0, 0), max(scale.px(8), 0.8))
    low, high = np.percentile(soft[::3, ::3], (10, 98.5))
    out: Floats = np.clip((soft - low) / max(float(high), 0.12), 0, 1).astype(np.float32)
    return out


def _tinted(light: Floats, theme: Theme) -> Planes:
    """Shown in the theme's hue, at twice the size, fainter at the top, where the label stands."""
    rows, columns = light.shape
    depth = np.linspace(0, 1, 2 * rows, dtype=np.float32)[:, None, None]
    top, foot = (np.array(mix(NIGHT, theme.hill, share), np.float32) for share in (0.12, 0.62))
    base = to_yuv(top + (foot - top) * depth**2)
    bright = to_yuv(np.array(mix(theme.hill, theme.glow, 0.40), np.float32)[None, None])
    gain = (bright - base) * (0.16 + 0.50 * np.clip(depth * 1.4 - 0.2, 0, 1))
    large = cv2.resize(light, (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)
    luma = base[:, :, 0] + gain[:, :, 0] * large
    u, v = (base[::2, :, i] + gain[::2, :, i] * light for i in (1, 2))
    return Planes(to_bytes(luma), to_bytes(u), to_bytes(v))
