"""When scenes begin and end and when their words are said, on the grid of whole frames."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.model import FPS, LAST_TAIL, LEAD, TAIL, SceneTiming, Word
from pipeline.providers import Speech

#: The time on screen of a word that its neighbour speaks for ("000" in "12 000").
SLIVER = 0.05


def time_scenes(speeches: Sequence[Speech]) -> tuple[SceneTiming, ...]:
    """The scenes in order, each LEAD + speech + TAIL long, in whole frames; word starts increase strictly."""
    timings = []
    for index, speech in enumerate(speeches):
        tail = LAST_TAIL if index == len(speeches) - 1 else TAIL
        seconds = LEAD + len(speech.samples) / speech.rate + tail
        timings.append(SceneTiming(frames=math.ceil(round(seconds * FPS, 6)), words=_shown(speech.words)))
    return tuple(timings)


def _shown(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words from the scene's first frame on; the timeless take a sliver of a neighbour's."""
    shown: list[Word] = []
    for group in _groups(words):
        begin, end = group[0].start, max(word.end for word in group)
        sliver = min(SLIVER, (end - begin) / len(group)) if end > begin else 0.001
        longest = max(range(len(group)), key=lambda i: (group[i].end - group[i].start, -i))
        at = begin
        for index, word in enumerate(group):
            step = max(end - begin - sliver * (len(group) - 1), sliver) if index == longest else sliver
            times = {"start": round(LEAD + at, 3), "end": round(LEAD + at + step, 3)}
            shown.append(word.model_copy(update=times))
            at += step
    return tuple(shown)


def _groups(words: Sequence[Word]) -> list[list[Word]]:
    """Words with time of their own, each with the timeless ones after it (or, at the start, before it)."""
    groups: list[list[Word]] = []
    for word in words:
        alone = groups and all(w.end <= w.start for w in groups[-1])
        if groups and (word.end <= word.start or alone):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups
