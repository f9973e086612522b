"""The sky of a figure's scene: its own detail, enlarged, blurred and darkened, drifting behind it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.render.layout import Scale
from pipeline.render.planes import Floats, Planes, pan
from pipeline.render.stage.layers import Moment
from pipeline.render.theme import NIGHT, Theme, mix

#: How far it drifts during a scene, in units, and how much larger than the frame the figure is shown.
_TRAVEL, _ENLARGED = 46.0, 1.9


class Veil:
    """Paints over the night's sky, coming and going with the scene."""

    def __init__(self, rgb: npt.NDArray[np.uint8], *, theme: Theme, scale: Scale, height: int) -> None:
        self._travel = scale.px(_TRAVEL)
        width = scale.width + 2 * int(self._travel / 2 + 2)
        self._planes = Planes.of_rgb(_tinted(_texture(rgb, width, height, scale), theme))
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
    """Light (0 to 1) on dark: a figure on white paper is turned into a negative."""
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
    soft = np.clip((soft - np.percentile(soft, 10)) / max(float(np.percentile(soft, 98.5)), 0.12), 0, 1)
    full: Floats = cv2.resize(soft.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return full


def _tinted(light: Floats, theme: Theme) -> Floats:
    """Shown in the theme's hue, fainter at the top, where the label stands."""
    height = light.shape[0]
    depth = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    base = np.array(mix(NIGHT, theme.hill, 0.12), np.float32)
    base = base + (np.array(mix(NIGHT, theme.hill, 0.62), np.float32) - base) * depth**2
    bright = np.array(mix(theme.hill, theme.glow, 0.40), np.float32)
    strength = 0.16 + 0.50 * np.clip(depth * 1.4 - 0.2, 0, 1)
    dither = np.random.default_rng(3).uniform(-0.9, 0.9, (*light.shape, 1)).astype(np.float32)
    out: Floats = base + (bright - base) * strength * light[:, :, None] + dither
    return out
