"""The stage generate-audio: each scene is spoken, the scenes are timed, the track is levelled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.errors import ProviderError
from pipeline.model import Narration, Script, Word
from pipeline.narration.loudness import write_track
from pipeline.narration.timing import time_scenes
from pipeline.providers import Report, Speech

#: Part of every key: raise it when the same speech gives other times or another track.
VERSION = "1"

TRACK = "narration.wav"
_SAMPLES = "samples.npy"
_WORDS = "words.json"


def narrate(
    script: Script,
    speeches: Sequence[Speech],
    folder: Path,
    report: Report,
    *,
    voice: str,
    remarks: tuple[str, ...] = (),
) -> Narration:
    """Write the voice track `narration.wav` into `folder`; returns it with the times of its scenes and words.

    `speeches` are what is said in each scene, `voice` who says it. Raises ProviderError when a scene is
    without sound or has other words than the scene's.
    """
    for index, (scene, speech) in enumerate(zip(script.scenes, speeches, strict=True)):
        _check(speech, scene.narration, index)
    report(0.9, "levelling the voice")
    timings = time_scenes(speeches)
    loudness, true_peak = write_track(speeches, timings, folder / TRACK)
    report(1.0, "voice ready")
    return Narration(
        scenes=timings, file=TRACK, loudness=loudness, true_peak=true_peak, voice=voice, remarks=remarks
    )


def save_speech(speech: Speech, folder: Path) -> None:
    """Write the speech into `folder`, for `load_speech`."""
    np.save(folder / _SAMPLES, speech.samples)
    words = [word.model_dump() for word in speech.words]
    text = json.dumps({"rate": speech.rate, "words": words}, ensure_ascii=False)
    (folder / _WORDS).write_text(text, encoding="utf-8")


def load_speech(folder: Path) -> Speech:
    """The speech that `save_speech` wrote."""
    found = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
    words = tuple(Word.model_validate(word) for word in found["words"])
    return Speech(samples=np.load(folder / _SAMPLES), rate=found["rate"], words=words)


def _check(speech: Speech, text: str, index: int) -> None:
    advice = "Run it again; if it happens again, change the words of that scene."
    if not np.any(np.abs(speech.samples) > 1e-3):
        raise ProviderError(f"The voice returned no sound for scene {index + 1}.", advice)
    if [word.shown for word in speech.words] != text.split():
        raise ProviderError(f"The voice said other words than those of scene {index + 1}.", advice)
