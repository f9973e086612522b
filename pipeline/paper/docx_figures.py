"""The figures and tables of a Word file: captions with the pictures and rows that belong to them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image

from pipeline.model import Figure, Paper, Table
from pipeline.paper.docx_blocks import Block, Grid, Paragraph
from pipeline.paper.docx_captions import Caption
from pipeline.paper.docx_file import DocxFile
from pipeline.paper.docx_words import Picture
from pipeline.paper.figure_files import import_figures, save_picture
from pipeline.paper.jats_displayed import MOST_CELLS
from pipeline.paper.provenance import third_party

#: Pictures smaller than this (points, either side as it is shown) are icons and logos.
SMALLEST = 60.0


@dataclass(frozen=True)
class DrawnFigure:
    """A figure and the picture that belongs to it (`None` without one)."""

    figure: Figure
    picture: Picture | None


def read_figures(blocks: Sequence[Block], captions: Sequence[Caption]) -> list[DrawnFigure]:
    """The figures in the order of their captions, each with the largest of its pictures."""
    figures = _merged([caption for caption in captions if caption.is_figure])
    taken = {index for caption in captions for index in caption.blocks}
    below = _pictures(blocks, figures, taken, step=-1)
    above = _pictures(blocks, figures, taken, step=1)
    first, second = (below, above) if len(below) >= len(above) else (above, below)
    found = _by_label(blocks, captions) | _fitting(second, first) | first
    if len(found) < len(figures):
        found = _in_order(blocks, figures) or found
    return [
        DrawnFigure(
            Figure(
                id=f"figure-{number}",
                label=caption.label,
                caption=caption.text,
                third_party=third_party(caption.text),
            ),
            max(found.get(place, []), key=lambda picture: picture.width * picture.height, default=None),
        )
        for number, (place, caption) in enumerate(enumerate(figures), 1)
    ]


def _merged(captions: Sequence[Caption]) -> list[Caption]:
    """One caption for each label: the one with the most words."""
    best: dict[str, Caption] = {}
    for caption in captions:
        if caption.number not in best or len(caption.text) > len(best[caption.number].text):
            best[caption.number] = caption
    return list(best.values())


def _large(block: Block) -> list[Picture]:
    if not isinstance(block, Paragraph):
        return []
    return [p for p in block.pictures if not 0 < min(p.width, p.height) < SMALLEST]


def _pictures(
    blocks: Sequence[Block], captions: Sequence[Caption], taken: Collection[int], *, step: int
) -> dict[int, list[Picture]]:
    """The pictures right before (`step` -1) or behind (1) each caption, by the caption's place in the list."""
    found: dict[int, list[Picture]] = {}
    for place, caption in enumerate(captions):
        own = [picture for index in caption.blocks for picture in _large(blocks[index])]
        index = (caption.blocks[0] if step < 0 else caption.blocks[-1]) + step
        passed = 0
        while 0 <= index < len(blocks) and index not in taken:
            pictures = _large(blocks[index])
            if not pictures:
                passed += 1
                # A line of text ("A") may stand between, once; text behind the pictures ends them.
                if own or passed > 1 or len(_words(blocks[index])) > 3:
                    break
            own += pictures
            index += step
        if own:
            found[place] = own
    return found


def _words(block: Block) -> list[str]:
    return block.text.split() if isinstance(block, Paragraph) else ["a", "table", "is", "long"]


def _fitting(others: dict[int, list[Picture]], chosen: dict[int, list[Picture]]) -> dict[int, list[Picture]]:
    """What stands at the other side of captions that have nothing at the usual one, unless another has it."""
    used = {id(picture) for pictures in chosen.values() for picture in pictures}
    return {
        place: pictures
        for place, pictures in others.items()
        if place not in chosen and not any(id(picture) in used for picture in pictures)
    }


def _by_label(blocks: Sequence[Block], captions: Sequence[Caption]) -> dict[int, list[Picture]]:
    """Pictures beside a bare label ("Figure 2"), where the caption stands in a list elsewhere."""
    figures = [caption for caption in captions if caption.is_figure]
    places = {caption.number: place for place, caption in enumerate(_merged(figures))}
    bare = [caption for caption in figures if not caption.text]
    taken = {index for caption in captions for index in caption.blocks}
    behind = _pictures(blocks, bare, taken, step=1)
    before = _pictures(blocks, bare, taken, step=-1)
    found = behind if len(behind) >= len(before) else before
    return {places[bare[place].number]: pictures for place, pictures in found.items()}


def _in_order(blocks: Sequence[Block], captions: Sequence[Caption]) -> dict[int, list[Picture]]:
    """Pictures at the end of a manuscript, whose captions stand in a list: as many of the one as of the other."""
    if not any(a.blocks[-1] + 1 == b.blocks[0] for a, b in pairwise(captions)):
        return {}
    pictures = [picture for block in blocks for picture in _large(block)]
    if len(pictures) != len(captions):
        return {}
    return {place: [picture] for place, picture in enumerate(pictures)}


def read_tables(blocks: Sequence[Block], captions: Sequence[Caption]) -> tuple[Table, ...]:
    """The tables with their captions, which stand before them or else behind. Those that are pictures have no rows."""
    named = [caption for caption in captions if not caption.is_figure]
    before = {caption.blocks[-1] + 1: caption for caption in named}
    behind = {caption.blocks[0] - 1: caption for caption in named}
    tables: list[Table] = []
    used: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, Grid):
            continue
        caption = before.get(index) or behind.get(index)
        if caption is not None and caption.number in used:
            caption = None
        number = len(tables) + 1
        label = caption.label if caption else "" if named else f"Table {number}"
        used.update([caption.number] if caption else [])
        rows = block.rows if sum(map(len, block.rows)) <= MOST_CELLS else ()
        tables.append(
            Table(id=f"table-{number}", label=label, caption=caption.text if caption else "", rows=rows)
        )
    for caption in _merged(named):
        if caption.number not in used and caption.text:
            tables.append(Table(id=f"table-{len(tables) + 1}", label=caption.label, caption=caption.text))
    return tuple(tables)


def with_pictures(paper: Paper, drawn: Sequence[DrawnFigure], docx: DocxFile, folder: Path) -> Paper:
    """The paper with the pictures of its figures written to `folder`/figures; what can't be read is left out."""
    parts = docx.related()
    folder.mkdir(parents=True, exist_ok=True)
    # In the folder that is thrown away with us, should this process be killed.
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        files: dict[str, Path] = {}
        for number, figure in enumerate(drawn):
            picture = figure.picture
            data = docx.picture(parts.get(picture.reference, "")) if picture is not None else None
            if picture is not None and data:
                file = Path(scratch, str(number))
                file.write_bytes(data)
                files[figure.figure.id] = _cut(file, picture)
        return import_figures(paper, files, folder)


def _cut(file: Path, picture: Picture) -> Path:
    """The file of a picture without what was cut off in Word: nobody who read the paper saw that."""
    left, top, right, bottom = picture.crop
    if not any(picture.crop) or left + right >= 1 or top + bottom >= 1:
        return file
    whole = file.with_name(f"{file.name}-whole.png")
    if not save_picture(file, whole):
        return file
    with Image.open(whole, formats=("PNG",)) as image:
        width, height = image.size
        box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        target = file.with_name(f"{file.name}-cut.png")
        image.crop(tuple(round(side) for side in box)).save(target)
    return target
