"""Captions of figures and tables, told from text that only mentions them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.paper.pdf_blocks import Block, Vocabulary
from pipeline.paper.pdf_body import SAME_SIZE, BodyStyle, is_heading

LABEL = re.compile(
    r"(?P<label>(?:(?:supplementary|supplemental|suppl\.?|appendix|extended data)\s+)?"
    r"(?P<word>fig(?:ures?|s?\.|ura)?|scheme|graph|plate|chart|map|table|tabela|tabla|quadro|cuadro|box|listing)"
    r"\s*\.?\s*(?P<number>[A-Z]?\d{1,3}[A-Za-z]?|[IVX]{1,5}))(?![\w-])\s*(?P<mark>[.:|–—-]+|$)?\s*",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"fig|scheme|graph|plate|chart|map", re.IGNORECASE)


@dataclass(frozen=True)
class Caption:
    """A caption: its label ("Figure 2"), its words, and the blocks of the document that it takes up."""

    label: str
    text: str
    is_figure: bool
    blocks: tuple[int, ...]


def read_captions(blocks: Sequence[Block], style: BodyStyle, vocabulary: Vocabulary) -> list[Caption]:
    """All captions in reading order."""
    captions = []
    taken: set[int] = set()
    for index, block in enumerate(blocks):
        match = LABEL.match(block.text)
        if index in taken or match is None or not _is_caption(blocks, index, match, style):
            continue
        parts = _parts(blocks, index, style, bare=match.end() == len(block.text))
        taken.update(parts)
        text = block.text[match.end() :]
        for part in parts[1:]:
            text = vocabulary.join(text, blocks[part].text) if text else blocks[part].text
        word = match["word"]
        captions.append(
            Caption(
                label=re.sub(r"\s+", " ", match["label"]),
                text=text.strip(),
                is_figure=_FIGURES.match(word) is not None,
                blocks=tuple(parts),
            )
        )
    return captions


def _is_caption(blocks: Sequence[Block], index: int, match: re.Match[str], style: BodyStyle) -> bool:
    block = blocks[index]
    if not block.text[0].isupper():
        return False
    first = block.lines[0].runs[0].face
    unlike = not style.has(block) or (first.bold and not style.bold)
    rest = block.text[match.end() :]
    if match["mark"] is not None:
        before = blocks[index - 1] if index else None
        return unlike or before is None or before.ended or before.page != block.page
    return unlike and (not rest or rest[0].isupper() or block.size < style.size - SAME_SIZE)


def _parts(blocks: Sequence[Block], start: int, style: BodyStyle, bare: bool) -> list[int]:
    """The blocks of the caption that begins at `start`. A `bare` label takes the next one in any style."""
    parts = [start]
    for index in range(start + 1, len(blocks)):
        last, block = blocks[parts[-1]], blocks[index]
        near = block.page == last.page and 0 <= block.top - last.bottom < 1.2 * last.size
        if not near or LABEL.match(block.text):
            break
        if not (bare and len(parts) == 1):
            alike = abs(block.size - last.size) <= SAME_SIZE and block.family == last.family
            if not alike or (is_heading(block, style) and not last.bold):
                break
            if style.has(block) and last.ended:
                break
        if sum(line.pieces > 1 for line in block.lines) > 0.5 * len(block.lines):
            break
        parts.append(index)
    return parts
