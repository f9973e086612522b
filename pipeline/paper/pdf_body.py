"""The body of a paper: which blocks are text and which are headings, and the sections they make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipeline.model import Section, SectionKind
from pipeline.paper.headings import is_back_matter, kind_of
from pipeline.paper.pdf_blocks import Block, Vocabulary, is_section_name

#: Sizes this close (points) are one size: fonts are scaled by fractions to fit a page.
SAME_SIZE = 0.35
NUMBER = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2})*)\.?|([IVX]{1,4})\.)\s+(?=\S)")
ITEM = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)\s")
REFERENCES = re.compile(
    r"(?:[\d.]+\s*)?(references?|bibliography|(literature|works) cited|literatura citada|"
    r"refer[eê]nci?as|bibliograf[ií]a)\b",
    re.IGNORECASE,
)
#: A heading longer than this (characters) is a sentence.
LONGEST_HEADING = 180


@dataclass(frozen=True)
class BodyStyle:
    """How running text is set: its size in points, the families of its fonts, whether it is bold."""

    size: float
    families: frozenset[str]
    bold: bool

    def has(self, block: Block) -> bool:
        """Whether a block is set like running text, in whatever weight."""
        return abs(block.size - self.size) <= SAME_SIZE and block.family in self.families

    def is_plain(self, block: Block) -> bool:
        """Whether a block is set like running text and no bolder."""
        return self.has(block) and (self.bold or not block.bold)


def read_style(blocks: Sequence[Block]) -> BodyStyle:
    """The style in which most of the text is set, references left aside where they can be told."""
    sizes: Counter[float] = Counter()
    weights: Counter[tuple[float, str]] = Counter()
    bold: Counter[bool] = Counter()
    for block in _before_references(blocks):
        if len(block.lines) < 3 or block.letters < 0.6:
            continue
        sizes[block.size] += len(block.text)
        weights[block.size, block.family] += len(block.text)
    size = max(sizes, key=lambda size: sizes[size], default=10.0)
    for block in blocks:
        if block.size == size and len(block.lines) >= 3:
            bold[block.bold] += len(block.text)
    near = {key: count for key, count in weights.items() if abs(key[0] - size) <= SAME_SIZE}
    total = sum(near.values())
    families = frozenset(family for (_, family), count in near.items() if count >= 0.12 * total)
    return BodyStyle(size=size, families=families, bold=bold[True] > bold[False])


def _before_references(blocks: Sequence[Block]) -> Sequence[Block]:
    ends = [i for i, block in enumerate(blocks) if len(block.text) < 40 and REFERENCES.fullmatch(block.text)]
    return blocks[: ends[-1]] if ends and ends[-1] > 0.3 * len(blocks) else blocks


def is_heading(block: Block, style: BodyStyle) -> bool:
    """Whether a block looks like a heading: short, and set apart from running text."""
    text = block.text
    if len(text) > LONGEST_HEADING or len(block.lines) > 4 or block.letters < 0.5 or len(text) < 3:
        return False
    if any(line.pieces > 1 for line in block.lines):
        return False
    if is_section_name(text) and not text[0].islower() and not text.endswith((",", ";")):
        return True
    numbered = NUMBER.match(text) is not None or ITEM.match(text) is not None
    if not (numbered or text[0].isupper()) or text.endswith((",", ";", "-")):
        return False
    if block.size < style.size - SAME_SIZE and not (block.bold and block.size > 0.78 * style.size):
        return False
    if text.endswith(".") and not numbered:
        return False
    larger = block.size > style.size + SAME_SIZE
    bold = block.bold and not style.bold
    return larger or bold or (block.italic and len(block.lines) <= 2) or (text.isupper() and len(text) > 5)


def _rank(block: Block) -> tuple[int, bool, bool, bool]:
    """Higher headings have a higher rank: by size, weight, capitals, upright type."""
    return round(block.size), block.bold, block.text.upper() == block.text, not block.italic


@dataclass(frozen=True)
class Outline:
    """Tells the headings of sections from those of subsections."""

    numbered: bool
    centred: bool
    rank: tuple[int, bool, bool, bool]

    def is_top(self, block: Block) -> bool:
        number = NUMBER.match(block.text)
        if self.numbered:
            if number is not None:
                return number[1] is None or "." not in number[1]
            return is_section_name(block.text) and _rank(block) >= self.rank
        return _rank(block) >= self.rank and (block.centred or not self.centred)


def read_outline(headings: Sequence[Block]) -> Outline:
    """What the headings with well-known names say of how sections are marked."""
    known = [block for block in headings if is_section_name(block.text)]
    telling = [block for block in known if not is_back_matter(block.text)] or known
    numbered = sum(NUMBER.match(block.text) is not None for block in telling) > 0.5 * len(telling)
    return Outline(
        numbered=bool(telling) and numbered,
        centred=sum(block.centred for block in telling) > 0.6 * len(telling),
        rank=max((_rank(block) for block in telling or headings), default=(0, False, False, False)),
    )


@dataclass
class _Open:
    title: str
    kind: SectionKind
    paragraphs: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    last: Block | None = None

    def add(self, block: Block, vocabulary: Vocabulary) -> None:
        if self.last is not None and _goes_on(self.last, block):
            self.paragraphs[-1] = vocabulary.join(self.paragraphs[-1], block.text)
        else:
            self.paragraphs.append(block.text)
            self.pages.append(block.page)
        self.last = block

    def closed(self) -> Section:
        return Section(
            title=self.title, kind=self.kind, paragraphs=tuple(self.paragraphs), pages=tuple(self.pages)
        )


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a paragraph that a column, a page or a figure cut in two goes on in `block`."""
    if before.strip == block.strip and block.top > before.bottom and not _floats_between(before, block):
        return not before.ended and block.text[0].islower()
    if not before.ended:
        return not re.match(r"[•●▪◦‣■]", block.text)
    full = before.lines[-1].x1 > before.right - 1.5 * before.size
    return block.text[0].islower() or (
        full and not block.indented and len(before.lines) > 1 and before.indented
    )


def _floats_between(before: Block, block: Block) -> bool:
    return block.top - before.bottom > 3 * block.size


@dataclass(frozen=True)
class Body:
    """The sections, and the indices of the blocks that they were made of: text and headings."""

    sections: tuple[Section, ...]
    used: frozenset[int]


def read_body(
    blocks: Sequence[Block], left_out: Collection[int], style: BodyStyle, vocabulary: Vocabulary
) -> Body:
    """The body; `left_out` are indices of blocks that are no part of it (captions, the front)."""
    flow = [index for index in range(len(blocks)) if index not in left_out]
    looks = {index for index in flow if is_heading(blocks[index], style)}
    headings: set[int] = set()
    for index in sorted(looks - _oversized(blocks, looks, style), reverse=True):
        if _opens(blocks, index, headings, left_out, style):
            headings.add(index)
    outline = read_outline([blocks[index] for index in sorted(headings)])
    sections = [_Open("", "other")]
    used: set[int] = set()
    top: SectionKind = "other"
    skipping = parent = False
    for index in flow:
        block = blocks[index]
        if index not in headings:
            if _is_text(block, style):
                used.add(index)
                if not skipping:
                    sections[-1].add(block, vocabulary)
            continue
        used.add(index)
        if is_back_matter(block.text) or REFERENCES.match(block.text):
            skipping = True
            continue
        is_top = outline.is_top(block)
        if skipping and not is_top:
            continue
        skipping = False
        if is_section_name(block.text):
            parent = False
        elif sections[-1].title and not sections[-1].paragraphs and is_section_name(sections[-1].title):
            parent = True  # "Methods" and at once another heading: that one stands below it
        if is_top and not parent:
            top = kind_of(block.text)
        sections.append(_Open(block.text, top))
    return Body(tuple(section.closed() for section in sections if section.paragraphs), frozenset(used))


def _oversized(blocks: Sequence[Block], headings: Collection[int], style: BodyStyle) -> set[int]:
    """What is larger than text and the headings with usual names: words in a picture."""
    sizes = [blocks[index].size for index in headings if is_section_name(blocks[index].text)]
    if len(sizes) < 2:
        return set()
    largest = max(style.size, *sizes) + SAME_SIZE
    return {index for index in headings if blocks[index].size > largest}


def _opens(
    blocks: Sequence[Block],
    index: int,
    headings: Collection[int],
    left_out: Collection[int],
    style: BodyStyle,
) -> bool:
    """Whether text follows what looks like a heading: a word in a picture has only others or a caption below it.

    `headings` are those that come later.
    """
    block, following = blocks[index], blocks[index + 1] if index + 1 < len(blocks) else None
    if is_section_name(block.text) or following is None or index + 1 in headings:
        return True
    if following.strip != block.strip and following.page != block.page:
        return True
    if index + 1 in left_out:
        return False
    return _is_text(following, style) or (following.strip != block.strip and not is_heading(following, style))


def _is_text(block: Block, style: BodyStyle) -> bool:
    """Whether a block is running text: no cells of a table, no displayed formula, no scrap."""
    if not style.has(block):
        return False
    if sum(line.pieces > 1 for line in block.lines) > 0.4 * len(block.lines):
        return False
    words = re.findall(r"[^\W\d_]{2,}", block.text)
    if block.letters < 0.55 or len(words) < 2:
        return False
    return len(block.lines) > 1 or block.ended or len(words) >= 6 or block.text[0].islower()
