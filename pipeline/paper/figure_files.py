"""The pictures of a paper's figures: found by name, brought to one form."""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from PIL import Image

from pipeline.model import Figure, Paper

#: The longer side of an imported picture at most, in pixels: a zoom to a panel of a 1080 px wide
#: frame finds enough detail in it.
LONGEST_SIDE = 3000
#: More pixels than this in a source are not decoded.
MOST_PIXELS = 150_000_000
#: What figure files are called, best first.
EXTENSIONS = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".gif")
#: Of the forms that Pillow knows, those that it reads itself (EPS would run another program).
_FORMATS = ("TIFF", "PNG", "JPEG", "GIF", "WEBP", "BMP")
#: What Pillow raises for files that are damaged or made to harm.
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, SyntaxError, LookupError, ArithmeticError, struct.error),
    Image.DecompressionBombError,
)


def file_name(href: str) -> str:
    """The last part of a figure's address: what its file is called, with or without an extension."""
    return unquote(re.split(r"[?#]", href)[0].rstrip("/").replace("\\", "/").rsplit("/", 1)[-1])


def match_figures(hrefs: Mapping[str, str], folders: Sequence[Path]) -> dict[str, Path]:
    """The file of each figure (by id) that lies in one of the folders, whatever its extension.

    Names are compared without case. An earlier folder wins, then the exact name, then the order of
    `EXTENSIONS`.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in EXTENSIONS)
        for figure, href in hrefs.items():
            name = file_name(href).lower()
            matches = [path for path in pictures if stem_of(path.name.lower()) == stem_of(name)]
            if name and matches and figure not in found:
                found[figure] = min(
                    matches,
                    key=lambda path: (path.name.lower() != name, EXTENSIONS.index(path.suffix.lower())),
                )
    return found


def stem_of(name: str) -> str:
    """The name without the extension of a picture. Other dots belong to it ("journal.pone.0116752.g001")."""
    ending = next((end for end in EXTENSIONS if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)]


def import_figures(paper: Paper, files: Mapping[str, Path], folder: Path) -> Paper:
    """Write the picture of each figure as PNG into `folder/figures` and note it in the paper.

    RGB, transparency on white, the first frame, at most `LONGEST_SIDE` px on the longer side. A
    picture that can't be read is left out, as if there were none.
    """
    return paper.model_copy(
        update={
            "figures": tuple(
                _imported(figure, files[figure.id], number, folder) if figure.id in files else figure
                for number, figure in enumerate(paper.figures, 1)
            )
        }
    )


def _imported(figure: Figure, file: Path, number: int, folder: Path) -> Figure:
    picture = _read(file)
    if picture is None:
        return figure
    target = folder / "figures" / f"{number:02d}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, compress_level=6)
    return figure.model_copy(
        update={
            "file": target.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "width": picture.width,
            "height": picture.height,
        }
    )


def save_picture(file: Path, target: Path) -> bool:
    """Write any picture as the RGB PNG `target`, like a figure; False when it can't be read as one."""
    picture = _read(file)
    if picture is None:
        return False
    picture.save(target, compress_level=6)
    return True


def _read(file: Path) -> Image.Image | None:
    """The picture as RGB, or `None` when it is damaged, too large or of no known form."""
    try:
        # Pillow warns of sizes and damages that are ours to judge.
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.seek(0)
            picture = _to_rgb(image)
    except _UNREADABLE:
        return None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _from_deep_grey(image)
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        return ground.convert("RGB")
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """A grey picture of 16 or more bits. Values beyond 8 bits are scaled down by the range they use."""
    values = np.asarray(image, dtype=np.float64)
    top = 65535.0 if image.mode.startswith("I;16") or values.max() > 255 else 255.0
    if image.mode == "F" or values.max() > top:
        top = max(float(values.max()), 1e-9)
    grey = np.clip(values / top * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")
