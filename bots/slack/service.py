"""The Slack side of a process: the app that listens, the desk that answers, the messenger that shows."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import aiohttp
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bots.desk.desk import Desk
from bots.messenger.messenger import Messenger
from bots.patience import once_there
from bots.port import PortRefusedError
from bots.presence import saying_when_connected
from bots.slack.answers import Answers
from bots.slack.app import slack_app
from bots.slack.client import api_client, api_session, port_errors, slack_error
from bots.slack.connection import Socket
from bots.slack.directory import Directory
from bots.slack.files import Files
from bots.slack.installation import PLATFORM, Door, Installation
from bots.slack.port import SlackPort
from bots.slack.reception import Reception
from bots.slack.tokens import app_token_fault, bot_token_fault
from bots.slack.tongue import SlackTongue
from bots.work import Work
from jobs.hints import listen
from jobs.opening import Opened
from jobs.removal import workspace_back
from jobs.versions import versions
from pipeline.errors import UsageError
from settings import Settings

#: Seconds that what was begun may still take when the process stops.
LAST_WORK: Final = 3.5
#: The most that a payload of Slack's may have in HTTP mode (bytes).
_LARGEST: Final = 4 * 1024 * 1024
#: Seconds that it may take to arrive: Slack itself gives up after three.
_READING: Final = 5.0
#: Libraries whose debug log holds what people say to each other.
_TALKATIVE: Final = ("slack_bolt", "slack_sdk.web", "slack_sdk.socket_mode")

_log = logging.getLogger(__name__)


class SlackService:
    """Runs once, in an event loop of its own. `socket`: Socket Mode; else payloads are handed to `handle`."""

    def __init__(self, settings: Settings, opened: Opened, *, socket: bool) -> None:
        self._settings = settings
        self._opened = opened
        self._socket = socket
        self._work: Work | None = None
        self._app: AsyncApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))

    async def run(self, stop: asyncio.Event) -> None:
        """Listen, answer and show until `stop` is set; ends within five seconds of it.

        Raises `PortRefusedError`, with what to do, when Slack refuses our tokens.
        """
        async with api_session() as session:
            client = api_client(self._settings, session, patient=True)
            installation = await once_there(partial(who_we_are, client), stop)
            if installation is None:
                return
            _log.info("here is %s in %s", installation.name, installation.team_name)
            await asyncio.to_thread(workspace_back, self._opened.office, installation.workspace)
            await self._serve(session, client, installation, stop)

    @property
    def busy(self) -> int:
        """How many things that somebody asked for are under way."""
        return 0 if self._work is None else self._work.busy

    async def handle(self, request: Request) -> Response:
        """Answer a payload that Slack posted. From any event loop."""
        app, loop = self._app, self._loop
        if app is None or loop is None:
            return PlainTextResponse("not connected to Slack", 503, headers={"Retry-After": "10"})
        body = b""
        try:
            async with asyncio.timeout(_READING):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > _LARGEST:
                        return PlainTextResponse("too large", 413)
        except TimeoutError:
            return PlainTextResponse("too slow", 408)
        try:
            asked = to_async_bolt_request(request, body)
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", 400)
        dispatched = asyncio.run_coroutine_threadsafe(app.async_dispatch(asked), loop)
        return to_starlette_response(await asyncio.wrap_future(dispatched))

    async def _serve(
        self,
        session: aiohttp.ClientSession,
        client: AsyncWebClient,
        installation: Installation,
        stop: asyncio.Event,
    ) -> None:
        settings, opened = self._settings, self._opened
        door = Door.of(installation, settings.slack_allowed_teams)
        directory = Directory(client, door)
        port = SlackPort(api_client(settings, session, patient=False), session, directory)
        messenger = Messenger(opened.office, opened.kit, port)
        work = self._work = Work(PLATFORM, slack_error)
        reception = self._reception(session, client, directory, door, work, messenger)
        secret = settings.slack_signing_secret
        listening = slack_app(
            reception,
            api_client(settings, session, patient=True, token=False),
            secret.get_secret_value() if secret else "",
        )
        deaf = threading.Event()
        listen(opened.redis_url, messenger.hint, deaf)
        showing = asyncio.Event()
        shown = asyncio.create_task(messenger.run(showing))
        try:
            async with self._ear(listening, client) as socket, self._presence(socket):
                await _first_of(stop, socket, shown)
        finally:
            deaf.set()
            showing.set()
            cut = await work.finish(LAST_WORK)
            if cut:
                _log.warning("stopped in the middle of %d answers", cut)
            await asyncio.wait([shown], timeout=LAST_WORK)
            shown.cancel()
        if shown.done() and not shown.cancelled() and (error := shown.exception()) is not None:
            raise error

    def _reception(
        self,
        session: aiohttp.ClientSession,
        client: AsyncWebClient,
        directory: Directory,
        door: Door,
        work: Work,
        messenger: Messenger,
    ) -> Reception:
        settings, opened = self._settings, self._opened
        token = settings.slack_bot_token
        assert token is not None
        desk = Desk(
            opened.office,
            opened.kit,
            tongue=SlackTongue(command=settings.command),
            size=settings.size,
            versions=versions(opened.kit),
            address=door.installation.address,
        )
        return Reception(
            client=client,
            door=door,
            directory=directory,
            answers=Answers(client, session),
            files=Files.of(client, session, token, settings.slack_file_hosts),
            desk=desk,
            office=opened.office,
            work=work,
            hint=messenger.hint,
        )

    @asynccontextmanager
    async def _ear(self, app: AsyncApp, client: AsyncWebClient) -> AsyncIterator[Socket | None]:
        """Payloads come in until the block ends."""
        if not self._socket:
            self._loop, self._app = asyncio.get_running_loop(), app
            _log.info("listening for Slack over HTTP")
            try:
                yield None
            finally:
                self._app = None
            return
        secret = self._settings.slack_app_token
        assert secret is not None
        socket = Socket(app, secret.get_secret_value(), client)
        connecting = asyncio.create_task(socket.connect())
        try:
            yield socket
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            await socket.finish(1.0)

    @asynccontextmanager
    async def _presence(self, socket: Socket | None) -> AsyncIterator[None]:
        """While the block lasts it is written down that we are connected, whenever we are."""

        async def over_http() -> bool:
            return True

        is_connected = over_http if socket is None else socket.is_connected
        async with saying_when_connected(self._opened.office.database, PLATFORM, is_connected):
            yield


async def _first_of(stop: asyncio.Event, socket: Socket | None, shown: asyncio.Task[None]) -> None:
    """Until we are to stop, or can't go on. Raises `PortRefusedError`."""
    waits = [asyncio.create_task(stop.wait())]
    if socket is not None:
        waits.append(asyncio.create_task(socket.refused.wait()))
    try:
        await asyncio.wait([*waits, shown], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if socket is not None and socket.refusal is not None:
        raise socket.refusal


async def who_we_are(client: AsyncWebClient) -> Installation:
    """What Slack says to our token. Raises the errors of `bots.port`."""
    with port_errors():
        said = await client.auth_test()
    installation = Installation.of(said.data if isinstance(said.data, dict) else {})
    if not installation.bot:
        raise PortRefusedError(
            "SLACK_BOT_TOKEN is not the token of a bot.",
            "Copy the Bot User OAuth Token (xoxb-…) of “OAuth & Permissions”.",
        )
    return installation


def refuse_half_settings(settings: Settings, *, socket: bool) -> None:
    """Raise `UsageError` that says which of Slack's tokens are missing or mixed up."""
    faults = [bot_token_fault(settings), app_token_fault(settings) if socket else ""]
    told = " ".join(dict.fromkeys(filter(None, faults)))
    if told:
        raise UsageError(f"Slack can’t be reached. {told}", "docs/slack.md says where they are found.")
