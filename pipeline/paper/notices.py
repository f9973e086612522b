"""Telling papers from notices about papers, and retracted papers from the rest."""

from __future__ import annotations

import re

from pipeline.errors import NoticeError

_NOTICE_TYPES = frozenset(
    {"retraction", "partial-retraction", "correction", "corrected-article", "erratum", "corrigendum"}
    | {"addendum", "expression-of-concern", "withdrawal"}
)
_NOTICE_TITLE = re.compile(
    r"^\W*(?:partial )?(?:(?:author|publisher|editorial)['’]?s? )?"
    r"(?:retraction|withdrawal|corrections?|corrigend(?:um|a)|errat(?:um|a)|addendum|expression of concern)"
    r"(?: notice| note)?(?:\s*[:–—]|\.?$| to:| to [“\"‘']| notice\b)",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"^\W*(retracted|withdrawn)( article| paper)?\s*[:\])–—-]|[\[(](retracted|withdrawn)( article)?[\])]\W*$",
    re.IGNORECASE,
)


def refuse_notice(title: str, article_type: str | None = None) -> None:
    """Raises `NoticeError` for a retraction, correction or the like, by its title or JATS article type."""
    if article_type in _NOTICE_TYPES or _NOTICE_TITLE.match(title):
        raise NoticeError(
            "This is a notice, not a paper: it retracts or corrects one, and has no story of its own.",
            "Hand in the paper that it is about.",
        )


def says_retracted(title: str) -> bool:
    """Whether a title is marked as that of a retracted paper ("RETRACTED: …", "… [Retracted]")."""
    return _RETRACTED.search(title) is not None
