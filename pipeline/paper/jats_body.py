"""Sections and figures of a JATS article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from pipeline.model import Figure, Section, SectionKind
from pipeline.paper.headings import kind_of
from pipeline.paper.jats_text import paragraphs_of, text_of
from pipeline.paper.licence import allows_figures, spdx
from pipeline.paper.markup import HREF
from pipeline.paper.provenance import third_party

_NUMBERED = re.compile(r"^((?:fig(?:ure|ura|\.)?)\s*\d+)\s*[.:|]\s*", re.IGNORECASE)
_SECTION_TYPES = {"intro": "introduction", "cases": "case report"}


@dataclass(frozen=True)
class DrawnFigure:
    """A figure and the address that its picture has in the XML ("" without one)."""

    figure: Figure
    href: str


def read_sections(body: etree._Element) -> tuple[Section, ...]:
    """The sections of a body in reading order; paragraphs outside any section form one without a title.

    Subsections are folded in, their headings paragraphs of their own. A subsection whose heading
    tells its kind stands alone when that of the section around it does not.
    """
    parts = groupby(_lines(body, "", "other"), key=lambda line: line[:2])
    return tuple(
        Section(title=title, kind=kind, paragraphs=tuple(text for _, _, text in lines))
        for (title, kind), lines in parts
    )


def _lines(node: etree._Element, title: str, kind: SectionKind) -> Iterator[tuple[str, SectionKind, str]]:
    """Each paragraph with the title and kind of its section."""
    for text in paragraphs_of(node, without=frozenset({"sec", "title"})):
        yield title, kind, text
    for child in node.findall("sec"):
        heading = text_of(child.find("title"))
        own = _own_kind(child, heading)
        if node.tag == "body" or (kind == "other" and own != "other"):
            yield from _lines(child, heading, own)
        else:
            if heading:
                yield title, kind, heading
            yield from _lines(child, title, kind)


def _own_kind(section: etree._Element, heading: str) -> SectionKind:
    """The kind that the heading tells, else the publisher's `sec-type` ("intro", "materials|methods")."""
    told = kind_of(heading)
    if told != "other":
        return told
    types = (section.get("sec-type") or "").split("|")
    return next(
        (kind for name in types if (kind := kind_of(_SECTION_TYPES.get(name, name))) != "other"), "other"
    )


def read_figures(article: etree._Element) -> tuple[DrawnFigure, ...]:
    """The figures of the article itself, body first, then those that float; translations left out.

    Where no figure has a label, they are numbered in order.
    """
    elements = [
        element
        for place in ("body", "floats-group", "floats-wrap")
        for container in article.findall(place)
        for element in container.iter("fig")
    ]
    found: dict[str, DrawnFigure] = {}
    for number, element in enumerate(elements, 1):
        drawn = _figure(element, number)
        found.setdefault(drawn.figure.id, drawn)
    return tuple(found.values())


def _figure(element: etree._Element, number: int) -> DrawnFigure:
    label = text_of(element.find("label")).rstrip(" .:")
    caption = _caption(element)
    if not label and (numbered := _NUMBERED.match(caption)):
        label, caption = numbered[1], caption[numbered.end() :]
    figure = Figure(
        id=element.get("id") or f"figure-{number}",
        label=label or f"Figure {number}",
        caption=caption,
        third_party=_is_third_party(element, caption),
    )
    return DrawnFigure(figure, _address(element))


def _caption(element: etree._Element) -> str:
    """Title and text of the caption, the title closed with a full stop if it has no stop of its own."""
    caption = element.find("caption")
    if caption is None:
        return ""
    title = text_of(caption.find("title"))
    if title and title[-1] not in ".?!:;":
        title += "."
    return " ".join(filter(None, [title, *paragraphs_of(caption, without=frozenset({"title"}))]))


def _is_third_party(element: etree._Element, caption: str) -> bool:
    said = " ".join([caption, *(text_of(credit) for credit in element.iter("attrib"))])
    if third_party(said):
        return True
    permissions = element.find("permissions")
    if permissions is None:
        return False
    links = [link for part in permissions.iter(etree.Element) if (link := part.get(HREF))]
    return not allows_figures(spdx(" ".join(links), " ".join(map(str, permissions.itertext()))))


def _address(element: etree._Element) -> str:
    """The address of the full picture: thumbnails and empty ones are passed over."""
    graphics = [graphic for graphic in element.iter("graphic", "inline-graphic") if graphic.get(HREF)]
    graphics.sort(key=lambda graphic: bool(graphic.get("specific-use")))
    return (graphics[0].get(HREF) or "") if graphics else ""
