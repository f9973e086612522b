"""Which figure of the paper a scene shows: the one that the paper itself refers to where it says the same.

A caption alone tells too little ("Structure of ursolic acid" shares words with every result of a paper on
ursolic acid), so a figure is chosen by the sentences of the body that name it, and by its caption only
when that says most of what the scene says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import CardVisual, Figure, FigureVisual, NumberVisual, Paper, Scene, Script
from pipeline.text.figure_names import named_in, number_of
from pipeline.visuals.credits import figure_credit

#: Part of every key: raise it when the same script and paper would be given other figures.
VERSION = "1"

#: A figure that the evidence names beats every likeness of words.
_NAMED = 100.0
#: The share of a scene's content words that a sentence which names the figure, or its caption, must hold.
#: A finding has its figure; what was asked or done before it seldom has.
_LEAST_SHARE = {"finding": 0.4, "method": 0.5, "background": 0.5}
#: And how many words that must be at least.
_SHARED_WORDS = 3
#: What a number in common is worth, in shares: the same 49.8 stands nowhere else.
_SAME_NUMBER = 0.3
#: Smaller pictures (pixels) are signs and formulas, not figures.
_SMALLEST = 200

_MENTION = re.compile(r"\bfig(?:ure|ures|s)?\.?\s*(S?\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
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
    told = {figure.id: _told(figure) for figure in showable if _large(figure)}
    figures = [figure for figure in showable if figure.id in told]
    shown = {i: s.visual.figure for i, s in enumerate(scenes) if isinstance(s.visual, FigureVisual)}
    for score, index, figure in _ranked(scenes, figures, told):
        neighbours = {shown.get(index - 1), shown.get(index + 1)}
        again = figure.id in shown.values() and score < _NAMED
        if index in shown or again or figure.id in neighbours:
            continue
        shown[index] = figure.id
        visual = FigureVisual(figure=figure.id, credit=figure_credit(paper, figure))
        scenes[index] = scenes[index].model_copy(update={"visual": visual})
    return script.model_copy(update={"scenes": tuple(scenes)})


def fitting(scene: Scene, showable: Sequence[Figure]) -> list[tuple[Figure, bool]]:
    """The figures large enough to show, best first, and whether each has to do with the scene at all."""
    large = [figure for figure in showable if _large(figure)]
    scores = [_score(scene, figure, _told(figure), least=0.0) for figure in large]
    order = sorted(range(len(large)), key=lambda at: -scores[at])
    return [(large[at], scores[at] > 0) for at in order]


def _told(figure: Figure) -> list[str]:
    """What the paper says of the figure: the caption, and every sentence of the body that names it."""
    return [figure.caption, *(mention.quote for mention in figure.mentions)]


def _without_hidden(scene: Scene, paper: Paper, showable: Sequence[Figure]) -> Scene:
    if not isinstance(scene.visual, FigureVisual):
        return scene
    hidden = {figure.id for figure in paper.figures} - {figure.id for figure in showable}
    if scene.visual.figure not in hidden:
        return scene
    return scene.model_copy(update={"visual": CardVisual()})


def _large(figure: Figure) -> bool:
    return min(figure.width or _SMALLEST, figure.height or _SMALLEST) >= _SMALLEST


def _ranked(
    scenes: list[Scene], figures: list[Figure], told: dict[str, list[str]]
) -> list[tuple[float, int, Figure]]:
    """Every fitting (score, scene, figure), best first; equal ones in the order of the story."""
    found = []
    for index, scene in enumerate(scenes):
        if scene.kind not in _LEAST_SHARE or not isinstance(scene.visual, CardVisual | NumberVisual):
            continue
        for order, figure in enumerate(figures):
            score = _score(scene, figure, told[figure.id], least=_LEAST_SHARE[scene.kind])
            if score > 0:
                found.append((-score, index, order))
    return [(-score, index, figures[order]) for score, index, order in sorted(found)]


def _score(scene: Scene, figure: Figure, told: list[str], *, least: float) -> float:
    """How well the best of what is told of the figure matches the scene; 0 where less than `least`."""
    evidence = [e for claim in scene.claims for e in claim.evidence]
    best = max(_likeness(scene.narration, sentence) for sentence in told)
    named = named_in(" ".join([scene.narration, *(e.quote for e in evidence)]))
    if number_of(figure.label) in named or any(e.section == figure.label != "" for e in evidence):
        return _NAMED + best
    return best if best >= least else 0.0


def _likeness(narration: str, sentence: str) -> float:
    """The share of the narration's content words that the sentence holds, more for each number in common."""
    words = _content(narration)
    shared = words & _content(sentence)
    if len(shared) < _SHARED_WORDS:
        return 0.0
    numbers = set(_NUMBER.findall(narration)) & set(_NUMBER.findall(_MENTION.sub("", sentence)))
    return len(shared) / len(words) + _SAME_NUMBER * len(numbers)


def _content(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if len(word) > 3 and word not in _COMMON)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
