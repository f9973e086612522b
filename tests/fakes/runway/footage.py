"""Little clips: a gradient that moves, of the asked length and shape."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import av
import numpy as np

_RATE = 24


@cache
def clip(seconds: float, ratio: str, *, share: float = 0.25, hue: int = 0) -> bytes:
    """An MP4 of `seconds`, `ratio` ("720:1280") in pixels times `share`; two `hue`s tell two clips apart."""
    width, height = (int(float(side) * share) // 2 * 2 for side in ratio.split(":"))
    out = io.BytesIO()
    container: Any = av.open(out, "w", format="mp4")
    stream: Any = container.add_stream("libx264", rate=_RATE, options={"preset": "ultrafast", "crf": "28"})
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    rows, columns = np.mgrid[0:height, 0:width]
    for number in range(round(seconds * _RATE)):
        rgb = np.empty((height, width, 3), np.uint8)
        rgb[:, :, 0] = (columns * 255 // width + 3 * number + 90 * hue) % 256
        rgb[:, :, 1] = rows * 255 // height
        rgb[:, :, 2] = (160 + 60 * hue) % 256
        for packet in stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")):
            container.mux(packet)
    for packet in stream.encode(None):
        container.mux(packet)
    container.close()
    return out.getvalue()
