"""A provider's clip, fitted to its scene: as long as the scene lasts or a little longer, of the video's size."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import OddReplyError
from pipeline.model import FPS
from pipeline.visuals.runway.models import SLOWEST

if TYPE_CHECKING:
    from moviepy import VideoClip

#: Nearly without loss: the scene's own encode is the one that counts.
_X264: Final = ("-crf", "10", "-x264-params", "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv")
_TAGS: Final = (
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-color_range",
    "tv",
)
#: How long the end of a clip and its beginning stand over each other where it is played again (seconds).
_OVER: Final = 0.6


def fit_clip(clip: Path, out: Path, *, seconds: float, size: tuple[int, int]) -> None:
    """Write `clip` to `out`: H.264, yuv420p, BT.709, at our rate, without sound, for `seconds` and no less.

    It has the shape of `size` (pixels), and no more pixels than it came with: whoever shows it enlarges it.

    A clip that is too long is cut, one that is a little too short slowed (by `SLOWEST` at most), one much too short
    is played again, its end fading into its beginning. What hangs over the frame's edges is cropped evenly. Raises
    `OddReplyError` when it can't be read.
    """
    from moviepy import VideoFileClip

    wanted = math.ceil(seconds * FPS - 1e-6) / FPS
    try:
        with ExitStack() as stack:

            def opened() -> VideoClip:
                return stack.enter_context(VideoFileClip(str(clip), audio=False))

            fitted = _cropped(_long_enough(opened, wanted), size).with_duration(wanted).with_fps(FPS)
            width, height = size if fitted.w > size[0] else (fitted.w, fitted.h)
            # The encoder's own filter scales: many times as fast as frame by frame.
            scaled = (
                f"scale={width}:{height}:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p"
            )
            fitted.write_videofile(
                str(out),
                fps=FPS,
                codec="libx264",
                audio=False,
                preset="superfast",
                threads=1,
                ffmpeg_params=["-vf", scaled, *_X264, *_TAGS],
                logger=None,
            )
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise OddReplyError("Runway’s footage can’t be fitted to its scene.") from error


def _long_enough(opened: Callable[[], VideoClip], wanted: float) -> VideoClip:
    """The clip for `wanted` seconds or more. Each turn reads the file by itself: going back in it is slow."""
    from moviepy import CompositeVideoClip
    from moviepy.video.fx import CrossFadeIn, MultiplySpeed

    def turn() -> VideoClip:
        source = opened()
        # The last frame of a file is often not quite there.
        whole = source.subclipped(0, max(source.duration - 1 / FPS, 1 / FPS))
        slower = min(max(wanted / whole.duration, 1.0), SLOWEST)
        return whole.with_effects([MultiplySpeed(1 / slower)]) if slower > 1 else whole

    turns = [turn()]
    step = max(turns[0].duration - _OVER, turns[0].duration / 2)
    while turns[0].duration + step * (len(turns) - 1) < wanted - 1e-6:
        turns.append(turn())
    if len(turns) == 1:
        return turns[0]
    over = turns[0].duration - step
    later = [clip.with_start(step * n).with_effects([CrossFadeIn(over)]) for n, clip in enumerate(turns) if n]
    return CompositeVideoClip([turns[0], *later])


def _cropped(clip: VideoClip, size: tuple[int, int]) -> VideoClip:
    """The largest even part in the middle that has the frame's shape."""
    from moviepy.video.fx import Crop

    share = min(clip.w / size[0], clip.h / size[1])
    width = max(2, min(round(size[0] * share), clip.w) // 2 * 2)
    height = max(2, min(round(size[1] * share), clip.h) // 2 * 2)
    crop = Crop(x_center=clip.w / 2, y_center=clip.h / 2, width=width, height=height)
    return clip.with_effects([crop])
