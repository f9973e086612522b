"""The Discord side of a process: the gateway that listens, the desk that answers, the messenger that shows."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping
from functools import partial
from typing import Final

import aiohttp
import discord

from bots.desk.desk import Desk
from bots.discord.answers import Answers
from bots.discord.app import discord_app
from bots.discord.client import Api, api_session
from bots.discord.connection import Connection, ContentRefusedError, address
from bots.discord.directory import Directory
from bots.discord.errors import discord_error, port_errors
from bots.discord.files import Files
from bots.discord.front import Front
from bots.discord.grants import Grants
from bots.discord.installation import PLATFORM, Door, Installation, workspace_of
from bots.discord.installation import address as message_address
from bots.discord.leaving import looking_who_left
from bots.discord.pace import discord_pacing
from bots.discord.port import DiscordPort
from bots.discord.taking_back import take_back
from bots.discord.tongue import DiscordTongue
from bots.messenger.messenger import Messenger
from bots.patience import once_there, stopped_within
from bots.port import BusyError, PortAwayError
from bots.presence import saying_when_connected
from bots.work import Work
from jobs.hints import listen
from jobs.opening import Opened
from jobs.removal import workspace_back
from jobs.versions import versions
from pipeline.errors import UsageError
from settings import Settings
from storage import kept, members, seen

#: Seconds that what was begun may still take when the process stops, and that the gateway has to say goodbye.
LAST_WORK: Final = 3.5
_GOODBYE: Final = 1.0
#: Seconds between two tries to find out who we are, at most.
_LONGEST_PAUSE: Final = 30.0
#: Libraries whose debug log holds what people say to each other.
_TALKATIVE: Final = ("discord", "discord.client", "discord.gateway", "discord.http", "discord.state")
_NO_CONTENT: Final = (
    "the Message Content Intent is off: commands, mentions and direct messages work; a PDF that is dropped in a "
    "channel without a mention is not seen. Switch it on in the portal, under Bot"
)

_log = logging.getLogger(__name__)


class DiscordService:
    """Runs once, in an event loop of its own."""

    def __init__(self, settings: Settings, opened: Opened) -> None:
        self._settings = settings
        self._opened = opened
        self._work: Work | None = None
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))

    @property
    def busy(self) -> int:
        """How many things that somebody asked for are under way."""
        return 0 if self._work is None else self._work.busy

    async def run(self, stop: asyncio.Event) -> None:
        """Listen, answer and show until `stop` is set; ends within five seconds of it.

        Raises `PortRefusedError`, with what to do, when Discord refuses our token.
        """
        address(self._settings)
        async with api_session() as session:
            api = Api.of(session, self._settings)
            installation = await once_there(partial(who_we_are, api), stop)
            if installation is None:
                return
            _log.info("here is %s", installation.name)
            content, pause = installation.content, 1.0
            while not stop.is_set():
                if not content:
                    _log.warning(_NO_CONTENT)
                try:
                    await self._serve(session, api, installation, stop, content=content)
                except ContentRefusedError:
                    content = False
                except (PortAwayError, BusyError) as error:
                    _log.warning("%s", error.sentence)
                    await stopped_within(pause, stop)
                    pause = min(pause * 2, _LONGEST_PAUSE)

    async def _serve(
        self,
        session: aiohttp.ClientSession,
        api: Api,
        installation: Installation,
        stop: asyncio.Event,
        *,
        content: bool,
    ) -> None:
        settings, office = self._settings, self._opened.office
        secret = settings.discord_token
        assert secret is not None
        work = self._work = Work(PLATFORM, discord_error)
        door = Door.of(installation, settings.discord_allowed_guilds)
        async with Connection(content=content) as client:

            async def last_asked(user: str, workspaces: list[str]) -> str | None:
                return await work.call(members.last_asked, office.database, PLATFORM, user, workspaces)

            async def first_time(event: str) -> bool:
                return await work.call(seen.first_time, office.database, PLATFORM, event)

            async def keep(workspace: str, values: Mapping[str, str]) -> None:
                if values:
                    await work.call(kept.keep, office.database, workspace, values)

            async def guild_there(guild: discord.Guild) -> None:
                if door.open_to(guild.id):
                    await work.call(workspace_back, office, workspace_of(guild.id))

            directory = Directory(client, door, last_asked)
            port = DiscordPort(api, directory, Grants(api, first_time), keep)
            messenger = Messenger(office, self._opened.kit, port, pacing=discord_pacing())
            answers = Answers(port, keep, messenger.hint, partial(take_back, work, client))
            front = self._front(session, client, door, directory, work, answers, messenger)
            app = discord_app(front)
            client.listen("guild_available", guild_there)
            client.listen("guild_join", guild_there)
            deaf = threading.Event()
            listen(self._opened.redis_url, messenger.hint, deaf)
            showing = asyncio.Event()
            tasks: list[asyncio.Task[None]] = []
            try:
                with port_errors():
                    await client.login(secret.get_secret_value().strip())
                    await app.begin()
                hearing = asyncio.create_task(client.stay())
                tasks.append(hearing)
                if await _ready(client, hearing, stop):
                    _log.info("connected to Discord")
                    tasks.append(asyncio.create_task(messenger.run(showing)))
                    async with (
                        saying_when_connected(office.database, PLATFORM, client.is_connected),
                        looking_who_left(front),
                    ):
                        await _first_of(stop, tasks)
            finally:
                deaf.set()
                showing.set()
                await self._end(client, work, tasks)
            _raise_what_they_died_of(tasks)

    def _front(
        self,
        session: aiohttp.ClientSession,
        client: Connection,
        door: Door,
        directory: Directory,
        work: Work,
        answers: Answers,
        messenger: Messenger,
    ) -> Front:
        settings, opened = self._settings, self._opened
        desk = Desk(
            opened.office,
            opened.kit,
            tongue=DiscordTongue(command=settings.command),
            size=settings.size,
            versions=versions(opened.kit),
            address=message_address,
        )
        return Front(
            client=client,
            door=door,
            directory=directory,
            answers=answers,
            files=Files.of(client, session, settings.discord_cdn_hosts),
            desk=desk,
            office=opened.office,
            work=work,
            settings=settings,
            session=session,
            hint=messenger.hint,
        )

    async def _end(self, client: Connection, work: Work, tasks: list[asyncio.Task[None]]) -> None:
        """Let what was begun come to its end; nothing new is heard meanwhile."""
        if tasks:
            tasks[0].cancel()
        cut = await work.finish(LAST_WORK - _GOODBYE)
        if cut:
            _log.warning("stopped in the middle of %d answers", cut)
        try:
            async with asyncio.timeout(_GOODBYE):
                await client.close()
        except TimeoutError:
            _log.info("Discord did not say goodbye")
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE)
        for task in tasks:
            task.cancel()


async def _ready(client: Connection, hearing: asyncio.Task[None], stop: asyncio.Event) -> bool:
    """Wait until the gateway has told which servers we are in; whether it has."""
    ready = asyncio.create_task(client.wait_until_ready())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([ready, hearing, stopped], return_when=asyncio.FIRST_COMPLETED)
        return ready.done() and not stop.is_set()
    finally:
        ready.cancel()
        stopped.cancel()


async def _first_of(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Until we are to stop, or can't go on."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()


def _raise_what_they_died_of(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error


async def who_we_are(api: Api) -> Installation:
    """What Discord says to our token. Raises the errors of `bots.port`."""
    with port_errors():
        me = await api.call("GET", "/users/@me")
        application = await api.call("GET", "/applications/@me")
    return Installation.of(me, application)


def refuse_half_settings(settings: Settings) -> None:
    """Raise `UsageError` that says which of Discord's variables is missing or can't be used."""
    secret = settings.discord_token
    if secret is None:
        raise UsageError(
            "Discord can’t be reached without DISCORD_TOKEN (the portal, your application, Bot, Reset Token).",
            "docs/discord.md says how.",
        )
    token = secret.get_secret_value().strip()
    if token.count(".") != 2:
        raise UsageError(
            "DISCORD_TOKEN can’t be used: a bot’s token has three parts with dots between them.",
            "It is in the portal under Bot; what is called client secret is something else.",
        )
