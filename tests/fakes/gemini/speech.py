"""Real speech for what was asked to be said, so that what listens to it can be tested; spoiled on demand."""

from __future__ import annotations

import io
import threading
import wave
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.narration.hibari import RATE, HibariVoice
from tests.fakes.gemini.orders import Reply

#: Seconds of silence at a blank line, and at both ends.
PAUSE, EDGE = 0.7, 0.2
_LOUD = 0.35
_one_at_a_time = threading.Lock()


@cache
def spoken(text: str) -> npt.NDArray[np.float32]:
    """`text` as 24 kHz mono, with a pause at each blank line; the embedded voice lends its own."""
    with _one_at_a_time:
        voice = _voice()
        parts = [part.strip() for part in text.split("\n\n") if part.strip()]
        sounds = [np.zeros(round(EDGE * RATE), np.float32)]
        for number, part in enumerate(parts):
            if number:
                sounds.append(np.zeros(round(PAUSE * RATE), np.float32))
            sounds.append(next(voice.speak([part], pace=1.0)).samples)
        sound = np.concatenate([*sounds, sounds[0]])
    peak = float(np.abs(sound).max(initial=0.0))
    return (sound * (_LOUD / peak)).astype(np.float32) if peak else sound


@cache
def _voice() -> HibariVoice:
    return HibariVoice()


def recorded(text: str, order: Reply) -> npt.NDArray[np.int16]:
    """The samples that are delivered for `text`, as `order` spoils them."""
    sound = spoken(text if order.words is None else order.words)
    sound = sound[: round(len(sound) * order.keep)]
    if order.silent:
        sound = np.zeros_like(sound)
    if order.clipped:
        sound = sound * 20
    return np.round(np.clip(sound, -1, 1) * 32767).astype("<i2")


def as_wav(samples: npt.NDArray[np.int16], rate: int) -> bytes:
    """A whole WAV file, 16 bit mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return file.getvalue()
