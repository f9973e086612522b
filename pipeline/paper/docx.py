"""A paper read from a Word file: a manuscript as its authors wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree

from pipeline.errors import DamagedFileError, SeveralPapersError, TooLittleTextError
from pipeline.model import English, Paper, Section
from pipeline.paper.docx_blocks import Block, Paragraph, read_blocks
from pipeline.paper.docx_body import read_body, read_formulas
from pipeline.paper.docx_captions import read_captions
from pipeline.paper.docx_figures import read_figures, read_tables, with_pictures
from pipeline.paper.docx_file import DocxFile, open_docx
from pipeline.paper.docx_front import Front, read_front
from pipeline.paper.docx_headings import read_headings, with_headings_apart
from pipeline.paper.docx_styles import read_styles
from pipeline.paper.jats import LEAST_WORDS, word_count
from pipeline.paper.language import language_of, told_from_abstract, untold
from pipeline.paper.licence import spdx
from pipeline.paper.likeness import Likeness, refuse_unlike
from pipeline.paper.notices import refuse_notice, says_retracted, says_withdrawn
from pipeline.paper.pdf_body import REFERENCES
from pipeline.paper.pdf_facts import DOI, LICENCE, PREPRINT

#: About two pages (words): what an invoice or a letter is stands on the first.
_OPENING = 900


def read_docx(path: Path, folder: Path, source: str) -> Paper:
    """The paper in the Word file at `path`, all changes accepted; its figures are written to `folder`/figures.

    A paper in another language needs an English abstract. Raises what `open_docx` does, `NotAPaperError`,
    `SeveralPapersError`, `NoticeError`, `LanguageError` and `TooLittleTextError`.
    """
    with open_docx(path) as docx:
        try:
            return _read(docx, folder, source)
        except RecursionError as error:
            raise DamagedFileError(
                "This Word file is nested deeper than any paper.", "Hand in the PDF instead."
            ) from error


def _read(docx: DocxFile, folder: Path, source: str) -> Paper:
    root = docx.xml(docx.main)
    body = root.find("body") if root is not None else None
    if body is None:
        raise DamagedFileError(
            "This Word file has no text.", "Open it in Word, save it again, and hand that in."
        )
    styles = read_styles(docx.xml(docx.beside("styles.xml")))
    blocks, listed = read_blocks(body, styles)
    blocks = with_headings_apart(blocks)
    headings = read_headings(blocks)
    _refuse_several(blocks, headings)
    front = read_front(blocks, headings, _claimed(docx.xml("docProps/core.xml")), styles.language[:2].lower())
    refuse_notice(front.title)
    captions = read_captions(blocks, headings)
    taken = {index for caption in captions for index in caption.blocks}
    taken |= {index for abstract in front.abstracts for index in abstract.blocks}
    sections = read_body(blocks, headings, front.body, taken)
    _refuse_other(front, blocks, sections, listed=listed)
    drawn = read_figures(blocks, captions)
    paper = _paper(front, sections, styles.language, source).model_copy(
        update={
            "figures": tuple(figure.figure for figure in drawn),
            "tables": read_tables(blocks, captions),
            "formulas": read_formulas(blocks, front.body),
        }
    )
    return with_pictures(paper, drawn, docx, folder)


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _claimed(properties: etree._Element | None) -> str:
    """The title that the file's properties name; often that of a template or of another paper."""
    title = properties.findtext("title") if properties is not None else None
    return (title or "").strip()


def _paper(front: Front, sections: tuple[Section, ...], tag: str, source: str) -> Paper:
    prose = " ".join(paragraph for section in sections for paragraph in section.paragraphs)
    told = prose or " ".join(text for abstract in front.abstracts for text in abstract.texts)
    language = language_of(told or front.title, tag=tag[:2].lower())
    own = front.abstract(language)
    english = None
    if language != "en":
        abstract = front.abstract("en")
        if abstract is None:
            raise untold(language)
        english = English(
            title=front.english_title or front.title,
            abstract=abstract.texts,
            abstract_labels=abstract.labels,
        )
    said = english.abstract if english else own.texts if own else ()
    return Paper(
        title=front.title,
        authors=front.authors,
        abstract=own.texts if own else (),
        abstract_labels=own.labels if own else (),
        summaries=front.summaries,
        english=english,
        sections=sections,
        doi=found[0].lower() if (found := DOI.search(front.text)) else None,
        licence=_licence(front.text),
        language=language,
        retracted=says_retracted(front.title, said),
        withdrawn=says_withdrawn(front.title, said),
        preprint=PREPRINT.search(front.text) is not None,
        notes=(told_from_abstract(language),) if english else (),
        source=source,
    )


def _licence(text: str) -> str | None:
    found = LICENCE.search(text)
    return spdx(None, text[max(found.start() - 200, 0) : found.end() + 400]) if found else None


def _refuse_several(blocks: Sequence[Block], headings: Mapping[int, int]) -> None:
    """Raises `SeveralPapersError` when an introduction follows references, and references follow that."""
    names = (_text(blocks[index]).strip(" .:") for index in headings)
    turns = "".join(
        "R"
        if REFERENCES.fullmatch(name)
        else "I"
        if re.fullmatch(r"[\d.IVX\s]*introduction", name, re.IGNORECASE)
        else ""
        for name in names
    )
    count = len(re.findall("I+R+", turns))
    if count > 1:
        raise SeveralPapersError(
            f"This Word file holds {count} papers or chapters, each with its own introduction and references.",
            "Hand in the one that the video is to tell, in a file of its own.",
        )


def _refuse_other(
    front: Front, blocks: Sequence[Block], sections: Sequence[Section], *, listed: bool
) -> None:
    """Raises `NotAPaperError` for a document that has too few of the parts and marks of a paper."""
    prose = " ".join(paragraph for section in sections for paragraph in section.paragraphs)
    refuse_unlike(
        Likeness(
            title=front.title,
            opening=_opening(blocks),
            prose=prose,
            references=_references(blocks),
            kinds=len({section.kind for section in sections} - {"other"}),
            abstract=front.named,
            any_abstract=bool(front.abstracts),
            doi=DOI.search(front.text) is not None,
            listed=listed,
        ),
        "Word file",
    )
    if len(prose.split()) + word_count(text for one in front.abstracts for text in one.texts) < LEAST_WORDS:
        raise TooLittleTextError(
            "This paper has neither an abstract nor a body that could be read.",
            "Hand in its PDF, or another paper.",
        )


def _opening(blocks: Sequence[Block]) -> str:
    """The words of about the first two pages, those in tables too."""
    words: list[str] = []
    for block in blocks:
        words += (block.text if isinstance(block, Paragraph) else " ".join(map(" ".join, block.rows))).split()
        if len(words) > _OPENING:
            break
    return " ".join(words[:_OPENING])


def _references(blocks: Sequence[Block]) -> str:
    """The text from the heading of the references on."""
    for index, block in enumerate(blocks):
        if REFERENCES.fullmatch(_text(block).strip(" .:")):
            return " ".join(_text(other) for other in blocks[index + 1 :])
    return ""
