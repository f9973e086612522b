"""What PubMed's record says of a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from pipeline.errors import NotAPaperError, OddReplyError, PaperNotFoundError
from pipeline.model import Author, Summary
from pipeline.paper.doi import same
from pipeline.paper.entrez import read_entrez
from pipeline.paper.jats_front import Abstract
from pipeline.paper.jats_text import text_of
from pipeline.paper.notices import refuse_notice
from pipeline.paper.relations import OF_NOTICES, pubmed_relations
from pipeline.paper.standing import Standing, standing

#: Publication types of notices, by their names of before and after 2024.
_NOTICES: Final = frozenset({"Published Erratum", "Retraction of Publication", "Retraction Notice"})
#: PubMed gives this type to notices; a record that has an abstract to tell is the paper that is doubted.
_CONCERN: Final = "Expression of Concern"
#: A notice that is told by its links alone says no more than this (words).
_NOTICE_WORDS: Final = 60
#: PubMed's three-letter languages (MARC) as ISO 639-1.
_LANGUAGES = {
    "eng": "en", "spa": "es", "por": "pt", "fre": "fr", "ger": "de", "ita": "it", "dut": "nl", "jpn": "ja",
    "chi": "zh", "kor": "ko", "rus": "ru", "pol": "pl", "tur": "tr", "cze": "cs", "swe": "sv", "dan": "da",
    "nor": "no", "fin": "fi", "hun": "hu", "ukr": "uk", "gre": "el", "ara": "ar", "per": "fa",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """The facts of a PubMed record. `language` is that of the paper; title and abstract are English.

    `own_title` and `own_abstract` are those in the paper's language, where it is another and the record has them.
    """

    pmid: str
    pmcid: str | None
    doi: str | None
    title: str
    own_title: str
    authors: tuple[Author, ...]
    journal: str | None
    year: int | None
    abstract: Abstract
    own_abstract: Abstract
    summaries: tuple[Summary, ...]
    language: str
    publication_types: tuple[str, ...]
    standing: Standing
    preprint: bool


def read_record(data: bytes, *, doi: str | None = None) -> Record:
    """The record in a reply of efetch; with `doi`, only if it is the record of that DOI.

    Raises `PaperNotFoundError` for an empty reply and for the record of another DOI, `NoticeError` for that of a
    retraction or correction notice, `NotAPaperError` for a chapter of a book, `OddReplyError` for what can't be
    understood.
    """
    reply = read_entrez(data, "PubmedArticleSet")
    if not reply["PubmedArticle"]:
        if reply.get("PubmedBookArticle"):
            raise NotAPaperError(
                "This PMID is that of a book's chapter, not of a paper.", "Give a paper's PMID."
            )
        raise PaperNotFoundError("PubMed has no paper with this number.", "Check the PMID.")
    try:
        return _record(reply["PubmedArticle"][0], doi)
    except (LookupError, AttributeError, TypeError, ValueError, etree.XMLSyntaxError) as error:
        raise OddReplyError("PubMed's record is incomplete.", "Try again in a few minutes.") from error


def _record(entry: Any, doi: str | None) -> Record:
    identifiers = _identifiers(entry)
    if doi is not None and not any(kind == "doi" and same(value, doi) for kind, value in identifiers):
        raise PaperNotFoundError("PubMed answered with another paper.", "Give the PMID, or the paper's PDF.")
    citation = entry["MedlineCitation"]
    article = citation["Article"]
    title, language = _title(article), _language(article)
    types = tuple(str(kind) for kind in article.get("PublicationTypeList", ()))
    abstract = _abstract(article.get("Abstract", {}).get("AbstractText", ()))
    links = citation.get("CommentsCorrectionsList", ())
    refuse_notice(title, "retraction" if _is_notice(types, links, abstract) else None)
    others = citation.get("OtherAbstract", ())
    return Record(
        pmid=str(citation["PMID"]),
        pmcid=_first(identifiers, "pmc"),
        doi=_first(identifiers, "doi"),
        title=title,
        own_title=_text(article.get("VernacularTitle", "")).removesuffix("."),
        authors=_authors(article),
        journal=_text(article["Journal"].get("Title", "")) or None,
        year=_year(article),
        abstract=abstract,
        own_abstract=_in_own_language(others, language),
        summaries=_summaries(others),
        language=language,
        publication_types=types,
        standing=standing(
            title,
            abstract.paragraphs,
            pubmed_relations(links),
            retracted="Retracted Publication" in types,
            concern=_CONCERN in types,
        ),
        preprint="Preprint" in types,
    )


def _is_notice(types: tuple[str, ...], links: Any, abstract: Abstract) -> bool:
    brief = sum(len(line.split()) for line in abstract.paragraphs) < _NOTICE_WORDS
    about_another = bool(OF_NOTICES & {str(link.attributes.get("RefType", "")) for link in links})
    return bool(_NOTICES & set(types)) or (brief and (about_another or _CONCERN in types))


def _text(markup: str) -> str:
    """A string of Entrez, which may hold `<i>`, `<sup>` and MathML, as plain text."""
    return text_of(etree.fromstring(f"<text>{_without_prefixes(markup)}</text>"))


def _without_prefixes(markup: str) -> str:
    return re.sub(r"(</?)\w+:", r"\1", re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", markup))


def _title(article: Any) -> str:
    """The title without its full stop, and without the brackets that mark a translation."""
    title = _text(article["ArticleTitle"]).removesuffix(".")
    return title[1:-1].removesuffix(".") if title.startswith("[") and title.endswith("]") else title


def _identifiers(entry: Any) -> list[tuple[str, str]]:
    """The paper's own ids with their types, the best first; those of its references stand elsewhere in the record."""
    listed = entry["PubmedData"]["ArticleIdList"]
    located = entry["MedlineCitation"]["Article"].get("ELocationID", ())
    return [
        *((str(item.attributes["IdType"]), _text(str(item))) for item in listed),
        *((str(item.attributes["EIdType"]), _text(str(item))) for item in located),
    ]


def _first(identifiers: list[tuple[str, str]], wanted: str) -> str | None:
    return next((value for kind, value in identifiers if kind == wanted and value), None)


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


def _abstract(parts: Any, language: str = "en") -> Abstract:
    paragraphs, labels = [], []
    for part in parts:
        said = getattr(part, "attributes", {}).get("Label", "")
        label = "" if said in {"UNLABELLED", "UNASSIGNED"} else said.strip(" :").capitalize()
        if text := _text(part):
            paragraphs.append(f"{label}: {text}" if label else text)
            labels.append(label)
    return Abstract(tuple(paragraphs), tuple(labels) if any(labels) else (), language)


def _in_own_language(others: Any, language: str) -> Abstract:
    """The abstract in the paper's own language, where that is not English."""
    for other in others:
        said = str(other.attributes.get("Language", ""))
        if language != "en" and _LANGUAGES.get(said, said) == language:
            return _abstract(other.get("AbstractText", ()), language)
    return Abstract(language=language)


def _summaries(others: Any) -> tuple[Summary, ...]:
    """Plain-language summaries in English."""
    told = (
        _abstract(other.get("AbstractText", ())).paragraphs
        for other in others
        if str(other.attributes.get("Type", "")).lower().startswith("plain")
        and other.attributes.get("Language", "eng") == "eng"
    )
    return tuple(Summary(kind="plain-language", paragraphs=lines) for lines in told if lines)


def _language(article: Any) -> str:
    languages = [str(code) for code in article.get("Language", ())] or ["eng"]
    return "en" if "eng" in languages else _LANGUAGES.get(languages[0], languages[0])
