"""A page of a PDF as pieces of lines: text with its place, size and weight, exactly as printed.

Units are points, the origin is the upper left corner of the visible page, y grows downwards.
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

#: A wider gap than this many times the type size ends a piece: column gutters and table cells are wider.
GAP = 1.3
BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi|-medi|cmbx|\.b$|-b$|bd", re.IGNORECASE)
ITALIC_NAME = re.compile(r"italic|oblique|-it|cmti|slanted", re.IGNORECASE)
#: Characters that a reader never sees, or that only steer the layout.
INVISIBLE = dict.fromkeys([0x00, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
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


@dataclass(frozen=True, slots=True)
class Face:
    """How a run of characters is set. `size` is in points as printed, the page's scaling included."""

    font: str
    size: float
    bold: bool
    italic: bool
    upright: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one face side by side. `raised` marks superscripts."""

    text: str
    face: Face
    raised: bool = False


@dataclass(frozen=True, slots=True)
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

    @property
    def text(self) -> str:
        return re.sub(r" {2,}", " ", "".join(run.text for run in self.runs)).strip()

    @property
    def plain(self) -> str:
        """The text without what is raised: names without the marks of affiliations."""
        return re.sub(r" {2,}", " ", "".join(" " if run.raised else run.text for run in self.runs)).strip()

    @property
    def size(self) -> float:
        """The size that most characters have."""
        return self._most(lambda run: run.face.size)

    @property
    def font(self) -> str:
        return str(self._most(lambda run: run.face.font))

    @property
    def bold(self) -> bool:
        return self._share(lambda run: run.face.bold) > 0.6

    @property
    def italic(self) -> bool:
        return self._share(lambda run: run.face.italic) > 0.6

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def _most(self, of: Any) -> Any:
        weights: dict[Any, int] = {}
        for run in self.runs:
            weights[of(run)] = weights.get(of(run), 0) + len(run.text.replace(" ", ""))
        return max(weights, key=lambda key: weights[key])

    def _share(self, holds: Any) -> float:
        letters = sum(len(run.text.strip()) for run in self.runs)
        return sum(len(run.text.strip()) for run in self.runs if holds(run)) / max(letters, 1)


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    face: Face
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float


def read_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The upright pieces of lines of a page in the order of the file. `number` is the page's, 1-based."""
    lines: list[Line] = []
    piece: list[Glyph] = []
    for glyph in _glyphs(page):
        if glyph is None:
            continue
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
    for glyph in piece:
        raised = glyph.face.size <= 0.85 * size and glyph.baseline < baseline - 0.15 * size
        raised = raised or glyph.baseline < baseline - 0.25 * size
        if runs and runs[-1].face == glyph.face and runs[-1].raised == raised:
            runs[-1] = replace(runs[-1], text=runs[-1].text + glyph.text)
        else:
            runs.append(Run(glyph.text, glyph.face, raised))
    yield Line(
        runs=tuple(runs),
        x0=min(glyph.x0 for glyph in piece),
        x1=max(glyph.x1 for glyph in piece),
        top=min(glyph.top for glyph in main),
        bottom=max(glyph.bottom for glyph in main),
        baseline=baseline,
        page=number,
    )


def _glyphs(page: pdfium.PdfPage) -> Iterator[Glyph | None]:
    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    try:
        handle = text.raw
        faces: dict[int, Face] = {}
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for index in range(raw.FPDFText_CountChars(handle)):
            code = raw.FPDFText_GetUnicode(handle, index)
            if code in (0x0A, 0x0D):
                continue
            owner = ctypes.cast(raw.FPDFText_GetTextObject(handle, index), ctypes.c_void_p).value or 0
            face = faces.get(owner)
            if face is None:
                face = faces[owner] = _face(handle, index)
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            if not face.upright or not (left <= box.left <= right and bottom <= y.value <= top):
                continue
            character = _character(code)
            if character:
                yield Glyph(
                    character,
                    face,
                    box.left - left,
                    box.right - left,
                    top - box.top,
                    top - box.bottom,
                    top - y.value,
                )
    finally:
        text.close()


def _character(code: int) -> str:
    if code in CLEAN:
        return CLEAN[code] or ""
    # The private use area holds what a font could not name; a lone surrogate can't be written down.
    if 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF or code < 0x20:
        return ""
    return chr(code)


def _face(handle: Any, index: int) -> Face:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(handle, index, None, 0, flags)
    buffer = ctypes.create_string_buffer(max(length, 1))
    raw.FPDFText_GetFontInfo(handle, index, buffer, length, flags)
    name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("utf8", "replace"))
    scale = math.hypot(matrix.b, matrix.d) or 1.0
    return Face(
        font=name,
        size=round(raw.FPDFText_GetFontSize(handle, index) * scale, 1),
        bold=bool(BOLD_NAME.search(name)) or raw.FPDFText_GetFontWeight(handle, index) >= 600,
        italic=bool(ITALIC_NAME.search(name)) or bool(flags.value & 64),
        upright=abs(matrix.b) <= 0.1 * abs(matrix.a) + 1e-6 and matrix.a >= 0,
    )
