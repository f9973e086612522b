"""Buttons, menus and forms. What they mean stands in their names, so that they mean the same after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from pydantic import ValidationError

from bots.cards.card import Chosen
from bots.cards.questions import NEVER_MIND
from bots.continuing import CONTINUE
from bots.desk.desk import Reply
from bots.desk.replies import said
from bots.discord import scripts
from bots.discord.answers import Back
from bots.discord.attaching import FORM, asks_for_file, file_form, file_sent
from bots.discord.forms import PAGE, REDO, SEND, Modal
from bots.discord.front import HOMELESS, STRANGER, Front
from bots.discord.home import form_of, form_sent, opens_form, page_of, press_at_home, redraw
from bots.discord.pressed import Press, pressed, read
from bots.discord.ticket import Ticket
from bots.discord.typed import go_on_in_dm, handed
from bots.pages import Page
from bots.people import Ask, Person

#: Seconds in which a form is found: it must be the first answer, three seconds after the press.
_FORM_WITHIN: Final = 2.0
_LATE: Final = "That took a moment too long. Please press it again."

_log = logging.getLogger(__name__)


def opens(data: Mapping[str, Any]) -> bool:
    """Whether a form must be the very first answer to this press."""
    press = read(str(data.get("custom_id") or ""), lambda _: None)
    return press is not None and (press.deed == PAGE or opens_form(press) or asks_for_file(press))


async def open_form(front: Front, interaction: discord.Interaction, ticket: Ticket) -> None:
    """Answer a press with its form; what it needs is one row."""
    back = front.back(interaction, ticket)
    try:
        async with asyncio.timeout(_FORM_WITHIN):
            form = await _form(front, interaction)
    except TimeoutError:
        _log.warning("a form was not there in time")
        form = said(_LATE)
    if not isinstance(form, Reply):
        await ticket.form(form)
    elif await ticket.note() and await front.first(f"interaction:{interaction.id}"):
        await front.answers.ask(back, form)


async def _form(front: Front, interaction: discord.Interaction) -> Modal | Reply:
    guild, user = interaction.guild_id, interaction.user
    if guild is not None and not front.door.open_to(guild):
        return said(STRANGER)
    if isinstance(user, discord.Member):
        person: Person | None = front.directory.of_member(user)
    else:
        person = await front.direct(user.id, _job(interaction))
    if person is None:
        return said(HOMELESS)
    workspace = person.requester.workspace
    press = await _pressed(front, workspace, interaction)
    if press is None:
        return scripts.gone()
    if press.deed == PAGE:
        return await scripts.page_form(front, workspace, str(user.id), press.value) or scripts.gone()
    ask = front.ask(person, front.placed(interaction.channel, person))
    if asks_for_file(press):
        no = await front.work.call(front.desk.not_attachable, ask, press.value)
        return no or file_form(press.value)
    return await form_of(front, ask, press)


async def press(front: Front, interaction: discord.Interaction, back: Back) -> None:
    """Something was pressed or chosen."""
    found = await _heard(front, interaction, back)
    if found is None:
        return
    what, person, ask, back = found
    ticket = back.ticket
    assert ticket is not None
    if what.deed == NEVER_MIND:
        await ticket.remove()
    elif what.deed == CONTINUE:
        await go_on_in_dm(front, back, person, what.value)
    elif what.asks and await _asked(front, ask, back, what):
        pass
    elif what.deed == SEND:
        await scripts.sent(front, ask, back, what.value)
    elif what.deed == REDO:
        await front.answers.give(back, await _redone(front, ask, what.value))
    elif what.deed.startswith("home-"):
        await press_at_home(front, ask, back, what, await _page(front, ask, interaction))
    else:
        await _done(front, ask, back, what, await _page(front, ask, interaction))


async def _done(front: Front, ask: Ask, back: Back, what: Press, page: Page | None) -> None:
    """What the desk does for a press; on a page the answer stands beside it, and the page shows what came of it."""
    reply = await front.answered(ask, lambda ask: front.desk.press(ask, what.deed, what.value))
    if page is None or (reply is not None and reply.modal is not None):
        await handed(front, ask, back, reply)
        return
    if reply is not None and not what.deed.startswith("me-"):
        await front.answers.ask(back, reply)
    await redraw(front, ask, back, page)


async def form(front: Front, interaction: discord.Interaction, back: Back) -> None:
    """A form was sent."""
    found = await _heard(front, interaction, back)
    if found is None:
        return
    what, _, ask, back = found
    data: Mapping[str, Any] = interaction.data or {}
    if what.deed == PAGE:
        await scripts.page_sent(front, ask, back, what.value, data)
    elif what.deed == FORM:
        await file_sent(front, ask, back, what.value, data)
    elif what.deed.startswith("home-"):
        await form_sent(front, ask, back, what, data, await _page(front, ask, interaction))


async def _heard(
    front: Front, interaction: discord.Interaction, back: Back
) -> tuple[Press, Person, Ask, Back] | None:
    """What was done, by whom, and what the desk is asked; `None` for what is none of our business."""
    person = await front.speaker(interaction.user, interaction.guild_id, back, job=_job(interaction))
    if person is None:
        return None
    what = await _pressed(front, person.requester.workspace, interaction)
    if what is None:
        return None
    back = back.at(front.placed(interaction.channel, person))
    assert back.place is not None
    return what, person, front.ask(person, back.place, thread_of=back.place.thread), back


async def _pressed(front: Front, workspace: str, interaction: discord.Interaction) -> Press | None:
    data: Mapping[str, Any] = interaction.data or {}
    recall = front.recall(workspace)
    call = front.work.call
    if interaction.type is discord.InteractionType.modal_submit:
        return await call(read, str(data.get("custom_id") or ""), recall)
    return await call(pressed, data, recall)


def _job(interaction: discord.Interaction) -> str:
    """The job that was pressed for, as far as that is known before it is known who pressed."""
    data: Mapping[str, Any] = interaction.data or {}
    if interaction.type is discord.InteractionType.modal_submit:
        press = read(str(data.get("custom_id") or ""), lambda _: None)
    else:
        press = pressed(data, lambda _: None)
    return "" if press is None else press.job


async def _asked(front: Front, ask: Ask, back: Back, what: Press) -> bool:
    """Ask what comes before the deed; whether there was something to ask."""
    question = await front.work.call(front.desk.question, ask, what.deed, what.value)
    if question is None:
        return False
    await front.answers.ask(back, question)
    return True


async def _redone(front: Front, ask: Ask, value: str) -> Reply:
    try:
        chosen = Chosen.model_validate_json(value)
        scene = int(chosen.values[0])
    except (ValidationError, ValueError, IndexError):
        return said("Choose a scene.")
    return await front.work.call(front.desk.redone, ask, chosen.context, scene)


async def _page(front: Front, ask: Ask, interaction: discord.Interaction) -> Page | None:
    """The page that was pressed on, if it was one."""
    return await front.work.call(page_of, _components(interaction), front.recall(ask.who.workspace))


def _components(interaction: discord.Interaction) -> Sequence[Mapping[str, Any]]:
    message = interaction.message
    return [] if message is None else [dict(one.to_dict()) for one in message.components]
