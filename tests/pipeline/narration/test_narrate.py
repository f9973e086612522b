from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ProviderError
from pipeline.model import Scene, Script, Word
from pipeline.narration.loudness import measure
from pipeline.narration.narrate import load_speech, narrate, save_speech
from pipeline.providers import Speech
from tests.pipeline.narration.saying import say


class Hummer:
    """A voice that hums each word for a quarter of a second."""

    name = "hummer"
    version = "1"

    def __init__(self, level: float = 0.1) -> None:
        self.level = level

    def speak(self, texts: Sequence[str], *, pace: float) -> Iterator[Speech]:
        return (self._hum(text, pace) for text in texts)

    def _hum(self, text: str, pace: float) -> Speech:
        step = 0.25 / pace
        words = text.split()
        at = np.arange(round(step * len(words) * 24_000)) / 24_000
        hum = self.level * np.sin(2 * np.pi * 200 * at) * np.sin(np.pi * at / step)
        timed = [
            Word(shown=word, spoken=word, start=step * i, end=step * (i + 1)) for i, word in enumerate(words)
        ]
        return Speech(hum.astype(np.float32), 24_000, tuple(timed))

    def seconds(self, text: str) -> float:
        return 0.25 * len(text.split())


SCRIPT = Script(
    scenes=(
        Scene(kind="hook", narration="What if mice could sing?"),
        Scene(kind="finding", narration="They can, and 37.5 % do."),
        Scene(kind="source", narration="By Lee and others, 2019."),
    ),
    pace=1.1,
)


def hummed(voice: Hummer) -> list[Speech]:
    return list(voice.speak([scene.narration for scene in SCRIPT.scenes], pace=SCRIPT.pace))


def test_a_script_becomes_a_track_and_times(tmp_path: Path) -> None:
    voice, told = Hummer(), []

    narration = narrate(
        SCRIPT, hummed(voice), tmp_path, lambda *news: told.append(news), voice="hummer 1", remarks=("So.",)
    )

    assert [" ".join(word.shown for word in scene.words) for scene in narration.scenes] == [
        scene.narration for scene in SCRIPT.scenes
    ]
    assert (narration.loudness, narration.true_peak) == measure(tmp_path / narration.file)
    assert narration.voice == "hummer 1"
    assert narration.remarks == ("So.",)
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert told[-1][0] == 1.0


def test_the_same_script_gives_the_same_bytes(tmp_path: Path) -> None:
    voice = Hummer()
    tracks = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        narration = narrate(SCRIPT, hummed(voice), folder, lambda *_: None, voice="hummer 1")
        tracks.append((folder / narration.file).read_bytes())

    assert tracks[0] == tracks[1]


def test_a_remembered_speech_is_the_speech(tmp_path: Path) -> None:
    speech = say(Hummer(), "Größe: 37.5 %")

    save_speech(speech, tmp_path)
    remembered = load_speech(tmp_path)

    assert remembered.words == speech.words
    assert remembered.rate == speech.rate
    assert remembered.samples.dtype == np.float32
    assert np.array_equal(remembered.samples, speech.samples)


@pytest.mark.parametrize("level", [0.0, 1e-6])
def test_a_scene_without_sound_is_an_error_that_names_it(tmp_path: Path, level: float) -> None:
    voice = Hummer(level)

    with pytest.raises(ProviderError, match="no sound for scene 1"):
        narrate(SCRIPT, hummed(voice), tmp_path, lambda *_: None, voice="hummer 1")


def test_a_voice_that_says_other_words_is_an_error(tmp_path: Path) -> None:
    voice = Hummer()

    with pytest.raises(ProviderError, match="other words than those of scene 1") as failure:
        narrate(SCRIPT, [say(voice, "Something else.")] * 3, tmp_path, lambda *_: None, voice="hummer 1")
    assert failure.value.advice
