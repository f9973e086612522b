"""The cover: the story's first scene as a still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av

from pipeline.render.compose import Composer
from pipeline.render.encode import image_of, planes_of
from pipeline.render.plan import SegmentPlan


def cover(plans: Sequence[SegmentPlan], files: Mapping[str, Path], out: Path) -> None:
    """Write the first scene as a JPEG of its size, without captions, when all of it stands there."""
    plan = plans[0].model_copy(update={"cues": ()})
    frame: Any = av.VideoFrame(*plan.size, "yuv420p")
    Composer(plan, files).draw(round(plan.frames * 0.6), planes_of(frame))
    image_of(frame).save(out, quality=92, subsampling=0)
