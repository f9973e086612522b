"""What a script says that its paper does not: the two guards that every script passes, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Finding, NumberVisual, Paper, Scene, Script
from pipeline.script.content_words import content_words, stem
from pipeline.script.evidence import normalised
from pipeline.script.numbers import Quantity, numbers

#: Kinds of scene that assert something, so that something must back them.
_CLAIMING = frozenset({"background", "method", "finding", "limitation", "takeaway"})
#: A scene is told apart from its evidence when this many content words, and this share, are not in it.
_UNBACKED_WORDS, _UNBACKED_SHARE = 3, 0.34


def check(script: Script, paper: Paper) -> list[Finding]:
    """Everything the guards "evidence" and "numbers" have to say, scene by scene; empty when all is well.

    "block": the script may not be published so. "repair": contradicts the script's form. "warn": look at it.
    """
    passages = [normalised(passage.text) for passage in paper.passages()]
    findings: list[Finding] = []
    for index, scene in enumerate(script.scenes):
        findings += _evidence(index, scene, passages)
        findings += _numbers(index, scene, paper)
    return findings


def _evidence(index: int, scene: Scene, passages: list[str]) -> Iterator[Finding]:
    name = f"Scene {index + 1}"
    if scene.kind in _CLAIMING and not scene.claims:
        yield Finding(
            check="evidence",
            severity="block",
            scene=index,
            sentence=f"{name} ({scene.kind}) makes no claim that the paper backs.",
            passage=scene.narration,
        )
    if scene.kind == "source" and scene.claims:
        yield Finding(
            check="evidence",
            severity="repair",
            scene=index,
            sentence=f"{name} names the source and must not make claims.",
            passage=scene.claims[0].text,
        )
    for quote in _quotes(scene):
        wanted = normalised(quote)
        if not wanted or not any(wanted in passage for passage in passages):
            yield Finding(
                check="evidence",
                severity="block",
                scene=index,
                sentence=f"{name} quotes words that the paper does not hold.",
                passage=quote,
            )
    strange = _unbacked(scene)
    if strange:
        yield Finding(
            check="evidence",
            severity="warn",
            scene=index,
            sentence=f"{name} uses words that its evidence does not: {', '.join(strange)}.",
            passage=scene.narration,
        )


def _unbacked(scene: Scene) -> list[str]:
    """The content words of a claiming narration that stand in none of its quotes, if they are many."""
    if not scene.claims:
        return []
    backed = {stem(word) for quote in _quotes(scene) for word in content_words(quote)}
    said = list(dict.fromkeys(content_words(scene.narration)))
    strange = [word for word in said if stem(word) not in backed and not re.search(r"\d", word)]
    many = len(strange) >= _UNBACKED_WORDS and len(strange) > _UNBACKED_SHARE * len(said)
    return strange if many else []


def _numbers(index: int, scene: Scene, paper: Paper) -> Iterator[Finding]:
    source = scene.kind == "source"
    backing = numbers(_record(paper)) if source else [n for quote in _quotes(scene) for n in numbers(quote)]
    place = "the paper's record" if source else "its evidence"
    said = [(number, "says") for number in numbers(scene.narration)]
    if isinstance(scene.visual, NumberVisual):
        said += [(number, "shows") for number in numbers(f"{scene.visual.value} {scene.visual.meaning}")]
    for number, verb in said:
        if any(number.equals(other) for other in backing):
            continue
        nearest = _nearest(number, backing)
        contrast = f"but {place} says {nearest.text}" if nearest else f"which {place} does not"
        yield Finding(
            check="numbers",
            severity="block",
            scene=index,
            sentence=f"Scene {index + 1} {verb} {number.text}, {contrast}.",
            passage=scene.narration,
        )


def _nearest(number: Quantity, backing: list[Quantity]) -> Quantity | None:
    """What was probably meant: the closest value of the same unit."""
    alike = [other for other in backing if other.unit == number.unit]
    return min(alike, key=lambda other: abs(other.value - number.value), default=None)


def _quotes(scene: Scene) -> list[str]:
    return [evidence.quote for claim in scene.claims for evidence in claim.evidence]


def _record(paper: Paper) -> str:
    """What the source scene may say: the record's own words and numbers, and the notes owed to the viewer."""
    authors = [author.name for author in paper.authors]
    ids = [paper.doi, paper.pmid, paper.pmcid]
    parts = [paper.title, *authors, paper.journal, paper.year, *ids, *paper.notes]
    return " ; ".join(str(part) for part in parts if part is not None)
