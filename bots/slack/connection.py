"""Socket Mode: the app calls Slack, so no public address is needed. It connects again by itself."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from typing import Final

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bots.port import PortRefusedError
from bots.slack.client import error_code, status_of

#: Seconds between two signs of life; four without an answer and the connection counts as lost.
PING_EVERY: Final = 3.0
#: Seconds that a connection may take, and the longest pause between two tries.
_CONNECT, _LONGEST_PAUSE = 15.0, 30.0
#: What Slack says when it is its own fault, or too much.
_PASSES: Final = frozenset(
    "fatal_error internal_error org_login_required rate_limited ratelimited request_timeout service_unavailable "
    "team_added_to_org".split()
)

_log = logging.getLogger(__name__)


class Socket(SocketModeClient):
    """The SDK's client; every try has a ticket of its own, for Slack takes none twice, and the pauses grow.

    `refused` is set when Slack will never let us in: `refusal` says why.
    """

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        super().__init__(
            app_token=app_token,
            web_client=client,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            proxy=client.proxy,
            ping_interval=PING_EVERY,
        )
        self._app = app
        self.refused = asyncio.Event()
        self.refusal: PortRefusedError | None = None
        self._answering: set[asyncio.Task[None]] = set()
        self.socket_mode_request_listeners.append(self._answer)

    async def connect(self) -> None:
        """Connect, however often it takes. Raises `PortRefusedError` when it is no use."""
        pause = 1.0
        while not self.closed:
            await self._leave()
            try:
                await self._enter()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                self._give_up_if_refused(error)
                wait = pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
                _log.warning("no connection to Slack (%s); again in %.0f s", _name(error), wait)
                pause = min(pause * 2, _LONGEST_PAUSE)
                await asyncio.sleep(wait)
            else:
                return

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Connect anew, unless that was done meanwhile: Slack's farewell and the end of the old connection both ask.

        A second move would cut off what Slack just sent over the new connection.
        """
        left = self.current_session
        async with self.connect_operation_lock:
            there = await self.is_connected()
            if there and (self.current_session is not left or not force):
                return
            self.wss_uri = await self.issue_new_wss_url()
            await self.connect()

    async def issue_new_wss_url(self) -> str:
        """A new ticket. Raises `PortRefusedError` when there will be none."""
        try:
            opened = await self.web_client.apps_connections_open(app_token=self.app_token)
        except SlackApiError as error:
            self._give_up_if_refused(error)
            raise
        return str(opened["url"])

    async def finish(self, seconds: float) -> None:
        """Take nothing more, let what is being answered be answered, and close."""
        self.auto_reconnect_enabled = False
        if self._answering:
            await asyncio.wait(set(self._answering), timeout=seconds)
        try:
            async with asyncio.timeout(seconds):
                await self.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            _log.info("Slack did not say goodbye")
            await self.aiohttp_client_session.close()

    async def _leave(self) -> None:
        """Leave the old connection, so that Slack sends nothing there any more."""
        self.auto_reconnect_enabled = False
        if self.current_session is not None:
            try:
                async with asyncio.timeout(2.0):
                    await self.current_session.close()
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                _log.info("the old connection broke: %s", _name(error))

    async def _enter(self) -> None:
        url, self.wss_uri = self.wss_uri or await self.issue_new_wss_url(), None
        async with asyncio.timeout(_CONNECT):
            self.current_session = await self.aiohttp_client_session.ws_connect(
                url, autoping=False, heartbeat=self.ping_interval, proxy=self.proxy
            )
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        self.stale = False
        self.last_ping_pong_time = None
        await self.current_session.ping(f"sdk-ping-pong:{time.time()}".encode())
        monitor, receiver = self.current_session_monitor, self.message_receiver
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())
        for old in (monitor, receiver):
            if old is not None:
                old.cancel()
        _log.info("connected to Slack")

    def _give_up_if_refused(self, error: Exception) -> None:
        if isinstance(error, PortRefusedError):
            raise error
        if not isinstance(error, SlackApiError) or error_code(error) in _PASSES:
            return
        status = status_of(error)
        if status == 429 or status >= 500:
            return
        self.refusal = PortRefusedError(
            f"Slack refuses the app-level token ({error_code(error)}).",
            "SLACK_APP_TOKEN is the token with the scope connections:write, and Socket Mode must be on. "
            "`hidden-hill slack --check` tells more.",
        )
        self.refused.set()
        raise self.refusal from error

    async def _answer(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._answering.add(task)
        try:
            began = time.time()
            response = await run_async_bolt_app(self._app, request)
            await send_async_response(self, request, response, began)
        except (ConnectionError, aiohttp.ClientError) as error:
            # Slack sends it again, over the next connection.
            _log.info("an answer was not heard: %s", _name(error))
        finally:
            self._answering.discard(task)


def _name(error: Exception) -> str:
    """What happened, without the ticket that an error's own words may hold."""
    code = error_code(error) if isinstance(error, SlackApiError) else ""
    return code or type(error).__name__
