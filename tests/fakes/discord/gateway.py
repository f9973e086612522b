"""The gateway: HELLO, IDENTIFY, READY, heartbeats, events in order, RESUME with what was missed.

A client that asks for `compress=zlib-stream` gets it; `encoding` must be json; `zstd-stream` is refused with 4012.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord import shapes
from tests.fakes.discord.state import APP, BOT_USER, Json, State
from tests.fakes.discord.world import World

INTENTS = {
    "GUILDS": 0,
    "GUILD_MEMBERS": 1,
    "GUILD_PRESENCES": 8,
    "GUILD_MESSAGES": 9,
    "GUILD_MESSAGE_REACTIONS": 10,
    "DIRECT_MESSAGES": 12,
    "DIRECT_MESSAGE_REACTIONS": 13,
    "MESSAGE_CONTENT": 15,
}
PRIVILEGED = ("GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT")
#: Which intent an event needs in a guild, and which in a direct message; all others come to everybody.
NEEDS = {
    "GUILD_CREATE": ("GUILDS", ""),
    "GUILD_DELETE": ("GUILDS", ""),
    "GUILD_UPDATE": ("GUILDS", ""),
    "GUILD_ROLE_CREATE": ("GUILDS", ""),
    "GUILD_ROLE_UPDATE": ("GUILDS", ""),
    "GUILD_ROLE_DELETE": ("GUILDS", ""),
    "CHANNEL_CREATE": ("GUILDS", ""),
    "CHANNEL_UPDATE": ("GUILDS", ""),
    "CHANNEL_DELETE": ("GUILDS", ""),
    "THREAD_CREATE": ("GUILDS", ""),
    "THREAD_UPDATE": ("GUILDS", ""),
    "THREAD_DELETE": ("GUILDS", ""),
    "GUILD_MEMBER_ADD": ("GUILD_MEMBERS", ""),
    "GUILD_MEMBER_REMOVE": ("GUILD_MEMBERS", ""),
    "GUILD_MEMBER_UPDATE": ("GUILD_MEMBERS", ""),
    "MESSAGE_CREATE": ("GUILD_MESSAGES", "DIRECT_MESSAGES"),
    "MESSAGE_UPDATE": ("GUILD_MESSAGES", "DIRECT_MESSAGES"),
    "MESSAGE_DELETE": ("GUILD_MESSAGES", "DIRECT_MESSAGES"),
    "MESSAGE_REACTION_ADD": ("GUILD_MESSAGE_REACTIONS", "DIRECT_MESSAGE_REACTIONS"),
    "MESSAGE_REACTION_REMOVE": ("GUILD_MESSAGE_REACTIONS", "DIRECT_MESSAGE_REACTIONS"),
}


@dataclass
class Session:
    """What one IDENTIFY began. `log` is everything it was told; a sequence number is its place there, from 1."""

    id: str
    intents: int
    log: list[Json] = field(default_factory=list)
    wire: Wire | None = None
    left_at: float = 0.0

    def wants(self, *names: str) -> bool:
        """Whether it asked for one of these intents."""
        return any(self.intents & 1 << INTENTS[name] for name in names if name)


class Wire:
    """One WebSocket. Everything that goes over it is written by one task, in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, *, compress: bool) -> None:
        self.socket, self._request = socket, request
        self._press = zlib.compressobj() if compress else None
        self.session: Session | None = None
        self.told = 0
        self.dead = False
        self.closed_with: int | None = None
        self.more = asyncio.Event()
        self.heard_at = time.monotonic()

    async def send(
        self, op: int, data: Any = None, *, event: str | None = None, seq: int | None = None
    ) -> None:
        """Send one payload; nothing if the connection is a zombie."""
        if self.dead:
            return
        text = json.dumps({"op": op, "d": data, "s": seq, "t": event})
        with contextlib.suppress(ConnectionError, RuntimeError):
            if self._press is None:
                await self.socket.send_str(text)
            else:
                squeezed = self._press.compress(text.encode()) + self._press.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(squeezed)

    async def pump(self) -> None:
        """Send what the session was told, as it is told."""
        while True:
            await self.more.wait()
            self.more.clear()
            while self.session is not None and self.told < len(self.session.log):
                said = self.session.log[self.told]
                self.told += 1
                await self.send(0, said["d"], event=said["t"], seq=self.told)

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Gateway:
    """All connections and all sessions; a session without a connection waits two minutes to be resumed."""

    def __init__(self, world: World, state: State, token: str) -> None:
        self.world, self.state, self.token = world, state, token
        self.sessions: dict[str, Session] = {}
        self.all_sessions: list[Session] = []
        self.wires: set[Wire] = set()
        self.heartbeat_ms = 41_250
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.closed_with: list[int] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    @property
    def connections(self) -> int:
        """How many connections have a session."""
        with self.state.changed:
            return sum(wire.session is not None for wire in self.wires)

    # -- telling --

    def emit(self, name: str, data: Json, guild: str | None) -> None:
        """Tell every session of an event; from any thread, under the state's lock."""
        for session in list(self.sessions.values()):
            if session.wire is None and time.monotonic() - session.left_at > 120:
                del self.sessions[session.id]
                continue
            if name in NEEDS and not session.wants(NEEDS[name][0 if guild else 1]):
                continue
            self._log(session, name, self._seen(session, name, data, guild))

    def _seen(self, session: Session, name: str, data: Json, guild: str | None) -> Json:
        if name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or guild is None:
            return data
        own = data["author"]["id"] == BOT_USER
        named = any(one["id"] == BOT_USER for one in data["mentions"])
        return data if own or named or session.wants("MESSAGE_CONTENT") else shapes.without_content(data)

    def _log(self, session: Session, name: str, data: Json) -> None:
        session.log.append({"t": name, "d": data})
        if session.wire is not None and self.loop is not None:
            self.loop.call_soon_threadsafe(session.wire.more.set)

    # -- a connection --

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, autoclose=True, compress=False)
        await socket.prepare(request)
        wire = Wire(socket, request, compress=request.query.get("compress") == "zlib-stream")
        if (
            request.query.get("v", "10") != "10"
            or request.query.get("compress", "zlib-stream") != "zlib-stream"
        ):
            await socket.close(code=4012, message=b"Invalid API version.")
            return socket
        with self.state.changed:
            self.wires.add(wire)
        pump = asyncio.create_task(wire.pump())
        await wire.send(10, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
        try:
            async for received in socket:
                wire.heard_at = time.monotonic()
                if received.type is not WSMsgType.TEXT:
                    continue
                await self._heard(wire, received.data)
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            with self.state.changed:
                self.wires.discard(wire)
                self._left(wire, socket.close_code)
                self.state.changed.notify_all()
        return socket

    def _left(self, wire: Wire, code: int | None) -> None:
        session = wire.session
        if session is None or session.wire is not wire:
            return
        session.wire, session.left_at = None, time.monotonic()
        self.closed_with.append(wire.closed_with or code or 1006)
        if wire.closed_with is None and code in (1000, 1001):  # the app says good-bye: what it had is over
            self.sessions.pop(session.id, None)

    async def _heard(self, wire: Wire, text: str) -> None:
        try:
            said = json.loads(text)
            op, data = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            await self._close(wire, 4002, "Error while decoding payload.")
            return
        match op:
            case 1:
                await wire.send(11)
            case 3 | 4:
                pass
            case 2:
                await self._identify(wire, data)
            case 6:
                await self._resume(wire, data)
            case 8 if wire.session is not None:
                self._members(wire.session, data)
            case 8:
                await self._close(wire, 4003, "Not authenticated.")
            case _:
                await self._close(wire, 4001, "Unknown opcode.")

    async def _close(self, wire: Wire, code: int, why: str) -> None:
        wire.closed_with = code
        with contextlib.suppress(ConnectionError, RuntimeError):
            await wire.socket.close(code=code, message=why.encode())

    async def _identify(self, wire: Wire, data: Json) -> None:
        self.identifies.append(data)
        if wire.session is not None:
            return await self._close(wire, 4005, "Already authenticated.")
        if data.get("token") != self.token:
            return await self._close(wire, 4004, "Authentication failed.")
        if not isinstance(data.get("intents"), int):
            return await self._close(wire, 4013, "Invalid intent(s).")
        asked = {name for name in PRIVILEGED if data["intents"] & 1 << INTENTS[name]}
        if asked - self.world.granted:
            return await self._close(wire, 4014, "Disallowed intent(s).")
        with self.state.changed:
            session = Session(secrets.token_hex(16), data["intents"], wire=wire)
            self.sessions[session.id] = session
            self.all_sessions.append(session)
            self._log(session, "READY", self._ready(session))
            for home in self.state.guilds.values():
                if home.bot_in and session.wants("GUILDS"):
                    self._log(session, "GUILD_CREATE", self.world.guild_event(home))
            wire.session = session
            wire.more.set()
            self.state.changed.notify_all()
        return None

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": shapes.user(self.state.users[BOT_USER])
            | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [
                {"id": one.id, "unavailable": True} for one in self.state.guilds.values() if one.bot_in
            ],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.address,
            "application": {"id": APP, "flags": self.world.application_flags},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "user_settings": {},
            "_trace": [],
        }

    @property
    def address(self) -> str:
        """Where the gateway is."""
        return self.state.api_address.replace("http://", "ws://") + "/gateway"

    async def _resume(self, wire: Wire, data: Json) -> None:
        self.resumes.append(data)
        if data.get("token") != self.token:
            return await self._close(wire, 4004, "Authentication failed.")
        with self.state.changed:
            session = self.sessions.get(str(data.get("session_id")))
            known = session is not None and 0 <= int(data.get("seq") or 0) <= len(session.log)
            if session is not None and known:
                if session.wire is not None and session.wire is not wire:
                    session.wire.session = None
                    session.wire.cut()
                session.wire, wire.session = wire, session
                wire.told = int(data.get("seq") or 0)
                self._log(session, "RESUMED", {"_trace": []})
                wire.more.set()
                self.state.changed.notify_all()
        if not known:
            await wire.send(9, False)
        return None

    def _members(self, session: Session, data: Json) -> None:
        """Who is in a guild. All of them only for who may know."""
        with self.state.changed:
            home = self.state.guilds.get(str(data.get("guild_id")))
            if home is None or not home.bot_in:
                return
            wanted = data.get("user_ids")
            names = [wanted] if isinstance(wanted, (str, int)) else list(wanted or ())
            found = list(home.members.values())
            if names:
                found = [one for one in found if one.user in {str(name) for name in names}]
            elif data.get("query"):
                begin = str(data["query"]).lower()
                found = [one for one in found if self.state.users[one.user].handle.startswith(begin)]
            elif not session.wants("GUILD_MEMBERS"):
                found = []
            chunk: Json = {
                "guild_id": home.id,
                "members": [shapes.member(self.state, one) for one in found],
                "chunk_index": 0,
                "chunk_count": 1,
                "not_found": [],
            }
            self._log(
                session, "GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if "nonce" in data else {})
            )

    # -- accidents --

    def kill_softly(self) -> None:
        """Make every connection a zombie: it stays open, acknowledges no heartbeat and says nothing more."""
        for wire in self.wires:
            wire.dead = True

    async def drop(self, code: int | None = None) -> None:
        """Cut every connection, or close each with that code."""
        for wire in list(self.wires):
            if code is None:
                wire.cut()
            else:
                await self._close(wire, code, "")

    async def reconnect(self) -> None:
        """Ask every client to come back (opcode 7)."""
        for wire in list(self.wires):
            await wire.send(7)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid (opcode 9)."""
        for wire in list(self.wires):
            if wire.session is not None and not resumable:
                with self.state.changed:
                    self.sessions.pop(wire.session.id, None)
                    wire.session = None
            await wire.send(9, resumable)

    async def close(self) -> None:
        """End all of them."""
        for wire in list(self.wires):
            await self._close(wire, 1001, "")
