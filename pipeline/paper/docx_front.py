"""The head of a manuscript: title, authors, abstracts, and where the body begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Author, Summary
from pipeline.paper.docx_abstract import Abstract, read_abstracts, read_summaries
from pipeline.paper.docx_blocks import Block, Paragraph
from pipeline.paper.docx_headings import is_name
from pipeline.paper.docx_title import read_authors, read_english_title, read_title
from pipeline.paper.headings import is_back_matter, kind_of
from pipeline.paper.language import language_of
from pipeline.paper.pdf_front import AFFILIATION, AFTER_ABSTRACT, INTRODUCTION

#: A paragraph of so many words is prose; lines of a title page are shorter.
PROSE = 40
#: Prose before the introduction is an abstract without its name if it has so many words.
_UNNAMED = (60, 600)
_FRONT_HEADING = re.compile(
    r"authors?|affiliations?|title page|correspond\w+(?: author)?s?|key ?words?|contents|table of contents|"
    r"author (?:list|names).*|abstract|summary|highlights|abbreviations",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Front:
    """The head of a manuscript. `body` is the index of the first block behind it; `text` all of its words.

    `named`: an abstract stands under its name. `english_title` stands under one in another language.
    """

    title: str
    authors: tuple[Author, ...]
    abstracts: tuple[Abstract, ...]
    summaries: tuple[Summary, ...]
    named: bool
    body: int
    text: str
    english_title: str | None

    def abstract(self, language: str) -> Abstract | None:
        return next((abstract for abstract in self.abstracts if abstract.language == language), None)


def read_front(blocks: Sequence[Block], headings: Mapping[int, int], claimed: str, tag: str) -> Front:
    """The head as it stands before the body. `claimed`: the title in the file's properties; `tag`: its language."""
    abstracts = read_abstracts(blocks, headings, tag)
    summaries = read_summaries(blocks, headings)
    firsts = [abstract.blocks[0] for abstract in abstracts]
    opened = next((i for i in headings if _opens_body(blocks, i)), len(blocks))
    prose = next((i for i, block in enumerate(blocks) if _is_prose(block)), len(blocks))
    end = min([*firsts, opened] if firsts or opened < len(blocks) else [prose])
    title, lines = read_title(blocks, end, claimed)
    after = max(lines, default=-1) + 1
    taken = {index for abstract in abstracts for index in abstract.blocks}
    taken |= {index for _, used in summaries for index in used}
    start = max(
        [after, *(max(abstract.blocks) + 1 for abstract in abstracts if abstract.blocks[0] <= opened)]
    )
    body = _body(blocks, headings, start, taken)
    named = bool(abstracts)
    if not abstracts and (found := _unnamed(blocks, headings, after, body, tag)) is not None:
        abstracts, body = [found], max(body, found.blocks[-1] + 1)
    return Front(
        title=title,
        authors=read_authors(blocks, after, min(end, body), headings),
        abstracts=tuple(abstracts),
        summaries=tuple(summary for summary, _ in summaries),
        named=named,
        body=body,
        english_title=read_english_title(blocks, after, min(end, body)),
        text="\n".join(block.text for block in blocks[:body] if isinstance(block, Paragraph)),
    )


def _opens_body(blocks: Sequence[Block], index: int) -> bool:
    """Whether a heading is that of a section of the body."""
    block = blocks[index]
    text = block.text.strip() if isinstance(block, Paragraph) else ""
    return is_name(text) and not is_back_matter(text) and kind_of(text) != "other"


def _is_prose(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(block.text.split()) >= PROSE


def _body(blocks: Sequence[Block], headings: Mapping[int, int], start: int, taken: set[int]) -> int:
    """The index of the block with which the body begins: the introduction, else another heading or prose."""
    for index in range(start, len(blocks)):
        block = blocks[index]
        if index in taken or not isinstance(block, Paragraph):
            continue
        text = block.text.strip(" .:")
        if index in headings:
            if (
                _FRONT_HEADING.fullmatch(text) is None
                and not is_back_matter(text)
                and _has_prose(blocks, headings, index)
            ):
                return index
        elif _is_body_text(block):
            return index
    return start


def _has_prose(blocks: Sequence[Block], headings: Mapping[int, int], index: int) -> bool:
    """Whether text stands under a heading, or under those below it."""
    if INTRODUCTION.fullmatch(_text(blocks[index])):
        return True
    for below in range(index + 1, len(blocks)):
        if below in headings and headings[below] <= headings[index]:
            return False
        if _is_body_text(blocks[below]):
            return True
    return False


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _is_body_text(block: Block) -> bool:
    text = _text(block)
    words = len(text.split())
    affiliation = AFFILIATION.search(text) is not None and words < 60
    return (
        words >= PROSE // 2
        and AFTER_ABSTRACT.match(text) is None
        and not affiliation
        and text.count(";") < words / 4
    )


def _unnamed(
    blocks: Sequence[Block], headings: Mapping[int, int], start: int, body: int, tag: str
) -> Abstract | None:
    """Prose between the title and the introduction: an abstract without its name."""
    if (
        body >= len(blocks)
        or body in headings
        or not any(i > body and _opens_body(blocks, i) for i in headings)
    ):
        return None
    first = min(i for i in headings if i > body)
    inside = [i for i in range(body, first) if isinstance(blocks[i], Paragraph)]
    text = " ".join(_text(blocks[i]) for i in inside)
    if (
        INTRODUCTION.fullmatch(_text(blocks[first])) is None
        or not _UNNAMED[0] <= len(text.split()) <= _UNNAMED[1]
    ):
        return None
    parts = tuple(("", _text(blocks[i])) for i in inside if i >= start)
    return Abstract(parts, language_of(text, tag=tag), tuple(inside))
