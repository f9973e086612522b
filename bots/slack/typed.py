"""Words: the slash command, a mention, what is said in a direct message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bots import continuing
from bots.cards.card import code, plain
from bots.commands import Command, Verb, parse
from bots.desk.desk import Reply
from bots.people import Ask, DroppedFile, Person
from bots.slack.answers import Back
from bots.slack.drops import described, drop, message_key
from bots.slack.reception import Reception
from bots.slack.words import after_mention, plain_words


def back_of_command(body: Mapping[str, Any]) -> Back:
    """Where a slash command is answered."""
    return Back(
        user=str(body.get("user_id") or ""),
        channel=body.get("channel_id"),
        response=body.get("response_url"),
        trigger=body.get("trigger_id"),
    )


async def command(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """`/paper …`"""
    if not await reception.first(f"command:{body.get('trigger_id')}"):
        return
    person = await reception.speaker(body, back)
    channel = back.channel
    if person is None or channel is None:
        return
    words = plain_words(str(body.get("text") or ""))
    room = await reception.directory.room(channel)
    back = back.at(room.kind)
    if not room.present and _posts(words):
        await reception.give(back, not_here(reception, words))
        return
    ask = reception.ask(person, reception.directory.placed(channel, room.kind))
    await _handed(reception, ask, back, await reception.told(ask, words))


async def go_on_in_dm(reception: Reception, back: Back, person: Person, value: str) -> None:
    """[Continue in DM]: the same words, said in the direct messages."""
    place = reception.directory.placed(await reception.answers.dm(back.user), "dm")
    await reception.give(back, await continuing.go_on_in_dm(reception, person, place, value))


async def mention(reception: Reception, body: Mapping[str, Any]) -> None:
    """`@app …`, in a channel or a thread of one; a file that came with it is what is meant."""
    event = body["event"]
    if not await reception.first(message_key(event)):
        return
    words = plain_words(after_mention(str(event.get("text") or ""), reception.us))
    await _said(reception, body, words, thread=event.get("thread_ts"))


async def direct(reception: Reception, body: Mapping[str, Any]) -> None:
    """Something was said in the app's own direct messages."""
    event = body["event"]
    if not await reception.first(message_key(event)):
        return
    words = plain_words(after_mention(str(event.get("text") or ""), reception.us))
    if event.get("files") and not continuing.is_about_files(words):
        await drop(reception, body)
        return
    await _said(reception, body, words, thread=event.get("thread_ts"))


async def _said(reception: Reception, body: Mapping[str, Any], words: str, *, thread: str | None) -> None:
    event = body["event"]
    back = Back(user=str(event.get("user") or ""), channel=event.get("channel"), thread=thread)
    person = await reception.speaker(body, back)
    if person is None:
        return
    place, files = await asyncio.gather(
        reception.directory.place(str(event["channel"]), thread),
        described(reception, event.get("files") or ()),
    )
    origin = event.get("ts") if files else None
    ask = reception.ask(person, place, thread_of=thread, origin=origin)
    none: list[DroppedFile | None] = [None]
    for file in files or none:
        asked = ask.model_copy(update={"file": file})
        await _handed(reception, asked, back.at(place.kind), await reception.told(asked, words))


async def _handed(reception: Reception, ask: Ask, back: Back, reply: Reply | None) -> None:
    """Hand it out; what opens a form can't be said in words that have no ticket for one: it gets a button."""
    if reply is not None and reply.modal is not None:
        from bots.slack.forms import open_form

        await open_form(reception, ask, back, reply)
        return
    await reception.give(back, reply)


def _posts(words: str) -> bool:
    """Whether the answer stands in the channel for all to see: a video's message does."""
    asked = parse(words)
    return isinstance(asked, Command) and asked.verb is Verb.MAKE and bool(asked.source)


def not_here(reception: Reception, words: str) -> Reply:
    """What is said where the app can't write. Without `words` there is nothing to go on with in the DM."""
    name = reception.door.installation.name or "hidden-hill"
    why = (
        plain("I’m not in this channel, so I can’t post the video here. Say "),
        code(f"/invite @{name}"),
    )
    return continuing.not_here(why, words)
