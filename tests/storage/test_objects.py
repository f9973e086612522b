from __future__ import annotations

from pathlib import Path

from storage.objects import FolderStore


def test_putting_a_file_keeps_a_copy_under_its_name(tmp_path: Path) -> None:
    source = tmp_path / "made" / "a.mp4"
    source.parent.mkdir()
    source.write_bytes(b"video")
    where = FolderStore(tmp_path / "out").put("deep/video.mp4", source, "video/mp4")
    assert Path(where).read_bytes() == b"video"
    assert source.exists()


def test_putting_again_replaces_the_file_and_leaves_no_scratch(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")
    for content in (b"one", b"two"):
        (tmp_path / "f").write_bytes(content)
        store.put("f.txt", tmp_path / "f", "text/plain")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["f.txt"]
    assert (tmp_path / "out" / "f.txt").read_bytes() == b"two"


def test_putting_a_file_onto_itself_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text("{}")
    FolderStore(tmp_path).put("script.json", tmp_path / "script.json", "application/json")
    assert (tmp_path / "script.json").read_text() == "{}"
