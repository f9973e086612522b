"""Which figure a scene shows: the one that its evidence names, else one whose caption is about the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.model import CardVisual, Figure, FigureVisual, NumberVisual, Paper, Scene, Script
from pipeline.visuals.credits import figure_credit

#: Part of every key: raise it when the same script and paper would be given other figures.
VERSION = "1"

#: Scenes of these kinds are about something that the paper may have drawn.
_KINDS = frozenset({"background", "method", "finding"})
#: A figure that the evidence names beats every likeness of words.
_NAMED = 100.0
#: What a caption must share with a scene: so many different words, of so much weight together.
_SHARED_WORDS, _SHARED_WEIGHT = 2, 0.9
#: Smaller pictures (pixels) are signs and formulas, not figures.
_SMALLEST = 200

_MENTION = re.compile(r"\bfig(?:ure|ures|s)?\.?\s*(S?\d+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'-]+")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        about above after again against also although among another because been before being below
        between both cannot come could data does doing down during each error errors figure first
        following found from further have having here high higher indicate indicated into large less
        like line lines mean means more most much must only other over panel panels respectively
        result results same second several should show showed shown shows since some study such than
        that their them then there these they this those three through time under until used using
        value values very were what when where whether which while with within without would
        """,
    )
)


def assign_figures(script: Script, paper: Paper, showable: Sequence[Figure]) -> Script:
    """The script with a figure in every scene that has a fitting one.

    Only `showable` figures are shown (those with a picture that may be used); another that the script asks
    for gives way to a card. A user's own picture stays. A figure is shown twice only where evidence names
    it again, and never in two neighbouring scenes.
    """
    scenes = [_without_hidden(scene, paper, showable) for scene in script.scenes]
    figures = [figure for figure in showable if _large(figure)]
    shown = {i: s.visual.figure for i, s in enumerate(scenes) if isinstance(s.visual, FigureVisual)}
    for score, index, figure in _ranked(scenes, figures):
        neighbours = {shown.get(index - 1), shown.get(index + 1)}
        again = figure.id in shown.values() and score < _NAMED
        if index in shown or again or figure.id in neighbours:
            continue
        shown[index] = figure.id
        visual = FigureVisual(figure=figure.id, credit=figure_credit(paper, figure))
        scenes[index] = scenes[index].model_copy(update={"visual": visual})
    return script.model_copy(update={"scenes": tuple(scenes)})


def _without_hidden(scene: Scene, paper: Paper, showable: Sequence[Figure]) -> Scene:
    if not isinstance(scene.visual, FigureVisual):
        return scene
    hidden = {figure.id for figure in paper.figures} - {figure.id for figure in showable}
    if scene.visual.figure not in hidden:
        return scene
    return scene.model_copy(update={"visual": CardVisual()})


def _large(figure: Figure) -> bool:
    return min(figure.width or _SMALLEST, figure.height or _SMALLEST) >= _SMALLEST


def _ranked(scenes: list[Scene], figures: list[Figure]) -> list[tuple[float, int, Figure]]:
    """Every fitting (score, scene, figure), best first; equal ones in the order of the story."""
    weights = _weights(figures)
    found = []
    for index, scene in enumerate(scenes):
        if scene.kind not in _KINDS or not isinstance(scene.visual, CardVisual | NumberVisual):
            continue
        for order, figure in enumerate(figures):
            score = _score(scene, figure, weights)
            if score > 0:
                found.append((-score, index, order))
    return [(-score, index, figures[order]) for score, index, order in sorted(found)]


def _score(scene: Scene, figure: Figure, weights: dict[str, float]) -> float:
    """0 where scene and figure have too little in common."""
    evidence = [e for claim in scene.claims for e in claim.evidence]
    text = " ".join([scene.narration, *(e.quote for e in evidence)])
    shared = _content(text) & _content(figure.caption)
    likeness = sum(weights[word] for word in shared) / math.sqrt(1 + len(_content(figure.caption)))
    number = re.search(r"S?\d+", figure.label)
    named = {mention.upper() for mention in _MENTION.findall(text)}
    if (number and number.group() in named) or any(e.section == figure.label != "" for e in evidence):
        return _NAMED + likeness
    enough = len(shared) >= _SHARED_WORDS and sum(weights[w] for w in shared) >= _SHARED_WEIGHT
    return likeness if enough else 0.0


def _weights(figures: list[Figure]) -> dict[str, float]:
    """How much each word tells the figures apart: less the more captions it stands in."""
    counts = Counter(word for figure in figures for word in _content(figure.caption))
    return {word: math.log(1 + len(figures) / count) for word, count in counts.items()}


def _content(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if len(word) > 3 and word not in _COMMON)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
