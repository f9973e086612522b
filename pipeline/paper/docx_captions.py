"""Captions of figures and tables in a Word file, told from text that only mentions them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.paper.docx_blocks import Block, Grid, Paragraph
from pipeline.paper.pdf_captions import LABEL

_FIGURES = re.compile(r"fig|scheme|graph|plate|chart|map", re.IGNORECASE)
#: The heading of a list of captions at the end of a manuscript, or of its figures.
_LEGENDS = re.compile(
    r"(?:list of )?(?:(?:supplement(?:ary|al)|main|supporting|extended data) )?(?:figures?|tables?)"
    r"(?: (?:and|&) (?:figures?|tables?))?(?: (?:legends?|captions?|titles?)| and | titles? )*"
    r"|(?:legends?|captions?)(?: (?:to|of|for) (?:the )?(?:figures?|tables?))?|figuras?|tabelas?|tablas?",
    re.IGNORECASE,
)
#: "[Insert Figure 1 about here]"
PLACEHOLDER = re.compile(
    r"\W*(?:insert |place )?(?:figures?|fig\.?|tables?) ?[\w.]+(?: (?:and|to) [\w.]+)?"
    r" (?:should be |to be |is |goes )?(?:inserted |placed )?(?:about |near |approximately )?here\W*",
    re.IGNORECASE,
)
_PANEL = re.compile(r"[\[(]?[A-Ha-h][\])]?[.,):]\s|\([A-Ha-h]\)")
#: A caption that is set under its bare label has no more words than this.
_MOST_WORDS = 250


@dataclass(frozen=True)
class Caption:
    """A caption: its label ("Figure 2"), its words, and the indices of the blocks that it takes up."""

    label: str
    text: str
    is_figure: bool
    blocks: tuple[int, ...]

    @property
    def number(self) -> str:
        """The label in one form ("figure 2"), to compare with others."""
        kind = "figure" if self.is_figure else "table"
        found = re.search(r"([A-Z]?\d{1,3}[a-z]?|[IVX]+)$", self.label, re.IGNORECASE)
        apart = "s" if re.match(r"suppl|appendix|extended", self.label, re.IGNORECASE) else ""
        return f"{kind} {apart}{found[1].lower() if found else self.label.lower()}"


def is_legends(heading: str) -> bool:
    """Whether captions, figures or tables are listed under this heading."""
    return _LEGENDS.fullmatch(heading.strip(" .:")) is not None


def read_captions(blocks: Sequence[Block], headings: Mapping[int, int]) -> list[Caption]:
    """All captions in reading order; of several with one label the one with words counts."""
    listed = _in_legends(blocks, headings)
    captions: list[Caption] = []
    taken: set[int] = set()
    for index, block in enumerate(blocks):
        if index in taken or not isinstance(block, Paragraph):
            continue
        match = LABEL.match(block.text)
        if match is None or not _is_caption(blocks, index, match, listed):
            continue
        parts = _parts(blocks, index, match, headings, listed)
        taken.update(parts)
        rest = [block.text[match.end() :], *(_text(blocks[part]) for part in parts[1:])]
        captions.append(
            Caption(
                label=re.sub(r"\s+", " ", match["label"]),
                text=" ".join(filter(None, rest)).strip(),
                is_figure=_FIGURES.match(match["word"]) is not None,
                blocks=tuple(parts),
            )
        )
    return captions


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _in_legends(blocks: Sequence[Block], headings: Mapping[int, int]) -> set[int]:
    """The blocks that stand under a heading of legends."""
    inside, found = False, set()
    for index, block in enumerate(blocks):
        if index in headings:
            inside = is_legends(_text(block))
        elif inside:
            found.add(index)
    return found


def _is_caption(blocks: Sequence[Block], index: int, match: re.Match[str], listed: Collection[int]) -> bool:
    block = blocks[index]
    assert isinstance(block, Paragraph)
    rest = block.text[match.end() :]
    if not block.text[0].isupper() or PLACEHOLDER.fullmatch(block.text):
        return False
    if re.search(r"caption|legend", block.style) or block.pictures:
        return True
    beside = any(
        isinstance(other, Grid) or bool(other.pictures)
        for other in blocks[max(index - 1, 0) : index + 3]
        if other is not block
    )
    if not rest:
        return beside or index in listed or block.bold
    if match["mark"] is not None:
        return True
    led = len(block.lead) >= len(match["label"])
    return (led or beside or index in listed) and not rest[0].islower()


def _parts(
    blocks: Sequence[Block],
    start: int,
    match: re.Match[str],
    headings: Mapping[int, int],
    listed: Collection[int],
) -> list[int]:
    """The blocks of the caption that begins at `start`: a bare label takes the next paragraph, a title its panels."""
    first = blocks[start]
    assert isinstance(first, Paragraph)
    parts = [start]
    bare = match.end() == len(first.text)
    for index in range(start + 1, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Paragraph) or not block.text or LABEL.match(block.text):
            break
        titled = bare and len(parts) == 1 and len(block.text.split()) <= _MOST_WORDS and block.level is None
        same = re.search(r"caption|legend", block.style) is not None and block.style == first.style
        panels = first.bold and _PANEL.match(block.text) is not None
        if not titled and (index in headings or not (index in listed or same or panels)):
            break
        parts.append(index)
    return parts
