"""Finished clips and the voice → one video. Nothing is encoded a second time but the sound, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from pipeline.errors import HiddenHillError
from pipeline.model import FPS
from pipeline.render.mux import interleave, new_video, sound_stream, sounds, times

_BIT_RATE = 192_000
#: Ticks a second of the video's times: divisible by the frame rate.
_TICKS = 15_360


class JoinError(HiddenHillError):
    """Raised when clips do not belong together or the video came out other than planned: a defect of ours."""

    code = "join"


def join(clips: Sequence[Path], audio: Path, out: Path) -> None:
    """Write `out`: the clips' frames one after another, exactly 1/30 s apart, and `audio` as AAC stereo.

    The same inputs give the same bytes, with the index at the front. Raises `JoinError` when the clips differ
    in format, the voice is longer than the picture, or the result does not check out.
    """
    with new_video(out) as video:
        picture, sound = _streams(video, clips[0])
        interleave(video, _pictures(clips, picture), sounds(audio, sound))
    check_joined(out, clips)


def check_joined(video: Path, clips: Sequence[Path]) -> None:
    """Raise `JoinError` unless `video` has every frame of `clips` at its time and sound no longer."""
    expected = sum(len(times(clip)) for clip in clips)
    shown = times(video)
    if shown != [Fraction(i, FPS) for i in range(expected)]:
        raise JoinError(f"The video has {len(shown)} frames where {expected} were made, or uneven times.")
    with av.open(str(video)) as container:
        if not container.streams.audio:
            raise JoinError("The video has no sound.")
        sound: Any = container.streams.audio[0]
        seconds = float(sound.duration * sound.time_base)
        if seconds > expected / FPS + 0.5 / FPS:
            raise JoinError(f"The voice ({seconds:.2f} s) is longer than the video ({expected / FPS:.2f} s).")


def _streams(video: Any, first: Path) -> tuple[Any, Any]:
    with av.open(str(first)) as clip:
        picture = video.add_stream_from_template(clip.streams.video[0])
    picture.time_base = Fraction(1, _TICKS)
    return picture, sound_stream(video, _BIT_RATE)


def _pictures(clips: Sequence[Path], stream: Any) -> Iterator[Any]:
    """The clips' packets with times counted in frames from the start of the video."""
    first, begin, tick = None, 0, _TICKS // FPS
    for clip in clips:
        with av.open(str(clip)) as container:
            source: Any = container.streams.video[0]
            headers = (source.codec_context.extradata, source.width, source.height)
            first = first or headers
            if headers != first:
                raise JoinError(f"The scene “{clip.name}” was drawn with other settings than the first one.")
            count = 0
            for packet in container.demux(source):
                if packet.pts is None:
                    continue
                packet.pts = (begin + round(packet.pts * packet.time_base * FPS)) * tick
                packet.dts = (begin + round(packet.dts * packet.time_base * FPS)) * tick
                packet.time_base = Fraction(1, _TICKS)
                packet.duration = tick
                packet.stream = stream
                count += 1
                yield packet
            begin += count
