"""What the messenger can do in Discord, and how it is told of what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bots.cards.card import Button, Buttons, Card, Paragraph, Title, bold, person, plain
from bots.discord.installation import address
from bots.discord.port import SILENT, DiscordPort
from bots.people import Place
from bots.port import (
    Attachment,
    BusyError,
    MessageGoneError,
    MessageOldError,
    PlaceGoneError,
    PortAwayError,
    PortError,
    PortRefusedError,
    Tag,
    UploadRefusedError,
)
from tests.bots.discord.ports import ADA, BOB, LAB, WORKSPACE, at, through
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.discord.permissions import MEMBERS, bits

TAG = Tag(job="k3mfq7xz", what="message")
SCRIPT = Tag(job="k3mfq7xz", what="script:1/0")
NASTY = "@everyone **pwn** [link](http://evil) <@2000000000000000002> `x`"


def card(words: str, *, mentions: str = "", tone: Any = "plain") -> Card:
    spans = (plain(words), bold(" bold"), *((person(mentions),) if mentions else ()))
    blocks = (Title(text="Caption times"), Paragraph(spans=spans))
    return Card(text=words, blocks=blocks, tone=tone)


def files_in(folder: Path, *sizes: int) -> list[Attachment]:
    files = []
    for name, size in zip(("a-k3mfq7xz.mp4", "a-k3mfq7xz-cover.jpg", "a-k3mfq7xz.srt"), sizes, strict=False):
        (folder / name).write_bytes(b"x" * size)
        files.append(Attachment(name=name, title="The " + name, path=folder / name, alt="a picture"))
    return files


def test_a_message_is_posted_found_again_edited_and_removed(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort) -> None:
        began = time.time() - 60
        assert await port.find(at(), TAG, since=began) is None
        ts = await port.post(at(), card(NASTY), tag=TAG)
        reply = await port.post(at(thread=ts), card("reply"), tag=SCRIPT)
        assert await port.find(at(), TAG, since=began) == ts
        assert await port.find(at(thread=ts), SCRIPT, since=began) == reply
        assert await port.find(at(), SCRIPT, since=began) is None
        assert await port.find(at(thread=ts), Tag(job="k3mfq7xz", what="end:1"), since=began) is None
        await port.edit(at(), ts, card("later", mentions=ADA), tag=TAG)
        assert await port.find(at(), TAG, since=began) == ts
        await port.edit(at(thread=ts), reply, card("reply, later"), tag=SCRIPT)
        await port.react(at(), ts, "retry")
        await port.react(at(), ts, "retry")
        assert address(at(), ts) == f"https://discord.com/channels/{GUILD}/{LAB}/{ts}"
        await port.unreact(at(), ts, "retry")
        await port.unreact(at(), ts, "retry")
        await port.remove(at(thread=ts), reply)
        await port.remove(at(thread=ts), reply)
        assert await port.find(at(thread=ts), SCRIPT, since=began) is None

    through(fake_discord, work)
    (message,) = fake_discord.of_app(LAB)
    assert "later" in message.shown
    assert fake_discord.notifications(ADA) == 0  # an edit rings at nobody
    assert fake_discord.state.channels[message.ts].name == "Caption times"


def test_paper_text_mentions_links_and_formats_nothing(fake_discord: FakeDiscord) -> None:
    through(fake_discord, lambda port: port.post(at(), card(NASTY), tag=TAG))
    (message,) = fake_discord.of_app(LAB)
    assert fake_discord.notifications(BOB) == 0
    assert not message.pinged
    assert r"\@everyone \*\*pwn" in message.shown


def test_it_rings_once_at_whom_a_new_message_mentions(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort) -> None:
        await port.post(at(), card("done", mentions=ADA), tag=TAG)
        alone = await port.dm(BOB)
        ts = await port.post(alone, card("begun"), tag=TAG)
        await port.post(alone.model_copy(update={"thread": ts}), card("the script"), tag=SCRIPT)
        assert fake_discord.notifications(BOB) == 0
        end = Tag(job="k3mfq7xz", what="end:1")
        await port.post(alone.model_copy(update={"thread": ts}), card("done", mentions=BOB), tag=end)

    through(fake_discord, work)
    assert fake_discord.notifications(ADA) == 1
    assert fake_discord.notifications(BOB) == 1


def test_a_post_whose_answer_was_lost_is_posted_once(fake_discord: FakeDiscord) -> None:
    fake_discord.fail_next("POST /channels/{channel_id}/messages", "lost")

    async def work(port: DiscordPort) -> None:
        with pytest.raises(PortAwayError):
            await port.post(at(), card("words"), tag=TAG)
        first = await port.find(at(), TAG, since=time.time() - 60)
        assert first == await port.post(at(), card("words"), tag=TAG)

    through(fake_discord, work)
    assert len(fake_discord.of_app(LAB)) == 1


def test_files_play_in_place_and_are_found_again(fake_discord: FakeDiscord, tmp_path: Path) -> None:
    files = files_in(tmp_path, 700_000, 10, 5)
    tag = Tag(job="k3mfq7xz", what="video:1", files=tuple(file.name for file in files))

    async def work(port: DiscordPort) -> None:
        began = time.time() - 60
        ts = await port.post(at(), card("root"), tag=TAG)
        assert await port.find(at(thread=ts), tag, since=began) is None
        handle = await port.upload(at(thread=ts), files, tag=tag)
        assert await port.find(at(thread=ts), tag, since=began) == handle
        (found,) = fake_discord.of_app(LAB, ts)
        assert [fake_discord.state.files[one].name for one in found.files] == [file.name for file in files]
        assert found.blocks[0]["items"][0]["description"] == "a picture"
        await port.remove(at(thread=ts), handle)
        await port.remove(at(thread=ts), handle)
        assert await port.find(at(thread=ts), tag, since=began) is None

    through(fake_discord, work)


def test_a_video_that_cannot_be_made_to_fit_is_not_taken(fake_discord: FakeDiscord, tmp_path: Path) -> None:
    files = files_in(tmp_path, 11 * 1024 * 1024, 10)

    async def work(port: DiscordPort) -> None:
        with pytest.raises(UploadRefusedError):
            await port.upload(at(), files, tag=TAG)

    through(fake_discord, work)
    assert not fake_discord.of_app(LAB)


def test_direct_messages_have_replies_for_a_thread(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort) -> None:
        place = await port.dm(ADA)
        assert place == Place(
            platform="discord", workspace=WORKSPACE, channel=fake_discord.dm(ADA), kind="dm"
        )
        ts = await port.post(place, card("root"), tag=TAG)
        inside = place.model_copy(update={"thread": ts})
        reply = await port.post(inside, card("reply"), tag=SCRIPT)
        assert await port.find(inside, SCRIPT, since=time.time() - 60) == reply
        await port.edit(inside, reply, card("later"), tag=SCRIPT)
        there = f"https://discord.com/channels/@me/{place.channel}"
        assert address(place, ts) == f"{there}/{ts}"
        assert address(inside, reply) == f"{there}/{reply}"
        assert [one.text or one.shown for one in fake_discord.of_app(place.channel, ts)]
        fake_discord.delete_message(place.channel, ts)
        with pytest.raises(MessageGoneError):
            await port.post(inside, card("more"), tag=Tag(job="k3mfq7xz", what="end:1"))
        with pytest.raises(PlaceGoneError):
            await port.dm("2999999999999999999")
        assert ADA in await port.admins(WORKSPACE) or await port.admins(WORKSPACE)
        assert list(await port.admins("discord:1")) == []

    through(fake_discord, work)


def test_nobody_is_written_to_who_does_not_want_it(fake_discord: FakeDiscord) -> None:
    fake_discord.change_user(BOB, closed=True)

    async def work(port: DiscordPort) -> None:
        place = await port.dm(BOB)
        with pytest.raises(PlaceGoneError):
            await port.post(place, card("words"), tag=TAG)

    through(fake_discord, work)


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (10003, PlaceGoneError),
        (50001, PlaceGoneError),
        (50013, PlaceGoneError),
        (10008, MessageGoneError),
        (401, PortRefusedError),
        (403, PortAwayError),
        (500, PortAwayError),
        (503, PortAwayError),
        ("break", PortAwayError),
        (30046, MessageOldError),
        (429, BusyError),
    ],
)
def test_what_goes_wrong_has_a_name(
    fake_discord: FakeDiscord, fault: str | int, raised: type[PortError]
) -> None:
    route = "PATCH /channels/{channel_id}/messages/{message_id}"
    fake_discord.fail_next(route, fault, 5, retry_after=3)

    async def work(port: DiscordPort) -> None:
        ts = await port.post(at(), card("words"), tag=TAG)
        with pytest.raises(raised) as caught:
            await port.edit(at(), ts, card("other words"), tag=TAG)
        if isinstance(caught.value, BusyError):
            assert caught.value.retry_after == 3.0
            with pytest.raises(BusyError):  # and Discord isn't asked before
                await port.edit(at(), ts, card("other words"), tag=TAG)

    through(fake_discord, work)
    if fault == 429:
        assert len(fake_discord.calls_of(route)) == 1


def test_a_used_up_limit_is_known_before_it_is_asked(fake_discord: FakeDiscord) -> None:
    fake_discord.limits(messages=(2, 30.0))

    async def work(port: DiscordPort) -> None:
        for number in range(2):
            await port.post(at(), card("words"), tag=Tag(job="k3mfq7xz", what=f"n:{number}"))
        with pytest.raises(BusyError) as caught:
            await port.post(at(), card("words"), tag=TAG)
        assert 20 < caught.value.retry_after <= 30

    through(fake_discord, work)
    assert fake_discord.api.limits.refused == 0


def test_places_and_messages_that_are_gone(fake_discord: FakeDiscord) -> None:
    fake_discord.add_channel("3000000000000000002", "closed", "private", [ADA], bot_in=False)

    async def work(port: DiscordPort) -> None:
        with pytest.raises(PlaceGoneError):
            await port.post(at("3000000000000000002"), card("words"), tag=TAG)
        with pytest.raises(PlaceGoneError):
            await port.post(at("3000000000000000009"), card("words"), tag=TAG)
        ts = await port.post(at(), card("words"), tag=TAG)
        fake_discord.delete_message(LAB, ts)
        with pytest.raises(MessageGoneError):
            await port.edit(at(), ts, card("other"), tag=TAG)
        with pytest.raises(MessageGoneError):
            await port.post(at(thread=ts), card("reply"), tag=SCRIPT)
        with pytest.raises(MessageGoneError):
            await port.react(at(), ts, "retry")
        await port.unreact(at(), ts, "retry")
        assert await port.find(at(), TAG, since=0) is None

    through(fake_discord, work)


def test_old_messages_are_not_edited_while_their_job_goes_on(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort, ts: str) -> None:
        fake_discord.fail_next("PATCH /channels/{channel_id}/messages/{message_id}", 30046, 5)
        with pytest.raises(MessageOldError):
            await port.edit(at(), ts, card("12 %", tone="busy"), tag=TAG)
        assert not fake_discord.calls_of("PATCH /channels/{channel_id}/messages/{message_id}")
        with pytest.raises(MessageOldError):
            await port.edit(at(), ts, card("ready", tone="good"), tag=TAG)

    clock = time.time() - 7200
    with FakeDiscord(clock=lambda: clock) as old:
        populate(old)
        ts = through(old, lambda port: port.post(at(), card("words"), tag=TAG))
        fake_discord = old
        through(old, lambda port: work(port, ts))
        assert old.off_contract() == []


def populate(fake: FakeDiscord) -> None:
    fake.add_user(ADA, "Ada Hill", admin=True)
    fake.add_channel(LAB, "lab")


def test_a_thread_that_was_put_away_is_woken(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort) -> None:
        ts = await port.post(at(), card("root"), tag=TAG)
        reply = await port.post(at(thread=ts), card("reply"), tag=SCRIPT)
        fake_discord.archive(ts)
        await port.edit(at(thread=ts), reply, card("later"), tag=SCRIPT)
        assert not fake_discord.state.channels[ts].archived

    through(fake_discord, work)


def test_without_threads_it_replies_and_says_once_what_to_grant(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "CREATE_PUBLIC_THREADS")

    async def work(port: DiscordPort) -> None:
        ts = await port.post(at(), card("root"), tag=TAG)
        reply = await port.post(at(thread=ts), card("reply"), tag=SCRIPT)
        other = await port.post(at(), card("root"), tag=Tag(job="k3mfq7xy", what="message"))
        await port.post(at(thread=other), card("reply"), tag=Tag(job="k3mfq7xy", what="script:1/0"))
        assert await port.find(at(thread=ts), SCRIPT, since=time.time() - 60) == reply
        await port.edit(at(thread=ts), reply, card("later"), tag=SCRIPT)
        await port.remove(at(thread=ts), reply)

    through(fake_discord, work)
    said = [one.shown for one in fake_discord.of_app(LAB)]
    assert len([one for one in said if "Create Public Threads" in one]) == 1


def test_what_it_may_not_do_is_done_without(tmp_path: Path) -> None:
    may_not = bits("ATTACH_FILES", "ADD_REACTIONS", "SEND_MESSAGES_IN_THREADS")
    with FakeDiscord(everyone=MEMBERS & ~may_not, permissions=MEMBERS & ~may_not) as fake:
        populate(fake)

        async def work(port: DiscordPort) -> None:
            ts = await port.post(at(), card("root"), tag=TAG)
            await port.react(at(), ts, "retry")
            assert await port.post(at(thread=ts), card("reply"), tag=SCRIPT)
            with pytest.raises(UploadRefusedError):
                await port.upload(at(thread=ts), files_in(tmp_path, 10), tag=TAG)

        through(fake, work)
        said = "\n".join(one.shown for one in fake.of_app(LAB))
        for name in ("Attach Files", "Add Reactions", "Send Messages in Threads"):
            assert said.count(name) == 1, name
        assert fake.off_contract() == []


def test_when_discord_refuses_our_components_the_words_go_out(fake_discord: FakeDiscord) -> None:
    fake_discord.fail_next("POST /channels/{channel_id}/messages", 50035)
    through(fake_discord, lambda port: port.post(at(), card("words"), tag=TAG))
    (message,) = fake_discord.of_app(LAB)
    assert message.shown.strip() == "words"


def test_what_a_button_cannot_hold_is_kept_before_it_is_shown(fake_discord: FakeDiscord) -> None:
    kept: dict[str, str] = {}
    value = "x" * 300

    async def keep(workspace: str, values: Mapping[str, str]) -> None:
        assert workspace == WORKSPACE
        assert not fake_discord.of_app(LAB)
        kept.update(values)

    button = Button(label="Redo", deed="redo", value=value)
    through(
        fake_discord,
        lambda port: port.post(at(), Card(text="words", blocks=(Buttons(buttons=(button,)),)), tag=TAG),
        keep,
    )
    (message,) = fake_discord.of_app(LAB)
    assert list(kept.values()) == [value]
    assert f"redo#{next(iter(kept))}" in str(message.blocks)


def test_nobody_is_rung_at_for_what_mentions_nobody(fake_discord: FakeDiscord, tmp_path: Path) -> None:
    async def work(port: DiscordPort) -> None:
        ts = await port.post(at(), card("root"), tag=TAG)
        await port.post(at(thread=ts), card("script"), tag=SCRIPT)
        await port.upload(at(thread=ts), files_in(tmp_path, 10), tag=Tag(job="k3mfq7xz", what="video:1"))
        await port.post(at(thread=ts), card("done", mentions=ADA), tag=Tag(job="k3mfq7xz", what="end:1"))
        await port.post(at(), card("an offer, which is of no job"), tag=Tag(job="", what="offer"))

    through(fake_discord, work)
    posts = sorted(fake_discord.state.messages.values(), key=lambda one: int(one.ts))
    assert [bool(one.flags & SILENT) for one in posts if one.by_app and not one.system] == [
        True,
        True,
        True,
        False,
        False,
    ]
