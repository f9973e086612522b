"""Telling papers from notices about papers, and retracted papers from the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.errors import NoticeError

_NOTICE_TYPES = frozenset(
    {"retraction", "partial-retraction", "correction", "corrected-article", "erratum", "corrigendum"}
    | {"addendum", "expression-of-concern", "withdrawal"}
)
_NOTICE_TITLE = re.compile(
    r"^\W*(?:(?:notice|statement) of )?(?:partial )?(?:(?:author|publisher|editorial)['’]?s? )?"
    r"(?:retraction|withdrawal|corrections?|corrigend(?:um|a)|errat(?:um|a)|addendum|expression of concern)"
    r"(?: notice| note| statement)?(?:\s*[:–—]|\.?$| to:| (?:to|of|for) [“\"‘']| notice\b"
    # "Correction for Hill et al., Hills grow", as some journals title them.
    r"| (?:to|of|for) [^.:]{1,60}? et al\b)",
    re.IGNORECASE,
)
_MARKS = (
    r"^\W*{word}(?: article| paper)?\s*[:\])–—-]|[\[(]{word}(?: article)?[\])]\W*$",
    # What the publisher put in the abstract's place.
    r"^\W*(?:this|the) (?:article|paper|manuscript|preprint|publication|review|study)(?: \w+){{0,2}}"
    r" (?:has been|have been|was|is)(?: \w+)? {word}\b",
)
#: An article that its publisher removed, for a time or for good, counts as withdrawn.
_RETRACTED, _WITHDRAWN = (
    tuple(re.compile(mark.format(word=word), re.IGNORECASE) for mark in _MARKS)
    for word in ("retracted", "(?:withdrawn|(?:temporarily )?removed|temporary removal)")
)
_STAMP = re.compile(r"^\s*(RETRACTED|WITHDRAWN)(?: (?:ARTICLE|PAPER|MANUSCRIPT))?\s*$", re.MULTILINE)
_TAKEN_BACK = re.compile(
    r"^\W*the authors? (?:ha(?:ve|s)|wish(?:es)? to) (?:now )?withdr\w+ (?:this|their|the)\b", re.IGNORECASE
)


def refuse_notice(title: str, article_type: str | None = None) -> None:
    """Raises `NoticeError` for a retraction, correction or the like, by its title or JATS article type."""
    if article_type in _NOTICE_TYPES or _NOTICE_TITLE.match(title):
        raise NoticeError(
            "This is a notice, not a paper: it retracts or corrects one, and has no story of its own.",
            "Hand in the paper that it is about.",
        )


def says_retracted(title: str, abstract: Sequence[str] = ()) -> bool:
    """Whether a paper is marked as retracted or withdrawn, in its title ("RETRACTED: …") or in its abstract's place."""
    return _says(_RETRACTED, title, abstract) or says_withdrawn(title, abstract)


def says_withdrawn(title: str, abstract: Sequence[str] = ()) -> bool:
    """Whether a paper is marked as withdrawn, in its title ("WITHDRAWN: …") or in its abstract's place."""
    return _says(_WITHDRAWN, title, abstract) or any(_TAKEN_BACK.match(line) for line in abstract[:1])


def stamped(page: str) -> str | None:
    """ "retracted" or "withdrawn" where that stands alone, in capitals, in a line of a page's text; else `None`."""
    found = _STAMP.search(page)
    return found[1].lower() if found else None


def _says(marks: Sequence[re.Pattern[str]], title: str, abstract: Sequence[str]) -> bool:
    of_title, of_abstract = marks
    return bool(of_title.search(title)) or any(of_abstract.match(line) for line in abstract[:1])
