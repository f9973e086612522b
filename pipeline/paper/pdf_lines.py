"""A page of a PDF as pieces of lines: text with its place, size and weight, exactly as printed.

Units are points, the origin is the upper left corner of the visible page, y grows downwards.
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.paper.pdf_overview import overview

#: Letters this many sizes apart are two words, space or none between them.
SPACE = 0.2
#: A wider gap than this many times the type size ends a piece: column gutters and table cells are wider.
GAP = 1.0
#: Neighbours whose sizes differ by more than this are no line: a drop cap and its text.
DROP_CAP = 2.0
#: A grey below this (of 255) is a dark ground.
DARK = 215
#: A line's box in multiples of its size. The fonts' own boxes vary from .9 to 4 sizes, so they are not used.
ASCENT, DESCENT = 0.75, 0.25
BOLD_NAME = re.compile(r"bold|black|heavy|demi|-medi|cmbx|[.-]bi?$|bd(it)?\b", re.IGNORECASE)
#: Flags of a font's descriptor (PDF 32000-1, table 123).
ITALIC, FORCE_BOLD = 1 << 6, 1 << 18
ITALIC_NAME = re.compile(r"italic|oblique|-it|cmti|slanted", re.IGNORECASE)
#: Stands for a character that can't be told: a sentence that holds it is not whole.
UNKNOWN = "\ufffd"
#: Characters that a reader never sees, or that only steer the layout.
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
SPACES = dict.fromkeys([0x09, 0x0A, 0x0D, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
#: What stands for a hyphen at a line's end: pdfium's own mark (U+FFFE, or U+0002), the soft hyphen.
HYPHENS = dict.fromkeys([0xFFFE, 0x02, 0xAD, 0x2010, 0x2011], "-")
CLEAN = {**INVISIBLE, **SPACES, **LIGATURES, **HYPHENS}
SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
#: What a raised run holds when it is more than a number.
MARK = re.compile(r"[^\d\s,;+−–-]")


@dataclass(frozen=True, slots=True)
class Face:
    """How a run of characters is set. `size` is in points as printed, the page's scaling included."""

    font: str
    size: float
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one face side by side. `raised` marks superscripts."""

    text: str
    face: Face
    raised: bool = False

    @property
    def shown(self) -> str:
        """The text, raised numbers in superscript letters: 10⁵ is not 105."""
        return self.text.translate(SUPERSCRIPTS) if self.raised and not MARK.search(self.text) else self.text


@dataclass(frozen=True)
class Line:
    """A line, or the part of one that no wide gap interrupts."""

    runs: tuple[Run, ...]
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    page: int
    pieces: int = 1

    @cached_property
    def text(self) -> str:
        return re.sub(r" {2,}", " ", "".join(run.shown for run in self.runs)).strip()

    @cached_property
    def plain(self) -> str:
        """The text without what is raised: names without the marks of affiliations."""
        return re.sub(r" {2,}", " ", "".join(" " if run.raised else run.text for run in self.runs)).strip()

    @cached_property
    def face(self) -> Face:
        """The face that most characters have."""
        letters = Counter[Face]()
        for run in self.runs:
            letters[run.face] += len(run.text.replace(" ", ""))
        return max(letters, key=lambda face: letters[face])

    @property
    def size(self) -> float:
        return self.face.size

    @cached_property
    def bold(self) -> bool:
        """Whether most of the line is bold."""
        return self._share([run for run in self.runs if run.face.bold]) > 0.6

    @cached_property
    def italic(self) -> bool:
        """Whether most of the line is italic."""
        return self._share([run for run in self.runs if run.face.italic]) > 0.6

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def _share(self, part: Sequence[Run]) -> float:
        letters = sum(len(run.text.strip()) for run in self.runs)
        return sum(len(run.text.strip()) for run in part) / max(letters, 1)


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    face: Face
    x0: float
    x1: float
    baseline: float


def read_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The upright pieces of lines of a page in the order of the file. `number` is the page's, 1-based."""
    lines: list[Line] = []
    piece: list[Glyph] = []
    for glyph in _glyphs(page):
        if piece and _breaks(piece, glyph):
            lines.extend(_line(piece, number))
            piece = []
        piece.append(glyph)
    lines.extend(_line(piece, number))
    return lines


def _breaks(piece: list[Glyph], glyph: Glyph) -> bool:
    """Whether `glyph` begins a new piece: it lies on another line, behind, or far ahead."""
    last = piece[-1]
    size = max(last.face.size, glyph.face.size)
    if size > DROP_CAP * min(last.face.size, glyph.face.size):
        return True
    gap = glyph.x0 - last.x1
    drop = abs(glyph.baseline - last.baseline)
    if gap > GAP * size or glyph.x0 < last.x0 - 0.5 * size:
        return True
    if drop < 0.2 * size:
        return False
    anchor = max(piece[-12:], key=lambda other: other.face.size)
    small = min(last.face.size, glyph.face.size) < 0.85 * size
    return min(drop, abs(glyph.baseline - anchor.baseline)) > (0.65 if small else 0.5) * size


def _line(piece: list[Glyph], number: int) -> Iterator[Line]:
    while piece and not piece[-1].text.strip():
        piece = piece[:-1]
    if not piece:
        return
    size = max(glyph.face.size for glyph in piece)
    main = [glyph for glyph in piece if glyph.face.size > 0.85 * size]
    baseline = statistics.median(glyph.baseline for glyph in main)
    runs: list[Run] = []
    letters: list[str] = []
    style: tuple[Face, bool] | None = None
    before: Glyph | None = None
    for glyph in piece:
        rise = baseline - glyph.baseline
        raised = rise > 0.25 * size or (rise > 0.15 * size and glyph.face.size <= 0.85 * size)
        if style is not None and style != (glyph.face, raised):
            runs.append(Run("".join(letters), *style))
            letters = []
        if before is not None and glyph.x0 - before.x1 > SPACE * size and before.text != " " != glyph.text:
            letters.append(" ")
        style = (glyph.face, raised)
        letters.append(glyph.text)
        before = glyph
    if style is not None:
        runs.append(Run("".join(letters), *style))
    yield Line(
        runs=tuple(runs),
        x0=min(glyph.x0 for glyph in piece),
        x1=max(glyph.x1 for glyph in piece),
        top=baseline - ASCENT * size,
        bottom=baseline + DESCENT * size,
        baseline=baseline,
        page=number,
    )


def _glyphs(page: pdfium.PdfPage) -> Iterator[Glyph]:
    left, bottom, right, top = page.get_bbox()
    ground = _Ground(page)
    text = page.get_textpage()
    try:
        handle = text.raw
        faces: dict[int, Face | None] = {}
        fonts: dict[int, _Font] = {}
        face: Face | None = None
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for index in range(raw.FPDFText_CountChars(handle)):
            character = _character(raw.FPDFText_GetUnicode(handle, index))
            if not character:
                continue
            owner = raw.FPDFText_GetTextObject(handle, index)
            if owner:  # a space that pdfium adds has none: it is set like what stands before it
                address = ctypes.addressof(owner.contents)
                if address not in faces:
                    faces[address] = None if _hidden(owner, ground) else _face(handle, index, owner, fonts)
                face = faces[address]
            if face is None:
                continue
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            if left <= box.left <= right and bottom <= y.value <= top:
                yield Glyph(character, face, box.left - left, box.right - left, top - y.value)
    finally:
        text.close()


def _character(code: int) -> str:
    if code in (0x0A, 0x0D) or 0xD800 <= code <= 0xDFFF:
        return ""
    if code in CLEAN:
        return CLEAN[code] or ""
    if code == 0:
        return UNKNOWN
    return chr(code) if code >= 0x20 else ""


class _Ground:
    """What lies under a text: the page's picture, made when the first white text asks for it."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._left, _, _, self._top = page.get_bbox()

    @cached_property
    def _picture(self) -> tuple[npt.NDArray[np.uint8], float]:
        return overview(self._page)

    def is_dark(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether most of a box is dark: white type can be read on it."""
        picture, scale = self._picture
        rows = slice(max(int(scale * (self._top - top)), 0), int(scale * (self._top - bottom)) + 1)
        columns = slice(max(int(scale * (left - self._left)), 0), int(scale * (right - self._left)) + 1)
        part = picture[rows, columns]
        return part.size > 0 and float((part < DARK).mean()) > 0.4


def _hidden(owner: Any, ground: _Ground) -> bool:
    """Whether a text object can't be seen: white on white, or outside the window it is clipped to."""
    colour = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(owner, *colour)
    white = all(part.value >= 250 for part in colour[:3])
    clip = raw.FPDFPageObj_GetClipPath(owner)
    paths = max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0
    if not white and not paths:
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(owner, left, bottom, right, top)
    if white and not ground.is_dark(left.value, bottom.value, right.value, top.value):
        return True
    return any(
        left.value > max(xs) + 1
        or right.value < min(xs) - 1
        or bottom.value > max(ys) + 1
        or top.value < min(ys) - 1
        for xs, ys in (_corners(clip, path) for path in range(paths))
        if xs
    )


def _corners(clip: Any, path: int) -> tuple[list[float], list[float]]:
    xs, ys = [], []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(max(raw.FPDFClipPath_CountPathSegments(clip, path), 0)):
        if raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, index), x, y):
            xs.append(x.value)
            ys.append(y.value)
    return xs, ys


@dataclass(frozen=True, slots=True)
class _Font:
    name: str
    bold: bool
    italic: bool


def _font(handle: Any, index: int) -> _Font:
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(handle, index, None, 0, flags)
    buffer = ctypes.create_string_buffer(max(length, 1))
    raw.FPDFText_GetFontInfo(handle, index, buffer, length, flags)
    name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("utf8", "replace"))
    return _Font(
        name=name,
        bold=bool(BOLD_NAME.search(name)) or bool(flags.value & FORCE_BOLD),
        italic=bool(ITALIC_NAME.search(name)) or bool(flags.value & ITALIC),
    )


def _face(handle: Any, index: int, owner: Any, fonts: dict[int, _Font]) -> Face | None:
    """How a character is set, `None` when it does not stand upright or has no size."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    if abs(matrix.b) > 0.1 * abs(matrix.a) + 1e-6 or matrix.a < 0:
        return None
    pointer = raw.FPDFTextObj_GetFont(owner)
    address = ctypes.addressof(pointer.contents) if pointer else 0
    if address not in fonts:
        fonts[address] = _font(handle, index)
    font = fonts[address]
    size = round(raw.FPDFText_GetFontSize(handle, index) * (math.hypot(matrix.b, matrix.d) or 1.0), 1)
    if not 0 < size < math.inf:  # damaged files have any number here
        return None
    return Face(font=font.name, size=size, bold=font.bold, italic=font.italic)
