from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from pipeline.errors import ProviderError
from pipeline.model import FPS
from pipeline.narration.hibari import HibariVoice
from pipeline.narration.loudness import RATE, measure, write_track
from pipeline.narration.timing import time_scenes
from pipeline.providers import Speech
from tests.pipeline.narration.saying import say

TEXTS = [
    "Malaria kills. In 1,234 children, the vaccine cut severe disease by 37.5 %.",
    "Astronomers found water! They looked twice, and the signal held; nobody had expected that.",
    "Stop. Why? Because p < 0.05 is not proof.",
]


def tone(seconds: float, rate: int = 24_000, level: float = 0.1) -> Speech:
    at = np.arange(round(seconds * rate)) / rate
    swell = np.sin(np.pi * at / seconds)
    return Speech(
        samples=(level * swell * np.sin(2 * np.pi * 440 * at)).astype(np.float32), rate=rate, words=()
    )


def read(file: Path) -> np.ndarray:
    with wave.open(str(file)) as track:
        assert (track.getnchannels(), track.getsampwidth(), track.getframerate()) == (1, 2, RATE)
        return np.frombuffer(track.readframes(track.getnframes()), "<i2") / 32767


@pytest.mark.parametrize("text", TEXTS)
def test_the_voice_comes_out_at_the_loudness_of_platforms_even_as_aac(
    voice: HibariVoice, tmp_path: Path, text: str
) -> None:
    speeches = [say(voice, text)]
    file, aac = tmp_path / "narration.wav", tmp_path / "narration.m4a"

    loudness, peak = write_track(speeches, time_scenes(speeches), file)
    command = [get_ffmpeg_exe(), "-loglevel", "error", "-i", file, "-c:a", "aac", "-b:a", "128k", aac]
    subprocess.run(command, check=True)

    assert measure(file) == (loudness, peak)
    assert loudness == pytest.approx(-14, abs=0.25)
    assert peak <= -2.0
    heard, highest = measure(aac)
    assert heard == pytest.approx(-14, abs=0.5)
    assert highest <= -1.5


def test_the_track_is_exactly_as_long_as_its_scenes(tmp_path: Path) -> None:
    speeches = [tone(1.234), tone(0.777), tone(2.0)]
    timings = time_scenes(speeches)

    write_track(speeches, timings, tmp_path / "track.wav")

    assert len(read(tmp_path / "track.wav")) == sum(timing.frames for timing in timings) * RATE // FPS


def test_a_speech_keeps_its_place_and_its_pitch_at_any_rate(tmp_path: Path) -> None:
    for rate in (22_050, 24_000, 48_000):
        speeches = [tone(1.0, rate)]
        write_track(speeches, time_scenes(speeches), tmp_path / "track.wav")
        track = read(tmp_path / "track.wav")

        heard = np.flatnonzero(np.abs(track) > 0.01) / RATE
        assert heard[0] == pytest.approx(0.36, abs=0.02)
        assert heard[-1] == pytest.approx(1.34, abs=0.02)
        spectrum = np.abs(np.fft.rfft(track))
        assert np.argmax(spectrum) * RATE / len(track) == pytest.approx(440, abs=1)


def test_a_single_peak_is_held_back_without_touching_what_is_far_from_it(tmp_path: Path) -> None:
    calm = tone(4.0)
    burst = calm.samples.copy()
    burst[48_000:48_024] = 0.9
    plain, spiked = tmp_path / "plain.wav", tmp_path / "spiked.wav"

    timings = time_scenes([calm])
    write_track([calm], timings, plain)
    _, peak = write_track([Speech(burst, calm.rate, ())], timings, spiked)

    assert peak <= -2.0
    far = slice(round(3.0 * RATE), round(3.5 * RATE))
    ratio = np.abs(read(spiked)[far]).max() / np.abs(read(plain)[far]).max()
    assert 20 * np.log10(ratio) == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize(("seconds", "level"), [(0.3, 0.1), (0.02, 0.1), (0.001, 0.002)])
def test_a_voice_too_short_to_reach_the_level_is_as_loud_as_its_peaks_allow(
    tmp_path: Path, seconds: float, level: float
) -> None:
    speeches = [tone(seconds, level=level)]

    loudness, peak = write_track(speeches, time_scenes(speeches), tmp_path / "blip.wav")

    assert -70 <= loudness <= -13.8
    assert -7 <= peak <= -1.5


def test_silence_is_an_error_and_no_track(tmp_path: Path) -> None:
    silent = [Speech(np.zeros(24_000, np.float32), 24_000, ())]

    with pytest.raises(ProviderError, match="silence"):
        write_track(silent, time_scenes(silent), tmp_path / "track.wav")
    assert list(tmp_path.iterdir()) == []
