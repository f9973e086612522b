"""What other records say of a paper: PubMed's comments and corrections, the related articles of JATS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args
from xml.sax.saxutils import unescape

from lxml import etree

from pipeline.model import Relation, RelationKind
from pipeline.paper.doi import doi_of
from pipeline.paper.jats_text import text_of
from pipeline.paper.markup import HREF

#: What PubMed's RefTypes (DTD of 2025) say of the paper whose record holds them.
_OF_PUBMED: Final[dict[str, RelationKind]] = {
    "RetractionIn": "retraction",
    "RetractedandRepublishedIn": "retraction",
    "PartialRetractionIn": "partial-retraction",
    "ExpressionOfConcernIn": "expression-of-concern",
    "ErratumIn": "correction",
    "CorrectedandRepublishedIn": "correction",
    "RepublishedIn": "republication",
    "ReprintIn": "republication",
    "CorrectedandRepublishedFrom": "earlier-version",
    "RetractedandRepublishedFrom": "earlier-version",
    "RepublishedFrom": "earlier-version",
    "UpdateIn": "update",
    "UpdateOf": "earlier-version",
    "CommentIn": "comment",
    "CommentOn": "comment-on",
}
#: RefTypes of a notice that is about another paper.
OF_NOTICES: Final = frozenset({"RetractionOf", "PartialRetractionOf", "ErratumFor", "ExpressionOfConcernFor"})
#: What the related-article-types of JATS say, without "-forward", as PMC, JATS4R and publishers write them.
_OF_JATS: Final[dict[str, RelationKind]] = {
    "retraction": "retraction",
    "retracted": "retraction",
    "withdrawal": "withdrawal",
    "withdrawn": "withdrawal",
    "partial-retraction": "partial-retraction",
    "expression-of-concern": "expression-of-concern",
    "concern": "expression-of-concern",
    "correction": "correction",
    "erratum": "correction",
    "corrigendum": "correction",
    "republication": "republication",
    "republished-article": "republication",
    "update": "update",
    "addendum": "update",
    "commentary": "comment",
    "commentary-article": "comment",
    "preprint": "preprint",
}
_PREPRINT_SERVERS: Final = re.compile(
    r"^\W*(?:(?:bio|med|chem)?rxiv|arxiv|res(?:earch)? sq|ssrn|preprints)\b", re.IGNORECASE
)
assert set(_OF_PUBMED.values()) | set(_OF_JATS.values()) <= set(get_args(RelationKind))


def pubmed_relations(links: Iterable[Any]) -> Iterator[Relation]:
    """The relations in a CommentsCorrectionsList as Biopython reads it; references and data sets are no relations."""
    for link in links:
        kind = _OF_PUBMED.get(str(link.attributes.get("RefType", "")))
        if kind is None:
            continue
        citation = " ".join(unescape(str(link.get("RefSource", ""))).split())
        if kind == "earlier-version" and _PREPRINT_SERVERS.match(citation):
            kind = "preprint"
        yield Relation(kind=kind, citation=citation, pmid=str(link.get("PMID", "")) or None)


def jats_relations(links: Iterable[etree._Element]) -> Iterator[Relation]:
    """The relations that `<related-article>` elements tell, cited by their text or else by DOI."""
    for link in links:
        kind = _OF_JATS.get((link.get("related-article-type") or "").lower().removesuffix("-forward"))
        if kind is None:
            continue
        address = (link.get(HREF) or "").strip()
        by_pmid = link.get("ext-link-type") == "pubmed" and address.isdecimal()
        yield Relation(
            kind=kind,
            citation=text_of(link) or doi_of(address) or "",
            pmid=address if by_pmid else None,
        )
