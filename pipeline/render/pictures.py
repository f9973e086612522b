"""Reading picture files: whatever a publisher or a user hands in becomes RGB on white."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from pipeline.errors import DamagedFileError

#: Larger pictures are reduced to this many pixels a side: no frame shows more.
MOST_PIXELS = 3600


def read_picture(file: Path) -> npt.NDArray[np.uint8]:
    """RGB (height, width, 3). Transparency is laid on white, 16 bits become 8, only the first page is read.

    Raises `DamagedFileError` when the file can't be decoded.
    """
    try:
        with Image.open(file) as opened:
            opened.draft("RGB", (MOST_PIXELS, MOST_PIXELS))
            picture = _eight_bits(opened)
            picture.thumbnail((MOST_PIXELS, MOST_PIXELS), Image.Resampling.BOX, reducing_gap=1.0)
            return np.asarray(_on_white(picture))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFileError(
            f"The picture “{file.name}” can't be read.", "Replace the file, or run again with --figures off."
        ) from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of more than 8 bits (scientific TIFFs) is stretched over what it holds; the rest stays."""
    if picture.mode not in ("I", "F", "I;16", "I;16B", "I;16L"):
        return picture
    values = np.asarray(picture, np.float32)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        white = Image.new("RGBA", over.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, over).convert("RGB")
    return picture.convert("RGB")


def resized(rgb: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    """`rgb` at another size, sharp both ways."""
    smaller = width < rgb.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    out: npt.NDArray[np.uint8] = cv2.resize(rgb, (width, height), interpolation=how)
    return out
