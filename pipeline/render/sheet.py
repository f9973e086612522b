"""A contact sheet of a finished video, to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
from PIL import Image

from pipeline.model import FPS
from pipeline.render.encode import image_of

_COLUMNS, _WIDTH, _GAP = 6, 270, 12


def sheet(video: Path, times: Sequence[float], out: Path) -> None:
    """Write a PNG of the frames shown at `times` (seconds), six a row at most."""
    images = [_reduced(image) for image in _frames_at(video, times)]
    columns = min(_COLUMNS, len(images))
    rows = -(-len(images) // columns)
    width, height = images[0].size
    page = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), (24, 26, 32))
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        page.paste(image, (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP)))
    page.save(out)


def _frames_at(video: Path, times: Sequence[float]) -> list[Image.Image]:
    """The frames at `times`, in that order; a time after the end gives the last frame."""
    wanted = [max(0, round(time * FPS)) for time in times]
    found: dict[int, Image.Image] = {}
    with av.open(str(video)) as container:
        last: Any = None
        for number, frame in enumerate(container.decode(video=0)):
            if number in wanted:
                found[number] = image_of(frame)
            if number >= max(wanted):
                break
            last = frame
    return [found[n] if n in found else image_of(last) for n in wanted]


def _reduced(image: Image.Image) -> Image.Image:
    return image.resize((_WIDTH, round(image.height * _WIDTH / image.width)), Image.Resampling.LANCZOS)
