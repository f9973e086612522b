"""Shorter sentences of the same meaning: deletions that touch no number, negation, hedge or subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pipeline.model import Audience
from pipeline.script.patterns import pattern
from pipeline.script.roles import without_label
from pipeline.text.brackets import Bracket, brackets

_CONNECTIVE = pattern(
    r"""
    (?:However|Moreover|Furthermore|Further|Additionally|In addition|Besides|Also|Thus|Therefore|Hence
    |Consequently|Accordingly|As a (?:result|consequence)|Nevertheless|Nonetheless|Similarly|Likewise
    |Correspondingly|Indeed|In fact|Interestingly|Surprisingly|Notably|Importantly|Remarkably
    |Specifically|In particular|Overall|Finally|Lastly|Taken together|Together|Collectively|Altogether
    |In (?:conclusion|summary|short|brief)|To (?:conclude|summari[sz]e|sum up)|On the (?:one|other) hand
    |First(?:ly| of all)?|Second(?:ly)?|Third(?:ly)?|Next|Then|Meanwhile|Again|By (?:contrast
    |comparison)|In (?:contrast|comparison)|In this (?:context|regard|respect|sense|light)|To (?:this
    |that) end|(?:More|Most) (?:specifically|importantly)|Of (?:note|interest)|Conversely|Adversely
    |Clearly|Yes|Still|Recently),\s|(?:And|But|So|Thus|Therefore|Hence|Furthermore
    |Moreover),?\s(?=[\w’'-]+\s)
""",
    ignore_case=False,
)
_SETTING = pattern(
    r"""
    (?:In (?:this|the present|the current|our) (?:study|work|paper|article|report|review
    |survey|experiment|investigation|tutorial|chapter|overview)s?|Here
    |Herein),?\s(?=(?:we|I|the authors?)\b)
"""
)
_AFTER_STOP = re.compile(r"(?<=[^\W\d_][.,;:])\d{1,3}(?:[,–-]\s?\d{1,3})*(?=\s|$)")
_RAISED = re.compile(
    r"\s?⁽[^⁾]*⁾|(?:\s|(?<=[a-z]{4})|(?<=[a-z][.,;]))[⁰¹²³⁴-⁹]+(?:\s?[,⁻–-]?\s?[⁰¹²³⁴-⁹]+)*(?=[\s.,;)]|$)"
)
_SEVERAL_CITATIONS = re.compile(r"(?<=[a-z]{4})\d{1,3}(?:[,–]\s?\d{1,3})+(?=[\s.,;:)]|$)")
_AT_THE_END = re.compile(r"(?<=[a-z]{6})\d{1,2}(?=\.$)")
_ADDRESS = pattern(r"[\s(]*(?:https?://|www\.|doi:\s?10\.)\S+")
_PLACE = (
    r"(?:the )?(?:supplementary |supplemental |additional )?"
    r"(?:figs?\.?|figures?|tables?|appendix|file|eqs?\.?)"
    r"\s?[A-Z]?\d[\d.]*\w*(?:\s?(?:and|to|,|–|-)\s?(?:[A-Z]?\d+\w*|[A-Z]\b))*"
)
_SHOWN = (
    r"(?:shown|seen|illustrated|depicted|summari[sz]ed|listed|presented|described|reported|indicated"
    r"|given|detailed|outlined)"
)
_POINTER_FIRST = pattern(rf"^(?:As (?:can be )?{_SHOWN} (?:in|by)|According to|From|In) {_PLACE},\s")
_POINTS = rf"\s(?:as )?(?:can be )?{_SHOWN} (?:in|by) {_PLACE}"
#: Not after "are", which would be left without its participle.
_POINTER = pattern(
    rf"(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!\bbeen)(?<!\bbe)(?<!\balso)"
    rf"(?:,{_POINTS},|,?{_POINTS})(?!\w)"
)

#: What a bracket must not be deleted with: it says of whom or what the sentence is true, or that it is not.
_NARROWS = pattern(
    r"\b(?:not?|never|except|only|excluding|without|mice|mouse|rats?|murine|animals?|in vitro|cell lines?)\b"
)
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
    return Compressed(tidy(text), tuple(edits))


def _without_citation_numbers(text: str) -> str:
    for numbers in (_RAISED, _AFTER_STOP, _SEVERAL_CITATIONS, _AT_THE_END):
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
    if bracket.content == "statistic":
        return audience == "peer"
    if _NARROWS.search(bracket.inside):
        return True
    return audience == "peer" or (audience == "student" and len(bracket.inside.split()) <= 4)


def tidy(text: str) -> str:
    """`text` with the blanks, commas and capital put right that a deletion left wrong, and a full stop."""
    text = " ".join(text.split())
    text = re.sub(r"\s+([,;:!?]|\.(?!\d))", r"\1", text)
    text = re.sub(r",(?=[,;:]|\.(?!\d))|;(?=[.])|:(?=[.,;])", "", text)
    text = re.sub(r"^[,;:]\s*", "", text)
    if not text:
        return text
    if text[-1] not in ".!?…\"'”’:":
        text = text.rstrip(",;–- ") + "."
    first = text.split()[0]
    return text if re.search(r"[A-Z\d]", first[1:]) or not first[0].islower() else text[0].upper() + text[1:]
