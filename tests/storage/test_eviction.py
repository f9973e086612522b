"""Artefacts that nobody asked for, and artefacts that several processes share."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from storage.artefacts import ABANDONED, IN_USE, FolderArtefacts

DAY = 24 * 3600


def made(artefacts: FolderArtefacts, key: str, content: str = "frames") -> Path:
    with artefacts.make("scene", key) as scratch:
        (scratch / "clip.mp4").write_text(content)
    folder = artefacts.find("scene", key)
    assert folder is not None
    return folder


def test_what_nobody_asked_for_goes_and_what_was_asked_for_stays(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    old, used = made(artefacts, "old"), made(artefacts, "used")
    long_ago = time.time() - 3 * DAY
    for key in ("old", "used"):
        os.utime(tmp_path / "used" / "scene" / key, (long_ago, long_ago))
    assert artefacts.find("scene", "used") == used
    assert artefacts.evict(older_than=2 * DAY, now=time.time()) == 1
    assert not old.exists()
    assert (used / "clip.mp4").read_text() == "frames"
    assert artefacts.find("scene", "old") is None


def test_what_may_be_in_use_stays_however_short_the_disk_is(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    folder = made(artefacts, "k")
    assert artefacts.evict(older_than=0, now=time.time() + IN_USE - 60) == 0
    assert folder.is_dir()
    assert artefacts.evict(older_than=0, now=time.time() + IN_USE + 60) == 1


def test_being_asked_for_leaves_the_artefact_as_it_was(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    folder = made(artefacts, "k")
    os.utime(folder, (1000, 1000))
    assert artefacts.find("scene", "k") == folder
    assert folder.stat().st_mtime == 1000
    assert [path.name for path in folder.iterdir()] == ["clip.mp4"]


def test_an_artefact_without_a_mark_is_as_old_as_its_folder(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    (tmp_path / "scene" / "k").mkdir(parents=True)
    os.utime(tmp_path / "scene" / "k", (1000, 1000))
    assert artefacts.evict(older_than=DAY, now=time.time()) == 1
    assert not (tmp_path / "scene" / "k").exists()


def test_only_abandoned_scratch_goes(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    for name in ("killed", "alive"):
        (tmp_path / "tmp" / name).mkdir(parents=True)
        (tmp_path / "tmp" / name / "half").write_text("half")
    (tmp_path / "tmp" / "half.tar").write_text("half")
    before = time.time() - ABANDONED - 60
    for name in ("killed", "half.tar"):
        os.utime(tmp_path / "tmp" / name, (before, before))
    artefacts.evict(older_than=DAY, now=time.time())
    assert [entry.name for entry in (tmp_path / "tmp").iterdir()] == ["alive"]


def test_evicting_an_empty_root_is_no_error(tmp_path: Path) -> None:
    assert FolderArtefacts(tmp_path / "none").evict(older_than=0, now=time.time()) == 0


def test_of_two_that_make_the_same_the_first_stays(tmp_path: Path) -> None:
    slow, quick = FolderArtefacts(tmp_path), FolderArtefacts(tmp_path)
    with slow.make("scene", "k") as scratch:
        (scratch / "clip.mp4").write_text("slow")
        folder = made(quick, "k", "quick")
    assert slow.find("scene", "k") == folder
    assert (folder / "clip.mp4").read_text() == "quick"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_was_there_before_is_replaced(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    made(artefacts, "k", "damaged")
    assert (made(artefacts, "k", "whole") / "clip.mp4").read_text() == "whole"


def test_many_needing_one_artefact_at_once_all_find_it_whole(tmp_path: Path) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            artefacts = FolderArtefacts(tmp_path)
            for number in range(60):
                folder = artefacts.find("scene", f"k{number}") or made(artefacts, f"k{number}")
                assert (folder / "clip.mp4").read_text() == "frames"
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.parametrize("again", [False, True])
def test_a_note_lasts_until_the_artefact_is_deleted_or_made_anew(tmp_path: Path, again: bool) -> None:
    artefacts = FolderArtefacts(tmp_path)
    made(artefacts, "k")
    artefacts.note("scene", "k", "sent")
    artefacts.find("scene", "k")
    assert artefacts.noted("scene", "k") == "sent"
    if again:
        made(artefacts, "k")
    else:
        artefacts.remove("scene", "k")
        assert artefacts.find("scene", "k") is None
    assert artefacts.noted("scene", "k") == ""
