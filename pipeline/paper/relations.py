"""What other records say of a paper: PubMed's comments and corrections, the related articles of JATS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args

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
    "withdrawal": "retraction",
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
_PREPRINT_SERVERS: Final = re.compile(r"^\W*(?:(?:bio|med|chem)?rxiv|arxiv|res(?:earch)? sq|ssrn|preprints)\b", re.IGNORECASE)
#: Of a citation, this much is said in a note (characters): journal and date.
_BRIEF: Final = 80
_NOTES: Final[dict[RelationKind, str]] = {
    "expression-of-concern": "A notice of concern stands against this paper",
    "partial-retraction": "A part of this paper was retracted",
    "correction": "This paper was corrected",
    "update": "This paper has a newer version",
}

assert set(_OF_PUBMED.values()) | set(_OF_JATS.values()) <= set(get_args(RelationKind))


def pubmed_relations(links: Iterable[Any]) -> Iterator[Relation]:
    """The relations in a CommentsCorrectionsList as Biopython reads it; references and data sets are no relations."""
    for link in links:
        kind = _OF_PUBMED.get(str(link.attributes.get("RefType", "")))
        if kind is None:
            continue
        citation = " ".join(str(link.get("RefSource", "")).split())
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


def joined(first: Iterable[Relation], second: Iterable[Relation]) -> tuple[Relation, ...]:
    """Both, `second` only where `first` has none of that kind: two records tell of the same notice."""
    told = tuple(first)
    kinds = {relation.kind for relation in told}
    return (*told, *(relation for relation in second if relation.kind not in kinds))


def relation_notes(related: Iterable[Relation]) -> tuple[str, ...]:
    """Sentences that a viewer is owed: a concern first. Who says so and when stands in brackets."""
    told = tuple(related)
    return tuple(
        _note(sentence, [relation.citation for relation in told if relation.kind == kind])
        for kind, sentence in _NOTES.items()
        if any(relation.kind == kind for relation in told)
    )


def _note(sentence: str, citations: list[str]) -> str:
    places = dict.fromkeys(filter(None, map(_brief, citations)))
    return f"{sentence} ({'; '.join(places)})." if places else f"{sentence}."


def _brief(citation: str) -> str:
    """Journal and date of a citation: what stands before the volume."""
    return re.sub(r"[()]", "", citation.partition(";")[0])[:_BRIEF].strip(" .")
