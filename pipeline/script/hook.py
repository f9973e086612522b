"""How the video opens: with the title when it asks or states something, else with a short strong sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Paper
from pipeline.script.content_words import content_stems
from pipeline.script.lines import Line
from pipeline.script.patterns import pattern
from pipeline.script.salience import Candidate, hook_score
from pipeline.script.sentences import Sentence

#: Words that a title may have to be said whole.
_LONGEST_TITLE = 16
#: The words of any hook, and the least that is allowed in a short video.
_LONGEST, _SHORTEST_LIMIT = 24, 12
#: The share of a title's content words that a sentence must hold to be its evidence.
_SAID = 0.6

_STATES = pattern(
    r"""
    \b(?:is|are|was|were|has|have|can|increases?|decreases?|reduces?|constrains?|causes?|promotes?
    |improves?|regulates?|controls|drives?|binds?|requires?|predicts?|inhibits?|enhances?|affects?
    |influences?|reveals?|shows?|suggests?|ameliorates?|protects?|prevents?|induces?|mediates?
    |modulates?|impairs?|alters?|supports|facilitates?|depends?|determines?|shapes|explains?|underlies?
    |emerges?|confers?|activates?|suppresses|contributes?|accelerates?|attenuates?|disrupts?|encodes?
    |enables?|triggers|starts?|remains?|persists?|declines?
    |rel(?:y|ies)|differs?|var(?:y|ies)|matters?|evolves?)\b
"""
)


@dataclass(frozen=True)
class Hook:
    """The opening words. `said_in` is the sentence that backs them, `None` for a mere question or topic;
    `line` is that sentence as a line when the hook is a sentence of the paper."""

    text: str
    said_in: Sentence | None = None
    line: Line | None = None


def choose_hook(paper: Paper, told: Sequence[Sentence], found: Sequence[Candidate], *, seconds: int) -> Hook:
    """The best opening for a video of `seconds`; the title, perhaps cut, if no sentence is short enough."""
    most = min(_LONGEST, max(_SHORTEST_LIMIT, round(seconds * 0.4)))
    title = " ".join(paper.title.split()).rstrip(". ")
    question = next((part for part in (title, *_parts(title)) if part.endswith("?")), "")
    if 4 <= len(question.split()) <= _LONGEST_TITLE:
        return Hook(question)
    if len(title.split()) <= min(_LONGEST_TITLE, most) and _STATES.search(title) and ":" not in title:
        backing = _said_in(title, told)
        if backing:
            return Hook(f"{title}.", said_in=backing)
    openings = [
        candidate
        for candidate in found
        if candidate.role in ("background", "finding", "takeaway")
        and 5 <= candidate.line.words <= most
        and not candidate.line.dangling
    ]
    if openings:
        line = max(openings, key=hook_score).line
        return Hook(line.text, said_in=line.sentence, line=line)
    return title_hook(paper)


def title_hook(paper: Paper) -> Hook:
    """The title as an opening, up to its colon when it is too long to be said."""
    return Hook(f"{_shortened(' '.join(paper.title.split()).rstrip('. '))}.")


def _said_in(title: str, told: Sequence[Sentence]) -> Sentence | None:
    """The sentence that holds most of the title's content words, if it holds enough of them."""
    wanted = content_stems(title)
    if not told or not wanted:
        return None
    best = max(told, key=lambda sentence: (len(wanted & content_stems(sentence.text)), -len(sentence.text)))
    return best if len(wanted & content_stems(best.text)) >= _SAID * len(wanted) else None


def _shortened(title: str) -> str:
    """The title up to its colon or dash when it is too long to be said."""
    head = _parts(title)[0]
    return head if len(title.split()) > _LONGEST_TITLE and len(head.split()) >= 3 else title


def _parts(title: str) -> list[str]:
    return re.split(r"(?<=\?)\s|[:.]\s|\s[–—-]\s", title)
