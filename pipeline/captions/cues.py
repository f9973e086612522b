"""Words → cues: the two to five words that stand on screen together, broken where a reader would breathe."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from pipeline.model import Cue, Word

MOST_WORDS = 5
#: A gap shorter than this is not shown: the cue stays until the next one comes.
HOLD = 0.4
#: How long a cue stays after its last word when silence follows.
LINGER = 0.3
#: Characters a second that are read without hurry on a phone.
READING_SPEED = 20.0

_SENTENCE_END = re.compile(r"[.!?…][”\"')\]]*$")
_PHRASE_END = re.compile(r"[,;:—–][”\"')\]]*$")
#: Words that belong to what follows, so that a cue had better not end with one.
_LEANING = frozenset(
    re.findall(
        r"\w+",
        """
        a an the this that these those its their our his her of in on at to for from by with without
        between among and or but nor not no than as if whether while when which who whose is are was
        were be been has have had can could may might will would should do does did very more most
        less per about into over under after before
        """,
    )
)
#: Words that open a phrase, so that a cue may well begin with one.
_OPENING = frozenset(
    re.findall(
        r"\w+",
        """
        and or but because although though while whereas when where which who that than if whether
        as with without in on at to for from by of between among during after before into over under
        is are was were
        """,
    )
)
_NUMBER = re.compile(r"^[(\[<>=≤≥~±]?[\d.,]+$")
_UNIT_LIKE = re.compile(
    r"^(%|°|[a-zµμΩ]{1,3}\b|percent\b|per\b|million\b|billion\b|thousand\b|years?\b|days?\b)"
)


def cues(words: Sequence[Word], *, fits: Callable[[str], bool], seconds: float) -> list[Cue]:
    """Group the words of a scene that lasts `seconds`; `fits` says whether a text has room on screen.

    Every word is in one cue, in order. Cues do not overlap; all end by `seconds`. A cue has more than
    five words never, a single one only where it is a sentence of its own or has no room for another.
    """
    groups = _group(words, fits)
    starts = [group[0].start for group in groups]
    result = []
    for i, group in enumerate(groups):
        said = group[-1].end
        following = starts[i + 1] if i + 1 < len(groups) else seconds
        end = following if following - said < HOLD else min(said + LINGER, following)
        result.append(Cue(words=tuple(group), start=starts[i], end=max(end, starts[i])))
    return result


def _group(words: Sequence[Word], fits: Callable[[str], bool]) -> list[Sequence[Word]]:
    """The cheapest way to cut, by the costs of every cue and of every cut."""
    best: list[float] = [0.0]
    cut: list[int] = [0]
    for end in range(1, len(words) + 1):
        options = []
        for begin in range(end - 1, max(-1, end - 1 - MOST_WORDS), -1):
            group = words[begin:end]
            if len(group) > 1 and not fits(" ".join(w.shown for w in group)):
                break
            following = words[end] if end < len(words) else None
            options.append((best[begin] + _cue_cost(group) + _cut_cost(group[-1], following), begin))
        cost, begin = min(options)
        best.append(cost)
        cut.append(begin)
    groups: list[Sequence[Word]] = []
    end = len(words)
    while end:
        groups.append(words[cut[end] : end])
        end = cut[end]
    return groups[::-1]


def _cue_cost(group: Sequence[Word]) -> float:
    """Near four words is best; a sentence or a phrase that ends inside, or a rush, costs."""
    text = " ".join(w.shown for w in group)
    cost = {1: 6.0, 2: 1.5, 3: 0.2, 4: 0.0}.get(len(group), 0.6)
    for word in group[:-1]:
        if _SENTENCE_END.search(word.shown):
            cost += 9
        elif _PHRASE_END.search(word.shown):
            cost += 2.5
    cost += sum(max(0.0, b.start - a.end - 0.15) * 12 for a, b in pairwise(group))
    seconds = max(group[-1].end - group[0].start, 0.05)
    cost += max(0.0, len(text) / seconds - READING_SPEED) * 0.3
    return cost + max(0.0, 0.7 - seconds) * 4


def _cut_cost(last: Word, following: Word | None) -> float:
    """What it costs to end a cue after `last`, before `following`."""
    if following is None or _SENTENCE_END.search(last.shown):
        return 0.0
    if _PHRASE_END.search(last.shown):
        return 0.3
    if _NUMBER.match(last.shown) and _UNIT_LIKE.match(following.shown):
        return 6.0
    cost = 2.0
    if last.shown.lower() in _LEANING:
        cost += 2.5
    if following.shown.lower() in _OPENING:
        cost -= 1.2
    return cost
