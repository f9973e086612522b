"""Socket Mode: tickets that are good once, several connections that share the load, envelopes and their acks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import NotConnectedError, Wire
from tests.fakes.slack.state import APP, Json, Sent, State
from tests.fakes.slack.table import limit


class SocketMode(Wire):
    """The sockets that are open, and the envelopes that wait for their acknowledgement.

    `mute` takes connections and delivers nothing; `deaf` overlooks the acknowledgements.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._tickets: dict[str, float] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._turn = 0
        self._waiting: dict[str, tuple[asyncio.Future[Json | None], web.WebSocketResponse]] = {}
        self.opened = 0
        self.deaf = 0
        self.strange: list[Any] = []

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """A new ticket, good for one connection within half a minute."""
        ticket = f"ticket-{self._state.number('ticket')}"
        self._tickets[ticket] = time.monotonic() + limit("ticket_seconds")
        return ticket

    def reachable(self) -> bool:
        return bool(self._sockets)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Take one connection for as long as it lasts."""
        until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if until < time.monotonic():
            return web.Response(status=403, text="invalid ticket")
        socket = web.WebSocketResponse(autoping=True, heartbeat=10.0)
        await socket.prepare(request)
        if len(self._sockets) >= limit("sockets"):
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        with self._state.changed:
            self._sockets.append(socket)
            self.opened += 1
            self._state.changed.notify_all()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    def _take(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            self.strange.append(text)
            return
        waiting = self._waiting.get(ack.get("envelope_id", ""))
        if waiting is None:
            self.strange.append(ack)
        elif self.deaf > 0:
            self.deaf -= 1
        elif not waiting[0].done():
            waiting[0].set_result(ack.get("payload") or {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        with self._state.changed:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._state.changed.notify_all()
        for answer, its_socket in list(self._waiting.values()):
            if its_socket is socket and not answer.done():
                answer.set_result(None)

    async def deliver(self, sent: Sent, seconds: float) -> Json | None:
        envelope_id = f"{sent.id}-{sent.attempts}"
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": sent.payload,
            "type": sent.kind,
            "accepts_response_payload": sent.kind != "events_api",
        }
        if sent.kind == "events_api":
            envelope |= {"retry_attempt": sent.attempts - 1, "retry_reason": "timeout" if sent.reason else ""}
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        while True:
            if not self._sockets:
                raise NotConnectedError
            self._turn += 1
            socket = self._sockets[self._turn % len(self._sockets)]
            self._waiting[envelope_id] = (answer, socket)
            try:
                await socket.send_json(envelope)
                break
            except (ConnectionError, RuntimeError):
                self._forget(socket)
                answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            return None
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go: `warning` announces it, the others close at once."""
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.send_json(
                    {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}
                )
        if reason != "warning":
            await self.drop()

    async def drop(self, *, politely: bool = True) -> None:
        """Close every connection; not politely: the wire is cut."""
        for socket in list(self._sockets):
            self._forget(socket)
            if politely:
                await socket.close()
            elif socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    async def close(self) -> None:
        await self.drop()
