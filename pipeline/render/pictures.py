"""The pictures of a run as arrays. Whatever was handed in is RGB on white already: reading the paper saw to it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from pipeline.errors import DamagedFileError


def read_picture(file: Path) -> npt.NDArray[np.uint8]:
    """RGB (height, width, 3). Raises `DamagedFileError` when the file can't be decoded."""
    try:
        with Image.open(file) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise DamagedFileError(
            f"The picture “{file.name}” can't be read.", "Replace the file, or run again with --figures off."
        ) from error


def resized(rgb: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    """`rgb` at another size, sharp both ways."""
    smaller = width < rgb.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    out: npt.NDArray[np.uint8] = cv2.resize(rgb, (width, height), interpolation=how)
    return out
