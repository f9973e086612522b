"""The order in which a page is read: furniture out, columns one after the other.

A strip is a stretch of one column that nothing interrupts sideways; the strips of a document in order are
its text in order. Units are points, y grows downwards.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.paper.pdf_lines import DROP_CAP, WIDE, Line, Run

#: The part of a page's height at its head and foot in which running heads and page numbers stand.
MARGIN = 0.11
PAGE_NUMBER = re.compile(
    r"(page\s*)?[\divxlc]{1,5}(\s*(of|/|\|)\s*\d{1,4})?|[-–—]\s*\d{1,4}\s*[-–—]|\d+\s*\|\s*page|p\.?\s*\d+",
    re.IGNORECASE,
)
#: As many numbers down a margin make line numbers.
LINE_NUMBERS = 8
#: The widest gutter between two columns, in points (half an inch).
GUTTER = 48.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was found: `lines` in the order of the file."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Lines below one another; `left` and `right` are the edges of their column."""

    lines: tuple[Line, ...]
    left: float
    right: float
    page: int


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet, page numbers and line numbers, pieces of a line joined."""
    pages = [
        replace(page, lines=tuple(_rows(page.lines, farthest=1.0, gutter=_gutter(page.lines))))
        for page in without_line_numbers(pages)
    ]
    repeated = _repeated(pages)
    return [
        replace(
            page,
            lines=tuple(
                line
                for line in page.lines
                if not in_margin(page, line)
                or not (_key(line) in repeated or PAGE_NUMBER.fullmatch(line.text))
            ),
        )
        for page in pages
    ]


def in_margin(page: Page, line: Line) -> bool:
    """Whether a line stands where running heads and feet do."""
    return line.bottom < MARGIN * page.height or line.top > (1 - MARGIN) * page.height


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.lower()), round(line.baseline / 8)


def _repeated(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """What stands at the same height of the head or foot of two pages or more, numbers aside."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        keys = {_key(line) for line in page.lines if in_margin(page, line)}
        # A baseline on the edge of a bucket may fall to either side.
        seen.update(keys | {(text, row + 1) for text, row in keys})
    return {key for key, count in seen.items() if count >= 2} | {
        (text, row - 1) for (text, row), count in seen.items() if count >= 2
    }


def without_line_numbers(pages: Sequence[Page]) -> list[Page]:
    """The pages without the numbers of a manuscript's lines: many rising numbers, flush, one below the other.

    Where one page has them, fewer at the same place of another page are such numbers too.
    """
    flush = [_flush_numbers(page) for page in pages]
    places = {
        place
        for page, found in zip(pages, flush, strict=True)
        for place in found
        if _counts(page, place, found[place])
    }
    clean = []
    for page, found in zip(pages, flush, strict=True):
        numbers = {index for place in places for index in found.get(place, ())}
        kept = tuple(line for index, line in enumerate(page.lines) if index not in numbers)
        clean.append(replace(page, lines=kept) if numbers else page)
    return clean


def _flush_numbers(page: Page) -> dict[tuple[str, int], list[int]]:
    """The lines that are numbers, from top to bottom, by the edge that they share."""
    numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, line in sorted(enumerate(page.lines), key=lambda pair: pair[1].baseline):
        if re.fullmatch(r"\d{1,4}", line.text):
            numbers["left edge", round(line.x0 / 3)].append(index)
            numbers["right edge", round(line.x1 / 3)].append(index)
    return numbers


def _counts(page: Page, place: tuple[str, int], indices: Sequence[int]) -> bool:
    """Whether numbers below one another count lines: at a margin they rise, elsewhere each by the same step."""
    values = [int(page.lines[index].text) for index in indices]
    steps = {b - a for a, b in pairwise(values)}
    if len(values) < LINE_NUMBERS or min(steps) <= 0:
        return False
    x = 3 * place[1]
    return (
        x < 0.2 * page.width or x > 0.85 * page.width or (len(steps) == 1 and len(values) > 2 * LINE_NUMBERS)
    )


def read_strips(pages: Sequence[Page]) -> list[Strip]:
    """The strips of all pages in reading order."""
    usual = [gutter for page in pages for gutter in [_gutter(page.lines)] if gutter is not None]
    strips = []
    for page in pages:
        for group in _columns(list(page.lines), usual, depth=2):
            lines = _with_drop_caps(_rows(group))
            if lines:
                strips.append(_strip(lines))
    return strips


def _strip(lines: list[Line]) -> Strip:
    return Strip(
        lines=tuple(lines),
        left=min(line.x0 for line in lines),
        right=max(line.x1 for line in lines),
        page=lines[0].page,
    )


def _columns(lines: list[Line], usual: list[float], depth: int) -> list[list[Line]]:
    """Groups of lines in reading order: what spans the columns parts what stands in them."""
    gutter = _gutter(lines)
    if gutter is None:
        gutter = _usual_gutter(lines, usual)
    if gutter is None or not depth:
        return [lines] if lines else []
    aside = _aside(lines, gutter)
    if aside:
        beside = {id(line) for line in aside}
        return [aside, *_columns([line for line in lines if id(line) not in beside], usual, depth)]
    return _bands(lines, gutter, usual, depth)


def _aside(lines: list[Line], gutter: float) -> list[Line]:
    """What stands left of an indented text that spans the columns: dates and keywords beside an abstract."""
    edges = Counter(round(line.x0) for line in lines if _spans(line, gutter))
    left = min(line.x0 for line in lines)
    for edge, count in edges.most_common(3):
        if count < 5 or edge < left + 60:
            continue
        text = [line for line in lines if abs(line.x0 - edge) < 3]
        top, bottom = min(line.top for line in text), max(line.bottom for line in text)
        return [line for line in lines if line.x1 < edge - 4 and top - 4 < line.baseline < bottom + 4]
    return []


def _bands(lines: list[Line], gutter: float, usual: list[float], depth: int) -> list[list[Line]]:
    spanning = {
        id(line) for line in lines if _spans(line, gutter) and not _has_neighbour(line, lines, gutter)
    }
    groups: list[list[Line]] = []
    band: list[Line] = []
    across = False
    for line in sorted(lines, key=lambda line: (line.baseline, line.x0)):
        if id(line) not in spanning:
            band.append(line)
            continue
        if across and len(band) == 1 and band[0].x0 < gutter:
            groups[-1].extend(band)  # the short last line of a paragraph that spans the columns
        elif band:
            groups.extend(_halves(band, gutter, usual, depth))
            across = False
        band = []
        if across:
            groups[-1].append(line)
        else:
            groups.append([line])
        across = True
    if across and band and _is_last_line(band[0], groups[-1][-1], band[1:], gutter):
        groups[-1].append(band.pop(0))
    for part in _by_size(band, gutter):
        groups.extend(_halves(part, gutter, usual, depth))
    return groups


def _is_last_line(line: Line, above: Line, others: Sequence[Line], gutter: float) -> bool:
    """Whether a line that ends before the gutter closes the spanning paragraph above it."""
    return (
        line.x1 < gutter + 4
        and abs(line.x0 - above.x0) < line.size
        and abs(line.size - above.size) < 0.5
        and line.baseline - above.baseline < 1.6 * line.size
        and not any(other.baseline - line.baseline < 1.6 * line.size for other in others)
    )


def _by_size(band: list[Line], gutter: float) -> list[list[Line]]:
    """The band, cut where small print begins in both columns below a gap: references under the text."""
    left = [line for line in band if line.x0 < gutter]
    right = [line for line in band if line.x0 >= gutter]
    for index, line in enumerate(band):
        above = max((other.bottom for other in band[:index]), default=line.top)
        if line.top - above < 0.8 * line.size:
            continue
        parts = [
            [o for o in side if (o.baseline < line.baseline) is before]
            for before in (True, False)
            for side in (left, right)
        ]
        if any(len(part) < 3 for part in parts):
            continue
        sizes = [statistics.median(other.size for other in part) for part in parts]
        if max(sizes[2:]) < min(sizes[:2]) - 0.4:
            return [band[:index], band[index:]]
    return [band] if band else []


def _halves(band: list[Line], gutter: float, usual: list[float], depth: int) -> list[list[Line]]:
    left = [line for line in band if (line.x0 + line.x1) / 2 < gutter]
    right = [line for line in band if (line.x0 + line.x1) / 2 >= gutter]
    return _columns(left, usual, depth - 1) + _columns(right, usual, depth - 1)


def _spans(line: Line, gutter: float) -> bool:
    return line.x0 < gutter - 4 and line.x1 > gutter + 4


def _has_neighbour(line: Line, lines: Iterable[Line], gutter: float) -> bool:
    """Whether column text stands beside the line: then it overhangs, and parts nothing."""
    return any(
        other is not line
        and not _spans(other, gutter)
        and len(other.text) > 20
        and _overlap(line, other) > 0.5 * min(line.bottom - line.top, other.bottom - other.top)
        and (other.x0 >= line.x1 or other.x1 <= line.x0)
        for other in lines
    )


def _overlap(a: Line, b: Line) -> float:
    return min(a.bottom, b.bottom) - max(a.top, b.top)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where two columns part: between lines that stand side by side, at least three times."""
    votes = _votes(lines)
    if not votes:
        return None
    most = max(votes.values())
    best = sorted(x for x, count in votes.items() if count == most)
    return float(best[len(best) // 2]) if most >= 3 else None


def _votes(lines: Sequence[Line]) -> Counter[int]:
    """For each x, how many pairs of lines side by side part there. Scraps of a line have no vote."""
    votes: Counter[int] = Counter()
    if not lines:
        return votes
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    wide = sorted((line for line in lines if line.width > 0.14 * width), key=lambda line: line.baseline)
    for index, a in enumerate(wide):
        for b in wide[index + 1 :]:
            if b.top > a.bottom:
                break
            first, second = (a, b) if a.x0 < b.x0 else (b, a)
            if 0 < second.x0 - first.x1 < GUTTER and _overlap(a, b) > 0.3 * min(a.size, b.size):
                votes.update(range(round(first.x1), round(second.x0) + 1))
    return votes


def _usual_gutter(lines: Sequence[Line], usual: list[float]) -> float | None:
    """The document's gutter, where there is text on both sides of it and few lines of these cross it."""
    votes = _votes(lines)
    for gutter, _ in Counter(round(x) for x in usual).most_common(2):
        crossing = sum(_spans(line, gutter) for line in lines)
        left = sum(line.x1 <= gutter + 4 for line in lines)
        right = sum(line.x0 >= gutter - 4 for line in lines)
        if votes[gutter] or (min(left, right) >= 2 and crossing <= 0.5 * (left + right)):
            return float(gutter)
    return None


def _rows(lines: Iterable[Line], farthest: float = math.inf, gutter: float | None = None) -> list[Line]:
    """The pieces joined into lines from top to bottom, across gaps up to `farthest` times the size.

    None is joined across the `gutter`, however narrow that is.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.x0)):
        row = next((row for row in reversed(rows[-3:]) if _same_row(line, row)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return [
        joined for row in rows for joined in _joined(sorted(row, key=lambda line: line.x0), farthest, gutter)
    ]


def _same_row(line: Line, row: list[Line]) -> bool:
    return any(
        _overlap(line, other) > 0.5 * min(line.size, other.size)
        and max(line.size, other.size) < DROP_CAP * min(line.size, other.size)
        for other in row
    )


def _joined(row: list[Line], farthest: float, gutter: float | None) -> Iterator[Line]:
    start = 0
    for index in range(1, len(row) + 1):
        if index < len(row):
            size = max(row[index - 1].size, row[index].size)
            end = max(line.x1 for line in row[start:index])
            apart = gutter is not None and end <= gutter + 1 and row[index].x0 >= gutter - 1
            if -size < row[index].x0 - end <= (0.4 if apart else farthest) * size:
                continue
        yield _join(row[start:index])
        start = index


def _join(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    main = max(row, key=lambda line: (line.size, line.width))
    runs: list[Run] = []
    pieces = 1
    for before, line in zip([None, *row], row, strict=False):
        raised = line.size <= 0.85 * main.size and line.baseline < main.baseline - 0.15 * main.size
        if before is not None:
            gap = line.x0 - before.x1
            pieces += gap > 1.5 * main.size
            if gap > 0.12 * main.size and not raised:
                runs.append(Run(WIDE if gap > 1.5 * main.size else " ", runs[-1].face))
        runs.extend(replace(run, raised=run.raised or raised) for run in line.runs)
    pieces += sum(line.pieces - 1 for line in row)
    right = max(line.x1 for line in row)
    return replace(main, runs=tuple(runs), x0=row[0].x0, x1=right, pieces=pieces)


def _with_drop_caps(rows: list[Line]) -> list[Line]:
    """A big first letter goes back to the word that it begins."""
    result = list(rows)
    for cap in rows:
        if not (1 <= len(cap.text) <= 2 and cap.text[0].isalpha()):
            continue
        beside = [
            line
            for line in result
            if line is not cap
            and cap.size > 1.7 * line.size
            and line.x0 > cap.x0
            and cap.top - line.size < line.baseline < cap.bottom
        ]
        if len(beside) >= 1:
            first = min(beside, key=lambda line: line.baseline)
            letter = Run(cap.text, first.runs[0].face)
            result.remove(cap)
            rest = tuple(replace(run, raised=False) for run in first.runs)
            result[result.index(first)] = replace(first, runs=(letter, *rest))
    return result
