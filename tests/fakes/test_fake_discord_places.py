"""The fake Discord's places, with discord.py: direct messages, threads, forums, several connections, an invitation."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from tests.fakes.discord import BOT_USER, GUILD, FakeDiscord
from tests.fakes.discord.permissions import bits
from tests.fakes.discord_client import ask, bot_of, channel_of, does, noting, with_bot

ADA, BOB, LAB = "2000000000000000001", "2000000000000000002", "3000000000000000001"
HERE = f"/channels/{LAB}/messages"


class Ask(discord.ui.View):
    """A button whose press is answered in three ways."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Approve", custom_id="hill:approve:7")
    async def approve(self, interaction: discord.Interaction, _: discord.ui.Button[Ask]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Approved.", view=None)
        note = await interaction.followup.send("Only you see this.", ephemeral=True, wait=True)
        await note.edit(content="Only you saw this.")
        await interaction.followup.send(f"{interaction.user.mention} approved.")


def test_a_command_in_a_direct_message_and_in_a_thread(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    @bot.tree.command(description="Where")
    async def where(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{interaction.context.dm_channel} {interaction.channel}")

    def hand() -> None:
        dm = fake.dm(ADA)
        fake.command(ADA, dm, "where")
        thread = fake.thread(BOB, LAB, fake.say(BOB, LAB, "root"), "A thread")
        fake.command(ADA, LAB, "where", thread=thread)
        assert [one.text for one in fake.of_app(dm)] == ["True Direct Message with adahill"]
        assert [one.text for one in fake.of_app(LAB, thread)] == ["False A thread"]
        assert fake.notifications(ADA) == 0

    with_bot(fake, bot, hand)


def test_a_press_in_a_thread_is_answered_everywhere(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()

    def hand() -> None:
        root = fake.say(ADA, LAB, "root")
        thread = does(bot, _thread(channel_of(bot, LAB), int(root)))
        does(bot, _ask(thread))
        (said,) = fake.of_app(LAB, root)
        assert said.has_button("approve")
        fake.press(ADA, said, "approve")
        told = fake.wait_for(lambda: fake.of_app(LAB, root)[1:])
        assert [one.text for one in told] == [f"<@{ADA}> approved."]
        assert said.shown == "Approved."
        assert not said.has_button("approve")
        (note,) = fake.ephemerals(ADA, LAB)
        assert (note.text, note.edits[0]["text"]) == ("Only you saw this.", "Only you see this.")

    with_bot(fake, bot, hand)
    assert fake.notifications(ADA) == 0


async def _ask(thread: discord.Thread) -> None:
    await thread.send("Shall it be made?", view=Ask())  # views are made in the loop that they live in


async def _thread(channel: discord.TextChannel, message: int) -> discord.Thread:
    return await channel.get_partial_message(message).create_thread(name="A video")


def test_a_forum_takes_posts_and_a_channel_threads_without_a_message(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    forum = fake.add_channel(name="papers", kind="forum").id

    def hand() -> None:
        place = bot.get_channel(int(forum))
        assert isinstance(place, discord.ForumChannel)
        post = does(bot, place.create_thread(name="A paper", content="What of it?"))
        assert [one.text for one in fake.of_app(forum, str(post.thread.id))] == ["What of it?"]
        thread = does(
            bot, channel_of(bot, LAB).create_thread(name="By itself", type=discord.ChannelType.public_thread)
        )
        does(bot, thread.edit(archived=True))
        assert fake.state.channels[str(thread.id)].archived
        does(bot, thread.send("It wakes."))
        assert not fake.state.channels[str(thread.id)].archived

    with_bot(fake, bot, hand)


def test_two_connections_hear_the_same(fake_discord: FakeDiscord) -> None:
    fake, first, second = fake_discord, bot_of(), bot_of()
    heard = noting(first, "message"), noting(second, "message")

    def inner() -> None:
        fake.wait_connected(2)
        fake.say(ADA, LAB, "hello")
        fake.wait_for(lambda: all(heard))

    def hand() -> None:
        async def beside() -> None:
            async with second:
                at_work = asyncio.create_task(second.start(fake.bot_token))
                await second.wait_until_ready()
                await asyncio.to_thread(inner)
                await second.close()
                await asyncio.gather(at_work, return_exceptions=True)

        asyncio.run(beside())

    with_bot(fake, first, hand)
    assert len({id(one) for one in fake.gateway.all_sessions}) == 2


def test_an_invitation_gives_what_it_says_and_no_more() -> None:
    with FakeDiscord(permissions=bits("VIEW_CHANNEL", "SEND_MESSAGES"), everyone=0) as fake:
        ada = fake.add_user(name="Ada").id
        room = fake.add_channel().id
        ts = fake.say(ada, room, "people still may write")
        assert ask(fake, f"POST /channels/{room}/messages", {"content": "x"}).status_code == 200
        assert ask(fake, f"GET /channels/{room}/messages/{ts}").json()["code"] == 50013
        assert fake.off_contract() == []


def test_discord_py_tries_an_old_edit_five_times_and_gives_up(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of()
    fake.old_edits(0, 0.02)

    def hand() -> None:
        message = does(bot, channel_of(bot, LAB).send("Old"))
        fake.advance(3601)
        with pytest.raises(discord.HTTPException) as error:
            does(bot, message.edit(content="New"))
        assert (error.value.status, error.value.code) == (429, 30046)

    with_bot(fake, bot, hand)
    assert len(fake.calls_of("PATCH /channels/{channel_id}/messages/{message_id}")) == 5


def test_members_come_and_go(fake_discord: FakeDiscord) -> None:
    fake, bot = fake_discord, bot_of(members=True)
    fake.world.granted = {"MESSAGE_CONTENT", "GUILD_MEMBERS"}
    heard = noting(bot, "member_join", "raw_member_remove", "member_update")

    def hand() -> None:
        eve = fake.add_user(name="Eve").id
        fake.wait_for(lambda: len(heard) == 1)
        fake.leave(eve)
        fake.wait_for(lambda: len(heard) == 2)
        guild = bot.get_guild(int(GUILD))
        assert guild is not None
        admin = does(bot, guild.fetch_member(int(ADA)))
        assert admin.guild_permissions.administrator
        with pytest.raises(discord.NotFound):
            does(bot, guild.fetch_member(int(eve)))

    with_bot(fake, bot, hand)


def test_what_people_may_not_see_is_not_theirs_to_use(fake_discord: FakeDiscord) -> None:
    fake = fake_discord
    secret = fake.add_channel(name="secret", kind="private", members=[BOB], bot_in=False).id
    fake.state.users[BOB].name = "Bob"
    heard_by_app = ask(fake, f"GET /channels/{secret}")
    assert heard_by_app.json()["code"] == 50001
    carl = fake.add_user(name="Carl").id
    with pytest.raises(AssertionError, match="does not see"):
        fake.command(carl, secret, "paper")
    with pytest.raises(AssertionError, match="may not write"):
        fake.say(carl, secret, "hello")
    fake.invite(secret)
    assert ask(fake, f"POST /channels/{secret}/messages", {"content": f"<@{BOT_USER}>"}).status_code == 200
    fake.kick(secret)
    assert ask(fake, f"GET /channels/{secret}").json()["code"] == 50001


@pytest.mark.parametrize(
    ("change", "way"),
    [
        ({"title": "x" * 46}, "title"),
        ({"components": []}, "components"),
        ({"components": [{"type": 10, "content": "x"}] * 6}, "components"),
        ({"custom_id": "x" * 101}, "custom_id"),
    ],
)
def test_a_form_that_is_no_good_is_refused(
    fake_discord: FakeDiscord, change: dict[str, Any], way: str
) -> None:
    fake, bot = fake_discord, bot_of()

    @bot.tree.command(description="Edit")
    async def edit(interaction: discord.Interaction) -> None:
        body = {"title": "Edit", "custom_id": "edit", "components": [{"type": 10, "content": "x"}], **change}
        path = f"POST /interactions/{interaction.id}/{interaction.token}/callback"
        answer = await asyncio.to_thread(ask, fake, path, {"type": 9, "data": body})
        assert way in answer.json()["errors"]["data"]
        await interaction.response.defer()

    with_bot(fake, bot, lambda: fake.command(ADA, LAB, "edit"))
    assert fake.sent[0].error == ""
