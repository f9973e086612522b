"""A scene's plan → its finished clip. Runs in a process of its own; takes and returns plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import cv2

from pipeline.model import Clip
from pipeline.render.compose import Composer
from pipeline.render.encode import Encoder
from pipeline.render.plan import SegmentPlan


def render_segment(
    plan: SegmentPlan, files: Mapping[str, Path], out: Path, progress: Callable[[float], None]
) -> Clip:
    """Compose and encode the scene into the MP4 file `out` (no sound); `progress` hears 0 to 1.

    `files` holds the pictures that the plan names by sha256. Same plan, same bytes. Raises
    `DamagedFileError` when a picture can't be decoded.
    """
    cv2.setNumThreads(1)
    composer = Composer(plan, files)
    with Encoder(out, size=plan.size) as encoder:
        for number in range(plan.frames):
            encoder.frame(partial(composer.draw, number))
            if number % 10 == 9:
                progress((number + 1) / plan.frames)
    progress(1.0)
    return Clip(file=out.name, frames=plan.frames, sha256=hashlib.sha256(out.read_bytes()).hexdigest())
