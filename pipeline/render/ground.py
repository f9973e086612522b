"""What every scene stands on: night over hills, with a light behind them that rises as the story goes.

All of it depends on the place in the story alone (0 at the first frame of the video, 1 after the last), so
each scene begins in the state in which the one before it ended, and can be drawn without knowing it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.render.layout import HEIGHT, Scale
from pipeline.render.planes import (
    Floats,
    Plane,
    Planes,
    Sprite,
    blend,
    blend_plane,
    float_blend,
    pan,
    to_bytes,
    to_yuv,
)
from pipeline.render.theme import NIGHT, Theme, mix


@dataclass(frozen=True)
class _Range:
    """A row of hills: the mean height of its ridge and how far that swings, how far it moves in the whole
    story (units), how long its waves are, and how much of the hill's hue it has left against the night."""

    ridge: float
    swing: float
    travel: float
    wave: float
    tone: float


#: From far to near: farther hills are paler, smoother and slower.
_RANGES = (
    _Range(ridge=1246, swing=64, travel=90, wave=760, tone=0.92),
    _Range(ridge=1398, swing=84, travel=190, wave=620, tone=0.68),
    _Range(ridge=1566, swing=92, travel=330, wave=700, tone=0.46),
    _Range(ridge=1752, swing=74, travel=520, wave=880, tone=0.26),
)
#: Steps a unit in which the colour of a hill is tabled.
_FINENESS = 16
#: The light: the radii of its halo and its disc, and the path of its centre over the story, in units.
_HALO_RADIUS, _DISC_RADIUS = 620, 96
_LIGHT_FROM, _LIGHT_TO = (700.0, 1440.0), (890.0, 1168.0)


@dataclass(frozen=True)
class _Hills:
    """One range, wider than the frame by its travel. `top` to `solid` hold the ridge, below is opaque."""

    top: int
    solid: int
    bottom: int
    travel: float
    planes: Planes
    keep: Plane
    keep_half: Plane


class Ground:
    """Draws the ground of one paper at one size. Keeps its layers, about 20 MB at full size."""

    def __init__(self, *, theme: Theme, seed: int, scale: Scale) -> None:
        self._scale = scale
        random = np.random.default_rng(seed)
        self._sky = _sky(theme, random, scale)
        self._halo, self._disc = Sprite.of_rgba(_halo(theme, scale)), Sprite.of_rgba(_disc(theme, scale))
        bottoms = [*(r.ridge + r.swing * 1.6 for r in _RANGES[1:]), float(HEIGHT)]
        self._hills = [
            _hills(r, bottom, theme, random, scale) for r, bottom in zip(_RANGES, bottoms, strict=True)
        ]
        self._scratch = np.empty((scale.height, scale.width), np.uint8)
        self._scratch_half = np.empty((scale.height // 2, scale.width // 2), np.uint8)

    @property
    def horizon(self) -> int:
        """The first row (pixels, even) that no sky reaches."""
        return self._hills[0].solid

    def draw(self, frame: Planes, story: float, veil: Callable[[Planes], None] | None = None) -> None:
        """Fill `frame`; `story` is the place in the story (0 to 1), `veil` paints over the sky's part."""
        px = self._scale.px
        above = (0, 0, self._scale.width, self.horizon)
        heaven = frame.window(*above)
        self._sky.window(*above).copy_to(heaven)
        if veil:
            veil(heaven)
        rise = 0.5 - 0.5 * math.cos(math.pi * story)
        x = px(_LIGHT_FROM[0] + (_LIGHT_TO[0] - _LIGHT_FROM[0]) * story)
        y = px(_LIGHT_FROM[1] + (_LIGHT_TO[1] - _LIGHT_FROM[1]) * rise)
        # The halo is so soft that steps of two pixels can't be seen; the disc has an edge.
        blend(
            heaven,
            self._halo,
            2 * round((x - self._halo.width / 2) / 2),
            2 * round((y - self._halo.height / 2) / 2),
        )
        float_blend(heaven, self._disc, x - self._disc.width / 2, y - self._disc.height / 2)
        for hills in self._hills:
            self._draw_hills(frame, hills, px(hills.travel) * story)

    def _draw_hills(self, frame: Planes, hills: _Hills, offset: float) -> None:
        rows = hills.solid - hills.top
        ridge = slice(hills.top, hills.solid)
        self._ridge(frame.y[ridge], hills.planes.y[:rows], hills.keep, offset, self._scratch)
        pan(hills.planes.y[rows:], offset, frame.y[hills.solid : hills.bottom])
        half, half_rows = slice(hills.top // 2, hills.solid // 2), rows // 2
        for into, part in ((frame.u, hills.planes.u), (frame.v, hills.planes.v)):
            self._ridge(into[half], part[:half_rows], hills.keep_half, offset / 2, self._scratch_half)
            pan(part[half_rows:], offset / 2, into[hills.solid // 2 : hills.bottom // 2])

    @staticmethod
    def _ridge(into: Plane, part: Plane, keep: Plane, offset: float, scratch: Plane) -> None:
        rows = into.shape[0]
        kept, moved = scratch[:rows], scratch[rows : 2 * rows]
        pan(keep, offset, kept)
        pan(part, offset, moved)
        blend_plane(into, moved, kept)


def _sky(theme: Theme, random: np.random.Generator, scale: Scale) -> Planes:
    """A gradient from the night to a hint of the hill's hue, few stars, dithered so that it does not band."""
    width, height = scale.width, scale.height
    depth = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    top, bottom = np.array(mix(NIGHT, theme.hill, 0.10)), np.array(mix(NIGHT, theme.hill, 0.62))
    column = to_yuv((top + (bottom - top) * np.clip(depth * 1.45, 0, 1) ** 1.5).astype(np.float32))
    luma = column[:, :, 0] + random.uniform(-0.5, 0.5, (height, width)).astype(np.float32)
    for _ in range(110):
        x, y = random.uniform(0, width), random.uniform(0, height * 0.58)
        _star(luma, x, y, scale.px(random.uniform(1.0, 2.4)), random.uniform(17, 90) * (1 - y / height))
    u, v = (np.repeat(to_bytes(column[::2, :, i]), width // 2, axis=1) for i in (1, 2))
    return Planes(to_bytes(luma), u, v)


def _star(luma: Floats, x: float, y: float, radius: float, light: float) -> None:
    reach = int(radius * 3) + 1
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    part = luma[top : int(y) + reach, left : int(x) + reach]
    rows, columns = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
    part += (light * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / radius**2)).astype(np.float32)


def _halo(theme: Theme, scale: Scale) -> npt.NDArray[np.uint8]:
    distance = _distances(scale.even(2 * _HALO_RADIUS))
    alpha = np.clip(1 - distance, 0, 1) ** 2.2 * 0.62 * 255
    colour = np.broadcast_to(np.array(theme.glow, np.float32), (*alpha.shape, 3))
    return np.dstack([colour, alpha]).astype(np.uint8)


def _disc(theme: Theme, scale: Scale) -> npt.NDArray[np.uint8]:
    side = scale.even(2 * _DISC_RADIUS) + 8
    edge = scale.px(_DISC_RADIUS) - _distances(side) * side / 2
    alpha = np.clip(edge / max(scale.px(4), 1), 0, 1) * 0.86 * 255
    colour = np.broadcast_to(np.array(mix(theme.glow, (255, 255, 255), 0.55), np.float32), (*alpha.shape, 3))
    return np.dstack([colour, alpha]).astype(np.uint8)


def _distances(side: int) -> Floats:
    """How far each pixel of a square is from its middle, 1 being the nearest edge."""
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    out: Floats = np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    return out


def _hills(hills: _Range, bottom: float, theme: Theme, random: np.random.Generator, scale: Scale) -> _Hills:
    """A pixel's colour follows from how far it is below the ridge, so it is looked up in one table."""
    top, solid = scale.even(hills.ridge - hills.swing * 1.6), scale.even(hills.ridge + hills.swing * 1.6)
    # The nearest hills reach the frame's end, also where it is a little higher than 9:16.
    end = scale.height if bottom >= HEIGHT else min(scale.even(bottom), scale.height)
    width = scale.width + 2 * math.ceil(scale.px(hills.travel) / 2) + 4
    unit = scale.px(1)
    ridge = unit * (hills.ridge + hills.swing * _profile(width, hills.wave * unit, random))
    below: Floats = np.arange(top, end, dtype=np.float32)[:, None] - ridge[None, :].astype(np.float32)
    below_half: Floats = (below[::2, ::2] + below[1::2, 1::2]) * np.float32(0.5)
    depth = np.arange(-1, (end - top) / unit + hills.swing * 4, 1 / _FINENESS, dtype=np.float32)
    alpha = np.clip(depth * unit + 0.5, 0, 1)
    table = to_yuv(np.clip(_tones(depth, hills, theme), 0, 255)[None])[0] * alpha[:, None]

    def look_up(values: Floats, at: Floats) -> Plane:
        index = np.clip((at / unit + 1) * _FINENESS, 0, len(depth) - 1).astype(np.int32)
        out: Plane = to_bytes(values)[index]
        return out

    planes = Planes(
        look_up(table[:, 0], below), look_up(table[:, 1], below_half), look_up(table[:, 2], below_half)
    )
    rows, keep = solid - top, np.float32(255) * (1 - alpha)
    return _Hills(
        top,
        solid,
        end,
        hills.travel,
        planes,
        look_up(keep, below[:rows]),
        look_up(keep, below_half[: rows // 2]),
    )


def _tones(below: Floats, hills: _Range, theme: Theme) -> Floats:
    """The colour at each depth below a ridge: lit along it, darker below, contour lines like a map's, mist.

    Not dithered: noise that moves costs two thirds of the file, and the lines hide the bands.
    """
    lit = np.array(mix(mix(NIGHT, theme.hill, hills.tone), theme.glow, 0.12 + 0.26 * hills.tone), np.float32)
    body = np.array(mix(NIGHT, theme.hill, hills.tone * 0.62), np.float32)
    hue = np.array(theme.hill, np.float32)
    colour = body + (lit - body) * np.exp(-np.maximum(below, 0) / 34)[:, None]
    lines = (
        np.exp(-((np.mod(below - 20, 46) - 23) ** 2) / 1.6) * np.clip(1 - below / 330, 0, 1) * (below > 20)
    )
    colour += lines[:, None] * (hue * 0.30 * (0.35 + hills.tone))
    mist = np.clip((below - 60) / 260, 0, 1)[:, None] ** 1.5 * 0.30 * hills.tone
    out: Floats = (colour + (hue - colour) * mist).astype(np.float32)
    return out


def _profile(width: int, wave: float, random: np.random.Generator) -> Floats:
    """The height of a ridge along `width` pixels, about −1.5 to 1.5: waves of falling size, random phases."""
    x = np.arange(width, dtype=np.float32)
    height = np.zeros(width, np.float32)
    for octave, share in enumerate((1.0, 0.36, 0.12, 0.035)):
        length = wave / 2.17**octave * random.uniform(0.85, 1.15)
        height += share * np.sin(2 * math.pi * (x / length + random.uniform()))
    return height
