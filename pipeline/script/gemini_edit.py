"""Putting the last hand to a script: scenes that fail give way, the order and the length are as they must be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.model import CardVisual, Paper, Scene, SceneKind, Visual
from pipeline.script.extractive import FASTEST, SLOWEST, pace_of, visual_of
from pipeline.script.gemini_review import Review, repeats
from pipeline.script.keyphrases import Keyphrases
from pipeline.text.sentences import split

ORDER: Final[tuple[SceneKind, ...]] = (
    "hook",
    "background",
    "method",
    "finding",
    "limitation",
    "takeaway",
    "source",
)
#: A story without one of these is none.
_NEEDED: Final[tuple[SceneKind, ...]] = ("hook", "finding", "takeaway")
#: What gives way first when a script is too long; of findings the last, never the first.
_SPARE: Final[tuple[SceneKind, ...]] = ("method", "background", "finding")
#: What is added first when a script is too short.
_FILLING: Final[tuple[SceneKind, ...]] = ("finding", "background", "method", "limitation")
_MOST_SCENES = 9
#: With fewer scenes than these before the last, words are saved before a scene is.
_FULL = 5
#: What is told in less than this share of the letters is told briefly.
_BRIEFER = 0.8


@dataclass(frozen=True)
class Edited:
    """The scenes, the pace at which they last as long as was asked, and how many are whose."""

    scenes: tuple[Scene, ...]
    pace: float
    own: int
    replaced: int
    dropped: int


@dataclass
class Editor:
    """Edits scripts of one paper. `spare` are the scenes of the embedded writer, the source's last."""

    paper: Paper
    review: Review
    spare: Sequence[Scene]
    seconds: int
    spoken_seconds: Callable[[str], float]

    def edited(self, scenes: Sequence[Scene], failing: set[int]) -> Edited:
        """The script with what fails replaced by the paper's own sentences, or left out."""
        kept = [scene for number, scene in enumerate(scenes) if number not in failing]
        for number in sorted(failing):
            if (other := self._other(scenes[number].kind, kept)) is not None:
                kept.append(other)
        for kind in _NEEDED:
            if all(scene.kind != kind for scene in kept) and (other := self._other(kind, kept)) is not None:
                kept.append(other)
        told = self._fitted(_in_order(kept))
        own = sum(any(was.narration.startswith(one.narration) for was in scenes) for one in told)
        replaced = len(told) - own
        dressed = self._dressed([*told, self.spare[-1]])
        pace = min(max(self._pace(dressed), SLOWEST), FASTEST)
        return Edited(tuple(dressed), pace, own, replaced, max(len(failing) - replaced, 0))

    def pace(self, scenes: Sequence[Scene]) -> float:
        """The pace at which these scenes and the last one last as long as was asked."""
        return self._pace([*scenes, self.spare[-1]])

    def _pace(self, scenes: Sequence[Scene]) -> float:
        return pace_of([self.spoken_seconds(scene.narration) for scene in scenes], self.seconds)

    def _other(self, kind: SceneKind, kept: Sequence[Scene]) -> Scene | None:
        """A scene of this kind by the embedded writer that says nothing said already, and nothing that it must not."""
        for scene in self.spare:
            new = scene.kind == kind and not any(repeats(scene, other) for other in kept)
            if new and not self._blocked(scene):
                return scene
        return None

    def _blocked(self, scene: Scene) -> bool:
        return bool(self.review.faults([scene]))

    def _fitted(self, scenes: list[Scene]) -> list[Scene]:
        """The scenes, fewer when they take too long, more when they leave time."""
        while self.pace(scenes) > FASTEST and (shorter := self._without_one(scenes)) is not None:
            scenes = shorter
        while self.pace(scenes) < SLOWEST and len(scenes) < _MOST_SCENES - 1:
            longer = [
                _in_order([*scenes, other])
                for kind in _FILLING
                if kind == "finding" or all(scene.kind != kind for scene in scenes)
                if (other := self._other(kind, scenes)) is not None
            ]
            fitting = [one for one in longer if self.pace(one) <= FASTEST]
            if not fitting:
                break
            scenes = fitting[0]
        return scenes

    def _without_one(self, scenes: list[Scene]) -> list[Scene] | None:
        """A shorter script; `None` where there is none that still tells the story."""
        droppable = [
            there[-1]
            for kind in _SPARE
            if (there := [number for number, scene in enumerate(scenes) if scene.kind == kind])
            if len(there) > (kind == "finding")
        ]
        if droppable and len(scenes) >= _FULL:
            return _without(scenes, droppable[0])
        if (shorter := self._shortened(scenes) or self._swapped(scenes)) is not None:
            return shorter
        confessed = [number for number, scene in enumerate(scenes) if scene.kind == "limitation"]
        last = [*droppable, *confessed]
        return _without(scenes, last[0]) if last else None

    def _swapped(self, scenes: list[Scene]) -> list[Scene] | None:
        """The scenes, the longest that the embedded writer tells in far fewer words in its words."""
        for number in sorted(range(len(scenes)), key=lambda number: -len(scenes[number].narration)):
            scene, others = scenes[number], _without(scenes, number)
            for other in self.spare:
                brief = len(other.narration) < _BRIEFER * len(scene.narration) and other.kind == scene.kind
                if brief and not any(repeats(other, one) for one in others) and not self._blocked(other):
                    return [*scenes[:number], other, *scenes[number + 1 :]]
        return None

    def _shortened(self, scenes: list[Scene]) -> list[Scene] | None:
        """The scenes, the longest without its last sentence; `None` where each has one only."""
        several = [number for number, scene in enumerate(scenes) if len(split(scene.narration)) > 1]
        if not several:
            return None
        longest = max(several, key=lambda number: len(scenes[number].narration))
        scene = scenes[longest]
        less = scene.model_copy(update={"narration": " ".join(split(scene.narration)[:-1])})
        return [*scenes[:longest], less, *scenes[longest + 1 :]]

    def _dressed(self, scenes: Sequence[Scene]) -> list[Scene]:
        """The scenes, each with what it shows."""
        phrases = Keyphrases(self.paper)
        shown: list[Visual] = []
        dressed: list[Scene] = []
        for scene in scenes:
            visual: Visual = CardVisual()
            if scene.kind != "source":
                first = split(scene.narration)[0]
                visual = visual_of(scene.kind, first, phrases, shown)
            shown.append(visual)
            dressed.append(scene.model_copy(update={"visual": visual}))
        return dressed


def _in_order(scenes: Sequence[Scene]) -> list[Scene]:
    """The scenes in the order in which a story is told; findings as they came."""
    return sorted(scenes, key=lambda scene: ORDER.index(scene.kind))


def _without(scenes: Sequence[Scene], gone: int) -> list[Scene]:
    return [scene for number, scene in enumerate(scenes) if number != gone]
