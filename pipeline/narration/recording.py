"""A recording that was bought: its samples out of what was sent, and what tells at once that it is no good."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.errors import ProviderError

#: Seconds over which loudness is judged.
_FRAME: Final = 0.01
#: Below this (full scale is 1) nothing was said; and how far below the voice a pause is.
_SILENT, _PAUSE = 10 ** (-50 / 20), 10 ** (-35 / 20)
#: The longest pause that a narrator makes (seconds).
LONGEST_PAUSE: Final = 3.0
#: The share of samples at full scale beyond which it crackles. Undistorted speech has none to speak of.
_CLIPPED: Final = 0.002
#: What the last samples before the end last (seconds), and how far below the voice they are unless it was cut off.
_END, _CUT = 0.03, 10 ** (-28 / 20)
#: How loud words are at least, against the voice's loud places; and how far one may reach beyond its time (seconds).
_WORD, _EDGE = 10 ** (-20 / 20), 0.04
#: Sample rates that a voice may come in.
_RATES: Final = range(8_000, 48_001)

_Samples = npt.NDArray[np.float32]


class BadRecordingError(ProviderError):
    """Raised when a recording can't be used. Another one of the same words may be good."""

    code = "voice-recording"


@dataclass(frozen=True)
class Recording:
    """Sound (float32 mono, −1 to 1, `rate` Hz)."""

    samples: _Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def levels(self) -> npt.NDArray[np.float64]:
        """The level (RMS, full scale is 1) of each 10 ms."""
        size = round(self.rate * _FRAME)
        whole = self.samples[: len(self.samples) // size * size].astype(np.float64).reshape(-1, size)
        levels: npt.NDArray[np.float64] = np.sqrt((whole**2).mean(axis=1))
        return levels

    def loud(self, below: float = _PAUSE) -> npt.NDArray[np.bool_]:
        """Whether the voice is heard, for each 10 ms: no lower than `below` times its loud places."""
        levels = self.levels()
        if not len(levels):
            return np.zeros(0, np.bool_)
        loud: npt.NDArray[np.bool_] = levels > max(float(np.percentile(levels, 95)) * below, _SILENT / 10)
        return loud

    def voice_outside(self, spans: Iterable[tuple[float, float]]) -> float:
        """The longest that somebody speaks without a break outside of `spans` (seconds); breath is too low to count."""
        loud = self.loud(_WORD)
        for start, end in spans:
            loud[max(round((start - _EDGE) / _FRAME), 0) : round((end + _EDGE) / _FRAME)] = False
        changes = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
        return float((changes[1::2] - changes[::2]).max(initial=0)) * _FRAME


def recording(sound: bytes, mime: str) -> Recording:
    """The recording in `sound`: a WAV file, or bare 16-bit samples whose rate `mime` says.

    Raises `BadRecordingError` for anything else.
    """
    kind = mime.partition(";")[0].strip().lower()
    if sound[:4] == b"RIFF" or kind in {"audio/wav", "audio/x-wav", "audio/wave"}:
        return _of_wav(sound)
    rate = re.search(r"rate=(\d+)", mime)
    if kind not in {"audio/l16", "audio/pcm"} or rate is None or int(rate[1]) not in _RATES:
        raise BadRecordingError(f"The recording came in a form that is not known ({kind or 'none'}).")
    return Recording(_samples(sound), int(rate[1]))


def _of_wav(sound: bytes) -> Recording:
    try:
        with wave.open(io.BytesIO(sound)) as file:
            form = (file.getnchannels(), file.getsampwidth())
            rate, content = file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        raise BadRecordingError("The recording is a damaged WAV file.") from None
    if form != (1, 2) or rate not in _RATES:
        raise BadRecordingError("The recording is not mono with 16 bits a sample.")
    return Recording(_samples(content), rate)


def _samples(content: bytes) -> _Samples:
    return np.frombuffer(content[: len(content) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768)


def check_recording(heard: Recording, *, seconds: float) -> None:
    """Raise `BadRecordingError` when it is silent, clipped, cut off, or far from the `seconds` that were due."""
    levels = heard.levels()
    if not len(levels) or float(np.percentile(levels, 95)) < _SILENT:
        raise BadRecordingError("The recording is silent.")
    if float((np.abs(heard.samples) > 0.999).mean()) > _CLIPPED:
        raise BadRecordingError("The recording is clipped.")
    loud = heard.loud()
    if not 0.5 * seconds < _FRAME * int(loud.sum()) + _FRAME * _between(loud) < 2.0 * seconds + 3.0:
        raise BadRecordingError(
            f"The recording lasts {heard.seconds:.0f} s where about {seconds:.0f} were due."
        )
    if _longest_pause(loud) > LONGEST_PAUSE:
        raise BadRecordingError("The recording falls silent in between.")
    if levels[-round(_END / _FRAME) :].min() > float(np.percentile(levels, 95)) * _CUT:
        raise BadRecordingError("The recording breaks off.")


def _between(loud: npt.NDArray[np.bool_]) -> int:
    """Frames of pauses between the first sound and the last."""
    at = np.flatnonzero(loud)
    return int((~loud[at[0] : at[-1]]).sum()) if len(at) else 0


def _longest_pause(loud: npt.NDArray[np.bool_]) -> float:
    """The longest silence between two sounds (seconds)."""
    at = np.flatnonzero(loud)
    return float(np.diff(at).max(initial=1) - 1) * _FRAME
