"""A paper read from a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from pipeline.errors import DamagedFileError
from pipeline.model import English, Paper, Section
from pipeline.paper.language import language_of, told_from_abstract, untold
from pipeline.paper.notices import refuse_notice, says_retracted, says_withdrawn, stamped
from pipeline.paper.pdf_blocks import read_blocks, read_vocabulary
from pipeline.paper.pdf_body import Body, read_body, read_style
from pipeline.paper.pdf_captions import read_captions
from pipeline.paper.pdf_facts import Facts, read_facts
from pipeline.paper.pdf_figures import read_figures
from pipeline.paper.pdf_file import has_text, open_pdf, require_text
from pipeline.paper.pdf_front import Front, read_front
from pipeline.paper.pdf_glyphs import mend_glyphs
from pipeline.paper.pdf_layout import Page, read_strips, without_furniture
from pipeline.paper.pdf_lines import read_lines
from pipeline.paper.pdf_refusals import refuse_other, refuse_several
from pipeline.paper.recognition import NOTE, recognise

#: A stamp stands on every page; so many first ones are looked at. One word in a picture is no stamp.
STAMPED_PAGES: Final = 3


def read_pdf(path: Path, folder: Path, source: str, *, recognising: bool = True) -> Paper:
    """The paper in the PDF at `path`; its figures are written to `folder`/figures.

    Text that stands in pictures only is recognised, unless `recognising` is false. A paper in another language needs
    an English abstract. Raises `NotAPdfError`,
    `DamagedFileError`, `EncryptedPdfError`, `NoTextLayerError`, `NotAPaperError`, `SeveralPapersError`,
    `NoticeError`, `LanguageError`, and `InputError` for what is too long or too large.
    """
    document = open_pdf(path)
    try:
        return _read(document, folder, source, recognising=recognising)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, folder: Path, source: str, *, recognising: bool) -> Paper:
    raw_pages = [_read_page(document, number) for number in range(1, len(document) + 1)]
    scanned = not has_text(raw_pages)
    if scanned:
        raw_pages = recognise(document) if recognising else []
        require_text(raw_pages)
    raw_pages = mend_glyphs(raw_pages)
    pages = without_furniture(raw_pages)
    strips = read_strips(pages)
    vocabulary = read_vocabulary(strips)
    blocks = read_blocks(strips, vocabulary)
    refuse_several(blocks)
    style = read_style(blocks)
    claimed = (document.get_metadata_value("Title") or "").strip()
    front = read_front(blocks, style, vocabulary, pages[0].height, claimed)
    captions = read_captions(blocks, style, vocabulary)
    taken = {index for caption in captions for index in caption.blocks}
    body = read_body(blocks, taken | set(range(front.body)), style, vocabulary)
    facts = read_facts(raw_pages)
    refuse_notice(front.title)
    refuse_other(document, pages, blocks, front, body, facts)
    paper = _paper(front, body, facts, source)
    prose = body.used | {i for i in range(front.body) if blocks[i].letters > 0.5 and len(blocks[i].text) > 60}
    figures = read_figures(document, pages, blocks, captions, prose - taken, folder)
    notes = (*paper.notes, NOTE) if scanned else paper.notes
    return paper.model_copy(update={"figures": figures, "notes": notes, **_taken_back(document, paper)})


def _taken_back(document: pdfium.PdfDocument, paper: Paper) -> dict[str, bool]:
    """Whether the paper says that it was retracted or withdrawn, or its pages are stamped so, upright or aslant."""
    told = paper.english.abstract if paper.english else paper.abstract
    stamps = {_stamp(document, index) for index in range(min(len(document), STAMPED_PAGES))}
    withdrawn = says_withdrawn(paper.title, told) or stamps == {"withdrawn"}
    return {
        "retracted": withdrawn or says_retracted(paper.title, told) or stamps == {"retracted"},
        "withdrawn": withdrawn,
    }


def _stamp(document: pdfium.PdfDocument, index: int) -> str | None:
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            return stamped(text.get_text_range())
        finally:
            text.close()
    finally:
        page.close()


def _read_page(document: pdfium.PdfDocument, number: int) -> Page:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise DamagedFileError(
            f"Page {number} of this PDF is damaged and can't be read.", "Download it again."
        ) from error
    try:
        width, height = page.get_size()
        return Page(number=number, width=width, height=height, lines=tuple(read_lines(page, number)))
    finally:
        page.close()


def _paper(front: Front, body: Body, facts: Facts, source: str) -> Paper:
    language = language_of(_prose(body.sections) or front.title)
    abstract = front.abstract
    english = None
    if language != "en":
        if abstract is None or language_of(abstract.text) != "en":
            raise untold(language)
        english = English(
            title=front.english_title or front.title,
            abstract=_with_labels(abstract.paragraphs),
            abstract_labels=_labels(abstract.paragraphs),
            abstract_page=abstract.page,
        )
    own = front.own_abstract if english else front.abstract
    paragraphs = own.paragraphs if own else ()
    return Paper(
        title=front.title,
        authors=front.authors,
        abstract=_with_labels(paragraphs),
        abstract_labels=_labels(paragraphs),
        abstract_page=own.page if own else None,
        english=english,
        sections=body.sections,
        journal=facts.journal,
        year=facts.year,
        doi=facts.doi,
        licence=facts.licence,
        language=language,
        preprint=facts.preprint,
        notes=(told_from_abstract(language),) if english else (),
        source=source,
    )


def _with_labels(paragraphs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{label}: {text}" if label else text for label, text in paragraphs)


def _labels(paragraphs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    labels = tuple(label for label, _ in paragraphs)
    return labels if any(labels) else ()


def _prose(sections: Sequence[Section]) -> str:
    return " ".join(paragraph for section in sections for paragraph in section.paragraphs)
