"""Picture and voice in one file that plays while it loads, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

_RATE = 48_000


def new_video(out: Path) -> Any:
    """An MP4 container to be written: its index at the front, no dates and no program names in it."""
    return av.open(str(out), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"})


def sound_stream(video: Any, bit_rate: int) -> Any:
    """A stream of AAC in stereo in `video`, of `bit_rate` bits a second."""
    sound = video.add_stream("aac", rate=_RATE, layout="stereo")
    sound.bit_rate = bit_rate
    sound.codec_context.flags |= av.codec.context.Flags.bitexact
    return sound


def sounds(audio: Path, stream: Any) -> Iterator[Any]:
    """The packets of `audio`, encoded for `stream`.

    A mono voice comes out of both channels 3 dB lower each, so that the loudness of the whole (ITU-R BS.1770
    adds channels) stays that of the file.
    """
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE)
    with av.open(str(audio)) as container:
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                yield from stream.encode(part)
    for part in resampler.resample(None):
        yield from stream.encode(part)
    yield from stream.encode(None)


def interleave(video: Any, pictures: Iterator[Any], voice: Iterator[Any]) -> None:
    """Write both into `video`, so that a player finds sound and picture of a moment close together."""
    waiting = {"picture": next(pictures, None), "sound": next(voice, None)}
    while any(waiting.values()):
        name = min((n for n, p in waiting.items() if p), key=lambda n: _seconds(waiting[n]))
        video.mux(waiting[name])
        waiting[name] = next(pictures if name == "picture" else voice, None)


def times(video: Path) -> list[Fraction]:
    """When each frame is shown, in order, in seconds; nothing is decoded."""
    with av.open(str(video)) as container:
        packets = container.demux(video=0)
        return sorted(Fraction(p.pts) * p.time_base for p in packets if p.pts is not None)


def _seconds(packet: Any) -> float:
    return float((packet.dts if packet.dts is not None else packet.pts) * packet.time_base)
