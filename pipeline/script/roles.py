"""What each sentence does for the story: background, method, finding, limitation or takeaway."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from pipeline.script.patterns import pattern
from pipeline.script.sentences import Sentence

Role = Literal["background", "method", "finding", "limitation", "takeaway"]

#: The order in which an abstract tells.
_ORDER: tuple[Role, ...] = ("background", "method", "finding", "takeaway")

_LABELS: Mapping[Role, re.Pattern[str]] = {
    "limitation": pattern(r"limitation"),
    "method": pattern(
        r"""
        method|design|setting|participant|patient|subject|procedure|measure|intervention|material
        |objective|aim|purpose|sample|approach|^data
    """
    ),
    "takeaway": pattern(
        r"conclu|discussion|interpret|significance|implication|impact|relevance|lessons|recommend"
    ),
    "background": pattern(r"background|introduction|context|importance|rationale|problem"),
    "finding": pattern(r"result|finding|outcome|observation|case"),
}
#: A label that the reader left in the text: "Results: …".
_LABEL_IN_TEXT = pattern(
    r"""
    (?P<label>Background(?: and (?:aims?|objectives?))?|Introduction|Context|Objectives?|Aims?|Purpose
    |(?:Materials? and |Study )?Methods?(?:ology)?|Design|Setting|Results?(?: and discussion)?
    |(?:Main |Principal )?Findings?|Discussion|Conclusions?|Interpretation|Significance|Limitations?
    |Summary)\s?:\s
""",
)

_CUES: Mapping[Role, tuple[re.Pattern[str], ...]] = {
    "background": (
        pattern(
            r"""
            \b(?:is|are) (?:an?|the|one|among|known|often|widely|commonly|usually|generally|considered
            |important|essential)\b
        """
        ),
        pattern(r"\b(?:has|have) (?:been|become|long|shown|remained)\b"),
        pattern(
            r"""
            \b(?:little is known|unknown|unclear|poorly|remains?|elusive|controversial|not been|lack
            |few (?:studies|researchers)|debate)\b
        """
        ),
        pattern(
            r"""
            \b(?:worldwide|global(?:ly)?|major|leading|common|most|important|critical|crucial|challenge
            |problem|burden|threat|million)\b
        """
        ),
        pattern(
            r"\b(?:recent(?:ly)?|over the past|in recent|decades?|traditional(?:ly)?|increasing(?:ly)?)\b"
        ),
    ),
    "method": (
        pattern(r"\b(?:aims?|aimed|objectives?|purpose|goal|sought|designed to|intended)\b"),
        pattern(
            r"""
            \b(?:this|the present|the current) (?:study|work|paper|review|article|report|tutorial
            |course)\b|^(?:here|in this)\b
        """
        ),
        pattern(
            r"""
            \bwe (?:\w+ly )?(?:used?|develop|propose|investigat|examin|studied|analy[sz]e|measure
            |compare|perform|conduct|combine|test|recruit|review|discuss|present|explore|assess|evaluate
            |collect|applied|introduce|describe|model)
        """
        ),
        pattern(
            r"""
            \b(?:was|were|is|are) (?:\w+ly )?(?:used|performed|measured|evaluated|assessed|conducted
            |collected|recruited|enrolled|randomi[sz]ed|analy[sz]ed|studied|investigated|carried out
            |recorded|selected|included|undertaken|reviewed|treated|compared|examined|tested|searched
            |discussed|presented|obtained|employed)\b
        """
        ),
        pattern(
            r"""
            \b(?:using|by means of|based on|participants?|questionnaires?|survey|sample|assays?
            |randomi[sz]ed|database)\b
        """
        ),
    ),
    "finding": (
        pattern(
            r"""
            \b(?:show(?:s|ed|n)?|found|find|reveal(?:s|ed)?|demonstrate[sd]?|indicate[sd]?|observed
            |identified|detected|confirmed|exhibit(?:s|ed)?)\b
        """
        ),
        pattern(r"\bsignificant(?:ly)?\b|\bp\s?[<=≤]"),
        pattern(
            r"""
            \b(?:increase[sd]?|decrease[sd]?|reduc(?:es|ed|tion)|higher|lower|larger|smaller|greater
            |better|worse|more|less|fewer|stronger|improve[sd]?|inhibit(?:s|ed)?)\b
        """
        ),
        pattern(
            r"""
            \b(?:compared|than|versus|associated|correlat\w+|result(?:ed|s) in|led to|predict(?:s|ed)?
            |differ(?:s|ed|ences?)?)\b
        """
        ),
        pattern(r"\d+(?:\.\d+)?\s?%|\bfold\b|\bratio\b"),
    ),
    "takeaway": (
        pattern(r"\b(?:suggest(?:s|ing)?|conclu(?:de[ds]?|sions?)|impl(?:y|ies|ying|ications?)|propose)\b"),
        pattern(
            r"\b(?:our|these|the|this) (?:\w+ )?(?:results?|findings?|data|study|work|review|framework)\b"
        ),
        pattern(
            r"\b(?:thus|therefore|hence|overall|in conclusion|in summary|taken together|ultimately|thereby)\b"
        ),
        pattern(r"\b(?:may|could|might|potential(?:ly)?|promising|should|will|can help|can be)\b"),
        pattern(
            r"""
            \b(?:future|further (?:studies|research|work|investigation)|support(?:s|ing)|highlight(?:s
            |ing)?|provide[sd]?|contribut\w+|insights?|evidence|implications?|valuable|first)\b
        """
        ),
    ),
}

_OWN = r"\b(?:this|our|the (?:present|current)|these|we|here)\b"
#: Where authors say what their work can't tell, and how plainly; the last only points on.
_LIMITS: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        pattern(
            rf"""
            \blimitations? (?:of|to|in|with) (?:this|our|the (?:present|current)|these|the (?:study
            |analysis|data))\b|{_OWN}.{{0,80}}\blimitations?\b|\b(?:a|one|another|major|main|first
            |second|potential|key|important) limitations? (?:is|was|were|are)\b
        """
        ),
        3.0,
    ),
    (
        pattern(
            rf"""
            {_OWN}.{{0,60}}\b(?:was|were|is|are) limited (?:by|to|in)\b|\bsmall (?:sample
            |cohort)s?\b.{{0,80}}\b(?:this|our|limit)|\b(?:relatively |rather )?small (?:sample size
            |number of (?:participants|patients|subjects|cases))\b
        """
        ),
        2.5,
    ),
    (
        pattern(
            r"""
            \b(?:we|our (?:data|results?|analysis|design|study)|this (?:study|analysis
            |design))\b.{0,60}\b(?:cannot|can not|could not|do(?:es)? not allow us to|were unable to
            |was unable to) (?:be )?(?:exclude|rule out|determine|establish|infer|distinguish
            |generali[sz]e|assess|draw|conclude)
        """
        ),
        2.5,
    ),
    (
        pattern(
            r"""
            \b(?:should|must|need to|has to|have to) be (?:interpreted|treated|viewed|read|taken
            |considered) with\s(?:\w+ )?(?:caution|care)\b|\binterpreted (?:cautiously|carefully)\b
            |\bmay not (?:be generali[sz]able|generali[sz]e)\b|\bcaution (?:is|should)\b
        """
        ),
        2.5,
    ),
    (
        pattern(r"\bwe did not (?:measure|assess|examine|include|account|control|test|consider|evaluate)\b"),
        2.0,
    ),
    (
        pattern(
            r"""
            \b(?:further|future|additional|more|larger)\b.{0,40}\b(?:studies|research|work
            |investigations?|trials|experiments)\b.{0,30}\b(?:is|are|will be
            |would be) (?:\w+ )?(?:needed|required|necessary|warranted)\b|\bremains? to be (?:determined
            |seen|established|elucidated|investigated|tested|clarified|explored)\b
        """
        ),
        0.8,
    ),
)
_ONLY_ANNOUNCED = pattern(
    r"""
    \blimitations?\b(?!.*(?:\bthat\b|because|includ|such as|:|\bis\b|\bwas\b|\bdue\b|\bfirst\b
    |\bnamely\b))
"""
)
#: What `cue_score` gives at least to a sentence that names a limitation outright.
STATED = 2.0


def announces_limitations(text: str) -> bool:
    """Whether `text` says that there are limitations, and perhaps which."""
    return any(cue.search(text) for cue, weight in _LIMITS if weight >= STATED)


def cue_score(text: str, role: Role) -> float:
    """How many of the role's turns of phrase `text` has, 0 to 5; for a limitation how plain it is, 0 to 3."""
    if role == "limitation":
        plainest = max((weight for cue, weight in _LIMITS if cue.search(text)), default=0.0)
        return 0.0 if _ONLY_ANNOUNCED.search(text) else plainest
    return float(sum(cue.search(text) is not None for cue in _CUES[role]))


def without_label(text: str) -> str:
    """`text` without an abstract's label that was left before it."""
    return text[match.end() :] if (match := _LABEL_IN_TEXT.match(text)) else text


def label_of(sentence: Sentence) -> str:
    """The label of a structured abstract under which the sentence stands, or an empty string."""
    inside = _LABEL_IN_TEXT.match(sentence.text)
    return inside["label"] if inside else sentence.passage.label


def _labelled(sentence: Sentence) -> Role | None:
    """The role that a structured abstract's label gives ("Objectives", "Results"), or `None`."""
    label = label_of(sentence)
    return next((role for role, names in _LABELS.items() if names.search(label)), None)


def abstract_roles(told: Sequence[Sentence]) -> list[Role]:
    """A role for each sentence of an abstract: by its label, else the likeliest division in the usual order.

    An abstract goes from background to method to findings to takeaway and never back; among all such
    divisions the one whose sentences sound most like their roles is taken.
    """
    if not told:
        return []
    best: list[tuple[float, list[Role]]] = [(0.0, []) for _ in _ORDER]
    for index, sentence in enumerate(told):
        grown: list[tuple[float, list[Role]]] = []
        for rank, role in enumerate(_ORDER):
            score, path = max(best[: rank + 1], key=lambda entry: entry[0])
            grown.append((score + _fit(sentence, role, index, len(told)), [*path, role]))
        best = grown
    return max(best, key=lambda entry: entry[0])[1]


def _fit(sentence: Sentence, role: Role, index: int, count: int) -> float:
    """How well the sentence fits the role by its label, its words and its place in the abstract."""
    if label := _labelled(sentence):
        return 20.0 if role == label else 0.0
    place = {"background": 1.0 - index / max(count - 1, 1) * 2, "takeaway": (index + 1) / count * 2 - 1}
    last = 1.5 if role == "takeaway" and index == count - 1 and count > 2 else 0.0
    first = 1.2 if role == "background" and index == 0 and count > 1 else 0.0
    return cue_score(sentence.text, role) + place.get(role, 0.0) + last + first
