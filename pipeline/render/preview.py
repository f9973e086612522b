"""The finished video once more, small: it plays where the whole one is too large to be posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import av
import cv2

from pipeline.model import FPS
from pipeline.render.encode import planes_of
from pipeline.render.join import JoinError
from pipeline.render.mux import interleave, new_video, sound_stream, sounds, times
from pipeline.render.planes import Planes

#: Part of the key: raise it when the same video gives another preview.
VERSION: Final = "1"
#: The most that a preview has (bytes). Discord takes 10 MiB in every server and direct message
#: (discord.com/developers/docs/reference#uploading-files); the rest is for those who count in other megabytes.
LARGEST: Final = 9_500_000

#: Bits a second of the file's index, at most: 20 to 30 bytes for each frame and each packet of sound.
_INDEX: Final = 16_000
#: Kilobits a second of the picture: above this nothing is gained.
_MOST: Final = 1_500

#: One thread keeps the bytes independent of the machine's load; `veryfast` with the fastest motion search takes
#: about 2.7 ms a frame of 540 × 960, and what the video is made of comes out at 100 to 250 kbit/s.
_X264: Final = {"preset": "veryfast", "profile": "main", "crf": "23", "threads": "1"}
_X264_PARAMS: Final = "subme=1:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
#: Threads that decode: the encoder keeps no more than two busy. However many, the frames are the same.
_DECODERS: Final = 2


class _Form(NamedTuple):
    """A width (pixels) with what the sound gets (bit/s), for videos whose picture may have `least` kbit/s."""

    least: int
    width: int
    sound: int


_FORMS: Final = (_Form(220, 540, 96_000), _Form(110, 360, 64_000), _Form(50, 270, 48_000))


def preview(
    video: Path, voice: Path, out: Path, *, largest: int = LARGEST, progress: Callable[[float], None]
) -> bool:
    """Write `out`: the frames of `video`, each at its time, at most 540 pixels wide, and `voice`.

    H.264 (Main, yuv420p) and AAC with the index at the front, in at most `largest` bytes; the same inputs give
    the same bytes. `progress` is told the fraction done. `False`, and no file, when the video is too long
    for that: from about 11 minutes on. Raises `JoinError` when the result does not check out.
    """
    shown = times(video)
    seconds = len(shown) / FPS
    for form in _FORMS:
        # The encoder may use up a buffer of one second beyond its rate.
        bits = (largest * 8 - (form.sound + _INDEX) * seconds) / (seconds + 1)
        rate = min(int(bits / 1000), _MOST)
        if rate >= form.least:
            break
    else:
        return False
    _write(video, voice, out, form, rate, lambda frames: progress(frames / len(shown)))
    if times(out) != shown:
        raise JoinError("The preview’s frames are not those of the video.")
    if (size := out.stat().st_size) > largest:
        raise JoinError(f"The preview has {size} bytes, which is more than {largest}.")
    return True


def _write(
    video: Path, voice: Path, out: Path, form: _Form, rate: int, progress: Callable[[int], None]
) -> None:
    with av.open(str(video)) as container, new_video(out) as small:
        source: Any = container.streams.video[0]
        source.thread_type = "AUTO"
        source.codec_context.thread_count = _DECODERS
        limits = {"maxrate": f"{rate}k", "bufsize": f"{rate}k", "x264-params": _X264_PARAMS}
        picture: Any = small.add_stream("libx264", rate=FPS, options=_X264 | limits)
        picture.width, picture.height = _fitted(source.width, source.height, form.width)
        picture.pix_fmt = "yuv420p"
        interleave(
            small,
            _pictures(container.decode(source), picture, progress),
            sounds(voice, sound_stream(small, form.sound)),
        )


def _pictures(frames: Iterator[Any], stream: Any, progress: Callable[[int], None]) -> Iterator[Any]:
    for number, frame in enumerate(frames):
        small: Any = av.VideoFrame(stream.width, stream.height, "yuv420p")
        small.pts = number
        _shrink(planes_of(frame), planes_of(small))
        yield from stream.encode(small)
        progress(number + 1)
    yield from stream.encode(None)


def _shrink(large: Planes, small: Planes) -> None:
    for one, other in ((large.y, small.y), (large.u, small.u), (large.v, small.v)):
        other[:] = cv2.resize(one, (other.shape[1], other.shape[0]), interpolation=cv2.INTER_AREA)


def _fitted(width: int, height: int, widest: int) -> tuple[int, int]:
    """The size at most `widest` wide, both numbers even."""
    narrow = min(widest, width) // 2 * 2
    return narrow, round(height * narrow / width / 2) * 2
