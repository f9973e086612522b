"""The pictures of a paper's figures: found by name, brought to one form."""

from __future__ import annotations

import math
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from PIL import Image

from pipeline.keys import digest_of
from pipeline.model import Figure, Paper

#: The longer side of an imported picture at most, in pixels: a zoom to a panel of a 1080 px wide
#: frame finds enough detail in it.
LONGEST_SIDE = 3000
#: A source that takes more bytes than this once decoded is left out: 170 megapixels in grey, 85 in deep
#: grey, 42 in colours (a printed page at 600 dpi has 35). Decoders need up to three times as much.
MOST_DECODED = 170_000_000
#: How Pillow keeps a pixel, in bytes; every other mode takes four.
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
#: A large picture is brought to RGB in tiles of about this many pixels a side.
_TILE = 1024
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
        pictures = sorted(
            path for path in folder.iterdir() if path.suffix.lower() in EXTENSIONS and path.is_file()
        )
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
    return figure if picture is None else save_figure(figure, picture, f"{number:02d}", folder)


def save_figure(figure: Figure, picture: Image.Image, name: str, folder: Path) -> Figure:
    """The figure with its picture noted, which is written as `folder/figures/{name}.png`."""
    target = folder / "figures" / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    # As small as the default settings make it, in a third of the time.
    picture.save(target, compress_level=1, compress_type=zlib.Z_RLE)
    return figure.model_copy(
        update={
            "file": target.relative_to(folder).as_posix(),
            "sha256": digest_of(target),
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
            if _decoded(image) > MOST_DECODED:
                return None
            image.seek(0)
            picture = _reduced(image)
    except _UNREADABLE:
        return None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def _decoded(image: Image.Image) -> int:
    """How many bytes the picture takes once it is decoded. WebP's decoder keeps two frames more."""
    size = image.width * image.height * _BYTES.get(image.mode, 4)
    return 2 * size if image.format == "WEBP" else size


def _reduced(image: Image.Image) -> Image.Image:
    """The picture in RGB, each side divided by the whole number that leaves it just above `LONGEST_SIDE`.

    It goes tile by tile: the whole in another mode would take the memory a second time.
    """
    by = max(1, max(image.size) // LONGEST_SIDE)
    to_rgb = _deep_grey_to_rgb(image) if image.mode.startswith(("I", "F")) else _to_rgb
    whole = Image.new("RGB", (-(-image.width // by), -(-image.height // by)))
    side = by * max(1, _TILE // by)
    for top in range(0, image.height, side):
        for left in range(0, image.width, side):
            box = (left, top, min(left + side, image.width), min(top + side, image.height))
            whole.paste(to_rgb(image.crop(box)).reduce(by), (left // by, top // by))
    return whole


def _to_rgb(tile: Image.Image) -> Image.Image:
    if tile.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in tile.info:
        ground = Image.new("RGBA", tile.size, "white")
        ground.alpha_composite(tile.convert("RGBA"))
        return ground.convert("RGB")
    return tile.convert("RGB")


def _deep_grey_to_rgb(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Brings tiles of a grey picture of 16 or more bits to 8, scaled by the range that the whole uses."""
    top = 65535.0
    if not image.mode.startswith("I;16"):
        _, highest = image.getextrema()
        assert isinstance(highest, int | float)
        if not math.isfinite(highest):
            top = 1.0
        elif image.mode == "F" or highest > top:
            top = max(float(highest), 1e-9)
        elif highest <= 255:
            top = 255.0

    def to_rgb(tile: Image.Image) -> Image.Image:
        values = np.nan_to_num(np.asarray(tile, dtype=np.float32), posinf=top, neginf=0)
        return Image.fromarray(np.clip(values * (255 / top), 0, 255).astype(np.uint8)).convert("RGB")

    return to_rgb
