"""Which sentences of a paper are worth saying, and for what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Audience, Paper
from pipeline.script.abbreviations import HOUSEHOLD, Definition
from pipeline.script.casting import OF_THIS_STUDY, cast
from pipeline.script.content_words import content_stems, overlap
from pipeline.script.lines import Line, Speaker, lines
from pipeline.script.numbers import numbers
from pipeline.script.patterns import pattern
from pipeline.script.roles import Role, cue_score
from pipeline.script.sentences import Sentence
from pipeline.script.third_person import speaks_in_first_person

#: Words that say why anyone should care.
_STAKES = pattern(
    r"""
    \b(?:leading|major|global\w*|worldwide|million|billion|crucial|vital|essential|critical|death
    |disease|cancer|pain|health|climate|unknown|little is known|poorly|unclear|never|only|first
    |challenge|problem|threat|burden|losses|economic\w*|surprising\w*|most|rare|extinct\w*|mystery
    |question)\b
"""
)
_CAPITALS = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z][\w-]*[A-Z])[A-Z][\w-]{1,9}(?![\w-])")
_OF_OTHERS = pattern(
    r"""
    \bet al\b|\b(?:previous|earlier|prior|other|recent|several) (?:\w+ )?(?:studies|work|research
    |reports|authors|literature)\b|^[A-Z][a-z]+ (?:and [A-Z][a-z]+ )?(?:reported|found|showed|observed
    |studied|described|demonstrated)\b|\b(?:has|have) (?:previously |also |recently )?been (?:reported
    |shown|described|suggested|proposed)\b|\bpreviously\b
"""
)
_PROCEEDING = pattern(
    r"""
    \b(?:researchers|authors?|we) (?:\w+ )?(?:consider|proceed|adopt|define|introduce|assume|derive|use
    |used|discuss|turn|begin|wish|call|focus|focused|denote|explored?|compared?|investigated?|examined?|studied
    |tested|asked|sought|performed)\b|\b(?:these|following) equations?\b|\bprofessor\b|\b(?:was
    |were) (?:generated|collected|incubated|prepared|added|inoculated)\b
"""
)
_TO_SHOW = pattern(r"\b(?:show|demonstrate|find|found|reveal|that)\w*\b")
#: A pointing word in the midst of a sentence: what it points at was said before.
_POINTING = pattern(
    r"\s(?:these|those|such|this) (?!as\b)(?!study|work|paper|review|article|research|report|trial)\w+"
)
#: Said first of all, these leave open whose they are.
_RESULTS_OF_WHAT = pattern(
    r"(?:The|These|Our) (?:\w+ )?(?:results?|findings?|data|analys[ei]s|observations?)\b"
)
#: A value with a unit or a comparison: what a result is made of.
_MEASURED = pattern(
    r"""
    \d\s?(?:%|per ?cent|fold|times|ms|s|h|min|days?|weeks?|years?|mg|g|kg|mm|cm|m|km|°C|pp[bm])\b
    |\d%|\b(?:one|two|three|nine|\d+) in (?:\d+|five|ten|three|four)\b
    |\b(?:higher|lower|larger|smaller|greater|better|worse|faster|slower|fewer)\b.{0,60}\b(?:than|compared)\b
    """
)
_SYMBOLS = re.compile(r"[=<>±×→~/]|\bi\.e\.|\be\.g\.|[°%]\S")

#: What it costs that a line can't be understood without the one before.
DANGLING = 6.0
#: How many sentences are weighed for each role.
_SHORTLIST: Mapping[Role, int] = {
    "background": 10,
    "method": 8,
    "finding": 26,
    "limitation": 6,
    "takeaway": 8,
}
#: Words of a line that a short video can take, and how many such are weighed in any case.
_BRIEF, _BRIEF_ONES = 14, 4
#: How many numbers a sentence may hold before it tires the listener.
_NUMBERS: Mapping[Audience, int] = {"public": 1, "student": 3, "peer": 6}


@dataclass(frozen=True)
class Candidate:
    """A line for a role, and how well it serves (about -5 to 10)."""

    role: Role
    line: Line
    score: float


@dataclass(frozen=True)
class _Subject:
    """What the paper is about: the stems of its title, and those it says most often."""

    title: frozenset[str]
    keywords: frozenset[str]


def candidates(
    paper: Paper,
    told: Sequence[Sentence],
    *,
    audience: Audience,
    known: Mapping[str, Definition],
    speaking: Speaker,
) -> list[Candidate]:
    """For each role the best lines of the paper, in reading order; a sentence may serve in several forms."""
    subject = _subject(paper, told)
    best: dict[Role, list[tuple[float, list[Candidate]]]] = {role: [] for role in _SHORTLIST}
    for sentence, roles in cast(told):
        forms = lines(sentence, audience=audience, known=known, speaking=speaking)
        for role, place in roles:
            found = [
                Candidate(role, line, place + _quality(line, subject, audience, known) + _fit(line, role))
                for line in forms
            ]
            if found:
                best[role].append((max(candidate.score for candidate in found), found))
    chosen = []
    for role, entries in best.items():
        ranked = sorted(range(len(entries)), key=lambda index: (-entries[index][0], index))
        brief = [index for index in ranked if entries[index][1][-1].line.words <= _BRIEF][:_BRIEF_ONES]
        shortlist = {*ranked[: _SHORTLIST[role]], *brief}
        chosen += [candidate for index in sorted(shortlist) for candidate in entries[index][1]]
    return chosen


def _subject(paper: Paper, told: Sequence[Sentence]) -> _Subject:
    counts = Counter(stem for sentence in told for stem in sorted(content_stems(sentence.text)))
    return _Subject(content_stems(paper.title), frozenset(stem for stem, _ in counts.most_common(30)))


def _quality(line: Line, subject: _Subject, audience: Audience, known: Mapping[str, Definition]) -> float:
    """How good the line is to hear, whatever its role."""
    text, words = line.text, line.words
    ease = 30 if line.sentence.passage.kind == "abstract" else 26
    score = 1.2 * overlap(line.stems, subject.title) if subject.title else 0.0
    score += 1.5 * len(line.stems & subject.keywords) / max(len(line.stems), 1)
    score -= 0.12 * max(words - ease, 0) + 0.15 * max(words - ease - 10, 0) + 0.4 * max(10 - words, 0)
    score -= 1.5 * (line.sentence.count == 1 and words < 25 and line.sentence.passage.kind != "abstract")
    score -= 0.6 * max(6 - len(line.stems), 0) + 0.8 * (_POINTING.search(text) is not None)
    score -= DANGLING * line.dangling + 1.5 * speaks_in_first_person(text)
    score -= 1.5 * (" then " in text)  # a step among steps, told without those before it
    score -= 0.5 * max(len([n for n in numbers(text) if n.unit != "name"]) - _NUMBERS[audience], 0)
    score -= (
        0.3 * max(text.count(",") - 3, 0) + 0.4 * (text.count(";") + text.count(":")) + 0.4 * text.count("(")
    )
    score -= 0.6 * text.endswith("?") + 0.7 * ("respectively" in text)
    if audience == "public":
        score -= 0.5 * len(_SYMBOLS.findall(text))
        unknown = {
            short for short in _CAPITALS.findall(text) if short not in HOUSEHOLD and short not in known
        }
        score -= 0.5 * min(len(unknown), 4)
    return score


def _fit(line: Line, role: Role) -> float:
    """How much the line sounds like its role."""
    cues = cue_score(line.sentence.text, role)
    if role == "limitation":
        return cues - (2.0 if line.words < 9 else 0.0)
    score = 0.5 * min(cues, 4)
    if role == "finding" and _PROCEEDING.search(line.text) and not _TO_SHOW.search(line.text):
        score -= 1.5
    if role == "background" and OF_THIS_STUDY.search(line.text):
        score -= 2.5
    if role == "background":
        score -= cue_score(line.sentence.text, "method")
    if role == "finding" and _OF_OTHERS.search(line.sentence.text):
        score -= 2.0
    if role == "finding" and _MEASURED.search(line.text):
        score += 1.0
    if role == "takeaway" and not cues:
        score -= 3.0
    return score


def hook_score(candidate: Candidate) -> float:
    """How well the line would open the video: short, clear at once, and something at stake."""
    line = candidate.line
    stakes = len(set(_STAKES.findall(line.text.lower())))
    too_long = max(line.words - 14, 0) * 0.2 + max(line.words - 20, 0) * 0.8
    opening = 1.0 if candidate.role == "background" else -1.0
    opening -= 2.0 * (OF_THIS_STUDY.search(line.text) is not None) + (candidate.role == "finding")
    opening -= 1.5 * (_POINTING.search(line.text) is not None)
    opening -= 3.0 * (_RESULTS_OF_WHAT.match(line.text) is not None)
    also = 0.7 * (re.search(r"\b(?:also|too|other|another)\b", line.text) is not None)
    too_long += 0.4 * max(line.text.count(",") - 1, 0)
    return candidate.score + 0.8 * min(stakes, 3) + opening - too_long - also
