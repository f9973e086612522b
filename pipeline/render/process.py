"""One scene drawn by a process of its own, so that it can be stopped at any moment and uses a core of its own."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from pipeline.errors import HiddenHillError
from pipeline.model import Clip
from pipeline.render.plan import SegmentPlan

#: Seconds between two looks at whether to stop; also how late a stop may come.
_TICK = 0.1


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised when drawing was stopped from outside."""


def draw_in_process(
    plan: SegmentPlan,
    pictures: Mapping[str, Path],
    out: Path,
    progress: Callable[[float], None],
    stop: Event,
) -> Clip:
    """`render_segment` in a forkserver process. Raises `Stopped` within ~0.1 s of `stop` being set."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "pipeline.render.segment"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_draw, args=(plan, dict(pictures), out, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        return _follow(ours, progress, stop)
    finally:
        process.kill()
        process.join()
        ours.close()


def _follow(ours: Connection, progress: Callable[[float], None], stop: Event) -> Clip:
    while not stop.is_set():
        if not ours.poll(_TICK):
            continue
        try:
            said = ours.recv()
        except EOFError:
            raise HiddenHillError(
                "The process that draws a scene was killed.", "If memory ran out, set HIDDEN_HILL_WORKERS=1."
            ) from None
        if isinstance(said, Clip):
            return said
        if isinstance(said, HiddenHillError):
            raise said
        if isinstance(said, str):
            raise RuntimeError(said)  # noqa: TRY004 - the text is a traceback
        progress(said)
    raise Stopped


def _draw(plan: SegmentPlan, pictures: dict[str, Path], out: Path, theirs: Connection) -> None:
    """Runs in the process. Ctrl-C is the parent's to handle; a parent that died breaks the pipe and ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from pipeline.render.segment import render_segment

    try:
        said: Clip | HiddenHillError | str = render_segment(plan, pictures, out, theirs.send)
    except HiddenHillError as error:
        said = error
    except BrokenPipeError:
        return
    except Exception:  # noqa: BLE001 - whatever it was, the parent reports it
        said = traceback.format_exc()
    theirs.send(said)
