"""Shorter sentences of the same meaning: deletions that touch no number, negation, hedge or subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pipeline.model import Audience
from pipeline.script.brackets import Bracket, brackets
from pipeline.script.patterns import pattern
from pipeline.script.roles import without_label
from pipeline.script.verbs import has_finite_verb

_CONNECTIVE = pattern(
    r"""(?:However|Moreover|Furthermore|Further|Additionally|In addition|Besides|Also|Thus|Therefore|Hence|Consequently
    |Accordingly|As a (?:result|consequence)|Nevertheless|Nonetheless|Similarly|Likewise|Correspondingly|Indeed|In fact
    |Interestingly|Surprisingly|Notably|Importantly|Remarkably|Specifically|In particular|Overall|Finally|Lastly
    |Taken together|Together|Collectively|Altogether|In (?:conclusion|summary|short|brief)|To (?:conclude|summari[sz]e|sum up)
    |On the (?:one|other) hand|First(?:ly| of all)?|Second(?:ly)?|Third(?:ly)?|Next|Then|Meanwhile|Again
    |By (?:contrast|comparison)|In (?:contrast|comparison)|In this (?:context|regard|respect|sense|light)|To (?:this|that) end
    |(?:More|Most) (?:specifically|importantly)|Of (?:note|interest)|Conversely|Adversely|Clearly|Yes|Still|At present|Generally)
    ,\s|(?:And|But|So|Thus|Therefore|Hence|Furthermore|Moreover),?\s(?=[\w’'-]+\s)""",
    ignore_case=False,
)
_SETTING = pattern(
    r"""(?:In (?:this|the present|the current|our) (?:study|work|paper|article|report|experiment)s?|Here|Herein)
    ,?\s(?=(?:we|I|the authors?)\b)"""
)
_AFTER_STOP = re.compile(r"(?<=[^\W\d_][.,;:])\d{1,3}(?:[,–-]\s?\d{1,3})*(?=\s|$)")
_RAISED = re.compile(r"\s?⁽[^⁾]*⁾|(?:(?<=[a-z]{4})|(?<=[a-z][.,;]))[⁰¹²³⁴-⁹]+(?:[,⁻–⁰¹²³⁴-⁹]*[⁰¹²³⁴-⁹])?")
_SEVERAL_CITATIONS = re.compile(r"(?<=[a-z]{4})\d{1,3}(?:[,–]\s?\d{1,3})+(?=[\s.,;:)]|$)")
_ADDRESS = pattern(r"[\s(]*(?:https?://|www\.|doi:\s?10\.)\S+")
_PLACE = (
    r"(?:the )?(?:supplementary |supplemental |additional )?(?:figs?\.?|figures?|tables?|appendix|file|eqs?\.?)"
    r"\s?[A-Z]?[\d.]+\w*(?:\s?(?:and|,|–|-)\s?[A-Z]?\d+\w*)*"
)
_SHOWN = (
    r"(?:shown|seen|illustrated|depicted|summari[sz]ed|listed|presented|described|reported|indicated|given|detailed|outlined)"
)
_POINTER_FIRST = pattern(rf"^(?:As (?:can be )?{_SHOWN} (?:in|by)|According to|From|In) {_PLACE},\s")
_POINTER = pattern(rf",?\s(?:as )?(?:can be )?{_SHOWN} (?:in|by) {_PLACE}")

#: Who is told which statistics outside of brackets: the margin of a value is for peers.
_MARGIN = re.compile(r"\s?±\s?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Compressed:
    """A sentence as it can be said, and the names of the rules that changed it."""

    text: str
    edits: tuple[str, ...]


def compress(text: str, audience: Audience, *, abbreviations: Collection[str] = ()) -> Compressed:
    """`text` without what the ear can't use: labels, citations, pointers, asides, leading connectives.

    Statistics in brackets stay for peers alone, other asides go for the public and, when long, for
    students. A bracket that holds one of `abbreviations` stays: it is dealt with where the script's
    other sentences are known.
    """
    rules: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("label", without_label),
        ("brackets", lambda words: _without_brackets(words, audience, abbreviations)),
        ("citations", _without_citation_numbers),
        ("addresses", lambda words: _ADDRESS.sub("", words)),
        ("pointers", lambda words: _POINTER.sub("", _POINTER_FIRST.sub("", words))),
        ("margins", lambda words: words if audience == "peer" else _MARGIN.sub("", words)),
        ("tilde", lambda words: re.sub(r"\s?~\s?(?=[\d.])", " about ", words)),
        ("connective", lambda words: _without_opening(words, _CONNECTIVE)),
        ("setting", lambda words: _without_opening(words, _SETTING)),
    )
    edits = []
    for name, rule in rules:
        changed = rule(text)
        if changed != text:
            edits.append(name)
        text = changed
    return Compressed(_tidy(text), tuple(edits))


def _without_citation_numbers(text: str) -> str:
    for numbers in (_RAISED, _AFTER_STOP, _SEVERAL_CITATIONS):
        text = numbers.sub("", text)
    return text


def _without_opening(text: str, opening: re.Pattern[str]) -> str:
    return text[match.end() :] if (match := opening.match(text)) else text


def _without_brackets(text: str, audience: Audience, abbreviations: Collection[str]) -> str:
    pieces, position = [], 0
    for bracket in brackets(text):
        if _stays(bracket, audience, abbreviations):
            continue
        before = text[position : bracket.start]
        pieces.append(before if bracket.attached else before.rstrip())
        position = bracket.end
    return "".join([*pieces, text[position:]])


def _stays(bracket: Bracket, audience: Audience, abbreviations: Collection[str]) -> bool:
    if bracket.inside in abbreviations:
        return True
    if bracket.attached:  # part of a word, a formula or a chemical name
        return bracket.content != "citation"
    if bracket.content in ("citation", "pointer", "marker"):
        return False
    if re.search(r"\b(?:not?|never|except|only|excluding|without)\b", bracket.inside, re.IGNORECASE):
        return True
    if bracket.content == "statistic":
        return audience == "peer"
    return audience == "peer" or (audience == "student" and len(bracket.inside.split()) <= 4)


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r",(?=[,.;:])|;(?=[.])|:(?=[.,;])", "", text)
    text = re.sub(r"^[,;:]\s*", "", text)
    if not text:
        return text
    if text[-1] not in ".!?…\"'”’:":
        text = text.rstrip(",;–- ") + "."
    first = text.split()[0]
    return text if re.search(r"[A-Z\d]", first[1:]) or not first[0].islower() else text[0].upper() + text[1:]


#: Words that turn what stands before them: a clause that holds one stays.
_QUALIFIES = re.compile(
    r"\b(?:not?|nor|never|none|neither|without|only|except|unless|although|though|whereas|but|however|if|until|unlike|this|these"
    r"|those|limited|except|excluding|insignificant|nonsignificant|non-significant)\b|n['’]t\b",
    re.IGNORECASE,
)
_SUBJECT = r"(?:the|an?|these|it|they|we|there|all|both|our|most|some|[A-Z]?[a-z]+s)\s(?:[\w’-]+\s){0,6}?"
_VERB = r"(?:is|are|was|were|has|have|had|can|could|may|might|will|show(?:s|ed)?|increased|decreased|remained)\b"
#: (name, clause, whether it may hold numbers): the last clauses that a sentence can do without.
_TRAILING = (
    ("relative clause", pattern(r",\s(?:which|whose|where|thereby|thus|hence)\s[^,;:]*[.]$"), False),
    ("examples", pattern(r",\s(?:including|such as|for example|for instance|e\.g\.,?)\s[^;:]*[.]$"), True),
    ("participle", pattern(r",\s(?:allowing|making|leading to|resulting in|using|followed by)\s[^;:]*[.]$"), False),
    ("second statement", pattern(r";\s[^;]*[.]$"), True),
    ("second statement", pattern(rf",\sand\s{_SUBJECT}{_VERB}[^;]*[.]$"), True),
    ("second predicate", pattern(rf",\sand\s(?:(?:also|thus|therefore|hence|thereby|\w+ly)\s)?{_VERB}[^,;]*[.]$"), True),
    ("addition", pattern(r",?\sas well as\s[^;]*[.]$"), True),
    ("purpose", pattern(r",?\sin order to\s[^,;:]*[.]$"), False),
)
_LISTS = ("examples", "participle", "addition")
_PURPOSE_FIRST = pattern(r"(?:In order )?to [a-z]+ [^,;:]{10,140},\s(?=(?:we|the (?:authors|researchers))\b)")


def shorten(compressed: Compressed) -> list[Compressed]:
    """Ever shorter forms of the sentence, each less by one clause that turns nothing of the rest; may be none."""
    forms: list[Compressed] = []
    current = compressed
    while len(forms) < 3:
        shorter = _less_by_a_clause(current)
        if shorter is None:
            return forms
        forms.append(shorter)
        current = shorter
    return forms


def _less_by_a_clause(compressed: Compressed) -> Compressed | None:
    text = compressed.text
    for name, clause, numbers_too in _TRAILING:
        match = clause.search(text)
        if match and name in _LISTS and re.search(_VERB, match[0]):
            continue  # the main verb stands behind the list
        if match and name.startswith("second") and not has_finite_verb(text[: match.start()], strictly=True):
            continue  # the last member of a list and its verb
        if match and _may_go(match[0], text[: match.start()], numbers_too=numbers_too):
            return Compressed(_tidy(text[: match.start()] + "."), (*compressed.edits, name))
    match = _PURPOSE_FIRST.match(text)
    if match and _may_go(match[0], text[match.end() :], numbers_too=False):
        return Compressed(_tidy(text[match.end() :]), (*compressed.edits, "purpose"))
    return None


def _may_go(clause: str, rest: str, *, numbers_too: bool) -> bool:
    """Whether `rest` still says the same of its subject, and is a sentence, when `clause` is gone."""
    balanced = rest.count("(") == rest.count(")") and rest.count('"') % 2 == 0 and rest.count("“") == rest.count("”")
    return (
        balanced
        and len(rest.split()) >= 8
        and (numbers_too or not re.search(r"\d", clause))
        and not _QUALIFIES.search(clause[1:])
    )
