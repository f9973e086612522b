"""Which lines make the best story that fits the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.model import LEAD, TAIL, SceneKind
from pipeline.script.content_words import says_the_same
from pipeline.script.lines import Line
from pipeline.script.salience import DANGLING, Candidate

#: The fewest and the most scenes between hook and source, and the most of findings among them.
_FEWEST_SCENES, _MOST_SCENES, _FINDING_SCENES = 3, 7, 4
#: With fewer beats than these between hook and source, two sentences make two scenes.
_PARTED_BELOW = 4
_ORDER: tuple[SceneKind, ...] = ("background", "method", "finding", "limitation", "takeaway")
_MOST_LINES = {"background": 3, "method": 2, "finding": 8, "limitation": 2, "takeaway": 2}
#: Seconds of a usual line. A line's score counts by its length, so that what fills the time is good.
_USUAL = 7.0
#: What the first, second … line of a kind adds: a story without a finding or a takeaway is none.
_WORTH: dict[str, tuple[float, ...]] = {
    "background": (4.0, -1.0, -2.0),
    "method": (4.0, -2.0),
    "finding": (8.0, 3.0, 1.0, 0.0, -1.0, -1.0, -1.0, -1.0),
    "limitation": (4.0, -4.0),
    "takeaway": (7.0, -1.0),
}
#: States kept for each 3 s of speech while searching.
_WIDTH = 24


@dataclass(frozen=True)
class Beat:
    """A scene to be: its kind and the lines it says, in order."""

    kind: SceneKind
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Draft:
    chosen: tuple[Candidate, ...]
    seconds: float
    score: float


def best_story(
    found: Sequence[Candidate], *, hook: Line | None, seconds: float, spoken_seconds: Callable[[str], float]
) -> list[Beat]:
    """The beats after the hook and before the source, `seconds` long if the paper has that much to say.

    `seconds` counts speech at pace 1 and each scene's lead and tail. Searched with a beam: lines are
    taken or passed over in the order of telling; none may repeat another.
    """
    drafts = [_Draft((), 0.0, 0.0)]
    for candidate in sorted(found, key=lambda candidate: _ORDER.index(candidate.role)):
        line = candidate.line
        if hook and says_the_same(line.stems, hook.stems):
            continue
        step = _Step(
            candidate,
            spoken=spoken_seconds(line.text),
            repeated=frozenset(o.line.text for o in found if says_the_same(line.stems, o.line.stems)),
        )
        taken = (_with(draft, step, hook) for draft in drafts)
        drafts = _thinned([*drafts, *(draft for draft in taken if draft and draft.seconds <= seconds * 1.12)])
    best = max(drafts, key=lambda draft: draft.score - _misfit(draft.seconds, seconds) - _thinness(draft))
    return _beats(best.chosen)


@dataclass(frozen=True)
class _Step:
    """A candidate to take or pass over: how long it is spoken, and the texts that it would repeat."""

    candidate: Candidate
    spoken: float
    repeated: frozenset[str]


def _with(draft: _Draft, step: _Step, hook: Line | None) -> _Draft | None:
    """The draft with the step's line at its end, or `None` where there is no room for it or nothing new in it."""
    candidate, line = step.candidate, step.candidate.line
    same = sum(chosen.role == candidate.role for chosen in draft.chosen)
    opens_scene = not same or (candidate.role == "finding" and same < _FINDING_SCENES)
    room = _MOST_SCENES - (candidate.role != "takeaway")  # one is kept for it
    if (
        same >= _MOST_LINES[candidate.role]
        or (opens_scene and _scenes(draft) >= room)
        or any(chosen.line.text in step.repeated for chosen in draft.chosen)
    ):
        return None
    score = candidate.score * step.spoken / _USUAL + _WORTH[candidate.role][same]
    before = draft.chosen[-1].line if draft.chosen else hook
    if before and line.follows(before):
        score += DANGLING * step.spoken / _USUAL if line.dangling else 0.5
    pause = LEAD + TAIL if opens_scene else 0.0
    return _Draft((*draft.chosen, candidate), draft.seconds + step.spoken + pause, draft.score + score)


def _scenes(draft: _Draft) -> int:
    roles = [chosen.role for chosen in draft.chosen]
    return len(set(roles)) + min(max(roles.count("finding") - 1, 0), _FINDING_SCENES - 1)


def _thinned(drafts: list[_Draft]) -> list[_Draft]:
    """The best few of each length, so that room is left for what comes later."""
    kept: list[_Draft] = []
    counts: dict[int, int] = {}
    for draft in sorted(drafts, key=lambda draft: -draft.score):
        bucket = int(draft.seconds // 3)
        counts[bucket] = counts.get(bucket, 0) + 1
        if counts[bucket] <= _WIDTH:
            kept.append(draft)
    return kept


def _thinness(draft: _Draft) -> float:
    """The price of fewer beats than make a story, and of one without its end."""
    roles = {chosen.role for chosen in draft.chosen}
    return 7.0 * max(_FEWEST_SCENES - _scenes(draft), 0) + 9.0 * len({"finding", "takeaway"} - roles)


def _misfit(seconds: float, wanted: float) -> float:
    """The price of a length that the voice's pace must make up for; 3 % is free."""
    ratio = seconds / wanted if wanted > 0 else 1.0
    return max(abs(ratio - 1) - 0.03, 0) * 90


def _beats(chosen: Sequence[Candidate]) -> list[Beat]:
    beats = []
    for kind in _ORDER:
        told = [candidate.line for candidate in chosen if candidate.role == kind]
        room = _FINDING_SCENES if kind == "finding" else 1
        beats += [Beat(kind, group) for group in _grouped(told, room)]
    return _spread(beats)


def _spread(beats: list[Beat]) -> list[Beat]:
    """The beats, those of several lines parted while the video would have fewer scenes than six."""
    while len(beats) < _PARTED_BELOW:
        crowded = [index for index, beat in enumerate(beats) if len(beat.lines) > 1]
        if not crowded:
            break
        index = max(crowded, key=lambda index: sum(line.words for line in beats[index].lines))
        beat = beats[index]
        beats[index : index + 1] = [Beat(beat.kind, beat.lines[:1]), Beat(beat.kind, beat.lines[1:])]
    return beats


def _grouped(told: Sequence[Line], room: int) -> list[tuple[Line, ...]]:
    """The lines in at most `room` groups: neighbours in the paper join first, then the shortest pair."""
    groups: list[tuple[Line, ...]] = [(line,) for line in told]
    while len(groups) > room:
        pairs = range(len(groups) - 1)
        joined = min(
            pairs,
            key=lambda index: (
                not groups[index + 1][0].follows(groups[index][-1]),
                sum(line.words for line in groups[index] + groups[index + 1]),
            ),
        )
        groups[joined : joined + 2] = [groups[joined] + groups[joined + 1]]
    return groups
