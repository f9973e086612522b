"""What every listener works with, and what they all do: who speaks, what the desk says, how it is handed out."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import aiohttp
import discord

from bots.cards.card import Card, Paragraph, link, plain, plainly
from bots.desk.replies import Reply
from bots.discord.answers import Answers, Back, in_server
from bots.discord.connection import Connection
from bots.discord.directory import Directory
from bots.discord.files import Files
from bots.discord.installation import PLATFORM, Door
from bots.discord.invite import invitation
from bots.discord.mentioned import mentions
from bots.discord.pressed import Recall
from bots.discord.ticket import Ticket
from bots.people import Ask, Person, Place
from bots.reception import Reception
from settings import Settings
from storage import chat, kept

#: What somebody of a server that is not allowed is told, once a day.
STRANGER: Final = "This app is for the people of another server: it can’t do anything for you here."
#: What somebody is told who writes to us directly and is in no server of ours.
HOMELESS: Final = "I work for the people of a few servers, and I see you in none of them."
#: What is said in a server that only the commands were added to: nothing could be posted, nor anybody known there.
NOT_IN: Final = (
    "Only my commands were added to this server, and not I myself. Somebody who may manage it can "
)
_DAY: Final = 86_400

#: Channels in which somebody can speak.
Spoken = discord.abc.Messageable | discord.abc.GuildChannel


@dataclass(frozen=True, kw_only=True)
class Front(Reception):
    """What a process of the Discord app consists of. `session` carries no token."""

    client: Connection
    door: Door
    directory: Directory
    answers: Answers
    files: Files
    settings: Settings
    session: aiohttp.ClientSession

    platform: ClassVar[str] = PLATFORM

    @property
    def us(self) -> int:
        """Our own user id."""
        return self.directory.us

    def ticket(self, interaction: discord.Interaction) -> Ticket:
        """The way back of an interaction."""
        return Ticket(interaction, self.session)

    def back(self, interaction: discord.Interaction, ticket: Ticket) -> Back:
        """Where an interaction is answered."""
        return Back(user=interaction.user.id, ticket=ticket, workspace=in_server(interaction.guild_id))

    async def speaker(
        self, user: discord.User | discord.Member, guild: int | None, back: Back, *, job: str | None = None
    ) -> Person | None:
        """Who speaks; `None` for those whom nothing is done for. Strangers are told so, once a day.

        `guild` is the server where they speak, `None` in a direct message: there it counts which `job` it is about.
        """
        if user.bot:
            return None
        if guild is None:
            person = await self.direct(user.id, job)
            if person is None:
                await self._turn_away(user.id, HOMELESS, back)
            return person
        if not self.door.open_to(guild):
            await self._turn_away(user.id, STRANGER, back)
            return None
        if self.client.get_guild(guild) is None:
            await self.answers.give(back, _not_in(invitation(self.door.installation.app)))
            return None
        if isinstance(user, discord.Member):
            return self.directory.of_member(user)
        person = await self.directory.member(guild, user.id)
        return None if person.gone or person.program else person

    async def direct(self, user: int, job: str | None) -> Person | None:
        """Who somebody is who writes to us directly: of their servers, in that of the `job` that it is about."""
        found = None if not job else await self.work.call(chat.chat_of, self.office.database, job)
        return await self.directory.direct(user, "" if found is None else found.workspace)

    async def job_at(self, channel: int, message: str | None) -> str | None:
        """The job that is spoken of under a message."""
        if message is None:
            return None
        return await self.work.call(chat.job_at, self.office.database, PLATFORM, str(channel), message)

    def placed(self, channel: Spoken | None, person: Person) -> Place:
        """Where it was said; one that can't be told counts as private."""
        assert channel is not None
        return self.directory.placed(channel, person.requester.workspace)

    async def naming(self, ask: Ask, words: str) -> Ask:
        """The same, with the people and channels that an admin's words name, as far as Discord knows them."""
        named = await mentions(self.directory, ask.who.workspace, words)
        return ask.model_copy(update={"mentions": named})

    def recall(self, workspace: str) -> Recall:
        """Looks up what buttons of a workspace stand for; blocking."""
        return lambda key: kept.kept(self.office.database, workspace, key)

    def begin(self, what: Coroutine[Any, Any, None], back: Back | None) -> None:
        """Do it after Discord was answered; what goes wrong is told to whoever asked."""

        async def sorry(sentence: str) -> None:
            if back is not None:
                await self.answers.whisper(back, sentence)

        async def done() -> None:
            await what
            if back is not None and back.ticket is not None:
                await back.ticket.finish()

        self.work.start(done(), sorry)

    async def _turn_away(self, user: int, sentence: str, back: Back) -> None:
        if await self.first(f"stranger:{user}:{int(time.time()) // _DAY}"):
            await self.answers.whisper(back, sentence)


def _not_in(address: str) -> Reply:
    spans = (plain(NOT_IN), link("add me", address), plain("."))
    return Reply(card=Card(text=plainly(spans), blocks=(Paragraph(spans=spans),)))
