"""The paragraphs and tables of a Word file in reading order, changes accepted, text boxes once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from pipeline.paper.docx_file import attribute
from pipeline.paper.docx_styles import Styles, outline_level
from pipeline.paper.docx_words import Picture, Run, Words, WordsReader, chosen, sdt_content

#: A cell with more words than this holds text, not data: the table is there for its layout.
_MOST_WORDS_IN_A_CELL = 150
#: The number of a displayed formula, and the punctuation around it.
_NUMBER = re.compile(r"[\s.,;:]*(\(\s*[A-Z]?\d+(?:\.\d+)*[a-z]?\s*\)|\[\s*\d+\s*\])?[\s.,;:]*")
_WRAPPERS = frozenset({"ins", "moveTo", "customXml", "smartTag"})


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `style` is its style's name in lower case, `level` that of a heading (0 the highest).

    `boxed`: it stands in a text box. `displayed`: it holds a formula on a line of its own.
    """

    runs: tuple[Run, ...]
    style: str = ""
    level: int | None = None
    listed: bool = False
    pictures: tuple[Picture, ...] = ()
    boxed: bool = False
    displayed: bool = False

    @cached_property
    def text(self) -> str:
        """The words on one line."""
        return " ".join("".join(run.text for run in self.runs).split())

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The words line by line as the writer broke them, raised and lowered marks left out."""
        whole = "".join(run.text for run in self.runs if not run.mark)
        return tuple(line for part in whole.split("\n") if (line := " ".join(part.split())))

    @cached_property
    def bold(self) -> bool:
        return self._all(lambda run: run.bold)

    @cached_property
    def italic(self) -> bool:
        return self._all(lambda run: run.italic)

    @cached_property
    def size(self) -> float:
        """The size of the largest letters (points)."""
        return max((run.size for run in self.runs if run.text.strip()), default=0.0)

    @cached_property
    def lead(self) -> str:
        """The words with which it begins that are set apart: bold or italic."""
        words = []
        for run in self.runs:
            if run.text.strip() and not (run.bold or run.italic):
                break
            words.append(run.text)
        return " ".join("".join(words).split())

    @cached_property
    def formula(self) -> tuple[str, str] | None:
        """The formula and its number ("" without), where the paragraph holds nothing else."""
        math = " ".join("".join(run.text for run in self.runs if run.math).split())
        number = _NUMBER.fullmatch("".join(run.text for run in self.runs if not run.math))
        return (math, number[1] or "") if math and number else None

    def _all(self, looks: Callable[[Run], bool]) -> bool:
        told = [run for run in self.runs if re.search(r"[^\W\d_]", run.text) and not run.mark]
        return bool(told) and all(looks(run) for run in told)


@dataclass(frozen=True)
class Grid:
    """A table: its rows from top to bottom; a cell that spans several stands in its first."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Grid


def read_blocks(body: etree._Element, styles: Styles) -> tuple[list[Block], bool]:
    """The blocks of a `body`, and whether a list of references stands in a field of its own.

    What is empty, deleted, hidden or in a margin is left out. Text boxes follow the paragraph that they are
    anchored in; a table that serves its layout is read cell by cell.
    """
    reader = _BlocksReader(styles)
    blocks = [*reader.read(body, boxed=False), *reader.rest()]
    return [block for block in blocks if not _is_empty(block)], reader.words.fields.references


def _is_empty(block: Block) -> bool:
    if isinstance(block, Grid):
        return not any(any(row) for row in block.rows)
    return not block.text and not block.pictures


class _BlocksReader:
    def __init__(self, styles: Styles) -> None:
        self.words = WordsReader(styles)
        self._styles = styles
        self._pending: Words | None = None

    def read(self, node: etree._Element, *, boxed: bool) -> Iterator[Block]:
        for child in node.iterchildren(etree.Element):
            name = str(child.tag)
            if name == "p":
                yield from self._paragraph(child, boxed=boxed)
            elif name == "tbl":
                yield from self._table(child, boxed=boxed)
            elif name in _WRAPPERS:
                yield from self.read(child, boxed=boxed)
            elif name == "sdt":
                if (content := sdt_content(child)) is not None:
                    yield from self.read(content, boxed=boxed)
            elif name == "AlternateContent":
                yield from self.read(chosen(child), boxed=boxed)

    def rest(self) -> Iterator[Block]:
        """What a last paragraph held whose end was deleted."""
        if self._pending is not None:
            yield Paragraph(runs=tuple(self._pending.runs), pictures=tuple(self._pending.pictures))

    def _paragraph(self, node: etree._Element, *, boxed: bool) -> Iterator[Block]:
        """The paragraph and its boxes; nothing yet where its end was deleted: it goes on in the next one."""
        properties = node.find("pPr")
        named = properties.find("pStyle") if properties is not None else None
        style = (attribute(named, "val") if named is not None else None) or self._styles.usual
        own = outline_level(properties)
        level = self._styles.level(style) if own is None else (own if own < 9 else None)
        if level is not None:
            self.words.fields.begin_heading()
        words, self._pending = self._pending or Words(), None
        self.words.read(node, style, words)
        if _goes_on(properties):
            self._pending = words
            return
        numbering = properties.find("numPr") if properties is not None else None
        yield Paragraph(
            runs=tuple(words.runs),
            style=self._styles.name(style),
            level=level,
            listed=numbering is not None and level is None,
            pictures=tuple(words.pictures),
            boxed=boxed,
            displayed=words.displayed,
        )
        for box in words.boxes:
            yield from self.read(box, boxed=True)

    def _table(self, node: etree._Element, *, boxed: bool) -> Iterator[Block]:
        rows = [row for row in _rows(node) if not _is_gone(row.find("trPr"))]
        cells = [[(cell, list(self.read(cell, boxed=boxed))) for cell in _cells(row)] for row in rows]
        inside = [block for row in cells for _, blocks in row for block in blocks]
        if _is_layout(cells):
            yield from inside if not _is_formula(cells) else [_numbered(inside)]
            return
        yield Grid(
            tuple(tuple(text for cell, blocks in row for text in _texts(cell, blocks)) for row in cells)
        )


def _goes_on(properties: etree._Element | None) -> bool:
    """Whether a paragraph's end was deleted or moved away, or it is a large first letter in a frame."""
    if properties is None:
        return False
    frame = properties.find("framePr")
    dropped = frame is not None and attribute(frame, "dropCap") in {"drop", "margin"}
    return dropped or _is_gone(properties.find("rPr"))


def _is_gone(properties: etree._Element | None) -> bool:
    return properties is not None and any(properties.find(mark) is not None for mark in ("del", "moveFrom"))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of the table itself, those in content controls too."""
    for child in table.iterchildren(etree.Element):
        if child.tag == "tr":
            yield child
        elif child.tag in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row.iterchildren(etree.Element):
        if child.tag == "tc":
            properties = child.find("tcPr")
            if properties is None or properties.find("cellDel") is None:
                yield child
        elif child.tag in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _cells(child)


Cells = Sequence[Sequence[tuple[object, list[Block]]]]


def _is_layout(cells: Cells) -> bool:
    """Whether a table only arranges what is no data: one cell, pictures, a formula with its number, whole texts."""
    filled = [blocks for row in cells for _, blocks in row if not all(_is_empty(block) for block in blocks)]
    pictured = any(isinstance(b, Paragraph) and b.pictures for blocks in filled for b in blocks)
    texts = any(_words(blocks) > _MOST_WORDS_IN_A_CELL for blocks in filled)
    return len(filled) < 2 or pictured or texts or _is_formula(cells)


def _is_formula(cells: Cells) -> bool:
    blocks = [b for row in cells for _, blocks in row for b in blocks if not _is_empty(b)]
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    return (
        len(cells) == 1
        and len(paragraphs) == len(blocks)
        and sum(any(run.math for run in p.runs) for p in paragraphs) == 1
        and all(p.formula or _NUMBER.fullmatch(p.text) for p in paragraphs)
    )


def _numbered(blocks: list[Block]) -> Paragraph:
    """A formula and its number from the cells of a table, as one paragraph."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    return replace(paragraphs[0], runs=tuple(run for p in paragraphs for run in p.runs), displayed=True)


def _words(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks if isinstance(block, Paragraph))


def _texts(cell: etree._Element, blocks: list[Block]) -> Iterator[str]:
    """The cell's words, and an empty cell for each further column that it spans."""
    properties = cell.find("tcPr")
    merged = properties.find("vMerge") if properties is not None else None
    goes_on = merged is not None and attribute(merged, "val") != "restart"
    parts = [
        b.text if isinstance(b, Paragraph) else " ".join(t for row in b.rows for t in row) for b in blocks
    ]
    yield "" if goes_on else " ".join(filter(None, parts))
    span = properties.find("gridSpan") if properties is not None else None
    columns = (attribute(span, "val") if span is not None else None) or "1"
    yield from [""] * (min(int(columns), 100) - 1 if columns.isdecimal() and len(columns) < 5 else 0)
