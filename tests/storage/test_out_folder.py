from __future__ import annotations

from pathlib import Path

import pytest

from storage.out_folder import FolderStore


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "made" / "a.json"
    file.parent.mkdir()
    file.write_text("first")
    return file


def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "out", remembered_in=tmp_path / "memory.json")


def test_putting_a_file_keeps_a_copy_under_its_name(tmp_path: Path, source: Path) -> None:
    where = store(tmp_path).put("deep/script.json", source, "application/json")
    assert Path(where).read_text() == "first"
    assert source.exists()


def test_putting_again_replaces_the_file_and_leaves_no_scratch(tmp_path: Path, source: Path) -> None:
    for content in ("one", "two"):
        source.write_text(content)
        one = store(tmp_path)
        one.put("script.json", source, "application/json")
        assert one.kept == {}
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["script.json"]
    assert (tmp_path / "out" / "script.json").read_text() == "two"


def test_putting_a_file_onto_itself_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "script.json").write_text("{}")
    store(tmp_path).put("script.json", tmp_path / "out" / "script.json", "application/json")
    assert (tmp_path / "out" / "script.json").read_text() == "{}"


def test_what_somebody_changed_is_kept_beside_the_new_file(tmp_path: Path, source: Path) -> None:
    store(tmp_path).put("script.json", source, "application/json")
    (tmp_path / "out" / "script.json").write_text("hours of work")
    source.write_text("second")
    again = store(tmp_path)
    again.put("script.json", source, "application/json")
    assert again.kept == {"script.json": "script.yours.json"}
    assert (tmp_path / "out" / "script.yours.json").read_text() == "hours of work"
    assert (tmp_path / "out" / "script.json").read_text() == "second"


@pytest.mark.parametrize("memory", ["not json", "[]"])
def test_a_damaged_memory_is_no_error(tmp_path: Path, source: Path, memory: str) -> None:
    (tmp_path / "memory.json").write_text(memory)
    assert Path(store(tmp_path).put("a.json", source, "")).read_text() == "first"


def test_what_is_withdrawn_is_gone_unless_somebody_changed_it(tmp_path: Path, source: Path) -> None:
    one = store(tmp_path)
    for name in ("a.json", "b.json"):
        one.put(name, source, "application/json")
    (tmp_path / "out" / "b.json").write_text("hours of work")
    for name in ("a.json", "b.json", "never.json"):
        one.withdraw(name)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.yours.json"]
    assert one.kept == {"b.json": "b.yours.json"}
