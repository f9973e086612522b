"""Which paragraphs of a Word file are headings, and how deep they stand: by styles, else by how they look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.paper.docx_blocks import Block, Paragraph
from pipeline.paper.headings import is_back_matter, kind_of
from pipeline.paper.pdf_body import NUMBER
from pipeline.paper.pdf_captions import LABEL
from pipeline.paper.pdf_front import ABSTRACT

#: A heading longer than this (characters) is a sentence, whatever its style.
LONGEST = 250
#: One that is told by its looks alone.
LONGEST_UNSTYLED = 140
#: The depth of headings that only their looks tell and that name no usual section.
BELOW = 20
#: The names that publishers' templates give to styles of headings ("mdpi 2 1 heading1", "els 1storder head").
_STYLE = re.compile(
    r"(?:^|\s)(?:heading|head|section|subsection|sec|(?P<order>\d)(?:st|nd|rd|th) ?order head)"
    r"(?:\s?(?:level )?(?P<level>\d))?(?: [a-z]+)?$"
)
_NOT_STYLE = re.compile(r"toc|running|table|figure|header|reference|bibliograph|title|author|abstract")


def is_name(text: str) -> bool:
    """Whether a text is nothing but the name of a usual section ("2. Materials and Methods:")."""
    return len(text.split()) <= 6 and len(text) < 60 and (kind_of(text) != "other" or is_back_matter(text))


def with_headings_apart(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, a section's name that is parted from its text by a line break only being a paragraph of its own."""
    return [
        part for block in blocks for part in (_parted(block) if isinstance(block, Paragraph) else [block])
    ]


def _parted(paragraph: Paragraph) -> list[Paragraph]:
    lines = paragraph.lines
    if (
        len(lines) < 2
        or not (is_name(lines[0]) or ABSTRACT.fullmatch(lines[0]))
        or paragraph.level is not None
    ):
        return [paragraph]
    at = next(place for place, run in enumerate(paragraph.runs) if "\n" in run.text)
    broken = paragraph.runs[at]
    above, _, below = broken.text.partition("\n")
    heading = (*paragraph.runs[:at], replace(broken, text=above))
    rest = (replace(broken, text=below), *paragraph.runs[at + 1 :])
    return [replace(paragraph, runs=heading, pictures=()), replace(paragraph, runs=rest)]


def read_headings(blocks: Sequence[Block]) -> dict[int, int]:
    """The depth of each heading, 0 the highest, by the index of its block.

    Headings in styles have the level of their style. Those that are only set apart (bold, capitals) are as high as
    the highest style where they name a usual section or look like those that do, and else stand below all.
    """
    styled: dict[int, int] = {}
    bare: list[int] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or not _may_be(block):
            continue
        level = _level(block)
        if level is not None:
            styled[index] = level
        elif _is_set_apart(block):
            bare.append(index)
    named = [level for index, level in styled.items() if is_name(_text(blocks[index]))]
    return {**styled, **_depths(blocks, bare, min(named, default=0))}


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _may_be(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        0 < len(text) <= LONGEST
        and not paragraph.boxed
        and paragraph.formula is None
        and re.search(r"[^\W\d_]{2}", text) is not None
    )


def _level(paragraph: Paragraph) -> int | None:
    if paragraph.level is not None:
        return paragraph.level
    found = _STYLE.search(paragraph.style)
    if found is None or _NOT_STYLE.search(paragraph.style):
        return None
    return max(int(found["order"] or found["level"] or 1) - 1, 0)


def _is_set_apart(paragraph: Paragraph) -> bool:
    """Whether a paragraph looks like a heading: a usual name alone on its line, or short and bold or in capitals."""
    text = paragraph.text
    if is_name(text) and text[0].isupper() and not text.endswith((",", ";")):
        return True
    if len(text) > LONGEST_UNSTYLED or LABEL.match(text) or text.endswith((",", ";")):
        return False
    if text.endswith(".") and NUMBER.match(text) is None:
        return False
    capitals = text.isupper() and len(text) > 5
    return (paragraph.bold or capitals or (paragraph.italic and text[0].isupper())) and not paragraph.listed


def _depths(blocks: Sequence[Block], bare: Sequence[int], top: int) -> Mapping[int, int]:
    paragraphs = {index: block for index in bare if isinstance(block := blocks[index], Paragraph)}
    looks = {_look(paragraph) for paragraph in paragraphs.values() if is_name(paragraph.text)}
    numbered = {
        _is_numbered(paragraph.text) for paragraph in paragraphs.values() if is_name(paragraph.text)
    } == {True}
    bold = any(look[1] for look in looks)
    found = {}
    for index, paragraph in paragraphs.items():
        alike = _look(paragraph) in looks and (not numbered or _is_numbered(paragraph.text))
        below = re.match(r"\d{1,2}\.\d", paragraph.text) is not None
        slanted = paragraph.italic and not paragraph.bold and bold
        named = is_name(paragraph.text) and not below and not slanted
        found[index] = top if named or (alike and not below and paragraph.bold) else BELOW
    return found


def _look(paragraph: Paragraph) -> tuple[float, bool, bool, bool]:
    return paragraph.size, paragraph.bold, paragraph.italic, paragraph.text.isupper()


def _is_numbered(text: str) -> bool:
    number = NUMBER.match(text)
    return number is not None and "." not in (number[1] or "")
