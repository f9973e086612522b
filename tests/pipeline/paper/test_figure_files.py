from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.model import Figure, Paper
from pipeline.paper import figure_files
from pipeline.paper.figure_files import import_figures, match_figures, save_picture


def paper_of(*ids: str) -> Paper:
    return Paper(title="Hills", source="x", figures=tuple(Figure(id=i, label=i, caption="") for i in ids))


def imported(tmp_path: Path, image: Image.Image, name: str, **options: object) -> tuple[Figure, Image.Image]:
    image.save(tmp_path / name, **options)  # type: ignore[arg-type]
    figure = import_figures(paper_of("f1"), {"f1": tmp_path / name}, tmp_path / "out").figures[0]
    assert figure.file is not None
    return figure, Image.open(tmp_path / "out" / figure.file)


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("hill-1.tif", "hill-1.tif"),
        ("hill-1.tif", "HILL-1.JPG"),
        ("hill-1", "hill-1.png"),
        ("../images/hill-1.png", "hill-1.png"),
        ("https://example.org/store/abc123.jpg?size=large", "abc123.jpg"),
        ("info:doi/10.1371/journal.pone.0116752.g001", "journal.pone.0116752.g001.tif"),
        ("hill%201.gif", "hill 1.gif"),
    ],
)
def test_a_picture_is_found_by_its_name(tmp_path: Path, href: str, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "other.png").touch()
    assert match_figures({"f1": href}, [tmp_path]) == {"f1": tmp_path / name}


def test_the_exact_name_wins_and_then_the_earlier_folder(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        for name in ("a.tif", "a.jpg", "b.png"):
            (folder / name).touch()
    (first / "b.png").unlink()
    found = match_figures({"1": "a.jpg", "2": "b", "3": "c", "4": ""}, [tmp_path / "none", first, second])
    assert found == {"1": first / "a.jpg", "2": second / "b.png"}


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "b.png").mkdir()
    (tmp_path / "b.jpg").touch()
    assert match_figures({"1": "a.png", "2": "b.png"}, [tmp_path]) == {"2": tmp_path / "b.jpg"}


def test_a_figures_number_is_not_taken_for_an_extension(tmp_path: Path) -> None:
    (tmp_path / "journal.g002.png").touch()
    assert match_figures({"f1": "journal.g001"}, [tmp_path]) == {}


def test_a_picture_is_written_as_rgb_png_and_noted(tmp_path: Path) -> None:
    figure, image = imported(tmp_path, Image.new("RGB", (60, 40), "red"), "a.jpg")
    assert (figure.file, figure.width, figure.height) == ("figures/01.png", 60, 40)
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert figure.sha256 == hashlib.sha256((tmp_path / "out/figures/01.png").read_bytes()).hexdigest()


def test_a_large_picture_is_scaled_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_files, "LONGEST_SIDE", 300)
    figure, _ = imported(tmp_path, Image.new("RGB", (600, 200)), "a.png")
    assert (figure.width, figure.height) == (300, 100)


def peak_memory(code: str) -> int:
    """The most memory that a Python process running `code` ever held, in bytes.

    `getrusage` would tell the peak of the process that started it where that is higher.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("only Linux tells a process's own peak of memory in /proc")
    told = f"{code}\nprint(Path('{status}').read_text())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return 1024 * int(done.stdout.split("VmHWM:")[1].split()[0])


def test_the_largest_deep_grey_picture_fits_the_memory(tmp_path: Path) -> None:
    Image.fromarray(np.full((9200, 9200), 32896, np.uint16)).save(
        tmp_path / "a.tif", compression="tiff_adobe_deflate"
    )
    reading = f"""
from pathlib import Path
from pipeline.paper.figure_files import save_picture
assert save_picture(Path({str(tmp_path / "a.tif")!r}), Path({str(tmp_path / "a.png")!r}))
"""
    assert peak_memory(reading) < 700_000_000
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (3000, 3000)
        assert image.getextrema() == ((128, 128),) * 3


def test_tiles_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_files, "_TILE", 16)
    monkeypatch.setattr(figure_files, "LONGEST_SIDE", 80)
    source = Image.fromarray(np.add.outer(np.arange(91), np.arange(250)).astype(np.uint8))
    expected = source.convert("RGB").reduce(3)
    expected.thumbnail((80, 80), Image.Resampling.LANCZOS)
    assert np.array_equal(imported(tmp_path, source, "a.png")[1], expected)


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (255, 0, 0, 0)), ("LA", (0, 0))])
def test_what_is_transparent_becomes_white(tmp_path: Path, mode: str, colour: tuple[int, ...]) -> None:
    _, image = imported(tmp_path, Image.new(mode, (4, 4), colour), "a.png")
    assert image.getpixel((1, 1)) == (255, 255, 255)


def test_a_transparent_colour_of_a_palette_becomes_white(tmp_path: Path) -> None:
    _, image = imported(tmp_path, Image.new("P", (4, 4), 0), "a.gif", transparency=0)
    assert image.getpixel((1, 1)) == (255, 255, 255)


def test_the_first_of_several_frames_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("lime", "red")]
    _, image = imported(tmp_path, frames[0], "a.tif", save_all=True, append_images=frames[1:])
    assert image.getpixel((1, 1)) == (0, 255, 0)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    _, image = imported(tmp_path, Image.new("CMYK", (8, 8), (0, 0, 0, 255)), "a.tif")
    assert image.getpixel((1, 1)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.full((4, 4), 32896, np.uint16), 128),
        (np.full((4, 4), 65535, np.int32), 255),
        (np.full((4, 4), 128, np.int32), 128),
        (np.array([[0.0, 0.5], [1.0, 1.0]], np.float32), 0),
        (np.array([[0.0, 5e5]], np.float32), 0),
        (np.array([[np.nan, 1.0]], np.float32), 0),
    ],
)
def test_deep_greys_keep_their_shades(tmp_path: Path, values: np.ndarray, expected: int) -> None:
    _, image = imported(tmp_path, Image.fromarray(values), "a.tif")
    shade = image.getpixel((0, 0))
    assert isinstance(shade, tuple)
    assert abs(int(shade[0]) - expected) <= 1
    assert image.getextrema()[0][1] >= 128  # type: ignore[index]


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"II*\x00" + b"\xff" * 40]
)
def test_an_unreadable_picture_is_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    paper = import_figures(paper_of("f1", "f2"), {"f1": tmp_path / "a.png"}, tmp_path)
    assert [figure.file for figure in paper.figures] == [None, None]


def test_a_picture_that_would_fill_the_memory_is_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_files, "MOST_DECODED", 399)
    Image.new("RGB", (10, 10)).save(tmp_path / "a.png")
    assert import_figures(paper_of("f1"), {"f1": tmp_path / "a.png"}, tmp_path).figures[0].file is None


def test_a_picture_of_ones_own_is_written_as_a_figure_is(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "own.webp")
    assert save_picture(tmp_path / "own.webp", tmp_path / "own.png")
    assert Image.open(tmp_path / "own.png").getpixel((0, 0)) == (255, 255, 255)
    (tmp_path / "bad.png").write_bytes(b"x")
    assert not save_picture(tmp_path / "bad.png", tmp_path / "bad-as.png")
