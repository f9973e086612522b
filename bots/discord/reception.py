"""Everything that the listeners work with, and what they all do first: who is it, where, and was it heard before?"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import discord

from bots.desk.desk import Desk
from bots.discord.connection import Connection
from bots.discord.directory import Directory, Person
from bots.discord.installation import PLATFORM, Door
from bots.people import Ask, Place
from bots.work import Sorry, Work
from jobs.office import Office
from settings import Settings
from storage.seen import first_time

#: What somebody of a server that is not allowed is told, once a day.
STRANGER: Final = "This app is for the people of another server: it can’t do anything for you here."
#: What somebody is told who writes to us directly and is in no server of ours.
HOMELESS: Final = "I work for the people of a few servers, and I see you in none of them."
_DAY: Final = 86_400

#: Tells something to one person alone, in the place where they asked.
Whisper = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Reception:
    """What a process of the Discord app consists of. `hint` tells the messenger of a job.

    `session` is for fetching files: it carries no token.
    """

    client: Connection
    door: Door
    directory: Directory
    desk: Desk
    office: Office
    work: Work
    settings: Settings
    session: aiohttp.ClientSession
    hint: Callable[[str], None]

    @property
    def us(self) -> int:
        """Our own user id."""
        return self.directory.us

    async def first(self, event: str) -> bool:
        """Whether this was never heard before, by any process: several may listen at once."""
        return await self.work.call(first_time, self.office.database, PLATFORM, event)

    async def speaker(
        self, user: discord.User | discord.Member, guild: int | None, whisper: Whisper
    ) -> Person | None:
        """Who speaks; `None` for those whom nothing is done for. Strangers are told so, once a day.

        `guild` is the server where they speak, `None` in a direct message.
        """
        if user.bot:
            return None
        if guild is None:
            person = await self.directory.direct(user.id)
            if person is None:
                await self._turn_away(user.id, HOMELESS, whisper)
            return person
        if not self.door.open_to(guild):
            await self._turn_away(user.id, STRANGER, whisper)
            return None
        if isinstance(user, discord.Member):
            return self.directory.of_member(user)
        person = await self.directory.member(guild, user.id)
        return None if person.gone or person.program else person

    def ask(self, person: Person, place: Place, **more: Any) -> Ask:
        """What the desk is asked."""
        return Ask(who=person.requester, guest=person.guest, place=place, **more)

    def begin(self, what: Any, sorry: Sorry | None) -> None:
        """Do it after Discord was answered; what goes wrong is told to whoever asked."""
        self.work.start(what, sorry)

    async def _turn_away(self, user: int, sentence: str, whisper: Whisper) -> None:
        if await self.first(f"stranger:{user}:{int(time.time()) // _DAY}"):
            await whisper(sentence)
