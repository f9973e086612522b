"""The fake Discord's wires: the gateway's sessions, rate limits, links to files, accidents; with discord.py."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import BOT_USER, FakeDiscord
from tests.fakes.discord_client import bot_of, channel_of, does, noting, with_bot

ADA, BOB, LAB = "2000000000000000001", "2000000000000000002", "3000000000000000001"
POST = "POST /channels/{channel_id}/messages"


def texts(heard: list[Any]) -> list[str]:
    """The contents of the messages that were heard of from people."""
    return [one[1].content for one in heard if one[0] == "message" and not one[1].author.bot]


@pytest.mark.parametrize("how", ["cut", "closed", "reconnect", "again"])
def test_what_was_missed_is_replayed_once_it_is_back(fake_discord: FakeDiscord, how: str) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "message", "resumed")

    def hand() -> None:
        fake.say(ADA, LAB, "before")
        fake.wait_for(lambda: texts(heard) == ["before"])
        match how:
            case "cut":
                fake.drop_connections()
            case "closed":
                fake.drop_connections(4000)
            case "reconnect":
                fake.reconnect()
            case "again":
                fake.invalidate(resumable=True)
        fake.say(ADA, LAB, "meanwhile")
        fake.wait_for(lambda: ("resumed",) in heard, 30)
        fake.say(ADA, LAB, "after")
        fake.wait_for(lambda: len(texts(heard)) == 3)

    with_bot(fake, bot, hand)
    assert texts(heard) == ["before", "meanwhile", "after"]
    assert len(fake.gateway.identifies) == 1
    assert len(fake.gateway.resumes) >= 1


def test_a_session_that_is_over_begins_anew_and_what_was_missed_is_lost(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "message", "ready")

    def hand() -> None:
        fake.invalidate()
        fake.wait_for(lambda: not fake.connections)
        fake.say(ADA, LAB, "meanwhile")
        fake.wait_for(lambda: len(fake.gateway.identifies) == 2, 30)
        fake.wait_connected()
        fake.say(ADA, LAB, "after")
        fake.wait_for(lambda: texts(heard))

    with_bot(fake, bot, hand)
    assert texts(heard) == ["after"]


def test_a_zombie_is_noticed_and_left(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of(heartbeat_timeout=0.5)
    heard = noting(bot, "message", "resumed")
    fake.heartbeat_every(0.1)

    def hand() -> None:
        fake.say(ADA, LAB, "before")
        fake.wait_for(lambda: texts(heard) == ["before"])
        fake.make_zombies()
        time.sleep(0.05)
        fake.say(ADA, LAB, "unheard")
        time.sleep(0.1)
        assert texts(heard) == ["before"]
        # What was missed is told first, then that it was all.
        fake.wait_for(lambda: texts(heard) == ["before", "unheard"] and ("resumed",) in heard, 30)

    with_bot(fake, bot, hand)


def test_a_bot_must_be_allowed_what_it_asks_for(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    with pytest.raises(discord.PrivilegedIntentsRequired):
        with_bot(fake, bot_of(members=True), lambda: None, sync=False)
    fake.bot_token, real = "wrong", fake.bot_token
    with pytest.raises(discord.LoginFailure):
        with_bot(fake, bot_of(), lambda: None, sync=False)
    fake.bot_token = real
    fake.world.granted = {"MESSAGE_CONTENT", "GUILD_MEMBERS"}
    bot = bot_of(members=True)
    with_bot(fake, bot, lambda: fake.wait_for(lambda: bot.users), sync=False)
    assert {user.name for user in bot.users} == {"adahill", "bobvale", "hiddenhill"}


def test_without_the_right_to_read_only_what_is_meant_for_it_has_words(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of(content=False)
    fake.world.granted = set()
    heard = noting(bot, "message")

    def hand() -> None:
        fake.drop(ADA, LAB, "paper.pdf", b"%PDF-", text="read this")
        fake.mention(ADA, LAB, "read this")
        fake.drop(ADA, fake.dm(ADA), "paper.pdf", b"%PDF-", text="read this")
        fake.wait_for(lambda: len(heard) == 3)

    with_bot(fake, bot, hand)
    assert [(one[1].content, len(one[1].attachments)) for one in heard] == [
        ("", 0),
        (f"<@{BOT_USER}> read this", 0),
        ("read this", 1),
    ]


def test_threads_files_reactions_and_direct_messages(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "raw_reaction_add", "thread_create")

    @bot.event
    async def on_message(message: discord.Message) -> None:
        if message.author.bot or not message.attachments:
            return
        thread = await message.create_thread(name="A video")
        content = await message.attachments[0].read()
        note = await thread.send(file=discord.File(__file__, "note one.txt", description="A note"))
        await note.add_reaction("🔁")
        them = discord.AllowedMentions(users=[message.author])
        await thread.send(f"{message.author.mention}: {len(content)} bytes", allowed_mentions=them)
        await message.author.send("It is done.")

    def hand() -> None:
        ts = fake.drop(ADA, LAB, "paper.pdf", b"%PDF-1.7")
        fake.wait_for(lambda: fake.of_app(fake.dm(ADA)))
        note, told = fake.of_app(LAB, ts)
        assert fake.files(LAB, ts)[0].name == "note_one.txt"
        assert fake.files(LAB, ts)[0].alt_text == "A note"
        assert note.reactions == {"🔁": [BOT_USER]}
        fake.react(BOB, LAB, note.ts, "🔁")
        fake.unreact(BOB, LAB, note.ts, "🔁")
        assert told.text == f"<@{ADA}>: 8 bytes"
        assert fake.notified(ADA) == [told, *fake.of_app(fake.dm(ADA))]
        assert (note.channel, note.thread_ts) == (LAB, ts)
        fake.wait_for(lambda: len(heard) == 3)

    with_bot(fake, bot, hand)
    assert fake.of_app(LAB) == []


def test_a_bucket_that_is_empty_is_waited_for(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    fake.limits(on=True, messages=(2, 0.4))

    def hand() -> None:
        channel, begun = channel_of(bot, LAB), time.monotonic()

        async def three() -> None:
            await asyncio.gather(*(channel.send(str(number)) for number in range(5)))

        does(bot, three())
        assert time.monotonic() - begun > 0.7

    with_bot(fake, bot, hand)
    assert len(fake.of_app(LAB)) == 5


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
def test_too_many_requests_are_told_and_tried_again(fake_discord: FakeDiscord, scope: str) -> None:
    fake, bot = fake_discord, bot_of()

    def hand() -> None:
        fake.fail_next(POST, 429, retry_after=0.2, scope=scope)
        does(bot, channel_of(bot, LAB).send("Said once"))

    with_bot(fake, bot, hand)
    assert [call.status for call in fake.calls_of(POST)] == [429, 200]
    assert fake.calls_of(POST)[0].reply["global"] is (scope == "global")
    assert len(fake.of_app(LAB)) == 1


def test_all_requests_together_are_limited(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    fake.limits(on=True, globally=3, messages=(100, 1.0))

    def hand() -> None:
        async def many() -> None:
            await asyncio.gather(*(channel_of(bot, LAB).send(str(number)) for number in range(6)))

        does(bot, many())

    with_bot(fake, bot, hand)
    assert any(call.status == 429 and call.reply["global"] for call in fake.calls)
    assert len(fake.of_app(LAB)) == 6


def test_a_lost_reply_and_the_nonce_that_keeps_it_from_being_said_twice(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    def hand() -> None:
        channel = channel_of(bot, LAB)
        fake.fail_next(POST, "lost")
        with pytest.raises((aiohttp.ClientError, OSError)):
            does(bot, channel.send("Once", nonce="job-1"))
        again = does(bot, channel.send("Once", nonce="job-1"))
        assert str(again.id) == fake.of_app(LAB)[0].ts
        fake.fail_next(POST, "break")
        with pytest.raises((aiohttp.ClientError, OSError)):
            does(bot, channel.send("Never"))
        fake.fail_next(POST, 50013)
        with pytest.raises(discord.Forbidden):
            does(bot, channel.send("Never"))

    with_bot(fake, bot, hand)
    assert [said.text for said in fake.of_app(LAB)] == ["Once"]


def test_a_link_expires_and_the_message_has_a_new_one(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "message")

    def hand() -> None:
        fake.drop(ADA, LAB, "paper.pdf", b"%PDF-1.7")
        fake.wait_for(lambda: heard)
        message = heard[0][1]
        fake.advance(25 * 3600)
        with pytest.raises(discord.NotFound):
            does(bot, message.attachments[0].read())
        fresh = does(bot, channel_of(bot, LAB).fetch_message(message.id))
        assert does(bot, fresh.attachments[0].read()) == b"%PDF-1.7"

    with_bot(fake, bot, hand)
    assert all(token == "" for _, token in fake.cdn.asked)


@pytest.mark.parametrize(
    ("oddity", "error"),
    [
        ({"breaks_after": 4}, aiohttp.ClientPayloadError),
        ({"stall": True}, TimeoutError),
        ({"status": 403}, discord.Forbidden),
    ],
)
def test_downloads_misbehave(
    fake_discord: FakeDiscord, oddity: dict[str, Any], error: type[Exception]
) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "message")

    def hand() -> None:
        fake.drop(ADA, LAB, "paper.pdf", b"%PDF-1.7" * 100_000, says_size=8, **oddity)
        fake.wait_for(lambda: heard)
        assert heard[0][1].attachments[0].size == 8
        with pytest.raises(error):
            does(bot, asyncio.wait_for(heard[0][1].attachments[0].read(), 1))

    with_bot(fake, bot, hand)


def test_the_app_hears_of_what_becomes_of_its_places(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    heard = noting(bot, "guild_join", "guild_remove", "guild_channel_create", "raw_message_delete")
    other = fake.add_guild(name="Elsewhere", bot_in=False)

    def hand() -> None:
        fake.invite(other.id)
        fake.wait_for(lambda: len(heard) == 1)
        room = fake.add_channel(name="new", guild=other.id)
        fake.delete_message(LAB, fake.say(ADA, LAB, "gone"))
        fake.wait_for(lambda: len(heard) == 3)
        fake.kick(other.id)
        fake.wait_for(lambda: len(heard) == 4)
        with pytest.raises(discord.Forbidden) as error:
            does(
                bot, bot.http.send_message(int(room.id), params=discord.http.handle_message_parameters("hi"))
            )
        assert error.value.code == 50001

    with_bot(fake, bot, hand)
    assert [one[0] for one in heard] == [
        "guild_join",
        "guild_channel_create",
        "raw_message_delete",
        "guild_remove",
    ]
