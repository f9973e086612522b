"""The abstracts of other sorts that a JATS article carries: author summary, digest, highlights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.model import Summary, SummaryKind
from pipeline.paper.jats_text import paragraphs_of, text_of
from pipeline.paper.language import language_of
from pipeline.paper.markup import LANG

_PLAIN = frozenset({None, "", "abstract", "normal", "main", "structured", "section"})
#: Told by the publisher's type and the printed title together, the first that fits.
_KINDS: tuple[tuple[SummaryKind, re.Pattern[str]], ...] = (
    ("digest", re.compile(r"executive|digest")),
    ("plain-language", re.compile(r"plain[ -]language|\blay\b|non-?technical|short[ -]?summary")),
    ("highlights", re.compile(r"highlight|key[ -](?:points?|messages?|findings?|results?)|in brief|bullet")),
    ("author-summary", re.compile(r"author|^summary\b")),
)
#: What journals also print above the abstract itself.
_NAMES_OF_ABSTRACTS = frozenset({"summary", "synopsis", "executive summary"})
_NO_WORDS = re.compile(r"graphical|visual|\btoc\b|teaser|video")


def is_plain(abstract: etree._Element) -> bool:
    """Whether an `<abstract>` is the paper's own and none of another sort, by its type and its title."""
    if abstract.get("abstract-type") not in _PLAIN:
        return False
    if _title(abstract).lower() not in _NAMES_OF_ABSTRACTS:
        return _named(abstract) is None
    others = (other for other in abstract.itersiblings(abstract.tag, preceding=True))
    return not any(is_plain(other) for other in others)


def read_summaries(meta: etree._Element) -> tuple[Summary, ...]:
    """The English summaries of an `<article-meta>` in its order; graphical ones and teasers are left out."""
    return tuple(_summaries(meta))


def _summaries(meta: etree._Element) -> Iterator[Summary]:
    for element in (*meta.findall("abstract"), *meta.findall("trans-abstract")):
        said = f"{element.get('abstract-type') or ''} {_title(element)}".strip().lower()
        if is_plain(element) or _NO_WORDS.search(said):
            continue
        paragraphs = tuple(paragraphs_of(element, without=frozenset({"title"})))
        if paragraphs and language_of(" ".join(paragraphs), tag=element.get(LANG) or "en") == "en":
            yield Summary(kind=_named(element) or "other", title=_title(element), paragraphs=paragraphs)


def _title(element: etree._Element) -> str:
    return text_of(element.find("title")).rstrip(" .:")


def _named(element: etree._Element) -> SummaryKind | None:
    said = f"{element.get('abstract-type') or ''} {_title(element)}".strip().lower()
    return next((kind for kind, words in _KINDS if words.search(said)), None)
