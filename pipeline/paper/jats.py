"""A paper from JATS, the XML of PubMed Central and of most publishers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import (
    NotAPaperError,
    SeveralPapersError,
    TooLittleTextError,
)
from pipeline.model import English, Paper, Section
from pipeline.paper.jats_body import read_figures, read_sections
from pipeline.paper.jats_displayed import read_formulas, read_tables
from pipeline.paper.jats_front import Abstract, Front, read_front
from pipeline.paper.language import language_of, told_from_abstract, untold
from pipeline.paper.markup import LANG, parse_xml
from pipeline.paper.notices import refuse_notice

#: Fewer words than this in abstract and body together, and there is no story to tell.
LEAST_WORDS = 60

#: The note that a viewer is owed when the full text could not be had.
ABSTRACT_ONLY = "Told from the abstract: the full text was not at hand."


@dataclass(frozen=True)
class JatsArticle:
    """A paper without pictures, and the address of each figure's picture by the figure's id."""

    paper: Paper
    hrefs: dict[str, str]


def read_jats(data: bytes, source: str) -> JatsArticle:
    """Read the one article that `data` holds; `source` becomes `Paper.source`.

    Raises `DamagedFileError` (no XML, cut off), `NotAPaperError` (XML of another sort),
    `SeveralPapersError`, `NoticeError` (a retraction or correction notice), `LanguageError` (not
    English, and no English abstract) and `TooLittleTextError`.
    """
    article = _article(parse_xml(data))
    front = read_front(article)
    article_type = article.get("article-type")
    refuse_notice(front.title, article_type)
    body = article.find("body")
    sections = read_sections(body) if body is not None else ()
    drawn = read_figures(article)
    language = _language(article, sections, front)
    own = next((abstract for abstract in front.abstracts if abstract.language == language), Abstract())
    english = _english(front) if language != "en" else None
    told = english.abstract if english else (*own.paragraphs, *(p for s in sections for p in s.paragraphs))
    if language != "en" and english is None:
        raise untold(language)
    if not front.title:
        raise TooLittleTextError("This paper has no title that could be read.", "Hand in its PDF.")
    if word_count(told) < LEAST_WORDS:
        raise TooLittleTextError(
            "This paper has neither an abstract nor a body that could be read.",
            "Hand in its PDF, or another paper.",
        )
    paper = Paper(
        title=front.title,
        authors=front.authors,
        abstract=own.paragraphs,
        abstract_labels=own.labels,
        summaries=front.summaries,
        english=english,
        sections=sections,
        figures=tuple(figure.figure for figure in drawn),
        tables=read_tables(article),
        formulas=read_formulas(article),
        journal=front.journal,
        year=front.year,
        doi=front.doi,
        pmid=front.pmid,
        pmcid=front.pmcid,
        licence=front.licence,
        language=language,
        article_type=article_type,
        **front.standing.facts(),
        preprint=front.preprint,
        abstract_only=not sections,
        notes=(*_notes(language, sections), *front.standing.notes()),
        source=source,
    )
    return JatsArticle(paper, {figure.figure.id: figure.href for figure in drawn if figure.href})


def _english(front: Front) -> English | None:
    """What the front matter of a paper in another language says in English."""
    abstract = next((abstract for abstract in front.abstracts if abstract.language == "en"), None)
    if abstract is None:
        return None
    return English(
        title=front.english_title or front.title,
        abstract=abstract.paragraphs,
        abstract_labels=abstract.labels,
    )


def _notes(language: str, sections: tuple[Section, ...]) -> tuple[str, ...]:
    if language != "en":
        return (told_from_abstract(language),)
    return () if sections else (ABSTRACT_ONLY,)


def word_count(paragraphs: Iterable[str]) -> int:
    return sum(len(line.split()) for line in paragraphs)


def _article(root: etree._Element) -> etree._Element:
    articles = [root] if root.tag == "article" else list(root.iter("article"))
    if len(articles) > 1:
        raise SeveralPapersError(
            f"This file holds {len(articles)} papers.", "Hand in a file that holds the one you mean."
        )
    if not articles or articles[0].find("front") is None:
        raise NotAPaperError(
            "This is XML, but not that of a paper: it is no JATS article.", "Hand in the JATS XML or the PDF."
        )
    return articles[0]


def _language(article: etree._Element, sections: tuple[Section, ...], front: Front) -> str:
    """The language of the body as its words tell it; without a body, that of the original abstract."""
    tag = article.get(LANG) or "en"
    if sections:
        return language_of(" ".join(line for section in sections for line in section.paragraphs), tag=tag)
    return front.abstracts[0].language if front.abstracts else tag[:2].lower()
