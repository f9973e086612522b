"""Objects as files of a folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storage.errors import ObjectMissingError
from storage.links import Links
from storage.objects import FolderObjects
from storage.records import PublishedFile

KEY = "videos/2026-11-16-a-paper-0123/video.mp4"


@pytest.fixture
def store(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "made.mp4"
    file.write_bytes(b"frames")
    return file


def put(store: FolderObjects, key: str, file: Path) -> None:
    store.put(key, file, content_type="video/mp4")


def test_what_was_put_comes_back(store: FolderObjects, file: Path, tmp_path: Path) -> None:
    put(store, KEY, file)
    store.get(KEY, tmp_path / "deep" / "back")
    assert (tmp_path / "deep" / "back").read_bytes() == b"frames"
    path = store.path(KEY)
    assert path is not None
    assert path.read_bytes() == b"frames"
    info = store.head(KEY)
    assert info is not None
    assert (info.key, info.bytes, info.modified) == (KEY, 6, path.stat().st_mtime)


def test_putting_again_replaces_and_leaves_no_scratch(store: FolderObjects, file: Path) -> None:
    put(store, KEY, file)
    file.write_bytes(b"better frames")
    put(store, KEY, file)
    assert [(info.key, info.bytes) for info in store.list("")] == [(KEY, 13)]


def test_a_put_that_fails_changes_nothing(store: FolderObjects, file: Path, tmp_path: Path) -> None:
    put(store, KEY, file)
    with pytest.raises(FileNotFoundError):
        put(store, KEY, tmp_path / "no such file")
    assert [(info.key, info.bytes) for info in store.list("")] == [(KEY, 6)]


def test_what_is_not_there_is_missing_and_may_be_deleted(store: FolderObjects, tmp_path: Path) -> None:
    assert store.head(KEY) is None
    assert store.path(KEY) is None
    store.delete(KEY)
    assert list(store.list("videos/")) == []
    with pytest.raises(ObjectMissingError):
        store.get(KEY, tmp_path / "there" / "back")
    assert list((tmp_path / "there").iterdir()) == []


def test_a_folder_of_objects_is_no_object(store: FolderObjects, file: Path, tmp_path: Path) -> None:
    put(store, KEY, file)
    above = KEY.rpartition("/")[0]
    assert store.head(above) is None
    with pytest.raises(ObjectMissingError):
        store.get(above, tmp_path / "back")
    store.delete(above)
    assert store.head(KEY) is not None


def test_deleting_takes_empty_folders_along_and_no_others(
    store: FolderObjects, file: Path, tmp_path: Path
) -> None:
    put(store, "videos/a/1", file)
    put(store, "videos/b/1", file)
    store.delete("videos/a/1")
    assert [entry.name for entry in (tmp_path / "objects" / "videos").iterdir()] == ["b"]
    store.delete("videos/b/1")
    assert list((tmp_path / "objects" / "videos").iterdir()) == []


def test_a_prefix_may_end_within_a_name(store: FolderObjects, file: Path) -> None:
    for key in ("videos/2026-11-16-a/1", "videos/2026-12-01-b/1", "uploads/lab/x.pdf"):
        put(store, key, file)
    assert [info.key for info in store.list("videos/2026-11")] == ["videos/2026-11-16-a/1"]
    assert sorted(info.key for info in store.list("videos/")) == [
        "videos/2026-11-16-a/1",
        "videos/2026-12-01-b/1",
    ]


@pytest.mark.parametrize(
    "key", ["../x", "/etc/passwd", "videos//x", "videos/../../x", "", "a/.hidden", "a\\b"]
)
def test_a_key_that_leads_out_of_the_folder_is_refused(store: FolderObjects, file: Path, key: str) -> None:
    for refused in (
        lambda: put(store, key, file),
        lambda: store.get(key, file),
        lambda: store.head(key),
        lambda: store.delete(key),
        lambda: store.path(key),
    ):
        with pytest.raises(ValueError, match="not a key"):
            refused()
    assert file.read_bytes() == b"frames"


@pytest.mark.parametrize("prefix", ["../", "/etc/", "videos/../../"])
def test_a_prefix_that_leads_out_of_the_folder_is_refused(store: FolderObjects, prefix: str) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        list(store.list(prefix))


def test_putting_and_deleting_side_by_side_break_nothing(store: FolderObjects, file: Path) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(200):
                put(store, f"videos/x/{number}", file)
                store.delete(f"videos/x/{number}")
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list(store.list("")) == []


def test_a_folder_has_a_link_only_through_the_web_process(store: FolderObjects, file: Path) -> None:
    published = PublishedFile(name="video.mp4", key=KEY, sha256="", bytes=6, content_type="video/mp4")
    assert store.address(KEY, seconds=60) is None
    assert Links(store).link("t0ken", published) is None
    assert (
        Links(store, None, "https://hill.example/").link("t0ken", published) == "https://hill.example/v/t0ken"
    )


def test_a_link_works_only_while_the_object_is_there(store: FolderObjects, file: Path) -> None:
    links = Links(store, None, "https://hill.example")
    assert not links.works("https://hill.example/v/t0ken", KEY)
    put(store, KEY, file)
    assert links.works("https://hill.example/v/t0ken", KEY)
    assert links.works(None, KEY)
