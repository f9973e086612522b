"""What the source scene says: who wrote the paper and where, from its record alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.citation import journal, retraction, writers, year
from pipeline.model import Paper

#: Words of a title that can still be taken in by ear, and of a title that leaves time in a short video.
_LONGEST_TITLE = 14
#: The source scene's share of speech, seconds.
LONGEST = 9.0


def credits_line(paper: Paper, spoken_seconds: Callable[[str], float], *, longest: float = LONGEST) -> str:
    """The narration of the source scene, in at most `longest` seconds where the record allows.

    Says what a viewer must know of the paper's standing (retracted, preprint, told from the abstract)
    before anything else is shortened; leaves out what the record does not hold.
    """
    standing = _standing(paper)
    briefly = [f"{fact.partition(':')[0].rstrip('.')}." for fact in standing]
    forms = [
        (_whole(paper, title=True), *standing),
        (_whole(paper, title=False), *standing),
        (_short(paper), *standing),
        (_short(paper), *briefly),
    ]
    texts = [" ".join(part for part in (*form, "The narration is AI-made.") if part) for form in forms]
    return next((text for text in texts if spoken_seconds(text) <= longest), texts[-1])


def _standing(paper: Paper) -> list[str]:
    said = " ".join(paper.notes).lower()
    facts = []
    if gone := retraction(paper):
        facts.append(f"This paper has been {gone.upper()}.")
    if paper.preprint:
        facts.append("It is a preprint, not yet peer reviewed.")
    if paper.abstract_only and "abstract" not in said:
        facts.append("Told from the abstract.")
    spoken = [note for note in paper.notes if not (paper.retracted and "retract" in note.lower())]
    spoken = [note for note in spoken if not (paper.preprint and "preprint" in note.lower())]
    # What stands in brackets (where a notice was printed) is for the eye.
    spoken = [re.sub(r"\s*\(.*\)", "", note) for note in spoken]
    return [*facts, *(note if note.endswith((".", "!", "?")) else f"{note}." for note in spoken)]


def _writers(paper: Paper, *, surnames: bool = False) -> str:
    return writers(paper, 2, surnames=surnames, joined=" and ", more=" and colleagues")


def _whole(paper: Paper, *, title: bool) -> str:
    head = paper.title.rstrip(". ")
    if title and len(head.split()) > _LONGEST_TITLE:
        return _whole(paper, title=False)
    who, place = _writers(paper), _place(paper)
    if not who and not place:
        return f"The paper is “{head}”."
    quoted = f"“{head}”, " if title else ""
    by = f"by {who}" if who else ""
    published = f"published {place}" if place else ""
    subject = "The paper: " if title else "The paper is "
    return f"{subject}{quoted}{', '.join(part for part in (by, published) if part)}."


def _place(paper: Paper) -> str:
    return " ".join(f"in {part}" for part in (journal(paper), year(paper)) if part)


def _short(paper: Paper) -> str:
    parts = [_writers(paper, surnames=True), journal(paper), year(paper)]
    text = ", ".join(part for part in parts if part)
    return f"{text}." if text else ""
