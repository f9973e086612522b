from __future__ import annotations

from pathlib import Path

from PIL import Image
from typer.testing import CliRunner

from cli.app import app
from tests.cli.making import make


def test_a_sheet_shows_every_scene_of_a_finished_video(example: Path, tmp_path: Path) -> None:
    made = make(example, tmp_path / "out")
    result = CliRunner().invoke(app, ["sheet", str(made.folder)])
    assert result.exit_code == 0
    with Image.open(result.stdout.strip()) as sheet:
        columns, rows = sheet.width // 270, sheet.height // 480
        assert columns * rows >= len(made.manifest.scenes)
        assert len(sheet.convert("L").getcolors() or []) > 50


def test_a_sheet_of_a_folder_without_its_video_says_what_to_do(example: Path, tmp_path: Path) -> None:
    made = make(example, tmp_path / "out")
    (made.folder / "video.mp4").unlink()
    result = CliRunner().invoke(app, ["sheet", str(made.folder)])
    assert result.exit_code == 2
    assert "hidden-hill make" in result.stderr


def test_a_sheet_of_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sheet", str(tmp_path)])
    assert result.exit_code == 2
    assert "hidden-hill make" in result.stderr
