"""Our client, commands, answers and forms before simcord's Discord: a judge that knows nothing of our fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import discord
import pytest
import simcord

from bots.discord.components import count, drawn
from bots.discord.connection import Connection
from bots.discord.forms import Draft, draft_of, page_modal
from bots.discord.ticket import Ticket, is_late
from bots.discord.tree import commands
from tests.pictures.discord_page import at_discord
from tests.pictures.discord_states import discord_states, form

_PAPER = {"source": "32296183"}
#: Seconds after which nothing may be answered any more, and nothing be shown.
_LATE, _OVER = 3.5, 15 * 60 + 1.0


@dataclass
class _Stage:
    """A server with a member in it, and what our client does when it hears of an interaction."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    does: Callable[[Ticket], Awaitable[object]]
    heard: list[discord.Interaction] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    said: list[discord.Message] = field(default_factory=list)


async def _nothing(_: Ticket) -> None:
    pass


@asynccontextmanager
async def _stage(*, content: bool = True) -> AsyncIterator[_Stage]:
    client = Connection(content=content)
    async with aiohttp.ClientSession() as session, simcord.run(client) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("journal-club")
        stage = _Stage(env, channel, guild.add_member(env.create_user("ada")), _nothing)

        async def interaction(heard: discord.Interaction) -> None:
            stage.heard.append(heard)
            stage.tickets.append(Ticket(heard, session))
            await stage.does(stage.tickets[-1])

        async def message(said: discord.Message) -> None:
            stage.said.append(said)

        client.listen("interaction", interaction)
        client.listen("message", message)
        assert client.application_id is not None
        await client.http.bulk_upsert_global_commands(client.application_id, commands("paper"))
        yield stage


def test_every_message_is_taken_as_an_answer_that_one_person_sees() -> None:
    async def story() -> None:
        cards = [at_discord(one.card) for shown in discord_states().values() for one in shown]
        async with _stage() as stage:
            for card in cards:

                async def think_and_show(ticket: Ticket, card=card) -> None:  # type: ignore[no-untyped-def]
                    assert await ticket.think()
                    await ticket.show(drawn(card))

                stage.does = think_and_show
                result = await stage.ada.slash(stage.channel, "paper make", **_PAPER)
                assert result.response is not None
                assert result.response.ephemeral
                assert len(result.response.message.components) == len(drawn(card).components)

    asyncio.run(story())


def test_a_second_answer_changes_nothing_and_what_follows_stands_below() -> None:
    async def story() -> None:
        first, after = (drawn(at_discord(discord_states()[name][0].card)) for name in ("quota", "list"))

        async def twice(ticket: Ticket) -> None:
            assert await ticket.think()
            assert await ticket.note()
            await ticket.show(first)
            await ticket.show(after)
            await ticket.finish()

        async with _stage() as stage:
            stage.does = twice
            result = await stage.ada.slash(stage.channel, "paper quota")

        [below] = result.followups
        assert below.ephemeral
        assert count([one.to_dict() for one in below.message.components]) == count(after.components)

    asyncio.run(story())


def test_thinking_that_leads_to_nothing_is_taken_away() -> None:
    async def story() -> None:
        async def only_think(ticket: Ticket) -> None:
            assert await ticket.think()
            await ticket.finish()

        async with _stage() as stage:
            stage.does = only_think
            result = await stage.ada.slash(stage.channel, "paper list")

        assert result.acknowledged
        assert result.response is None

    asyncio.run(story())


def test_who_answers_after_three_seconds_is_told_that_it_is_too_late() -> None:
    async def story() -> None:
        async with _stage() as stage:
            await stage.ada.slash(stage.channel, "paper make", **_PAPER)
            await stage.env.advance_time(_LATE)

            assert not await stage.tickets[0].think()

    asyncio.run(story())


def test_after_a_quarter_of_an_hour_nothing_can_be_shown_and_that_is_known() -> None:
    async def story() -> None:
        card = drawn(at_discord(discord_states()["quota"][0].card))

        async def think(ticket: Ticket) -> None:
            assert await ticket.think()

        async with _stage() as stage:
            stage.does = think
            await stage.ada.slash(stage.channel, "paper quota")
            await stage.env.advance_time(_OVER)
            with pytest.raises(discord.HTTPException) as refused:
                await stage.tickets[0].show(card)

        assert is_late(refused.value)

    asyncio.run(story())


def test_a_press_changes_the_message_that_it_was_in() -> None:
    async def story() -> None:
        before, after = (drawn(at_discord(discord_states()[name][0].card)) for name in ("list", "quota"))

        async def answer(ticket: Ticket) -> None:
            if ticket.pressed:
                assert ticket.private
                assert await ticket.note()
                await ticket.replace(after)
            else:
                assert await ticket.think()
                await ticket.show(before)

        async with _stage() as stage:
            stage.does = answer
            shown = (await stage.ada.slash(stage.channel, "paper list")).response
            assert shown is not None
            await stage.ada.click(shown.message, label="← Newer")

            assert stage.heard[-1].type is discord.InteractionType.component
            assert count([one.to_dict() for one in shown.message.components]) == count(after.components)

    asyncio.run(story())


def test_a_form_comes_back_with_what_was_typed_into_it() -> None:
    async def story() -> None:
        draft: Draft = draft_of(form(), None)

        async def open_or_note(ticket: Ticket) -> None:
            if not stage.tickets[1:]:
                assert await ticket.form(page_modal(draft, 0))
            else:
                assert await ticket.think()

        async with _stage() as stage:
            stage.does = open_or_note
            opened = await stage.ada.slash(stage.channel, "paper make", **_PAPER)
            typed = {f"scene-{number}": draft.texts[number] for number in draft.scenes(0)}
            await stage.ada.submit_modal(opened, typed | {"scene-1": "Most tools spread words evenly."})

        assert opened.modal is not None
        edited = draft.typed(stage.heard[-1].data or {})
        assert edited.texts[1] == "Most tools spread words evenly."
        assert edited.texts[2:] == draft.texts[2:]

    asyncio.run(story())


def test_without_the_privilege_only_words_to_us_are_heard() -> None:
    async def story(content: bool) -> list[str]:
        async with _stage(content=content) as stage:
            await stage.ada.send(stage.channel, "32296183")
            await stage.ada.send(stage.channel, f"<@{stage.env.bot.user.id}> 32296183")  # type: ignore[union-attr]
            await stage.ada.send_dm("list")
            return [one.content.rpartition(" ")[2] for one in stage.said]

    assert asyncio.run(story(True)) == ["32296183", "32296183", "list"]
    assert asyncio.run(story(False)) == ["", "32296183", "list"]
