"""Text recognised in the pictures of pages, by the program `tesseract` where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from lxml import etree

from pipeline.errors import NoTextLayerError, TooLargeToReadError, TooSlowToReadError
from pipeline.paper.pdf_layout import Page
from pipeline.paper.pdf_lines import ASCENT, DESCENT, Face, Line, Run

PROGRAM: Final = "tesseract"
#: The note that a viewer is owed.
NOTE: Final = "Read by text recognition: the PDF holds pictures of its pages, so single words may be wrong."
#: A page takes 3 to 5 s of a processor; more of them would take longer than a stage may.
MOST_PAGES: Final = 20
#: Seconds for one page, and for all of them.
PAGE_SECONDS, ALL_SECONDS = 60.0, 140.0
#: Dots per inch at which pages are shown to the program, and the longest side of their pictures in pixels.
DPI, LONGEST_SIDE = 200, 4000
#: Languages that papers are told apart in (`language.py`), as the program calls them; English first.
LANGUAGES: Final = ("eng", "spa", "por", "fra", "deu", "ita", "nld")
#: A word that the program believes in less than this (percent) is dirt.
LEAST_BELIEF: Final = 30.0
#: Sizes are measured, so those this close to the commonest one are that one.
SAME_SIZE: Final = 0.15
#: A line is bold when its letters have this much more ink than those of most lines.
BOLD_INK: Final = 1.3


def installed() -> tuple[str, ...]:
    """The languages that can be recognised here; none where the program is missing."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ()
    try:
        said = _run(program, ["--list-langs"], b"", 20.0).decode(errors="replace").split()
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(language for language in LANGUAGES if language in said)


def recognise(document: pdfium.PdfDocument) -> list[Page]:
    """The pages with the lines that were recognised in their pictures.

    Raises `NoTextLayerError` where the program isn't installed, `TooLargeToReadError` above 20 pages and
    `TooSlowToReadError` when it takes too long.
    """
    languages = installed()
    if not languages:
        raise NoTextLayerError(
            "This PDF holds pictures of its pages and no text.",
            "Hand in the publisher's PDF, or run text recognition (OCR) on it first; "
            "or have tesseract installed where Hidden Hill runs.",
        )
    if len(document) > MOST_PAGES:
        raise TooLargeToReadError(
            f"This PDF holds pictures of {len(document)} pages and no text; "
            f"text can be recognised on at most {MOST_PAGES}.",
            "Hand in the publisher's PDF, or run text recognition (OCR) on it first.",
        )
    ending = time.monotonic() + ALL_SECONDS
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        # Pages are drawn one after the other, as PDFium must; the program looks at two of them at once.
        at_work = [
            (scan, pool.submit(_recognised, scan, languages, ending))
            for scan in (_scan(document, number) for number in range(1, len(document) + 1))
        ]
        try:
            read = [(scan, found.result()) for scan, found in at_work]
        except subprocess.TimeoutExpired as error:
            pool.shutdown(cancel_futures=True)
            raise TooSlowToReadError(
                "Recognising the text in the pictures of this PDF takes too long.",
                "Try again when the machine has less to do, hand in the publisher's PDF, or run text recognition "
                "(OCR) on it first.",
            ) from error
    usual = _usual_size([row for _, rows in read for row in rows])
    return [_page(scan, rows, usual) for scan, rows in read]


@dataclass(frozen=True)
class _Scan:
    """A page's picture in grey, and how many of its pixels a point has."""

    number: int
    width: float
    height: float
    picture: npt.NDArray[np.uint8]
    scale: float


@dataclass(frozen=True)
class _Row:
    """A line as recognised, its places in pixels. `ink` is the dark share of its words' boxes."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    ink: float


def _scan(document: pdfium.PdfDocument, number: int) -> _Scan:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(DPI / 72, LONGEST_SIDE / max(width, height))
        picture = page.render(scale=scale, grayscale=True).to_numpy().squeeze().copy()
        return _Scan(number, width, height, picture, scale)
    finally:
        page.close()


def _recognised(scan: _Scan, languages: Sequence[str], ending: float) -> list[_Row]:
    program = shutil.which(PROGRAM)
    height, width = scan.picture.shape
    picture = b"P5 %d %d 255\n" % (width, height) + scan.picture.tobytes()
    arguments = ["stdin", "stdout", "-l", "+".join(languages), "--dpi", str(round(72 * scan.scale)), "hocr"]
    left = min(PAGE_SECONDS, ending - time.monotonic())
    if program is None or left <= 0:
        raise subprocess.TimeoutExpired(PROGRAM, PAGE_SECONDS)
    try:
        said = _run(program, arguments, picture, left)
    except subprocess.CalledProcessError:  # a page that it can't make out has no lines
        return []
    return list(_rows(said, scan.picture))


def _run(program: str, arguments: Sequence[str], given: bytes, seconds: float) -> bytes:
    """What the program prints. It learns nothing of our environment, where keys are."""
    done = subprocess.run(
        [program, *arguments],
        input=given,
        capture_output=True,
        timeout=seconds,
        check=True,
        env={"PATH": os.defpath, "OMP_THREAD_LIMIT": "1"},
    )
    return done.stdout


def _rows(hocr: bytes, picture: npt.NDArray[np.uint8]) -> Iterator[_Row]:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, recover=True)
    root = etree.fromstring(hocr, parser)
    for line in root.iter("{*}span"):
        if line.get("class") not in {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"}:
            continue
        title = line.get("title") or ""
        words = [
            word for word in line.iter("{*}span") if word.get("class") == "ocrx_word" and _believed(word)
        ]
        boxes = [_numbers("bbox", word.get("title") or "") for word in words]
        text = " ".join("".join(map(str, word.itertext())).strip() for word in words)
        if not text.strip() or not all(len(box) == 4 for box in boxes):
            continue
        slope, offset = (*_numbers("baseline", title), 0.0, 0.0)[:2]
        left, _, right, bottom = _numbers("bbox", title)
        sizes = _numbers("x_size", title)
        yield _Row(
            text=text,
            x0=boxes[0][0],
            x1=boxes[-1][2],
            baseline=bottom + offset + slope * (right - left) / 2,
            size=sizes[0] if sizes else 1.0,
            ink=statistics.fmean(_ink(picture, box) for box in boxes),
        )


def _believed(word: etree._Element) -> bool:
    belief = _numbers("x_wconf", word.get("title") or "")
    return not belief or belief[0] >= LEAST_BELIEF


def _numbers(name: str, title: str) -> list[float]:
    found = re.search(rf"\b{name}((?: -?[\d.]+)+)", title)
    return [float(number) for number in found[1].split()] if found else []


def _ink(picture: npt.NDArray[np.uint8], box: Sequence[float]) -> float:
    x0, top, x1, bottom = (int(edge) for edge in box)
    part = picture[top:bottom, x0:x1]
    return float((part < 128).mean()) if part.size else 0.0


def _usual_size(rows: Sequence[_Row]) -> float:
    """The size of most letters, in pixels."""
    sizes = sorted((row.size, len(row.text)) for row in rows)
    half = sum(count for _, count in sizes) / 2
    for size, count in sizes:
        half -= count
        if half <= 0:
            return size
    return 1.0


def _page(scan: _Scan, rows: Sequence[_Row], usual: float) -> Page:
    inks = [row.ink for row in rows if abs(row.size / usual - 1) <= SAME_SIZE]
    ink = statistics.median(inks) if inks else 1.0
    lines = [
        _line(row, scan, usual / scan.scale, bold=row.ink > BOLD_INK * ink) for row in rows if row.size > 0
    ]
    return Page(number=scan.number, width=scan.width, height=scan.height, lines=tuple(lines))


def _line(row: _Row, scan: _Scan, usual: float, *, bold: bool) -> Line:
    size = row.size / scan.scale
    size = usual if abs(size / usual - 1) <= SAME_SIZE else size
    # A box is as high as ascender and descender together, which a type's size exceeds by a little.
    face = Face(font="recognised", size=round(size), bold=bold, italic=False)
    baseline = row.baseline / scan.scale
    return Line(
        runs=(Run(row.text, face),),
        x0=row.x0 / scan.scale,
        x1=row.x1 / scan.scale,
        top=baseline - ASCENT * face.size,
        bottom=baseline + DESCENT * face.size,
        baseline=baseline,
        page=scan.number,
    )
