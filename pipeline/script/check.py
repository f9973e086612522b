"""What a script says that its paper does not: the two guards that every script passes, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.model import CardVisual, Evidence, Finding, NumberVisual, Paper, Scene, Script, Severity
from pipeline.script.abbreviations import definitions
from pipeline.script.content_words import STOP_WORDS, content_words, stem, telling_words
from pipeline.script.evidence import PaperText
from pipeline.script.numbers import Quantity, numbers

#: Kinds of scene that assert something, so that something must back them.
_CLAIMING = frozenset({"background", "method", "finding", "limitation", "takeaway"})
#: Words are told apart from what backs them when so many content words, and this share, are not in it.
_UNBACKED_WORDS, _UNBACKED_SHARE = 3, 0.34
#: So many numbers are named in a sentence.
_LISTED = 6
#: Words that a source scene may have with a capital though no record holds them.
_OF_ANY_SOURCE = frozenset(
    """
    access ai archive article authors available by cc central commons creative doi edition free full it journal
    licence license link made medicine narrated narration no note open peer pmc pmid preprint public published
    pubmed read retracted see source text thanks the this title told watch withdrawn written
    """.split()
)
_CAPITALISED = re.compile(r"(?<![\w’'])[^\W\d_a-zß-ÿ][^\W\d_]+")


def check(script: Script, paper: Paper) -> list[Finding]:
    """Everything the guards "evidence" and "numbers" have to say, scene by scene; empty when all is well.

    "block": the script may not be published so. "repair": contradicts the script's form. "warn": look at it.
    """
    text = PaperText(paper)
    findings: list[Finding] = []
    for index, scene in enumerate(script.scenes):
        found = [*_claims(scene), *_quoted(scene, text), *_words(scene, paper), *_numbers(scene, paper)]
        findings += [
            finding.model_copy(update={"scene": index, "sentence": f"Scene {index + 1} {finding.sentence}"})
            for finding in found
        ]
    if all(scene.kind != "source" for scene in script.scenes):
        findings.append(_finding("warn", "The video ends without naming its source."))
    return findings


def _finding(
    severity: Severity,
    sentence: str,
    passage: str = "",
    *,
    guard: Literal["evidence", "numbers"] = "evidence",
) -> Finding:
    return Finding(check=guard, severity=severity, sentence=sentence, passage=passage)


def _claims(scene: Scene) -> Iterator[Finding]:
    """Whether the scene claims something where it must, and nothing where it must not."""
    if scene.kind in _CLAIMING and not scene.claims:
        yield _finding("block", f"({scene.kind}) makes no claim that the paper backs.", scene.narration)
    if scene.kind == "source" and scene.claims:
        yield _finding("repair", "names the source and must not make claims.", scene.claims[0].text)


def _quoted(scene: Scene, text: PaperText) -> Iterator[Finding]:
    """Whether the paper holds each quote, and where it is said to stand."""
    for evidence in _evidence(scene):
        places = text.locate(evidence.quote)
        if not places:
            yield _finding("block", "quotes words that the paper does not hold.", evidence.quote)
        elif not any(_stands_in(evidence, place) for place in places):
            yield _finding(
                "repair",
                f"quotes from {_place(evidence)} what stands in {_place(places[0])}.",
                evidence.quote,
            )


def _stands_in(evidence: Evidence, place: Evidence) -> bool:
    same_section = _bare(evidence.section) == _bare(place.section)
    return same_section and evidence.page in (None, place.page)


def _bare(section: str) -> str:
    return " ".join(section.split()).rstrip(" .:").casefold()


def _place(evidence: Evidence) -> str:
    page = f", page {evidence.page}" if evidence.page else ""
    return f"“{evidence.section}”{page}"


def _words(scene: Scene, paper: Paper) -> Iterator[Finding]:
    """Whether what is said and shown has words that nothing backs."""
    if scene.by_hand:
        yield _rewritten(scene, paper)
    if scene.kind == "source":
        if strange := _unrecorded(scene.narration, paper):
            yield _finding(
                "warn", f"names what the paper's record does not: {', '.join(strange)}.", scene.narration
            )
        return
    if not scene.claims and scene.kind in _CLAIMING:
        return  # blocked as it is
    place = "its evidence" if scene.claims else "the title"
    backing = [*_quotes(scene), *(_spelled_title(paper) if scene.kind == "hook" else [])]
    said = "" if scene.by_hand else scene.narration
    for verb, words in (("uses", said), ("shows", _shown(scene))):
        if strange := _unbacked(words, backing):
            yield _finding("warn", f"{verb} words that {place} does not: {', '.join(strange)}.", words)


def _unbacked(text: str, backing: Sequence[str]) -> list[str]:
    """The content words of `text` that stand nowhere in `backing`, if they are many."""
    backed = {stem(word) for words in backing for word in content_words(words)}
    said = list(dict.fromkeys(content_words(text)))
    strange = [word for word in said if stem(word) not in backed and not re.search(r"\d", word)]
    many = len(strange) >= min(_UNBACKED_WORDS, len(said)) and len(strange) > _UNBACKED_SHARE * len(said)
    return strange if many else []


def _rewritten(scene: Scene, paper: Paper) -> Finding:
    """That a person wrote the scene anew, and each of their words that what backs it does not hold.

    The writer's sentences are the paper's own, whole or shortened; of a person's only the numbers can be held to it.
    """
    if scene.kind == "source":
        place, backing = "the paper's record", [_record(paper)]
    elif scene.claims:
        place, backing = "its passage", [*_quotes(scene), *([paper.title] if scene.kind == "hook" else [])]
    else:
        place, backing = "the title", _spelled_title(paper)
    held = {stem(word) for words in backing for word in telling_words(words)}
    said = dict.fromkeys(telling_words(scene.narration))
    strange = [word for word in said if stem(word) not in held and not re.search(r"\d", word)]
    one = len(strange) == 1
    which = f"{'This word is' if one else 'These words are'} not in {place}: {', '.join(strange)}."
    sentence = "is in a person's own words: its numbers were checked, its sense was not."
    return _finding("warn", f"{sentence} {which}" if strange else sentence, scene.narration)


def _spelled_title(paper: Paper) -> list[str]:
    """The title, and what its abbreviations stand for."""
    longs = [known.long for short, known in definitions(paper).items() if short in paper.title]
    return [paper.title, *longs]


def _unrecorded(text: str, paper: Paper) -> list[str]:
    """The words with a capital that neither the record holds nor every source scene may have."""
    known = (
        {word.casefold() for word in re.findall(r"[^\W\d_]+", _record(paper))} | _OF_ANY_SOURCE | STOP_WORDS
    )
    return [word for word in dict.fromkeys(_CAPITALISED.findall(text)) if word.casefold() not in known]


def _numbers(scene: Scene, paper: Paper) -> Iterator[Finding]:
    """Whether each number that is said or shown stands in what backs the scene."""
    place, texts = "its evidence", _quotes(scene)
    if scene.kind == "source":
        place, texts = "the paper's record", [_record(paper)]
    elif scene.kind == "hook":
        place, texts = (
            place if scene.claims else "the paper's record",
            [*texts, paper.title, str(paper.year or "")],
        )
    backing = [number for text in texts for number in numbers(text)]
    of_quotes = [number for text in _quotes(scene) for number in numbers(text)]
    for verb, text in (("says", scene.narration), ("shows", _shown(scene))):
        strange = [number for number in numbers(text) if not any(number.equals(other) for other in backing)]
        if strange:
            meant = _meant(strange, of_quotes) or _nearest(strange, backing)
            contrast = f"but {place} says {_listed(meant)}" if meant else f"which {place} does not"
            sentence = f"{verb} {_listed(strange)}, {contrast}."
            yield _finding("block", sentence, scene.narration, guard="numbers")


def _shown(scene: Scene) -> str:
    """The words on screen that are not the captions."""
    if isinstance(scene.visual, NumberVisual):
        return f"{scene.visual.value} {scene.visual.meaning}"
    return scene.visual.headline if isinstance(scene.visual, CardVisual) else ""


def _meant(strange: Sequence[Quantity], quoted: Sequence[Quantity]) -> list[Quantity]:
    """What a passage says in the units of the strange numbers."""
    units = {number.unit for number in strange}
    return [other for other in quoted if other.unit in units]


def _nearest(strange: Sequence[Quantity], recorded: Sequence[Quantity]) -> list[Quantity]:
    """For each strange number the closest of the same unit: a record holds many that have nothing to do with it."""
    found = []
    for number in strange:
        alike = [other for other in recorded if other.unit == number.unit]
        found += sorted(alike, key=lambda other: abs(other.value - number.value))[:1]
    return found


def _listed(quantities: Sequence[Quantity]) -> str:
    """The numbers as their text says them, each once: "222, 231 and 5", the first few of many."""
    texts = list(dict.fromkeys(one.text for one in quantities))
    if len(texts) > _LISTED:
        return f"{', '.join(texts[:_LISTED])} and others"
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def _evidence(scene: Scene) -> list[Evidence]:
    return [evidence for claim in scene.claims for evidence in claim.evidence]


def _quotes(scene: Scene) -> list[str]:
    return [evidence.quote for evidence in _evidence(scene)]


def _record(paper: Paper) -> str:
    """What the source scene may say: the record's own words and numbers, and the notes owed to the viewer."""
    authors = [author.name for author in paper.authors] + [author.surname for author in paper.authors]
    ids = [paper.doi, paper.pmid, paper.pmcid, (paper.licence or "").replace("-", " ")]
    parts = [paper.title, *authors, paper.journal, paper.year, *ids, *paper.notes]
    return " ; ".join(str(part) for part in parts if part is not None)
