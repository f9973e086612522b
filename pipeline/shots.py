"""Which scenes may show footage, and what is asked for it: neither the script's room nor the visuals' alone."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import ImageVisual, Narration, Paper, Script
from pipeline.order import Order
from pipeline.providers import Shot
from pipeline.publish.post import hashtags
from pipeline.script.keyphrases import Keyphrases
from pipeline.visuals.runway.prompts import FILMED


def shots(
    script: Script, paper: Paper, narration: Narration, order: Order, size: tuple[int, int]
) -> Mapping[int, Shot]:
    """The shot of each scene (0-based) that may show footage now.

    A finding, a method, a limitation and the source never do: they show what is the paper's own. Of the others only the
    first few do, so that what a video may cost is known beforehand. A scene with a picture
    of the user's keeps it, and one that was redone shows no footage unless it was asked for anew.
    """
    phrases: Keyphrases | None = None
    found = {}
    subject = " and ".join(tag.lstrip("#") for tag in hashtags(paper).split()[:-1][:2])
    for index, (scene, timing) in enumerate(zip(script.scenes, narration.scenes, strict=True)):
        take = order.footage_takes.get(index, 0)
        mine = isinstance(scene.visual, ImageVisual)
        way = sum(other.kind == scene.kind for other in script.scenes[:index])
        if way >= FILMED.get(scene.kind, 0) or mine or order.takes.get(index, 0) != take:
            continue
        phrases = phrases or Keyphrases(paper)
        found[index] = Shot(
            kind=scene.kind,
            topic=phrases.best(scene.narration) or phrases.best(paper.title) or subject,
            audience=script.audience,
            seconds=timing.seconds,
            size=size,
            way=way,
            take=take,
        )
    return found
