"""What PubMed's record says of a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.errors import NotAPaperError, PaperNotFoundError
from pipeline.model import Author
from pipeline.paper.entrez import read_entrez
from pipeline.paper.jats_front import Abstract
from pipeline.paper.jats_text import text_of
from pipeline.paper.notices import refuse_notice, says_retracted

_NOTICES = frozenset({"Published Erratum", "Retraction of Publication", "Expression of Concern"})
#: PubMed's three-letter languages (MARC) as ISO 639-1.
_LANGUAGES = {
    "eng": "en", "spa": "es", "por": "pt", "fre": "fr", "ger": "de", "ita": "it", "dut": "nl", "jpn": "ja",
    "chi": "zh", "kor": "ko", "rus": "ru", "pol": "pl", "tur": "tr", "cze": "cs", "swe": "sv", "dan": "da",
    "nor": "no", "fin": "fi", "hun": "hu", "ukr": "uk", "gre": "el", "ara": "ar", "per": "fa",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """The facts of a PubMed record. `language` is that of the paper; the abstract is English."""

    pmid: str
    pmcid: str | None
    doi: str | None
    title: str
    authors: tuple[Author, ...]
    journal: str | None
    year: int | None
    abstract: Abstract
    language: str
    retracted: bool
    preprint: bool
    article_type: str | None


def read_record(data: bytes) -> Record:
    """The record in a reply of efetch.

    Raises `PaperNotFoundError` for an empty reply, `NoticeError` for the record of a retraction or
    correction notice, and `NotAPaperError` for a chapter of a book.
    """
    reply = read_entrez(data)
    if not reply["PubmedArticle"]:
        if reply.get("PubmedBookArticle"):
            raise NotAPaperError(
                "This PMID is that of a book's chapter, not of a paper.", "Give a paper's PMID."
            )
        raise PaperNotFoundError("PubMed has no paper with this number.", "Check the PMID.")
    citation = reply["PubmedArticle"][0]["MedlineCitation"]
    article = citation["Article"]
    title, types = _title(article), [str(kind) for kind in article.get("PublicationTypeList", ())]
    refuse_notice(title, "retraction" if _NOTICES & set(types) else None)
    identifiers = _identifiers(reply["PubmedArticle"][0])
    links = {link.attributes.get("RefType") for link in citation.get("CommentsCorrectionsList", ())}
    return Record(
        pmid=str(citation["PMID"]),
        pmcid=identifiers.get("pmc"),
        doi=identifiers.get("doi"),
        title=title,
        authors=_authors(article),
        journal=str(article["Journal"].get("Title", "")) or None,
        year=_year(article),
        abstract=_abstract(article),
        language=_language(article),
        retracted="Retracted Publication" in types or "RetractionIn" in links or says_retracted(title),
        preprint="Preprint" in types,
        article_type=types[0] if types else None,
    )


def _text(markup: str) -> str:
    """A string of Entrez, which may hold `<i>`, `<sup>` and MathML, as plain text."""
    return text_of(etree.fromstring(f"<text>{_without_prefixes(markup)}</text>"))


def _without_prefixes(markup: str) -> str:
    return re.sub(r"(</?)\w+:", r"\1", re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", markup))


def _title(article: Any) -> str:
    """The title without its full stop, and without the brackets that mark a translation."""
    title = _text(article["ArticleTitle"]).removesuffix(".")
    return title[1:-1].removesuffix(".") if title.startswith("[") and title.endswith("]") else title


def _identifiers(entry: Any) -> dict[str, str]:
    """The paper's own ids by type; those of its references stand elsewhere in the record."""
    found = {str(item.attributes["IdType"]): str(item) for item in entry["PubmedData"]["ArticleIdList"]}
    for item in entry["MedlineCitation"]["Article"].get("ELocationID", ()):
        found.setdefault(str(item.attributes["EIdType"]), str(item))
    return found


def _authors(article: Any) -> tuple[Author, ...]:
    return tuple(author for entry in article.get("AuthorList", ()) if (author := _author(entry)) is not None)


def _author(entry: Any) -> Author | None:
    if entry.get("CollectiveName"):
        group = _text(entry["CollectiveName"])
        return Author(name=group, surname=group)
    surname = _text(entry.get("LastName", ""))
    given = _text(entry.get("ForeName", "") or entry.get("Initials", ""))
    if not surname and not given:
        return None
    name = " ".join(filter(None, (given, surname, _text(entry.get("Suffix", "")))))
    return Author(name=name, surname=surname or given)


def _year(article: Any) -> int | None:
    """The year of first publication, in print or on line."""
    issue = article["Journal"]["JournalIssue"].get("PubDate", {})
    dates = [
        issue.get("Year", ""),
        issue.get("MedlineDate", ""),
        *(d.get("Year", "") for d in article.get("ArticleDate", ())),
    ]
    years = [int(year[0]) for date in dates if (year := re.search(r"\d{4}", str(date)))]
    return min(years, default=None)


def _abstract(article: Any) -> Abstract:
    paragraphs, labels = [], []
    for part in article.get("Abstract", {}).get("AbstractText", ()):
        said = getattr(part, "attributes", {}).get("Label", "")
        label = "" if said in {"UNLABELLED", "UNASSIGNED"} else said.strip(" :").capitalize()
        if text := _text(part):
            paragraphs.append(f"{label}: {text}" if label else text)
            labels.append(label)
    return Abstract(tuple(paragraphs), tuple(labels) if any(labels) else ())


def _language(article: Any) -> str:
    languages = [str(code) for code in article.get("Language", ())] or ["eng"]
    return "en" if "eng" in languages else _LANGUAGES.get(languages[0], languages[0])
