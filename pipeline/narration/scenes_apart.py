"""One recording of a whole narration, taken apart into its scenes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from pipeline.model import Word
from pipeline.narration.forced import Aligned
from pipeline.narration.recording import Recording
from pipeline.providers import Speech

#: What a scene keeps of the recording before its first word and after its last, at most and at least (seconds):
#: breath and the fading of a last sound belong to it.
_BEFORE, _AFTER, _LEAST = 0.25, 0.40, 0.04
#: Both ends of a scene are brought to nothing in this time (seconds), so that a cut doesn't click.
_FADE: Final = 0.005
_FRAME: Final = 0.01


def scenes_apart(heard: Recording, aligned: Aligned) -> list[Speech]:
    """The speech of each text, its words timed from its own first sample. Cut where it is quietest between them."""
    levels = heard.levels()
    borders = [0.0]
    for before, after in pairwise(aligned.texts):
        borders.append(_quietest(levels, before[-1].end, after[0].start))
    borders.append(heard.seconds)
    loud = heard.loud()
    return [
        _speech(heard, loud, words, begin, end)
        for words, (begin, end) in zip(aligned.texts, pairwise(borders), strict=True)
    ]


def _quietest(levels: np.ndarray[tuple[int, ...], np.dtype[np.float64]], end: float, start: float) -> float:
    """The quietest moment between one scene's last word and the next one's first (seconds)."""
    first = max(round((end - _LEAST) / _FRAME), 0)
    stop = min(max(round((start + _LEAST) / _FRAME), first + 1), len(levels))
    around = levels[first:stop]
    if not len(around):
        return end
    quiet = np.flatnonzero(around <= around.min() * 1.5 + 1e-6)
    return (first + int(quiet[len(quiet) // 2]) + 0.5) * _FRAME


def _speech(
    heard: Recording,
    loud: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    words: Sequence[Word],
    begin: float,
    end: float,
) -> Speech:
    """The part between two borders, without the silence at its ends."""
    at = np.flatnonzero(loud[int(begin / _FRAME) : int(end / _FRAME) + 1]) * _FRAME + begin
    first, last = words[0].start, words[-1].end
    sound = (float(at[0]), float(at[-1]) + _FRAME) if len(at) else (first, last)
    start = max(begin, min(first, max(sound[0], first - _BEFORE)) - _LEAST)
    stop = min(end, max(last, min(sound[1], last + _AFTER)) + _LEAST)
    samples = heard.samples[round(start * heard.rate) : round(stop * heard.rate)].copy()
    ramp = np.linspace(0, 1, min(round(_FADE * heard.rate), len(samples)), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[len(samples) - len(ramp) :] *= ramp[::-1]
    length = len(samples) / heard.rate
    timed = [
        word.model_copy(
            update={"start": _within(word.start - start, length), "end": _within(word.end - start, length)}
        )
        for word in words
    ]
    return Speech(samples, heard.rate, tuple(timed))


def _within(moment: float, length: float) -> float:
    return round(min(max(moment, 0.0), length), 3)
