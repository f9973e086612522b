"""What a scanner makes of a PDF: pictures of its pages."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from fpdf import FPDF


def scan(source: Path, target: Path, *, times: int = 1) -> Path:
    """The pages of `source` as grey pictures of 200 dpi, `times` over; written as a PDF without any text."""
    document = pdfium.PdfDocument(source)
    out = FPDF(unit="pt")
    out.set_auto_page_break(False)
    for page in document:
        width, height = page.get_size()
        picture = page.render(scale=200 / 72, grayscale=True).to_pil()
        for _ in range(times):
            out.add_page(format=(width, height))
            out.image(picture, 0, 0, width, height)
    out.output(str(target))
    return target
