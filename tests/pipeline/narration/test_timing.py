from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pipeline.model import FPS, LAST_TAIL, LEAD, TAIL, Word
from pipeline.narration.timing import time_scenes
from pipeline.providers import Speech

RATE = 24_000


def speech(seconds: float, *words: tuple[str, float, float]) -> Speech:
    timed = tuple(Word(shown=shown, spoken=shown, start=start, end=end) for shown, start, end in words)
    return Speech(samples=np.zeros(round(seconds * RATE), np.float32), rate=RATE, words=timed)


def test_a_scene_lasts_its_speech_and_the_pauses_around_it_in_whole_frames() -> None:
    first, last = time_scenes([speech(2.0, ("a", 0.0, 1.0)), speech(2.01, ("b", 0.5, 1.0))])

    assert first.frames == round((LEAD + 2.0 + TAIL) * FPS)
    assert last.frames / FPS >= LEAD + 2.01 + LAST_TAIL > (last.frames - 1) / FPS


def test_words_are_counted_from_the_first_frame_of_their_scene() -> None:
    [scene] = time_scenes([speech(2.0, ("a", 0.0, 0.5), ("b", 0.6, 1.0))])

    assert [(word.start, word.end) for word in scene.words] == [(0.35, 0.85), (0.95, 1.35)]


@pytest.mark.parametrize(
    "words",
    [
        [("12", 0.0, 0.8), ("000", 0.8, 0.8), ("mice", 0.9, 1.2)],
        [("*", 0.0, 0.0), ("mice", 0.0, 0.5)],
        [("mice", 0.1, 0.5), ("*", 0.5, 0.5), ("†", 0.5, 0.5)],
        [("a", 0.0, 0.06), ("*", 0.06, 0.06), ("†", 0.06, 0.06), ("b", 0.06, 0.1)],
        [("*", 0.0, 0.0), ("†", 0.0, 0.0)],
    ],
)
def test_a_word_without_time_takes_a_sliver_of_its_neighbours(words: list[tuple[str, float, float]]) -> None:
    [scene] = time_scenes([speech(2.0, *words)])

    assert [word.shown for word in scene.words] == [shown for shown, _, _ in words]
    assert all(before.start < after.start for before, after in pairwise(scene.words))
    assert all(before.end <= after.start for before, after in pairwise(scene.words))
    assert all(word.start < word.end for word in scene.words)
    assert scene.words[-1].end <= LEAD + max(end for _, _, end in words) + 0.01


def test_no_speeches_make_no_scenes() -> None:
    assert time_scenes([]) == ()
