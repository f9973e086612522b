"""A video that is too large for a server is made smaller, with the real ffmpeg, and still plays."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bots.discord.smaller import smaller
from bots.discord.uploading import fitted, upload_body
from bots.port import Attachment, Tag, UploadRefusedError
from tests.bots.discord.ports import LAB, at, through
from tests.fakes.discord import GUILD, FakeDiscord

TAG = Tag(job="k3mfq7xz", what="video:1")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of noise in portrait, a few megabytes."""
    to = tmp_path_factory.mktemp("video") / "video.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=s=540x960:r=30:d=12,noise=alls=40:allf=t"]
    sound = ["-f", "lavfi", "-i", "sine=d=12"]
    made = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "4M", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([get_ffmpeg_exe(), *source, *sound, *made, str(to)], check=True, capture_output=True)
    return to


def test_it_fits_and_has_its_sound(video: Path, tmp_path: Path) -> None:
    limit = 1_000_000
    assert video.stat().st_size > 2 * limit
    assert asyncio.run(smaller(video, tmp_path / "small.mp4", limit))
    assert 200_000 < (tmp_path / "small.mp4").stat().st_size <= limit
    looked = subprocess.run(
        [get_ffmpeg_exe(), "-i", str(tmp_path / "small.mp4")], capture_output=True, text=True, check=False
    ).stderr
    assert "Audio: aac" in looked
    assert "360x640" in looked


@pytest.mark.parametrize("what", ["no video", "too little room"])
def test_what_cannot_be_made_to_fit_is_not_sent(video: Path, tmp_path: Path, what: str) -> None:
    if what == "no video":
        video = tmp_path / "words.mp4"
        video.write_bytes(b"words")
    assert not asyncio.run(smaller(video, tmp_path / "small.mp4", 100_000))
    file = Attachment(name="a.mp4", title="The video", path=video)

    async def work() -> None:
        async with fitted([file], 1, asyncio.Lock()):
            raise AssertionError("it doesn't fit")

    with pytest.raises(UploadRefusedError):
        asyncio.run(work())


def test_the_server_gets_as_much_as_it_takes(fake_discord: FakeDiscord, video: Path, tmp_path: Path) -> None:
    padded = tmp_path / "padded.mp4"
    padded.write_bytes(video.read_bytes() + b"\0" * (11 * 1024 * 1024))
    file = Attachment(name="a-k3mfq7xz.mp4", title="The video", path=padded, alt="About captions")
    assert fake_discord.state.guilds[GUILD].upload_bytes == 10 * 1024 * 1024
    through(fake_discord, lambda port: port.upload(at(), [file], tag=TAG))
    (message,) = fake_discord.of_app(LAB)
    (kept,) = (fake_discord.state.files[one] for one in message.files)
    assert kept.name == file.name
    assert 100_000 < kept.size <= 10 * 1024 * 1024


def test_only_the_video_is_a_picture(tmp_path: Path) -> None:
    files = [
        Attachment(name=name, title=name, path=tmp_path / name, alt="words")
        for name in ("a.mp4", "a-cover.jpg", "a.srt")
    ]
    body = upload_body(files, TAG)
    assert [part["type"] for part in body["components"]] == [12, 13, 13]
    assert body["allowed_mentions"] == {"parse": []}
