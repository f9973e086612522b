"""The voice track: scenes laid on the time of the video, brought to broadcast loudness."""

from __future__ import annotations

import re
import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import ProviderError
from pipeline.model import FPS, LEAD, SceneTiming
from pipeline.providers import Speech

#: The track's sample rate; a frame is exactly 1,600 samples.
RATE = 48_000
#: Integrated loudness in LUFS (EBU R 128 measure), and how near to it the track must come in LU.
LOUDNESS = -14.0
TOLERANCE = 0.15
#: The highest true peak in dBTP: AAC adds some tenths of a decibel, and the video may not pass −1.5.
PEAK = -2.2

#: Below this a reading means that nothing was long enough (0.4 s) or loud enough to measure.
_UNMEASURED = -69.0
_ROUNDS = 4

# A compressor evens out the loudest syllables before the limiter has to: 2:1, judged over 40 ms. The
# limiter's gain moves over 16 ms, three waves of a voice, so that it never bends a wave.
_RATIO = 2.0
_KNEE = LOUDNESS + 4
_LEVEL_WINDOW = round(0.04 * RATE)
_LIMITER_WINDOW = round(0.008 * RATE)
_OVERSAMPLING = 4
_REACH = 12

_Samples = npt.NDArray[np.float64]


def write_track(
    speeches: Sequence[Speech], timings: Sequence[SceneTiming], file: Path
) -> tuple[float, float]:
    """Write the track as 16-bit mono WAV of exactly frames × 1,600 samples.

    Returns its integrated loudness (LUFS) and true peak (dBTP), both measured on the file. Too little
    voice to reach the loudness (a word or less) comes as near to it as its peaks allow.
    Raises ProviderError when there is no sound in it.
    """
    raw = _laid_out(speeches, timings)
    if not np.any(np.abs(raw) > _linear(-60.0)):
        advice = "Run it again; if it stays silent, choose another voice."
        raise ProviderError("The voice returned silence.", advice)
    _write(raw, file)
    loudness, _ = measure(file)
    gain = LOUDNESS - loudness if loudness > _UNMEASURED else PEAK - 20 * np.log10(np.abs(raw).max())
    for _ in range(_ROUNDS):
        _write(_limited(_compressed(raw * _linear(gain))), file)
        loudness, peak = measure(file)
        if loudness < _UNMEASURED or abs(loudness - LOUDNESS) < TOLERANCE:
            break
        gain += LOUDNESS - loudness
    return loudness, peak


def measure(file: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS, −70 when there is none to measure) and true peak (dBTP) of a sound file."""
    from imageio_ffmpeg import get_ffmpeg_exe

    meter = ["-filter:a", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    command = [get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", str(file), "-map", "0:a:0", *meter]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = found[found.rindex("Summary:") :]
    loudness = re.search(r"I:\s+(\S+) LUFS", summary)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert loudness
    assert peak
    return float(loudness[1]), float(peak[1])


def _laid_out(speeches: Sequence[Speech], timings: Sequence[SceneTiming]) -> _Samples:
    """The scenes one after the other at 48 kHz, each speech LEAD seconds after its scene begins."""
    track = np.zeros(sum(timing.frames for timing in timings) * RATE // FPS)
    at = 0
    for speech, timing in zip(speeches, timings, strict=True):
        sound = _resampled(speech.samples, speech.rate)
        begin = at + round(LEAD * RATE)
        track[begin : begin + len(sound)] = sound
        at += timing.frames * RATE // FPS
    return track


def _resampled(samples: npt.NDArray[np.float32], rate: int) -> _Samples:
    """Band-limited, through the spectrum: exact for sound that begins and ends in silence."""
    length = round(len(samples) * RATE / rate)
    if rate == RATE or not length:
        return samples.astype(np.float64)
    spectrum = np.fft.rfft(samples.astype(np.float64))
    return np.fft.irfft(spectrum[: length // 2 + 1], length) * (length / len(samples))


def _compressed(track: _Samples) -> _Samples:
    level = np.sqrt(np.maximum(_averaged(track**2, _LEVEL_WINDOW), 1e-12))
    over = np.maximum(20 * np.log10(level) - _KNEE, 0)
    return track * _linear(over * (1 / _RATIO - 1))


def _limited(track: _Samples) -> _Samples:
    """The track with no true peak above PEAK: the gain goes down before a peak and comes back after it.

    Each sample's gain is an average of least gains, every one of which covers that sample, so that it
    is never more than the sample needs.
    """
    needed = np.minimum(1.0, _linear(PEAK) / np.maximum(_peaks(track), 1e-12))
    least = -_greatest(-needed, _LIMITER_WINDOW)
    return track * _averaged(_averaged(least, _LIMITER_WINDOW // 2), _LIMITER_WINDOW // 2)


def _peaks(track: _Samples) -> _Samples:
    """The greatest amplitude from each sample to the next, at four times the rate (ITU-R BS.1770-4)."""
    taps = np.arange(-_REACH, _REACH + 1)
    window = np.cos(np.pi * taps / (2 * _REACH + 2)) ** 2
    peaks = np.abs(track)
    for phase in range(1, _OVERSAMPLING):
        between = np.convolve(track, np.sinc(taps + phase / _OVERSAMPLING) * window, mode="same")
        np.maximum(peaks, np.abs(between), out=peaks)
    return peaks


def _averaged(values: _Samples, reach: int) -> _Samples:
    """The mean of each value and its `reach` neighbours on either side."""
    sums = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"))
    return (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)


def _greatest(values: _Samples, reach: int) -> _Samples:
    """The greatest of each value and its `reach` neighbours on either side, by windows that double."""
    width, window = 2 * reach + 1, 1
    found = np.pad(values, reach, mode="edge")
    while window < width:
        step = min(window, width - window)
        found = np.maximum(found[:-step], found[step:])
        window += step
    return found


def _linear(decibels: float | _Samples) -> _Samples:
    return np.power(10.0, np.asarray(decibels) / 20)


def _write(track: _Samples, file: Path) -> None:
    pcm = np.rint(np.clip(track, -1, 1) * 32767).astype("<i2")
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm.tobytes())
