"""One scene drawn by a process of its own, so that it can be stopped at any moment and uses a core of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from pipeline.model import Clip
from pipeline.process import run_in_process
from pipeline.render.plan import SegmentPlan


def draw_in_process(
    plan: SegmentPlan,
    pictures: Mapping[str, Path],
    out: Path,
    progress: Callable[[float], None],
    stop: Event,
) -> Clip:
    """`render_segment` in a process of its own. Raises `pipeline.process.Stopped` within ~0.1 s of `stop` being set."""
    return run_in_process(
        _draw,
        (plan, dict(pictures), out),
        tell=progress,
        should_stop=stop.is_set,
        what=f"Drawing scene {plan.index + 1}",
    )


def _draw(scene: tuple[SegmentPlan, dict[str, Path], Path], progress: Callable[[float], None]) -> Clip:
    from pipeline.render.segment import render_segment

    plan, pictures, out = scene
    return render_segment(plan, pictures, out, progress)
