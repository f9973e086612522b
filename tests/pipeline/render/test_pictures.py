from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import DamagedFileError
from pipeline.render.pictures import MOST_PIXELS, read_picture
from tests.pipeline.render.conftest import gradient


def test_transparency_becomes_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (0, 0, 10, 30))
    clear.save(tmp_path / "clear.png")
    rgb = read_picture(tmp_path / "clear.png")
    assert rgb[5, 20].tolist() == [255, 255, 255]
    assert rgb[5, 5].tolist() == [0, 0, 255]


def test_a_palette_with_a_clear_colour_becomes_paper(tmp_path: Path) -> None:
    picture = Image.new("P", (20, 20), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.save(tmp_path / "palette.gif", transparency=0)
    assert read_picture(tmp_path / "palette.gif")[3, 3].tolist() == [255, 255, 255]


def test_sixteen_bit_grey_is_stretched_over_what_it_holds(tmp_path: Path) -> None:
    values = np.linspace(300, 1200, 64 * 48).reshape(48, 64).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "micrograph.tif")
    rgb = read_picture(tmp_path / "micrograph.tif")
    assert (rgb.min(), rgb.max()) == (0, 255)


def test_cmyk_is_read_as_colours(tmp_path: Path) -> None:
    Image.new("CMYK", (16, 16), (255, 255, 0, 0)).save(tmp_path / "print.jpg")
    red, green, blue = read_picture(tmp_path / "print.jpg")[8, 8].tolist()
    assert blue > 150 > max(red, green)


def test_a_huge_picture_is_reduced(tmp_path: Path) -> None:
    rgb = read_picture(gradient(tmp_path / "huge.png", MOST_PIXELS + 900, 300))
    assert rgb.shape[1] == MOST_PIXELS


@pytest.mark.parametrize("kept", [0, 30, 700])
def test_a_damaged_picture_is_named(tmp_path: Path, kept: int) -> None:
    file = gradient(tmp_path / "figure.png", 300, 300)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(DamagedFileError, match=r"figure\.png"):
        read_picture(file)


def test_the_figures_of_real_papers_can_be_read(papers: Path) -> None:
    figures = sorted((papers / "figures").glob("*/*"))
    for figure in figures:
        rgb = read_picture(figure)
        assert rgb.ndim == 3
        assert rgb.std() > 5
    assert figures
