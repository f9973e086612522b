"""What a scene shows when it is redone: the next of what could stand there, in an order that is always the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.model import CardVisual, Figure, FigureVisual, NumberVisual, Paper, Scene, Script, Visual
from pipeline.visuals.credits import figure_credit
from pipeline.visuals.figures import fitting

#: Which type may stand in a scene in place of a picture: a number, a topic.
Typeset = Callable[[Scene], Sequence[Visual]]


def retaken(
    script: Script, paper: Paper, showable: Sequence[Figure], takes: Mapping[int, int], typeset: Typeset
) -> tuple[Script, dict[int, int]]:
    """The script with what its redone scenes show now, and another ground for those that have nothing else to show.

    Take n of a scene is the nth of its `alternatives`, round and round. It depends on that scene and on
    what its neighbours showed at first, so redoing one scene changes no other.
    """
    scenes = list(script.scenes)
    grounds = {}
    for index, take in takes.items():
        if take <= 0 or not 0 <= index < len(scenes):
            continue
        visuals = alternatives(script, index, paper, showable, typeset)
        scenes[index] = scenes[index].model_copy(update={"visual": visuals[take % len(visuals)]})
        if len(visuals) == 1:
            grounds[index] = take
    if tuple(scenes) != script.scenes:
        script = script.model_copy(update={"scenes": tuple(scenes)})
    return script, grounds


def alternatives(
    script: Script, index: int, paper: Paper, showable: Sequence[Figure], typeset: Typeset
) -> list[Visual]:
    """Everything that the scene may show: what it shows, figures that fit, type, the passage, other figures.

    Figures that no other scene shows come first; those beside it are left out. The source card has no
    alternative, and the title card only figures.
    """
    scene = script.scenes[index]
    if scene.kind == "source":
        return [scene.visual]
    beside = {_figure(script, index - 1), _figure(script, index + 1), _figure(script, index)}
    elsewhere = {_figure(script, other) for other in range(len(script.scenes))}
    ranked = [(figure, fits) for figure, fits in fitting(scene, showable) if figure.id not in beside]
    ranked.sort(key=lambda pair: pair[0].id in elsewhere)
    related = [_visual(paper, figure) for figure, fits in ranked if fits]
    others = [_visual(paper, figure) for figure, fits in ranked if not fits]
    type_ = [] if scene.kind == "hook" else [*typeset(scene), CardVisual()]
    found: list[Visual] = []
    for visual in [scene.visual, *related, *type_, *others]:
        if visual not in found and not (_is_number(visual) and any(map(_is_number, found))):
            found.append(visual)
    return found


def _is_number(visual: Visual) -> bool:
    return isinstance(visual, NumberVisual)


def _figure(script: Script, index: int) -> str | None:
    visual = script.scenes[index].visual if 0 <= index < len(script.scenes) else None
    return visual.figure if isinstance(visual, FigureVisual) else None


def _visual(paper: Paper, figure: Figure) -> Visual:
    return FigureVisual(figure=figure.id, credit=figure_credit(paper, figure))
