"""Where words lie in what hibari renders: from phoneme durations to times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.model import Word
from pipeline.narration.spoken import Pair

#: The model's unit of duration, in seconds.
UNIT = 0.025

# The model renders about 0.3 s of silence before a sentence's first phoneme and stretches its last one by
# as much. Measured on 58 sentences of abstracts: sound begins 10–85 ms (median 40) before the first
# phoneme's time and ends 280–465 ms (median 318) before the last one's. Cutting here leaves a breath of
# 0.23–0.5 s (median 0.32) between sentences and loses no sound, and the length stays predictable.
_BEFORE_FIRST = 0.09
_BEFORE_END = 0.05
#: A phoneme before a pause is stretched over the pause; what is heard of a word's last one is at most this.
_LAST_HEARD = 3 * UNIT
#: Words are heard this much before the model's time for their first phoneme (see `_BEFORE_FIRST`).
_EARLY = 0.04

Units = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Phrase:
    """What is said in one go: phoneme ids with the model's pads, and where in them each word lies.

    `sound` is (first, stop) of all that is heard, `spans` the same per pair, equal for a word without
    sound; `spans` is empty when the words and the phonemes could not be matched.
    """

    pairs: tuple[Pair, ...]
    ids: tuple[int, ...]
    sound: tuple[int, int]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Cut:
    """The part of what the model renders that is kept, in seconds."""

    begin: float
    end: float


def rounded(durations: npt.NDArray[np.float32]) -> Units:
    """Whole units, at least one each, whose sum stays with that of `durations`: errors are carried on."""
    units, owed = np.ones(len(durations), np.int64), 0.0
    for index, wanted in enumerate(durations.tolist()):
        units[index] = max(1, round(wanted + owed))
        owed += wanted - int(units[index])
    return units


def extent(heard: list[bool]) -> tuple[int, int]:
    """(first, stop) of what is heard; all of it when nothing is, as a dash is a pause that takes its time."""
    at = [index for index, sounds in enumerate(heard) if sounds]
    return (at[0], at[-1] + 1) if at else (0, len(heard))


def cut(phrase: Phrase, units: Units, pace: float) -> Cut:
    """Where the phrase lies in what the model renders."""
    first, stop = phrase.sound
    begin = max(0.0, int(units[:first].sum()) * UNIT - _BEFORE_FIRST / pace)
    return Cut(begin, int(units[:stop].sum()) * UNIT - _BEFORE_END / pace)


def timed(phrase: Phrase, units: Units, pace: float, *, shift: float) -> list[Word]:
    """The phrase's words with their times, `shift` seconds later than in what the model renders."""
    bounds = np.concatenate([[0], np.cumsum(units)]) * UNIT + shift
    ends = np.minimum(bounds[1:], bounds[:-1] + _LAST_HEARD / pace)
    spans = [(float(bounds[first]), float(ends[stop - 1])) for first, stop in phrase.spans]
    if not spans:
        spans = _spread(phrase.pairs, float(bounds[phrase.sound[0]]), float(bounds[phrase.sound[1]]))
    return [
        Word(shown=shown, spoken=said, start=start - _EARLY, end=end - _EARLY)
        for (shown, said), (start, end) in zip(phrase.pairs, spans, strict=True)
    ]


def _spread(pairs: tuple[Pair, ...], start: float, end: float) -> list[tuple[float, float]]:
    """Times by the letters that are spoken, when nothing better is known."""
    letters = np.cumsum([0, *(len(said) for _, said in pairs)])
    bounds = start + (end - start) * letters / max(int(letters[-1]), 1)
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def in_order(words: list[Word], total: float) -> tuple[Word, ...]:
    """The words with times that never run backwards nor past the sound, rounded to a millisecond."""
    ordered: list[Word] = []
    for index, word in enumerate(words):
        before = ordered[-1].end if ordered else 0.0
        following = words[index + 1].start if index + 1 < len(words) else total
        start = round(min(max(word.start, before), total), 3)
        end = round(max(start, min(word.end, max(following, start), total)), 3)
        ordered.append(word.model_copy(update={"start": start, "end": end}))
    return tuple(ordered)
