"""Replies of the desk on their way back: shown to whoever asked alone, posted for all, or in place of a question.

What was said without a ticket (a mention, a reaction, a dropped file) can't be answered privately in a server:
that goes to the person's direct messages.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import discord

from bots.cards.card import Card
from bots.desk.replies import Document, Reply, said
from bots.discord.components import drawn
from bots.discord.installation import workspace_of
from bots.discord.ticket import Ticket, is_late
from bots.people import Person, Place
from bots.port import Attachment, BusyError, PlaceGoneError, Port, Tag

#: So often is it waited until Discord has time for us, before that is told.
_TRIES: Final = 3
#: What is said in a server's channel to somebody who takes no direct messages.
_CLOSED: Final = "I can’t write to you directly. Say it with the slash command: its answer only you see."

#: Writes down what buttons stand for, of a workspace: by digest.
Keep = Callable[[str, Mapping[str, str]], Awaitable[None]]
#: Deletes what was said to somebody directly before the moment of an id.
TakeBack = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True)
class Back:
    """The way back to whoever asked: by the `ticket` of what they did, else where they said it, or directly.

    `workspace` is the one that they are of, as far as it is known; `reply_to` the message that was said.
    """

    user: int
    ticket: Ticket | None = None
    place: Place | None = None
    workspace: str = ""
    reply_to: str | None = None

    def at(self, place: Place) -> Back:
        """The same, once it is known where it was."""
        return replace(self, place=place, workspace=place.workspace)


class Answers:
    """Hands out replies; what everybody reads goes through `port`, as the messenger's messages do."""

    def __init__(self, port: Port, keep: Keep, hint: Callable[[str], None], take_back: TakeBack) -> None:
        self._port = port
        self._keep = keep
        self._hint = hint
        self._take_back = take_back

    async def give(self, back: Back, *replies: Reply | None) -> None:
        """Hand out what the desk said; a job's own message is not posted here, that is the messenger's."""
        for reply in replies:
            if reply is None:
                continue
            if reply.job is not None:
                self._hint(reply.job)
            await self._give(back, reply)
            if reply.takes_back and back.ticket is not None:
                await self._take_back(back.user, back.ticket.id)

    async def whisper(self, back: Back, sentence: str) -> None:
        """Tell whoever asked one sentence that nobody else sees."""
        await self._give(back, said(sentence))

    async def ask(self, back: Back, reply: Reply) -> None:
        """Show a question beside what was pressed, which stays as it is."""
        assert back.ticket is not None
        await self._by_ticket(back, back.ticket, reply, in_place=False)

    async def dm(self, person: Person) -> Place:
        """The place where only this person reads. Raises `PlaceGoneError` where they take no direct messages."""
        place = await self._port.dm(person.requester.user)
        return place.model_copy(update={"workspace": person.requester.workspace})

    async def say(self, place: Place, card: Card) -> str:
        """Post a card that is of no job."""
        tag = Tag(job="", what=secrets.token_hex(8))
        for _ in range(_TRIES):
            try:
                return await self._port.post(place, card, tag=tag)
            except BusyError as error:
                await asyncio.sleep(error.retry_after)
        return await self._port.post(place, card, tag=tag)

    async def _give(self, back: Back, reply: Reply) -> None:
        ticket = back.ticket
        if ticket is not None and ticket.pressed and reply.replace:
            await self._by_ticket(back, ticket, reply, in_place=True)
        elif reply.job is not None:
            return
        elif not reply.private:
            await self._openly(back, reply)
        elif ticket is not None:
            await self._by_ticket(back, ticket, reply, in_place=ticket.private)
        else:
            await self._directly(back, reply)

    async def _by_ticket(self, back: Back, ticket: Ticket, reply: Reply, *, in_place: bool) -> None:
        card = drawn(reply.card)
        await self._keep(back.workspace, card.kept)
        try:
            await (ticket.replace if in_place else ticket.show)(card, reply.document)
        except discord.HTTPException as error:
            if not is_late(error):
                raise
            await self._directly(back, reply)

    async def _openly(self, back: Back, reply: Reply) -> None:
        if back.place is None:
            await self._directly(back, reply)
            return
        place = back.place.model_copy(update={"thread": reply.thread or back.place.thread})
        try:
            await self.say(place, reply.card)
        except PlaceGoneError:
            await self._directly(back, reply)

    async def _directly(self, back: Back, reply: Reply) -> None:
        """Where only this person reads."""
        at = back.place
        alone = at is not None and at.kind == "dm"
        try:
            place = at if at is not None and alone else await self._port.dm(str(back.user))
            place = place.model_copy(update={"workspace": back.workspace or place.workspace})
            await self.say(place, reply.card)
            if reply.document is not None:
                await self._hand_over(place, reply.document)
        except PlaceGoneError:
            if alone or at is None:
                raise
            # Nothing of what was to be said: others read here.
            await self.say(at, said(_CLOSED).card)

    async def _hand_over(self, place: Place, document: Document) -> None:
        with tempfile.TemporaryDirectory(prefix="hidden-hill-") as folder:
            path = Path(folder, "document")
            path.write_bytes(document.content)
            file = Attachment(name=document.name, title=document.name, path=path)
            tag = Tag(job="", what=secrets.token_hex(8), files=(document.name,))
            await self._port.upload(place, [file], tag=tag)


def in_server(guild: int | None) -> str:
    """The workspace of a server; "" where there is none."""
    return "" if guild is None else workspace_of(guild)
