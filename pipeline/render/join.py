"""Finished clips and the voice → one video. Nothing is encoded a second time but the sound, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from pipeline.errors import HiddenHillError
from pipeline.model import FPS

_BIT_RATE = 192_000
_RATE = 48_000
#: Ticks a second of the video's times: divisible by the frame rate.
_TICKS = 15_360


class JoinError(HiddenHillError):
    """Raised when clips do not belong together or the video came out other than planned: a defect of ours."""

    code = "join"


def join(clips: Sequence[Path], audio: Path, out: Path) -> None:
    """Write `out`: the clips' frames one after another, exactly 1/30 s apart, and `audio` as AAC stereo.

    The index stands at the front of the file, which holds no dates and no program names, so that the
    same inputs give the same bytes. A mono voice comes out of both channels 3 dB lower each, so that the
    loudness of the whole (ITU-R BS.1770 adds channels) stays that of the file. Raises `JoinError` when the
    clips differ in format, the voice is longer than the picture, or the result does not check out.
    """
    with av.open(
        str(out), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}
    ) as video:
        picture, sound = _streams(video, clips[0])
        packets = _pictures(clips, picture)
        sounds = _sounds(audio, sound)
        # The later of the two waits, so that a player finds sound and picture of a moment close together.
        waiting = {"picture": next(packets, None), "sound": next(sounds, None)}
        while any(waiting.values()):
            name = min((n for n, p in waiting.items() if p), key=lambda n: _seconds(waiting[n]))
            video.mux(waiting[name])
            waiting[name] = next(packets if name == "picture" else sounds, None)
    check_joined(out, clips)


def check_joined(video: Path, clips: Sequence[Path]) -> None:
    """Raise `JoinError` unless `video` has every frame of `clips` at its time and sound no longer."""
    expected = sum(len(_times(clip)) for clip in clips)
    times = _times(video)
    if times != [Fraction(i, FPS) for i in range(expected)]:
        raise JoinError(f"The video has {len(times)} frames where {expected} were made, or uneven times.")
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
    sound = video.add_stream("aac", rate=_RATE, layout="stereo")
    sound.bit_rate = _BIT_RATE
    sound.codec_context.flags |= av.codec.context.Flags.bitexact
    return picture, sound


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


def _sounds(audio: Path, stream: Any) -> Iterator[Any]:
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE)
    with av.open(str(audio)) as container:
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                yield from stream.encode(part)
    for part in resampler.resample(None):
        yield from stream.encode(part)
    yield from stream.encode(None)


def _seconds(packet: Any) -> float:
    return float((packet.dts if packet.dts is not None else packet.pts) * packet.time_base)


def _times(video: Path) -> list[Fraction]:
    """When each frame is shown, in order, in seconds; nothing is decoded."""
    with av.open(str(video)) as container:
        packets = container.demux(video=0)
        return sorted(Fraction(p.pts) * p.time_base for p in packets if p.pts is not None)
