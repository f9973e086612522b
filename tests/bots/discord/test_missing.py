"""Each permission that the app may lack: it goes on without, and says once, to those who can read it, what to grant."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bots.discord.grants import PERMISSIONS
from bots.discord.invite import integer
from bots.discord.port import DiscordPort
from bots.port import Tag, UploadRefusedError
from tests.bots.discord.labs import BOB, LAB, Lab, lab_at
from tests.bots.discord.ports import at, through
from tests.bots.discord.test_port import card, files_in
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.discord.permissions import NAMES


def tag(number: int, what: str = "message") -> Tag:
    return Tag(job=f"k3mfq7x{number}", what=what)


def told(fake: FakeDiscord, name: str) -> list[Message]:
    """Where in the channel it is said that this is to be granted."""
    return [
        one for one in fake.of_app(LAB) if PERMISSIONS[name][1] in one.shown and "granted me" in one.shown
    ]


def test_without_threads_what_belongs_to_a_message_replies_to_it(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "CREATE_PUBLIC_THREADS")

    async def work(port: DiscordPort) -> None:
        for number in (1, 2):
            root = await port.post(at(), card("root"), tag=tag(number))
            reply = await port.post(at(thread=root), card("reply"), tag=tag(number, "script:1/0"))
            assert fake_discord.state.messages[reply].reference == root

    through(fake_discord, work)
    assert len(told(fake_discord, "CREATE_PUBLIC_THREADS")) == 1


def test_what_to_grant_is_said_also_when_discord_has_no_time_at_first(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "ADD_REACTIONS")

    async def work(port: DiscordPort) -> None:
        root = await port.post(at(), card("root"), tag=tag(1))
        fake_discord.fail_next("POST /channels/{channel_id}/messages", 429, retry_after=0.2)
        await port.react(at(), root, "retry")

    through(fake_discord, work)
    assert len(told(fake_discord, "ADD_REACTIONS")) == 1


@pytest.mark.parametrize("why", ["voice", "too many", "locked"])
def test_where_no_permission_helps_none_is_asked_for(fake_discord: FakeDiscord, why: str) -> None:
    room = fake_discord.add_channel("3000000000000000005", "talk", "voice").id if why == "voice" else LAB
    if why == "too many":
        fake_discord.fail_next("POST /channels/{channel_id}/messages/{message_id}/threads", 160006)

    async def work(port: DiscordPort) -> None:
        root = await port.post(at(room), card("root"), tag=tag(1))
        if why == "locked":
            await port.post(at(room, thread=root), card("first"), tag=tag(1, "script:1/0"))
            fake_discord.state.channels[root].locked = True
        reply = await port.post(at(room, thread=root), card("reply"), tag=tag(1, "script:1/1"))
        assert fake_discord.state.messages[reply].reference == root

    through(fake_discord, work)
    assert [one.shown for one in fake_discord.of_app(room) if "granted me" in one.shown] == []


def test_without_a_voice_in_threads_it_replies_in_the_channel(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "SEND_MESSAGES_IN_THREADS")

    async def work(port: DiscordPort) -> None:
        for number in (1, 2):
            root = await port.post(at(), card("root"), tag=tag(number))
            reply = await port.post(at(thread=root), card("reply"), tag=tag(number, "script:1/0"))
            assert fake_discord.state.messages[reply].place == LAB
            assert (
                await port.find(at(thread=root), tag(number, "script:1/0"), since=time.time() - 60) == reply
            )

    through(fake_discord, work)
    assert len(told(fake_discord, "SEND_MESSAGES_IN_THREADS")) == 1


def test_without_files_the_video_is_not_attached(fake_discord: FakeDiscord, tmp_path: Path) -> None:
    fake_discord.deny(LAB, "ATTACH_FILES")

    async def work(port: DiscordPort) -> None:
        root = await port.post(at(), card("root"), tag=tag(1))
        for _ in range(2):
            with pytest.raises(UploadRefusedError):
                await port.upload(at(thread=root), files_in(tmp_path, 10), tag=tag(1, "video:1"))

    through(fake_discord, work)
    assert len(told(fake_discord, "ATTACH_FILES")) == 1


def test_without_reactions_nobody_is_invited_to_retry_by_one(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "ADD_REACTIONS")

    async def work(port: DiscordPort) -> None:
        root = await port.post(at(), card("root"), tag=tag(1))
        for _ in range(2):
            await port.react(at(), root, "retry")

    through(fake_discord, work)
    (root, *_) = fake_discord.of_app(LAB)
    assert root.reactions == {}
    assert len(told(fake_discord, "ADD_REACTIONS")) == 1


def test_without_history_it_says_it_beside_the_message(fake_discord: FakeDiscord) -> None:
    fake_discord.deny(LAB, "READ_MESSAGE_HISTORY")

    async def work(port: DiscordPort) -> None:
        for number in (1, 2):
            root = await port.post(at(), card("root"), tag=tag(number))
            reply = await port.post(at(thread=root), card("the script"), tag=tag(number, "script:1/0"))
            assert fake_discord.state.messages[reply].place == LAB
            await port.react(at(), root, "retry")

    through(fake_discord, work)
    assert len([one for one in fake_discord.of_app(LAB) if one.shown.startswith("### Caption times")]) == 4
    assert len(told(fake_discord, "CREATE_PUBLIC_THREADS")) == 1
    lacking = [one.shown for one in told(fake_discord, "READ_MESSAGE_HISTORY")]
    assert len(lacking) == len(set(lacking))


@pytest.mark.parametrize(
    ("name", "label"), [("VIEW_CHANNEL", "View Channels"), ("SEND_MESSAGES", "Send Messages")]
)
def test_where_it_may_not_write_it_goes_on_with_the_requester_and_says_why(
    lab: Lab, name: str, label: str
) -> None:
    lab.discord.deny(LAB, name)
    first, second = lab.message(lab.ordered()), lab.message(lab.ordered())
    alone = lab.discord.dm(BOB)
    assert {first.channel, second.channel} == {alone}
    lab.until(lambda: [one for one in lab.discord.of_app(alone) if label in one.shown])
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 2)
    why = [one for one in lab.discord.of_app(alone) if label in one.shown]
    assert len(why) == 1
    assert f"<#{LAB}>" in why[0].shown
    assert BOB not in why[0].pinged


def test_a_permission_that_is_taken_away_on_the_way_moves_the_message(lab: Lab) -> None:
    message = lab.message(lab.ordered())
    lab.discord.deny(LAB, "VIEW_CHANNEL")
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 1)
    assert lab.message(lab.job()).channel == lab.discord.dm(BOB)
    assert message.channel == LAB


def test_pictures_from_elsewhere_need_no_call_of_their_own(tmp_path: Path, valkey_url: str) -> None:
    """Discord leaves pictures out where it may not embed them, and refuses nothing."""
    less = integer() & ~(1 << NAMES["EMBED_LINKS"])
    with lab_at(tmp_path, valkey_url, discord=FakeDiscord(permissions=less, everyone=0)) as lab:
        lab.message(lab.ordered())
        lab.work()
        lab.until(lambda: lab.discord.notifications(BOB) == 1)
        assert not [call for call in lab.discord.calls if call.status == 403]
