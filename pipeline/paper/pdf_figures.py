"""The pictures that belong to captions, cut out of their pages.

A figure is what is drawn between its caption and the next text above it; where nothing is drawn
there, below it, or beside it. Units are points, y grows downwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from pipeline.model import Figure
from pipeline.paper.figure_files import LONGEST_SIDE, save_figure
from pipeline.paper.pdf_blocks import Block
from pipeline.paper.pdf_captions import Caption
from pipeline.paper.pdf_layout import MARGIN, Page
from pipeline.paper.pdf_overview import overview
from pipeline.paper.provenance import third_party

#: Resolution of a crop in dots per inch: at least, and at most where the figure is small.
LEAST_DPI, MOST_DPI = 200, 400
#: The longer side that a small figure is brought to, in pixels.
LONG_SIDE = 1600
#: A drawing smaller than this (points) is an ornament.
LEAST_HEIGHT, LEAST_WIDTH = 36.0, 48.0
#: Letters this close to a drawing (points) belong to it.
NEAR = 12.0
#: White left around a drawing, in points.
PADDING = 4.0
DRAWN = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def beside(self, other: Box) -> bool:
        """Whether the two share a stretch of x."""
        return min(self.x1, other.x1) - max(self.x0, other.x0) > 2

    def level(self, other: Box) -> bool:
        """Whether the two share a stretch of y."""
        return min(self.bottom, other.bottom) - max(self.top, other.top) > 2

    def within(self, other: Box, slack: float = 3.0) -> bool:
        return (
            self.x0 >= other.x0 - slack
            and self.x1 <= other.x1 + slack
            and self.top >= other.top - slack
            and self.bottom <= other.bottom + slack
        )


def _around(boxes: Iterable[Box]) -> Box:
    found = list(boxes)
    return Box(
        min(box.x0 for box in found),
        min(box.top for box in found),
        max(box.x1 for box in found),
        max(box.bottom for box in found),
    )


def _box(block: Block) -> Box:
    return Box(block.x0, block.top, block.x1, block.bottom)


def read_figures(
    document: pdfium.PdfDocument,
    pages: Sequence[Page],
    blocks: Sequence[Block],
    captions: Sequence[Caption],
    text: Collection[int],
    folder: Path,
) -> tuple[Figure, ...]:
    """The figures in order of their captions, their pictures written to `folder`/figures as PNG.

    `text` are the indices of blocks that are running text or headings: no picture reaches over them.
    A figure whose picture is not found has `file=None`.
    """
    figures: list[Figure] = []
    sheets: dict[int, _Sheet] = {}

    def sheet(number: int) -> _Sheet:
        if number not in sheets:
            sheets[number] = _sheet(document, pages[number - 1], blocks, captions, text)
        return sheets[number]

    for caption in captions:
        if not caption.is_figure or caption.label.lower() in {figure.label.lower() for figure in figures}:
            continue
        first = blocks[caption.blocks[0]]
        number = first.page
        own = _around(_box(blocks[index]) for index in caption.blocks)
        column = Box(min(first.left, own.x0), own.top, max(first.right, own.x1), own.bottom)
        place = _place(sheet(number), own, column)
        if place is None and number > 1 and not any(w.top < own.top - 2 for w in sheet(number).walls):
            number -= 1
            place = _at_foot(sheet(number))
        figure = Figure(
            id=f"F{len(figures) + 1}",
            label=caption.label,
            caption=caption.text,
            page=number if place else first.page,
            third_party=third_party(caption.text),
        )
        figures.append(figure if place is None else _cut(document[number - 1], place, figure, folder))
    return tuple(figures)


@dataclass(frozen=True)
class _Sheet:
    """A page as figures are looked for on it: `walls` is text that no picture reaches over."""

    page: Page
    walls: tuple[Box, ...]
    drawn: tuple[Box, ...]

    @property
    def labels(self) -> list[Box]:
        boxes = [Box(line.x0, line.top, line.x1, line.bottom) for line in self.page.lines]
        return [box for box in boxes if not any(box.within(wall, 1.0) for wall in self.walls)]


def _sheet(
    document: pdfium.PdfDocument,
    page: Page,
    blocks: Sequence[Block],
    captions: Sequence[Caption],
    text: Collection[int],
) -> _Sheet:
    walls = [_box(blocks[i]) for i in text if blocks[i].page == page.number]
    for caption in captions:
        if blocks[caption.blocks[0]].page == page.number:
            rows = () if caption.is_figure else _cells(blocks, caption)
            walls.extend(_box(blocks[i]) for i in (*caption.blocks, *rows))
    drawn = tuple(_drawings(document[page.number - 1], page))
    neighbour = page.number if page.number < len(document) else page.number - 2
    if neighbour >= 0 and any(_at_edge(box, page) for box in drawn):
        others = tuple(_drawings(document[neighbour], page))
        drawn = tuple(
            box for box in drawn if not (_at_edge(box, page) and any(_same(box, other) for other in others))
        )
    return _Sheet(page, tuple(walls), drawn)


def _at_edge(box: Box, page: Page) -> bool:
    return box.bottom < MARGIN * page.height or box.top > (1 - MARGIN) * page.height


def _same(a: Box, b: Box) -> bool:
    """Whether two pages bear the same drawing at the same place: a logo, a rule."""
    return max(abs(a.x0 - b.x0), abs(a.x1 - b.x1), abs(a.top - b.top), abs(a.bottom - b.bottom)) < 2


def _place(sheet: _Sheet, own: Box, column: Box) -> Box | None:
    """Where the drawing of a caption is: `own` is the box of the caption, `column` that of its column."""
    others = [wall for wall in sheet.walls if not wall.within(own)]
    for free in (_above(column, others), _below(column, others, sheet.page)):
        found = _drawn_in(free, sheet.drawn, others)
        if found is not None:
            return _with_labels(found, sheet.labels)
    level = [
        box
        for box in sheet.drawn
        if box.level(own) and not box.beside(own) and not any(box.beside(w) and box.level(w) for w in others)
    ]
    return _with_labels(_around(level), sheet.labels) if level and _is_picture(_around(level)) else None


def _at_foot(sheet: _Sheet) -> Box | None:
    """What is drawn below all text of a page: its caption stands on the next."""
    end = max((wall.bottom for wall in sheet.walls), default=0.0)
    free = Box(0, end, sheet.page.width, sheet.page.height)
    found = _drawn_in(free, sheet.drawn, ())
    return None if found is None else _with_labels(found, sheet.labels)


def _cells(blocks: Sequence[Block], table: Caption) -> Iterator[int]:
    """The blocks that follow a table's caption closely: its rows."""
    last = table.blocks[-1]
    for index in range(last + 1, len(blocks)):
        before, block = blocks[index - 1], blocks[index]
        if block.page != before.page or not -2 * block.size < block.top - before.bottom < 2 * block.size:
            return
        yield index


def _above(column: Box, walls: Sequence[Box]) -> Box:
    ends = [w.bottom for w in walls if w.beside(column) and w.bottom <= column.top + 2]
    return Box(column.x0, max(ends, default=0.0), column.x1, column.top)


def _below(column: Box, walls: Sequence[Box], page: Page) -> Box:
    starts = [w.top for w in walls if w.beside(column) and w.top >= column.bottom - 2]
    return Box(column.x0, column.bottom, column.x1, min(starts, default=page.height))


def _drawn_in(free: Box, drawn: Sequence[Box], walls: Sequence[Box]) -> Box | None:
    """What is drawn in a free stretch of a column, with what of it reaches into the next column."""
    level = [box for box in drawn if box.top > free.top - 6 and box.bottom < free.bottom + 6]
    inside = [box for box in level if box.beside(free)]
    if not inside:
        return None
    whole = _around(inside)
    inside = [box for box in level if box.beside(whole)]
    whole = _around(inside)
    crossed = [w.bottom for w in walls if w.beside(whole) and w.level(whole) and w.bottom < free.bottom]
    if crossed:
        inside = [box for box in inside if box.top > max(crossed) - 6]
    return _around(inside) if inside and _is_picture(_around(inside)) else None


def _is_picture(box: Box) -> bool:
    return box.height >= LEAST_HEIGHT and box.width >= LEAST_WIDTH


def _with_labels(found: Box, labels: Sequence[Box]) -> Box:
    """The drawing with the letters at its edges: names of axes and panels."""
    for _ in range(3):
        near = [label for label in labels if _distance(label, found) < NEAR]
        grown = _around([found, *near])
        if grown == found:
            break
        found = grown
    return found


def _distance(a: Box, b: Box) -> float:
    return max(a.x0 - b.x1, b.x0 - a.x1, a.top - b.bottom, b.top - a.bottom, 0.0)


def _drawings(handle: pdfium.PdfPage, page: Page) -> Iterator[Box]:
    """The boxes of what is drawn on a page. Grounds, frames and rules as wide as the text are left out.

    A page that is placed on the page as a whole hides what it is made of: its ink is told instead.
    """
    left, _, _, top = handle.get_bbox()
    placed = False
    for item in handle.get_objects(filter=DRAWN, max_depth=1):
        x0, y0, x1, y1 = item.get_bounds()
        box = Box(
            max(x0 - left, 0.0), max(top - y1, 0.0), min(x1 - left, page.width), min(top - y0, page.height)
        )
        fills = box.width > 0.7 * page.width and box.height > 0.7 * page.height
        placed = placed or (fills and item.type == raw.FPDF_PAGEOBJ_FORM)
        rule = box.height < 3 and box.width > 0.3 * page.width
        if box.width >= 0 and box.height >= 0 and not fills and not rule:
            yield box
    if placed:
        yield from _ink(handle, page)


def _ink(handle: pdfium.PdfPage, page: Page) -> Iterator[Box]:
    """The boxes of everything that is no text on the page's picture, what lies close together being one."""
    picture, scale = overview(handle)
    dark = (picture < 240).astype(np.uint8)
    for line in page.lines:
        x0, top, x1, bottom = (int(scale * edge) for edge in (line.x0, line.top, line.x1, line.bottom))
        dark[max(top - 2, 0) : bottom + 3, max(x0 - 2, 0) : x1 + 3] = 0
    joined = cv2.dilate(dark, np.ones((9, 9), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    for x, y, width, height, _ in boxes[1:].tolist():
        edges = (x + 4.0, y + 4.0, x + width - 4.0, y + height - 4.0)
        box = Box(*(edge / scale for edge in edges))
        rule = box.height < 3 and box.width > 0.3 * page.width
        if not rule and not _at_edge(box, page):
            yield box


def _cut(handle: pdfium.PdfPage, box: Box, figure: Figure, folder: Path) -> Figure:
    width, height = handle.get_size()
    left, right = max(box.x0 - PADDING, 0), max(width - box.x1 - PADDING, 0)
    top, bottom = max(box.top - PADDING, 0), max(height - box.bottom - PADDING, 0)
    dpi = min(max(72 * LONG_SIDE / max(box.width, box.height), LEAST_DPI), MOST_DPI)
    # One pixel less than may be: the sides are rounded up.
    scale = min(dpi / 72, (LONGEST_SIDE - 1) / max(width - left - right, height - top - bottom))
    picture = handle.render(scale=scale, crop=(left, bottom, right, top)).to_pil().convert("RGB")
    return figure if _is_blank(picture) else save_figure(figure, picture, figure.id.lower(), folder)


def _is_blank(picture: Image.Image) -> bool:
    values = np.asarray(picture)
    return int(values.max()) - int(values.min()) < 24
