from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage.objects import FolderObjects
from storage.published import JobFiles, video_folder

TOKEN = "0123456789abcdef0123456789abcdef"
NOVEMBER_16 = 1_794_819_600.0


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sleep & the β-amyloid: a Study", "sleep-the-amyloid-a-study"),
        ("Über Ökologie", "uber-okologie"),
        ("睡眠", "paper"),
        ("", "paper"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 300, "paper"),
        ("word " * 40, "-".join(["word"] * 12)),
    ],
)
def test_a_folder_tells_its_day_and_its_paper(title: str, slug: str) -> None:
    assert video_folder(NOVEMBER_16, title, TOKEN) == f"videos/2026-11-16-{slug}-{TOKEN}/"


def test_files_are_put_and_remembered_with_what_they_hold(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    files = JobFiles(objects, video_folder(NOVEMBER_16, "Sleep", TOKEN), {"job": "j1"})
    made = tmp_path / "video.mp4"
    made.write_bytes(b"frames")
    key = files.put("video.mp4", made, "video/mp4")
    files.put("images/f1.png", made, "image/png")
    assert key == f"videos/2026-11-16-sleep-{TOKEN}/video.mp4"
    assert [file.name for file in files.files] == ["images/f1.png", "video.mp4"]
    video = files.files[1]
    assert (video.key, video.bytes, video.content_type) == (key, 6, "video/mp4")
    assert video.sha256 == hashlib.sha256(b"frames").hexdigest()
    assert objects.head(key) is not None


def test_a_file_put_again_is_remembered_once_and_a_withdrawn_one_not_at_all(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    files = JobFiles(objects, "videos/x", {})
    made = tmp_path / "a"
    for content in (b"one", b"three"):
        made.write_bytes(content)
        files.put("a.txt", made, "text/plain")
    assert [file.bytes for file in files.files] == [5]
    files.withdraw("a.txt")
    files.withdraw("never.txt")
    assert files.files == ()
    assert list(objects.list("")) == []
