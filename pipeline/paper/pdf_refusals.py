"""PDFs that read well and are not one scientific paper."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.errors import SeveralPapersError
from pipeline.paper.likeness import BOOK, Likeness, refuse_unlike
from pipeline.paper.pdf_blocks import Block
from pipeline.paper.pdf_body import REFERENCES, Body
from pipeline.paper.pdf_facts import Facts
from pipeline.paper.pdf_front import INTRODUCTION, Front
from pipeline.paper.pdf_layout import Page

#: More fields to fill in than this and it is a form. Publishers' own buttons (check for updates) are one or two.
FIELDS: Final = 6
#: Pages this much wider than high, with fewer words each than this, are slides.
SLIDE_SHAPE, SLIDE_WORDS = 1.2, 160
#: How many pages may begin a document: what an invoice or a letter is stands on the first.
OPENING_PAGES: Final = 2
#: More pages than this that begin as books do are a book.
LONG: Final = 60
#: Forms say what they are in the fields of their first pages.
LOOKED_AT: Final = 10


def refuse_several(blocks: Sequence[Block]) -> None:
    """Raises `SeveralPapersError` when an introduction follows references, and references follow that."""
    turns = "".join(
        "I" if INTRODUCTION.fullmatch(block.text) else "R"
        for block in blocks
        if len(block.text) < 40 and (INTRODUCTION.fullmatch(block.text) or REFERENCES.fullmatch(block.text))
    )
    count = len(re.findall("I+R+", turns))
    if count > 1:
        raise SeveralPapersError(
            f"This PDF holds {count} papers or chapters, each with its own introduction and references.",
            "Hand in the pages of the one that the video is to tell.",
        )


def refuse_other(
    document: pdfium.PdfDocument,
    pages: Sequence[Page],
    blocks: Sequence[Block],
    front: Front,
    body: Body,
    facts: Facts,
) -> None:
    """Raises `NotAPaperError` for a document that has too few of the parts and marks of a paper."""
    opening = " ".join(line.text for page in pages[:OPENING_PAGES] for line in page.lines)
    refuse_unlike(
        Likeness(
            title=front.title,
            opening=opening,
            prose=" ".join(text for section in body.sections for text in section.paragraphs),
            references=_references(blocks),
            kinds=len({section.kind for section in body.sections} - {"other"}),
            abstract=front.abstract is not None and front.abstract.named,
            any_abstract=front.abstract is not None,
            doi=facts.doi is not None,
            unlike=_shape(document, pages, opening),
        ),
        "PDF",
    )


def _references(blocks: Sequence[Block]) -> str:
    """The text from the heading of the references on."""
    for index, block in enumerate(blocks):
        if len(block.text) < 40 and REFERENCES.fullmatch(block.text):
            return " ".join(block.text for block in blocks[index + 1 :])
    return ""


def _shape(document: pdfium.PdfDocument, pages: Sequence[Page], opening: str) -> str | None:
    if sum(_fields(document, number) for number in range(min(len(document), LOOKED_AT))) > FIELDS:
        return "a form to be filled in"
    wide = [page for page in pages if page.width > SLIDE_SHAPE * page.height]
    if 2 * len(wide) > len(pages) > 1:
        words = statistics.median(sum(len(line.text.split()) for line in page.lines) for page in wide)
        if words < SLIDE_WORDS:
            return "slides"
    return BOOK.what if len(pages) > LONG and BOOK.fits(opening) else None


def _fields(document: pdfium.PdfDocument, index: int) -> int:
    """How many fields a page has that can be filled in."""
    page = document[index]
    try:
        return sum(_is_field(page, number) for number in range(raw.FPDFPage_GetAnnotCount(page)))
    finally:
        page.close()


def _is_field(page: pdfium.PdfPage, number: int) -> bool:
    note = raw.FPDFPage_GetAnnot(page, number)
    if not note:
        return False
    try:
        return bool(raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET)
    finally:
        raw.FPDFPage_CloseAnnot(note)
