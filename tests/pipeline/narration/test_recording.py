from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.model import Word
from pipeline.narration.forced import Aligned
from pipeline.narration.recording import BadRecordingError, Recording, check_recording, recording
from pipeline.narration.scenes_apart import scenes_apart

RATE = 24_000
Samples = npt.NDArray[np.float32]


def hum(seconds: float, level: float = 0.3) -> Samples:
    at = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 200 * at)).astype(np.float32)


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def pcm(samples: Samples) -> bytes:
    return np.round(samples * 32767).astype("<i2").tobytes()


def wav(samples: Samples, rate: int = RATE, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm(samples))
    return file.getvalue()


@pytest.mark.parametrize(
    ("sound", "mime", "rate"),
    [
        (pcm(hum(1)), "audio/L16;codec=pcm;rate=24000", 24_000),
        (pcm(hum(1)), "audio/pcm;rate=16000", 16_000),
        (pcm(hum(1)) + b"\0", "audio/l16; rate=24000", 24_000),
        (wav(hum(1)), "audio/wav", 24_000),
        (wav(hum(1), 48_000), "", 48_000),
    ],
)
def test_samples_out_of_what_was_sent(sound: bytes, mime: str, rate: int) -> None:
    heard = recording(sound, mime)
    assert heard.rate == rate
    assert heard.seconds == pytest.approx(RATE / rate)
    assert float(np.abs(heard.samples).max()) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(
    ("sound", "mime"),
    [
        (b"ID3", "audio/mpeg"),
        (b"", ""),
        (pcm(hum(1)), "audio/L16"),
        (pcm(hum(1)), "audio/L16;rate=9000000"),
        (wav(hum(1))[:30], "audio/wav"),
        (b"RIFF" + b"x" * 100, "audio/wav"),
        (wav(hum(1), channels=2), "audio/wav"),
    ],
)
def test_what_is_no_recording_is_refused(sound: bytes, mime: str) -> None:
    with pytest.raises(BadRecordingError):
        recording(sound, mime)


@pytest.mark.parametrize(
    ("parts", "seconds", "why"),
    [
        ([quiet(5)], 5, "silent"),
        ([], 5, "silent"),
        ([np.clip(hum(5, 9), -1, 1), quiet(0.3)], 5, "clipped"),
        ([hum(2), quiet(0.3)], 5, "lasts 2 s where about 5"),
        ([hum(20), quiet(0.3)], 5, "lasts 20 s"),
        ([hum(3), quiet(3.5), hum(3), quiet(0.3)], 6, "falls silent"),
        ([hum(5)], 5, "breaks off"),
    ],
)
def test_what_can_not_be_used_is_told_at_once(parts: list[Samples], seconds: float, why: str) -> None:
    samples = np.concatenate([quiet(0), *parts])
    with pytest.raises(BadRecordingError, match=why):
        check_recording(Recording(samples, RATE), seconds=seconds)


def test_a_recording_with_pauses_and_a_long_silent_end_is_good() -> None:
    parts = [quiet(0.5), hum(3), quiet(1.2), hum(3), quiet(6)]
    check_recording(Recording(np.concatenate(parts), RATE), seconds=6)


def test_scenes_are_cut_in_the_pause_between_them_and_lose_no_sound() -> None:
    heard = Recording(np.concatenate([quiet(0.3), hum(1), quiet(0.7), hum(2), quiet(1)]), RATE)
    words = [[("one", 0.32, 1.25)], [("two", 2.0, 3.0), ("three", 3.0, 3.95)]]
    aligned = Aligned(
        tuple(tuple(Word(shown=w, spoken=w, start=s, end=e) for w, s, e in text) for text in words), 0, 0, 0
    )
    first, second = scenes_apart(heard, aligned)
    assert len(first.samples) / RATE == pytest.approx(1.0, abs=0.15)
    assert len(second.samples) / RATE == pytest.approx(2.0, abs=0.15)
    energy = sum(float((part.samples**2).sum()) for part in (first, second))
    assert energy == pytest.approx(float((heard.samples**2).sum()), rel=0.01)
    for speech in (first, second):
        assert abs(float(speech.samples[0])) < 0.01
        assert [word.start for word in speech.words] == sorted(word.start for word in speech.words)
        assert speech.words[-1].end <= len(speech.samples) / RATE
    assert second.words[0].start == pytest.approx(0.06, abs=0.06)
    assert second.words[1].start - second.words[0].start == pytest.approx(1.0, abs=0.01)
