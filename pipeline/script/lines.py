"""A sentence of the paper as it would be spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import Audience, Paper
from pipeline.script.abbreviations import Definition
from pipeline.script.compress import Compressed, compress
from pipeline.script.content_words import content_stems
from pipeline.script.patterns import pattern
from pipeline.script.roles import label_of
from pipeline.script.sentences import Sentence
from pipeline.script.shorten import shorten
from pipeline.script.third_person import speaks_alone, speaks_in_first_person, third_person
from pipeline.script.verbs import has_finite_verb

#: A name that stands for several people.
_GROUP = pattern(
    r"""
    \b(?:authors|group|team|consortium|collaborat\w+|network|initiative|project|committee|society|association
    |investigators|members|organi[sz]ation|institute|cent(?:er|re)|program(?:me)?|panel|foundation)\b
    """
)
#: Kinds of article whose writers tell rather than investigate.
_TOLD = pattern(r"review|editorial|discussion|commentary|essay|opinion|perspective|letter|other|book")
_SELF = pattern(
    r"""
    (?:in )?(?:this|these|our|the present|the current) (?:\w+ )?(?:study|studies|work|paper|review
    |article|research|results?|findings?|data|analys[ei]s|observations?|experiments?|report|survey|trial
    |case|tutorial|course)\b
"""
)
_AIM = pattern(r"objective|aim|purpose|goal")
_POINTS_BACK = pattern(
    r"""
    (?:This|These|Those|That|It|They|Their|Its|He|She|His|Her|Such|Both|Another|Others?|Each|Also|Then
    |Next|Instead|Neither|The (?:former|latter|other|same|above|two|three|four|first|second|third|last
    |following|said)|For (?:example|instance)|As (?:such|described|shown|mentioned|discussed|noted
    |expected)|In (?:this|that|these|those|such|both|all|each|turn)|Under these|At this|To (?:this
    |address this|do this|test this|achieve this)|Similar(?:ly)?|Likewise|Because of (?:this|these)
    |Among (?:this|these|them)|Of (?:these|them|note)|By contrast|(?:Compared|Unlike|Like|With|Despite
    |From|Given|Using|By) (?:to |with )?(?:this|these|that|those|their)|Consistent with|Accordingly
    |Conversely|Alternatively|Rather|Yet|In (?:contrast|comparison)|(?:One|Some|Many|All|Most|Several
    |None) of (?:these|them|those)|In (?:the )?(?:first|second|third|latter|former|following
    |this manner)|So|Only then|Here|After (?:this|that|treatment)|Part \d|Where|Following days|Similar
    |Different than)\b
""",
    ignore_case=False,
)
_POINTS_ELSEWHERE = pattern(
    r"""
    \b(?:former|latter|aforementioned|above[- ]mentioned|mentioned above|described (?:above|below
    |previously|here)|see (?:above|below)|as follows|below|following (?:section|table|equation|figure)s?
    |figs?|figures?(?: ?\d)?|tables? ?\d|eqs?|equations? ?\d|section \d|supplementary|supplemental
    |appendix|panel [A-Z]|in this (?:section|chapter|issue|special issue|subsection|figure|table))\b
"""
)
_CUT_OFF = pattern(
    r"""
    \b(?:by|as|from|of|to|the|in|with|and|or|is|are|was|were|that|which|for|an?|at|on|where|namely|than
    |between|via|(?:takes?|has|have) the form|becomes?|yields?|reads|obtain)[.]$
"""
)
_ITEM = re.compile(r"\d{1,2}[.)]\s|[•·*–-]\s")
_IMPERATIVE = pattern(
    r"""
    (?:Build|Apply|Introduce|Use|See|Consider|Note|Understand|Learn|Describe|Explain|Identify|Create
    |Develop|Write|Read|Let|Run|Recall|Observe|Define|Compute|Suppose|Assume|Compare|Discuss|Evaluate
    |Introduction|Yes|No|Thanks?)\b
""",
    ignore_case=False,
)
_SIGNS = re.compile(
    r"[∑∫√∂∇∈∀∃⟨⟩^_{}\\|≡≪≫∝→⊆∪∩]|\s=\s|\[\d|\.\.\.|…|(?:^|,)\s?(?:and|or|where)\s(?:are|is)\b|\s[,;]"
)


@dataclass(frozen=True)
class Line:
    """A sentence and how it would be said; `edits` names the rules that changed it.

    `dangling`: it begins with a word whose meaning stands in the sentence before.
    """

    sentence: Sentence
    text: str
    edits: tuple[str, ...]
    dangling: bool

    @cached_property
    def stems(self) -> frozenset[str]:
        return content_stems(self.text)

    @property
    def words(self) -> int:
        return len(self.text.split())

    def follows(self, other: Line) -> bool:
        """Whether this is the sentence right after `other` in the paper."""
        return (
            self.sentence.paragraph == other.sentence.paragraph
            and self.sentence.position == other.sentence.position + 1
        )


@dataclass(frozen=True)
class Speaker:
    """How the paper's authors are spoken of: "the researchers", "the author" (`alone`)."""

    name: str
    alone: bool

    def quoting(self, text: str) -> str:
        return f"In {self.name}’{'s' if self.alone else ''} words: “{text}”"


def speaker(paper: Paper) -> Speaker:
    """Those who speak in the paper: one author, the authors of a review or essay, or researchers."""
    if len(paper.authors) == 1 and not _GROUP.search(paper.authors[0].name):
        return Speaker("the author", alone=True)
    told = _TOLD.search(paper.article_type or "") or re.search(r"\breview\b", paper.title, re.IGNORECASE)
    return Speaker("the authors" if told else "the researchers", alone=False)


def lines(
    sentence: Sentence, *, audience: Audience, known: Mapping[str, Definition], speaking: Speaker
) -> list[Line]:
    """The sentence as it can be said, the fullest form first; none if it can't stand in a narration."""
    whole = compress(sentence.text, audience, abbreviations=known)
    if whole.text.startswith("To ") and _AIM.search(label_of(sentence)):
        whole = Compressed(f"The aim was to {whole.text[3:]}", (*whole.edits, "aim"))
    dangling = _POINTS_BACK.match(whole.text) is not None and not _SELF.match(whole.text)
    return [
        Line(sentence, text, form.edits, dangling)
        for form in (whole, *shorten(whole))
        if (text := _told(form, speaking)) and _sayable(text) and not _is_list_item(sentence, text)
    ]


def _told(form: Compressed, speaking: Speaker) -> str:
    """The form in the third person; what "I" says is quoted, or nothing comes back if it can't be."""
    text = third_person(form.text, by=speaking.name, alone=speaking.alone)
    if not speaks_in_first_person(text) or not (speaking.alone or speaks_alone(text)):
        return text
    return "" if re.search(r"[“”\"]", text) else speaking.quoting(text)


def _sayable(text: str) -> bool:
    """Whether `text` is a whole sentence that leans on nothing but words."""
    return (
        text.rstrip("”\"'’)")[-1:] in (".", "!", "?")
        and len(text.split()) >= 5
        and text.count("(") == text.count(")")
        and text.count("“") == text.count("”")
        and not any(flaw.search(text) for flaw in (_POINTS_ELSEWHERE, _CUT_OFF, _SIGNS))
        and _IMPERATIVE.match(text) is None
        and _ITEM.match(text) is None
        and not _is_heading(text)
        and text.count(" – ") < 2
        and sum(letter.isalpha() or letter.isspace() for letter in text) / len(text) > 0.8
    )


def _is_list_item(sentence: Sentence, text: str) -> bool:
    """Whether the sentence, outside the abstract, is short or alone in its paragraph and has no verb."""
    brief = len(text.split()) < 13
    in_body = sentence.passage.kind != "abstract"
    return in_body and (brief or sentence.count == 1) and not has_finite_verb(text, strictly=brief)


def _is_heading(text: str) -> bool:
    """Whether most of the longer words have capitals, as in a heading or a name with an address."""
    longer = [word for word in text.split() if len(word) > 3]
    return len(longer) > 3 and sum(word[0].isupper() for word in longer) > 0.6 * len(longer)
