"""Words: the slash command, a mention, what is said in a direct message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import discord

from bots import continuing
from bots.cards.card import bold, plain
from bots.commands import Command, Verb, parse
from bots.desk.desk import Reply
from bots.desk.replies import said
from bots.discord.answers import Back, in_server
from bots.discord.drops import drop
from bots.discord.files import files_in
from bots.discord.forms import redo_card
from bots.discord.front import Front
from bots.discord.home import show_page
from bots.discord.options import Typed, files_of
from bots.discord.scripts import open_script
from bots.discord.spoken import after_mention, mentions, plain_words, thread_of
from bots.discord.tongue import in_words
from bots.discord.tree import ADMIN, HOME, PAGE, found
from bots.pages import Page
from bots.people import Ask, DroppedFile, Person

#: Commands that open a page.
_PAGES: Final = {(HOME,): Page(), (ADMIN, PAGE): Page(admin=True)}


async def command(front: Front, interaction: discord.Interaction, back: Back) -> None:
    """`/paper …`"""
    data: Mapping[str, Any] = interaction.data or {}
    typed = Typed.of(data)
    chosen = found(typed.path)
    person = await front.speaker(interaction.user, interaction.guild_id, back)
    if person is None:
        return
    back = back.at(front.placed(interaction.channel, person))
    assert back.place is not None
    ask = front.ask(person, back.place, thread_of=back.place.thread)
    if chosen is None:
        await front.answers.give(back, said("This command is of another version: type it again in a minute."))
        return
    if typed.path in _PAGES:
        await show_page(front, ask, back, _PAGES[typed.path])
        return
    words = chosen.said(typed.values)
    if _posts(typed.path) and not may_post(interaction):
        await front.answers.give(back, not_here(words))
        return
    for file in files_of(data, typed, chosen.options):
        ask = ask.model_copy(update={"file": file})
    await handed(front, ask, back, await front.told(ask, words))


async def go_on_in_dm(front: Front, back: Back, person: Person, value: str) -> None:
    """[Continue in DM]: the same words, said in the direct messages."""
    place = await front.answers.dm(person)
    await front.answers.give(back, await continuing.go_on_in_dm(front, person, place, value))


async def message(front: Front, spoken: discord.Message) -> None:
    """Something was said where we are: to us, with a file, or none of our business."""
    if not await front.first(f"message:{spoken.id}"):
        return
    us, roles = front.us, _our_roles(spoken)
    alone = spoken.guild is None
    words = in_words(plain_words(after_mention(spoken.content, us, roles)))
    named = mentions(spoken.content, us, roles)
    if spoken.attachments and not (named or (alone and continuing.is_about_files(words))):
        await drop(front, spoken)
    elif named or alone or (_replies_to_us(spoken, us) and isinstance(parse(words), Command)):
        await _said(front, spoken, words)


def is_for_us(spoken: discord.Message, us: int) -> bool:
    """Whether a message of a person may be any of our business; most are not, and cost nothing."""
    if spoken.author.bot or spoken.webhook_id is not None or spoken.type not in _SPOKEN:
        return False
    return (
        spoken.guild is None
        or bool(spoken.attachments)
        or mentions(spoken.content, us, _our_roles(spoken))
        or _replies_to_us(spoken, us)
    )


_SPOKEN: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})


async def _said(front: Front, spoken: discord.Message, words: str) -> None:
    guild = None if spoken.guild is None else spoken.guild.id
    back = Back(user=spoken.author.id, workspace=in_server(guild))
    if guild is None:
        back = replace(back, place=front.directory.placed(spoken.channel, ""))
    about = await front.job_at(spoken.channel.id, thread_of(spoken)) if guild is None else None
    person = await front.speaker(spoken.author, guild, back, job=about)
    if person is None:
        return
    back = back.at(front.placed(spoken.channel, person))
    assert back.place is not None
    files = files_in(spoken)
    origin = str(spoken.id) if files else None
    ask = front.ask(person, back.place, thread_of=thread_of(spoken), origin=origin)
    none: list[DroppedFile | None] = [None]
    for file in files or none:
        asked = ask.model_copy(update={"file": file})
        await handed(front, asked, back, await front.told(asked, words))


async def handed(front: Front, ask: Ask, back: Back, reply: Reply | None) -> None:
    """Hand it out; a form about scenes is shown as a panel that only this person sees."""
    if reply is None or reply.modal is None:
        await front.answers.give(back, reply)
        return
    kind, _, job = reply.modal.partition(":")
    if kind == "edit":
        await open_script(front, ask, back, job)
        return
    form = await front.work.call(front.desk.redo_form, ask, job)
    await front.answers.give(back, form if isinstance(form, Reply) else Reply(card=redo_card(form)))


def may_post(interaction: discord.Interaction) -> bool:
    """Whether a video's message can stand where somebody speaks."""
    if interaction.guild_id is None:
        return True
    rights = interaction.app_permissions
    there = isinstance(interaction.channel, discord.Thread)
    return rights.view_channel and (rights.send_messages_in_threads if there else rights.send_messages)


def not_here(words: str) -> Reply:
    """What is said where the app can't write. Without `words` there is nothing to go on with in the DM."""
    begin = "I can’t write in this channel, so I can’t post the video here. Have somebody grant me "
    why = (plain(begin), bold("View Channel"), plain(" and "), bold("Send Messages"))
    return continuing.not_here(why, words)


def _posts(path: tuple[str, ...]) -> bool:
    """Whether the answer stands in the channel for all to see: a video's message does."""
    return path == (str(Verb.MAKE),)


def _replies_to_us(spoken: discord.Message, us: int) -> bool:
    told = spoken.reference
    before = None if told is None else told.resolved
    return isinstance(before, discord.Message) and before.author.id == us


def _our_roles(spoken: discord.Message) -> frozenset[int]:
    own = None if spoken.guild is None else spoken.guild.self_role
    return frozenset() if own is None else frozenset({own.id})
