"""What every listener works with, and what they all do: who speaks, what the desk says, how it is handed out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord

from bots.desk.desk import Desk
from bots.desk.replies import Reply, said
from bots.discord.answers import Answers, Back, in_server
from bots.discord.directory import Person
from bots.discord.files import Files
from bots.discord.mentioned import mentions
from bots.discord.pressed import Recall
from bots.discord.reception import Reception
from bots.discord.ticket import Ticket
from bots.fetching import FileAwayError, FileNotFetchedError
from bots.people import Ask, Place
from storage import kept

#: What somebody does with the desk.
Question = Callable[[Ask], Reply | None]
#: Channels in which somebody can speak.
Spoken = discord.abc.Messageable | discord.abc.GuildChannel


@dataclass(frozen=True)
class Front:
    """The reception with the way out: `answers`, and `files` that were handed in."""

    reception: Reception
    answers: Answers
    files: Files

    @property
    def desk(self) -> Desk:
        """Who decides."""
        return self.reception.desk

    def ticket(self, interaction: discord.Interaction) -> Ticket:
        """The way back of an interaction."""
        return Ticket(interaction, self.reception.session)

    def back(self, interaction: discord.Interaction, ticket: Ticket) -> Back:
        """Where an interaction is answered."""
        return Back(user=interaction.user.id, ticket=ticket, workspace=in_server(interaction.guild_id))

    async def speaker(
        self, user: discord.User | discord.Member, guild: int | None, back: Back
    ) -> Person | None:
        """Who speaks; `None` for those whom nothing is done for."""

        async def whisper(sentence: str) -> None:
            await self.answers.whisper(back, sentence)

        return await self.reception.speaker(user, guild, whisper)

    def placed(self, channel: Spoken | None, person: Person) -> Place:
        """Where it was said; one that can't be told counts as private."""
        assert channel is not None
        return self.reception.directory.placed(channel, person.requester.workspace)

    async def naming(self, ask: Ask, words: str) -> Ask:
        """The same, with the people and channels that an admin's words name, as far as Discord knows them."""
        directory = self.reception.directory
        return ask.model_copy(update={"mentions": await mentions(directory, ask.who.workspace, words)})

    async def answered(self, ask: Ask, question: Question) -> Reply | None:
        """What the desk says; when it wants to see the file, that is fetched first."""
        reply = await self.reception.work.call(question, ask)
        if reply is None or reply.fetch is None:
            return reply
        return await self.with_file(ask, reply.fetch, question)

    async def with_file(self, ask: Ask, file: str, question: Question) -> Reply | None:
        """What the desk says once it has the file; or why the file can't be had."""
        try:
            async with self.files.fetched(file) as fetched:
                named = fetched if ask.file is None else fetched.model_copy(update={"name": ask.file.name})
                return await self.reception.work.call(question, ask.model_copy(update={"file": named}))
        except (FileNotFetchedError, FileAwayError) as error:
            return said(f"{error.sentence} {error.advice}")

    def recall(self, workspace: str) -> Recall:
        """Looks up what buttons of a workspace stand for; blocking."""
        database = self.reception.office.database
        return lambda key: kept.kept(database, workspace, key)

    def begin(self, what: Coroutine[Any, Any, None], back: Back | None) -> None:
        """Do it after Discord was answered; what goes wrong is told to whoever asked."""

        async def sorry(sentence: str) -> None:
            if back is not None:
                await self.answers.whisper(back, sentence)

        async def done() -> None:
            await what
            if back is not None and back.ticket is not None:
                await back.ticket.finish()

        self.reception.begin(done(), sorry)
