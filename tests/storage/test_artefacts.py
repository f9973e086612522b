from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.artefacts import FolderArtefacts, FolderInUse, sole_use


def test_an_artefact_is_found_once_it_is_made(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    assert artefacts.find("scene", "k1") is None
    with artefacts.make("scene", "k1") as scratch:
        (scratch / "clip.mp4").write_bytes(b"frames")
        assert artefacts.find("scene", "k1") is None
    folder = artefacts.find("scene", "k1")
    assert folder is not None
    assert (folder / "clip.mp4").read_bytes() == b"frames"


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    with pytest.raises(RuntimeError, match="disk"), artefacts.make("scene", "k1") as scratch:
        (scratch / "half").write_text("half")
        raise RuntimeError("disk full")
    assert artefacts.find("scene", "k1") is None
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_fresh_ignores_and_replaces_what_an_earlier_run_left(tmp_path: Path) -> None:
    with FolderArtefacts(tmp_path).make("scene", "k1") as scratch:
        (scratch / "old").write_text("old")
    fresh = FolderArtefacts(tmp_path, fresh=True)
    assert fresh.find("scene", "k1") is None
    with fresh.make("scene", "k1") as scratch:
        (scratch / "new").write_text("new")
    folder = fresh.find("scene", "k1")
    assert folder is not None
    assert [p.name for p in folder.iterdir()] == ["new"]


def test_sweeping_removes_what_a_killed_run_left_half_made(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    (tmp_path / "tmp" / "scene-killed").mkdir(parents=True)
    artefacts.sweep()
    assert not (tmp_path / "tmp").exists()


def test_a_folder_in_use_by_another_process_is_refused_and_free_after_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from storage.artefacts import sole_use\n"
        f"with sole_use(Path({str(tmp_path)!r})): print('held', flush=True); sys.stdin.readline()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(FolderInUse), sole_use(tmp_path):
        pass
    holder.communicate("go\n", timeout=20)
    with sole_use(tmp_path):
        pass
