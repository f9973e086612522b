"""How finished files are shown: the preview plays in place, with the link to the whole video under it."""

from __future__ import annotations

from pathlib import Path

from bots.discord.port import DiscordPort
from bots.discord.uploading import upload_body
from bots.port import Attachment, Tag, Uploads
from tests.bots.discord.ports import ADA, LAB, at, through
from tests.fakes.discord import GUILD, FakeDiscord

TAG = Tag(job="k3mfq7xz", what="video:1")
LINK = "https://hill.example/v/abc"


def test_only_the_video_is_a_picture(tmp_path: Path) -> None:
    files = [
        Attachment(name=name, title=name, path=tmp_path / name, alt="words")
        for name in ("a.mp4", "a-cover.jpg", "a.srt")
    ]
    body = upload_body(files, TAG)
    assert [part["type"] for part in body["components"]] == [12, 13, 13]
    assert body["allowed_mentions"] == {"parse": []}


def test_under_a_preview_stands_the_link_to_the_whole(fake_discord: FakeDiscord, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x" * 1_000)
    file = Attachment(name="a-preview.mp4", title="The video", path=tmp_path / "a.mp4", whole=LINK)
    through(fake_discord, lambda port: port.upload(at(), [file], tag=TAG))
    (message,) = fake_discord.of_app(LAB)
    assert [part["type"] for part in message.blocks] == [12, 10]
    assert message.blocks[1]["content"] == f"[Full quality]({LINK})"
    (kept,) = (fake_discord.state.files[one] for one in message.files)
    assert (kept.name, kept.size) == (file.name, 1_000)


def test_the_preview_comes_first_in_servers_and_direct_messages(fake_discord: FakeDiscord) -> None:
    direct = at(fake_discord.dm(ADA)).model_copy(update={"kind": "dm"})

    async def work(port: DiscordPort) -> set[Uploads]:
        return {port.uploads(at()), port.uploads(direct)}

    (both,) = through(fake_discord, work)
    assert fake_discord.state.guilds[GUILD].upload_bytes == both.largest
    assert both.preview_first
