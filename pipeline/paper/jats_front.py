"""What the front matter of a JATS article says: who, where, when, which licence, which abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.model import Author, Summary
from pipeline.paper.headings import kind_of
from pipeline.paper.jats_summaries import is_plain, read_summaries
from pipeline.paper.jats_text import paragraphs_of, text_of
from pipeline.paper.language import language_of
from pipeline.paper.licence import spdx
from pipeline.paper.markup import HREF, LANG
from pipeline.paper.relations import jats_relations
from pipeline.paper.standing import Standing, standing

_NOT_PUBLICATION = re.compile(
    r"pmc|nihms|received|accepted|preprint|retract|correct|rev-|cover", re.IGNORECASE
)
#: Labels of structured abstracts that are no headings of a body.
_ABSTRACT_LABELS = frozenset(
    {"purpose", "context", "importance", "significance", "interpretation", "design", "setting", "subjects"}
    | {"participants", "interventions", "intervention", "measurements", "main outcome measures", "hypothesis"}
    | {"research question", "trial registration", "aims and objectives", "objectives and methods"}
)
_EARLIEST_YEAR = 1600
_ADDRESS_LINE = re.compile(r"(doi\b\W*)?(https?:|10\.\d{4})\S*$", re.IGNORECASE)
_PREPRINT_SERVERS = re.compile(
    r"^(bio|med|ar|chem|eco|earth|psy|engr|soc)?(a?rxiv)\b|^(preprints|research square|ssrn)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Abstract:
    """Paragraphs, and the label of each ("" without) when the abstract is structured, else no labels."""

    paragraphs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Front:
    """The facts of the front matter. `english_title` is a translated title where one is given."""

    title: str
    english_title: str | None
    authors: tuple[Author, ...]
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    licence: str | None
    abstracts: tuple[Abstract, ...]
    summaries: tuple[Summary, ...]
    preprint: bool
    standing: Standing


def read_front(article: etree._Element) -> Front:
    """The front matter of an `<article>`; what it does not say is `None` or empty."""
    front = article.find("front")
    meta = front.find("article-meta") if front is not None else None
    if front is None or meta is None:
        return Front(
            "", None, (), None, None, None, None, None, None, (), (), preprint=False, standing=Standing()
        )
    journal = _journal(front)
    title = _title(meta.find("title-group/article-title"))
    pmcid = _identifier(meta, "pmcid", "pmc", "pmcaid")
    abstracts = tuple(_abstracts(meta))
    return Front(
        title=title,
        english_title=_english_title(meta),
        authors=tuple(_authors(meta)),
        journal=journal,
        year=_year(meta),
        doi=_identifier(meta, "doi"),
        pmid=_identifier(meta, "pmid"),
        pmcid=f"PMC{pmcid.upper().removeprefix('PMC')}" if pmcid else None,
        licence=_licence(meta),
        abstracts=abstracts,
        summaries=read_summaries(meta),
        preprint=article.get("article-type") == "preprint" or bool(_PREPRINT_SERVERS.match(journal or "")),
        standing=standing(
            title,
            abstracts[0].paragraphs if abstracts else (),
            jats_relations(meta.findall("related-article")),
            retracted=article.get("article-type") == "retracted-article",
            withdrawn=article.get("article-type") == "withdrawn-article",
        ),
    )


def _title(element: etree._Element | None) -> str:
    """A title without the marks of its footnotes."""
    if element is None:
        return ""
    for mark in list(element.iter("xref", "fn")):
        inside_raised = mark.getparent()
        assert inside_raised is not None
        _drop(mark)
        if inside_raised.tag == "sup" and not "".join(map(str, inside_raised.itertext())).strip(" ,"):
            _drop(inside_raised)
    return text_of(element)


def _drop(element: etree._Element) -> None:
    """Take an element out and leave its tail."""
    parent, previous, tail = element.getparent(), element.getprevious(), element.tail or ""
    assert parent is not None
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _english_title(meta: etree._Element) -> str | None:
    for group in meta.findall("title-group/trans-title-group"):
        title = group.find("trans-title")
        language = group.get(LANG) or (title.get(LANG) if title is not None else None) or ""
        if language.lower().startswith("en") and text_of(title):
            return _title(title)
    for title in meta.findall("title-group/trans-title"):
        if (title.get(LANG) or "").lower().startswith("en") and text_of(title):
            return _title(title)
    return None


def _authors(meta: etree._Element) -> Iterator[Author]:
    for group in meta.findall("contrib-group"):
        if re.search(r"editor|review", group.get("content-type") or ""):
            continue
        for contributor in group.findall("contrib"):
            if contributor.get("contrib-type") in {None, "", "author", "collab"}:
                name = _first(contributor, "name", "name-alternatives/name", "*/string-name", "string-name")
                author = _person(name) if name is not None else _group(contributor)
                if author is not None:
                    yield author


def _first(element: etree._Element, *paths: str) -> etree._Element | None:
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _person(name: etree._Element) -> Author | None:
    surname, given, suffix = (text_of(name.find(part)) for part in ("surname", "given-names", "suffix"))
    if not surname and not given:
        whole = text_of(name)
        return Author(name=whole, surname=whole.split()[-1]) if whole else None
    order = (surname, given) if name.get("name-style") == "eastern" else (given, surname)
    return Author(name=" ".join(filter(None, (*order, suffix))), surname=surname or given)


def _group(contributor: etree._Element) -> Author | None:
    """A group that signs as an author, without the list of its members."""
    collab = _first(contributor, "collab", "collab-alternatives/collab")
    if collab is None:
        return None
    name = text_of(collab)
    return Author(name=name, surname=name) if name else None


def _journal(front: etree._Element) -> str | None:
    for path in (
        "journal-title-group/journal-title",
        "journal-title",
        "journal-title-group/abbrev-journal-title",
    ):
        if title := text_of(front.find(f"journal-meta/{path}")):
            return title
    abbreviation = front.find("journal-meta/journal-id[@journal-id-type='nlm-ta']")
    return text_of(abbreviation) or None


def _year(meta: etree._Element) -> int | None:
    """The year in which the paper first appeared, on paper or on line."""
    years = [
        int(year)
        for date in meta.findall("pub-date")
        if not _NOT_PUBLICATION.search(f"{date.get('pub-type') or ''} {date.get('date-type') or ''}")
        if (year := (date.findtext("year") or "").strip()).isdecimal()
    ]
    return min((year for year in years if year > _EARLIEST_YEAR), default=None)


def _identifier(meta: etree._Element, *kinds: str) -> str | None:
    for kind in kinds:
        value = (meta.findtext(f"article-id[@pub-id-type='{kind}']") or "").strip()
        if value:
            return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE)
    return None


def _licence(meta: etree._Element) -> str | None:
    permissions = meta.find("permissions")
    place = permissions if permissions is not None else meta.find("copyright-statement")
    if place is None:
        return None
    addresses = [link for element in place.iter(etree.Element) if (link := element.get(HREF))]
    types = [kind for licence in place.iter("license") if (kind := licence.get("license-type"))]
    return spdx(" ".join(addresses), " ".join([*types, *map(str, place.itertext())]))


def _abstracts(meta: etree._Element) -> Iterator[Abstract]:
    """The plain abstracts, the original before its translations; summaries of other sorts are left out."""
    for element in (*meta.findall("abstract"), *meta.findall("trans-abstract")):
        if is_plain(element):
            abstract = _abstract(element)
            if abstract.paragraphs:
                yield abstract


def _abstract(element: etree._Element) -> Abstract:
    paragraphs: list[str] = []
    labels: list[str] = []
    for child in element.iterchildren(etree.Element):
        if child.tag == "title":
            continue
        if child.tag == "sec":
            label = text_of(child.find("title")).rstrip(" .:")
            text = " ".join(line for part in child if part.tag != "title" for line in paragraphs_of(part))
            found = [(label, text)] if text else []
        else:
            lines = (line for line in paragraphs_of(child) if not _ADDRESS_LINE.match(line))
            found = [part for line in lines for part in _split_at_labels(child, line)]
        for label, text in found:
            labels.append(label)
            paragraphs.append(f"{label}: {text}" if label else text)
    language = language_of(" ".join(paragraphs), tag=element.get(LANG) or "en")
    return Abstract(tuple(paragraphs), tuple(labels) if any(labels) else (), language)


def _split_at_labels(paragraph: etree._Element, text: str) -> list[tuple[str, str]]:
    """Cuts a paragraph at the labels that stand in it in bold or italics ("Background: … Methods: …")."""
    cuts: list[tuple[int, str]] = []
    for emphasised in paragraph.iterchildren("bold", "italic", "underline"):
        heading = text_of(emphasised)
        start = text.find(heading, cuts[-1][0] + 1 if cuts else 0)
        if start >= 0 and _is_label(heading, before=text[:start], after=text[start + len(heading) :]):
            cuts.append((start, heading))
    if not cuts or cuts[0][0] > 0:
        return [("", text)]
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return [
        (heading.rstrip(" .:"), text[start + len(heading) : end].strip(" :").removeprefix(". "))
        for (start, heading), end in zip(cuts, ends, strict=True)
    ]


def _is_label(heading: str, *, before: str, after: str) -> bool:
    """Whether emphasised words open a part of an abstract rather than stress something in it."""
    closed = heading[-1:] in {":", "."} or after.lstrip()[:1] in {":", "."}
    known = kind_of(heading) != "other" or heading.rstrip(" .:").lower() in _ABSTRACT_LABELS
    opens = before.rstrip()[-1:] in {"", ".", "?", "!", ")", ";"}
    return opens and bool(after.strip(" .:")) and known and (closed or after[:1] == " ")
