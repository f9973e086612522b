"""A page of a PDF seen from afar: enough to tell ink from paper."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

#: A page longer than this many points (posters, crafted files) is drawn smaller than a pixel a point.
LONGEST_SIDE = 3000


def overview(page: pdfium.PdfPage) -> tuple[npt.NDArray[np.uint8], float]:
    """The page in grey (height, width), and how many pixels a point has: 1 on any usual page."""
    scale = min(1.0, LONGEST_SIDE / max(page.get_size()))
    return page.render(scale=scale, grayscale=True).to_numpy().squeeze(), scale
