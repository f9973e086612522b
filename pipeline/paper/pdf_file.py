"""Opening a PDF: what is refused before a word of it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.errors import (
    DamagedFileError,
    EncryptedPdfError,
    InputError,
    NotAPdfError,
    NoTextLayerError,
    TooLargeToReadError,
)
from pipeline.paper.pdf_layout import Page

MAX_BYTES = 50_000_000
MAX_PAGES = 300
#: How far into a file its header may stand (PDF 1.7, implementation note 13).
HEADER_WITHIN = 1024
#: Fewer characters a page than this and its words are in the picture.
LEAST_TEXT = 100


def open_pdf(path: Path) -> pdfium.PdfDocument:
    """The opened document; what stands before its header is cut off.

    Raises `TooLargeToReadError` above 50 MB or 300 pages, `DamagedFileError`, `NotAPdfError` and `EncryptedPdfError`.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLargeToReadError(
            f"This PDF is larger than {MAX_BYTES // 1_000_000} MB.",
            "Hand in a version with smaller pictures.",
        )
    data = path.read_bytes()
    if not data.strip():
        raise DamagedFileError("This PDF is empty.", "Download it again.")
    start = data[:HEADER_WITHIN].find(b"%PDF-")
    if start < 0:
        raise _not_a_pdf(data)
    try:
        document = pdfium.PdfDocument(data[start:])
    except pdfium.PdfiumError as error:
        raise _refusal(data) from error
    count = len(document)
    if not 0 < count <= MAX_PAGES:
        document.close()
        if count:
            raise TooLargeToReadError(
                f"This PDF has {count} pages; at most {MAX_PAGES} can be read.",
                "Hand in the one paper that the video is to tell.",
            )
        raise DamagedFileError("This PDF has no pages.", "Download it again.")
    return document


def _not_a_pdf(data: bytes) -> NotAPdfError:
    if re.search(rb"<!doctype\s+html|<html", data[:4096], re.IGNORECASE):
        return NotAPdfError(
            "This file is a web page, not a PDF.",
            "Open the address in a browser and download the PDF itself.",
        )
    return NotAPdfError("This file is not a PDF.", "Hand in the paper as PDF, DOCX or JATS XML.")


def _refusal(data: bytes) -> InputError:
    code = raw.FPDF_GetLastError()
    if code == raw.FPDF_ERR_PASSWORD:
        return EncryptedPdfError(
            "This PDF asks for a password.", "Save a copy without a password and hand that in."
        )
    if code == raw.FPDF_ERR_SECURITY:
        return EncryptedPdfError(
            "This PDF is locked in a way that can't be opened.", "Hand in a copy without protection."
        )
    if b"%%EOF" not in data[-2048:]:
        return DamagedFileError("This PDF is cut off: its end is missing.", "Download it again.")
    return DamagedFileError("This PDF is damaged and can't be opened.", "Download it again.")


def has_text(pages: Sequence[Page]) -> bool:
    """Whether the pages hold text, and not pictures of text only."""
    characters = sum(len(line.text) for page in pages for line in page.lines)
    return bool(pages) and characters >= LEAST_TEXT * min(len(pages), 5)


def require_text(pages: Sequence[Page]) -> None:
    """Raises `NoTextLayerError` when the pages hold no text, or none that was recognised."""
    if not has_text(pages):
        raise NoTextLayerError(
            "This PDF holds pictures of its pages, and no text that can be made out.",
            "Hand in the publisher's PDF, or run text recognition (OCR) on it first.",
        )
