from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import DamagedFileError
from pipeline.paper.figure_files import save_picture
from pipeline.render.pictures import read_picture
from tests.pipeline.render.conftest import gradient


def test_a_picture_is_read_as_colours_by_row_and_column(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 30), (255, 0, 0))
    picture.paste((0, 0, 255), (0, 0, 10, 30))
    picture.save(tmp_path / "figure.png")
    rgb = read_picture(tmp_path / "figure.png")
    assert rgb.shape == (30, 40, 3)
    assert (rgb[29, 5].tolist(), rgb[0, 20].tolist()) == ([0, 0, 255], [255, 0, 0])


@pytest.mark.parametrize("kept", [0, 30, 700])
def test_a_damaged_picture_is_named(tmp_path: Path, kept: int) -> None:
    file = gradient(tmp_path / "figure.png", 300, 300)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(DamagedFileError, match=r"figure\.png"):
        read_picture(file)


def test_the_figures_of_real_papers_can_be_read(papers: Path, tmp_path: Path) -> None:
    figures = sorted((papers / "figures").glob("*/*"))
    for figure in figures:
        assert save_picture(figure, tmp_path / "figure.png")
        assert read_picture(tmp_path / "figure.png").std() > 5
    assert figures
