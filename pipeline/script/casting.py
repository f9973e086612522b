"""Which parts of the story each sentence may play, by where in the paper it stands."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Paper
from pipeline.script.patterns import pattern
from pipeline.script.roles import STATED, Role, abstract_roles, announces_limitations, cue_score
from pipeline.script.sentences import Sentence, sentences

#: Sections that speak of the paper's making, not of its subject.
_NOT_THE_STORY = pattern(
    r"""
    acknowledg|contribut|funding|financ|conflict|competing|disclos|disclaimer|availability|supplement
    |supporting|references|abbreviation|ethic|consent|declaration|appendix|author|footnote|glossary
    |orcid|correspondence|further reading|outline
"""
)
_SUMMARY = pattern(r"^(?:summary|abstract|overview|synopsis|highlights)\b")
_CLOSING = pattern(r"conclu|summary|future|perspective|outlook|take-?home|final")
_LIMITATIONS = pattern(r"limitation")

#: Turns of phrase by which a paper speaks of itself.
OF_THIS_STUDY = pattern(
    r"""
    \b(?:this|the present|the current) (?:\w+ )?(?:study|work|paper|review|article|report|tutorial)\b
    |\b(?:the researchers|the authors?|we) (?:\w+ly )?(?!have to|can|must|need)\w+
"""
)
_SHOWN_BY_THEM = pattern(r"\bwe\b.{0,80}\b(?:show|demonstrate|found|find|report|reveal)(?:ed)? that\b")
#: What a sentence after "this study has limitations" must hold to be one of them.
_SHORTCOMING = pattern(
    r"""
    \b(?:not|only|limited|small|lack\w*|cannot|unable|difficult|restricted|bias\w*|single
    |underestimat\w*|overestimat\w*|uncertain\w*|confound\w*|unmeasured|incomplete|missing|retrospective
    |self-report\w*)\b
"""
)
#: What it is worth that the authors themselves chose a sentence for their abstract.
_IN_SUMMARY = 4.5


def told_sentences(paper: Paper) -> list[Sentence]:
    """The sentences of abstract and body that tell the story: no captions, no acknowledgements."""
    spoken = [sentence for sentence in sentences(paper) if sentence.passage.kind != "caption"]
    story = [sentence for sentence in spoken if not _NOT_THE_STORY.search(sentence.passage.section)]
    return story or spoken


def cast(told: Sequence[Sentence]) -> list[tuple[Sentence, list[tuple[Role, float]]]]:
    """Each sentence with the roles that it may play and what its place in the paper is worth for each."""
    summary = [s for s in told if s.passage.kind == "abstract"]
    summary = summary or [s for s in told if _SUMMARY.match(s.passage.section)]
    by_summary = dict(zip(summary, abstract_roles(summary), strict=True))
    has_results = any(s.passage.kind == "results" for s in told)
    body = [s for s in told if s not in by_summary]
    confessing = _confessing_paragraphs(body)
    assigned: list[tuple[Sentence, list[tuple[Role, float]]]] = []
    for sentence, role in by_summary.items():
        roles: list[tuple[Role, float]] = [(_corrected(role, sentence.text), _IN_SUMMARY)]
        if cue_score(sentence.text, "limitation") >= STATED:
            roles.append(("limitation", _IN_SUMMARY))
        assigned.append((sentence, roles))
    for index, sentence in enumerate(body):
        if sentence.paragraph in confessing:
            stated = cue_score(sentence.text, "limitation") >= STATED or (
                _SHORTCOMING.search(sentence.text) and not announces_limitations(sentence.text)
            )
            after = sentence.position >= confessing[sentence.paragraph]
            roles = [("limitation", 1.5)] if stated and after else []
        else:
            roles = _body_roles(sentence, index / len(body), has_results=has_results)
        assigned.append((sentence, roles))
    return assigned


def _corrected(role: Role, text: str) -> Role:
    """An aim told under "Background" is method; what was used "to show that …" is a finding."""
    if role == "background" and cue_score(text, "method") >= 2 and OF_THIS_STUDY.search(text):
        return "method"
    if role in ("background", "method") and _SHOWN_BY_THEM.search(text):
        return "finding"
    return role


def _confessing_paragraphs(body: Sequence[Sentence]) -> dict[int, int]:
    """The paragraphs in which the authors state a limitation, and the sentence where they begin to."""
    found: dict[int, int] = {}
    for index, sentence in enumerate(body):
        stated = announces_limitations(sentence.text)
        late = sentence.passage.kind in ("discussion", "other") and index > 0.4 * len(body)
        if stated and (late or _LIMITATIONS.search(sentence.passage.section)):
            found.setdefault(sentence.paragraph, sentence.position)
    return found


def _body_roles(sentence: Sentence, progress: float, *, has_results: bool) -> list[tuple[Role, float]]:
    """Roles of a sentence of the body, `progress` (0 to 1) of the way through it."""
    kind, text = sentence.passage.kind, sentence.text
    early = 0.6 if sentence.position == 0 else 0.0
    closing = _CLOSING.search(sentence.passage.section) is not None
    roles: list[tuple[Role, float]] = []
    if cue_score(text, "limitation") and (kind == "discussion" or closing) and progress > 0.4:
        roles.append(("limitation", 0.0))
    if kind == "introduction":
        roles.append(("background", early + 0.4))
        if cue_score(text, "method") >= 2 and progress > 0.02:
            roles.append(("method", 0.6))
    elif kind == "methods":
        roles.append(("method", early * 0.5 - 0.8))
    elif kind == "results":
        roles.append(("finding", early - 0.5))
    elif kind == "discussion" or closing:
        roles.append(("takeaway", 0.8 if closing or progress > 0.9 else 0.0))
        roles.append(("finding", 0.8 if closing and not has_results else 0.2))
    elif not has_results:
        roles += _essay_roles(progress, early)
    return roles


def _essay_roles(progress: float, early: float) -> list[tuple[Role, float]]:
    """Roles by place alone, where no heading tells: begin, body, end."""
    if progress < 0.25:
        return [("background", early + 0.8), ("finding", early - 0.5)]
    if progress > 0.85:
        return [("takeaway", 1.0), ("finding", early)]
    return [("finding", early + 0.3)]
