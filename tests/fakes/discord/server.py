"""`FakeDiscord`: the platform behind real sockets on loopback, in a thread with a loop of its own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from aiohttp import web

from tests.fakes.discord import interactions as _interactions  # noqa: F401 - their routes are registered
from tests.fakes.discord import people as _people  # noqa: F401
from tests.fakes.discord import rooms as _rooms  # noqa: F401
from tests.fakes.discord.cdn import Cdn
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.hand import Hand
from tests.fakes.discord.permissions import MEMBERS
from tests.fakes.discord.rest import PREFIX, Api, Fault
from tests.fakes.discord.state import BOT_USER, GUILD, Json, State, User
from tests.fakes.discord.table import limit
from tests.fakes.discord.world import World
from tests.fakes.served import Served, address_of, listening


class FakeDiscord(Served, Hand):
    """A guild `GUILD` with the app `BOT_USER` in it. Use it with `with`.

    `intents` are the privileged ones that are switched on in the portal; `permissions` what the invitation gave
    the app, and `everyone` what @everyone may do (numbers; by default what members may; with less, people have a
    role of their own for it). `clock` is where times and ids come from.
    """

    def __init__(
        self,
        *,
        intents: set[str] | None = None,
        permissions: int = MEMBERS,
        everyone: int = MEMBERS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("fake-discord")
        self.bot_token = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.fake.token"
        self.permissions, self.everyone = permissions, everyone
        self.answer_within = float(limit("ack_seconds"))
        self.state = State(clock)
        self.world = World(self.state, self._emit)
        self.world.granted = {"MESSAGE_CONTENT"} if intents is None else set(intents)
        self.gateway = Gateway(self.world, self.state, self.bot_token)
        self.state.users[BOT_USER] = User(BOT_USER, "Hidden Hill", bot=True)
        self.add_guild(GUILD, "The lab")

    def _emit(self, name: str, data: Json, guild: str | None) -> None:
        self.gateway.emit(name, data, guild)

    # -- the sockets --

    async def _open(self) -> list[web.AppRunner]:
        self.gateway.loop = self._loop
        self.api = Api(self.world, token=self.bot_token)
        self.cdn = Cdn(self.state)
        main = await listening(
            [
                web.get("/gateway", self.gateway.connect),
                web.route("*", PREFIX + "/{path:.*}", self.api.answer),
            ]
        )
        files = await listening(
            [
                web.get("/attachments/{channel}/{file}/{name}", self.cdn.give),
                web.get("/ephemeral-attachments/{channel}/{file}/{name}", self.cdn.give),
            ]
        )
        self.state.api_address, self.state.cdn_address = address_of(main), address_of(files)
        return [main, files]

    async def _close(self) -> None:
        self.api.closing.set()
        self.cdn.closing.set()
        await self.gateway.close()
        with self.state.changed:
            for sent in self.state.sent:
                sent.done.set()

    # -- how the platform behaves --

    @property
    def api_url(self) -> str:
        """Where the HTTP API is, with its version."""
        return self.state.api_address + PREFIX

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a process of ours finds this Discord."""
        return {
            "DISCORD_TOKEN": self.bot_token,
            "DISCORD_API_URL": self.api_url,
            "DISCORD_GATEWAY_URL": self.gateway.address,
            "DISCORD_CDN_HOSTS": self.state.cdn_address.removeprefix("http://"),
        }

    @property
    def connections(self) -> int:
        """How many connections of the gateway have a session."""
        return self.gateway.connections

    def wait_connected(self, count: int = 1, timeout: float = 20) -> None:
        """Wait until the app has that many connections."""
        self.wait_for(lambda: self.gateway.connections >= count, timeout)

    def drop_connections(self, code: int | None = None) -> None:
        """Cut every connection, or close each with that code."""
        self._do(self.gateway.drop(code))

    def revoke(self) -> None:
        """The bot's token is good no more: every call is answered with 401, and every connection is closed."""
        with self.state.changed:
            self.api.token = self.gateway.token = "revoked"
        self.drop_connections(4004)

    def reconnect(self) -> None:
        """Ask every client to come back (opcode 7), as the platform does now and then."""
        self._do(self.gateway.reconnect())

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is over (opcode 9)."""
        self._do(self.gateway.invalidate(resumable=resumable))

    def make_zombies(self) -> None:
        """The connections of now stay open and never say anything any more, not even that they hear a heartbeat."""
        self._loop.call_soon_threadsafe(self.gateway.kill_softly)

    def heartbeat_every(self, seconds: float) -> None:
        """How often connections that are made from now on are to send a heartbeat."""
        self.gateway.heartbeat_ms = int(seconds * 1000)

    def advance(self, seconds: float) -> None:
        """Put the platform's clock on: tokens and links die, messages grow old."""
        with self.state.changed:
            self.state.ahead += seconds
            self.state.changed.notify_all()

    def fail_next(
        self, route: str, what: str | int, times: int = 1, *, retry_after: float = 1, scope: str = "user"
    ) -> None:
        """Answer the next calls of the route (`*`: of any) with a status, or an error's code (10000 and above).

        429 has a `scope`: user, shared or global. `hang`: no answer at all; `break`: the connection breaks;
        `lost`: it is done, and then the connection breaks; `mute`: it is done, and no answer comes.
        """
        with self.state.changed:
            self.api.faults.setdefault(route, deque()).append(Fault(what, times, retry_after, scope))

    def slow_down(self, route: str, seconds: float) -> None:
        """Answer that route (`*`: any) so much later."""
        self.api.slow[route] = seconds

    def limits(self, *, on: bool = True, globally: int = 50, **buckets: tuple[int, float]) -> None:
        """Obey the rate limits. Buckets by name (`limits.BUCKETS`) have other numbers: `edits=(2, 1.0)`."""
        with self.state.changed:
            self.api.limits.on, self.api.limits.globally = on, globally
            self.api.limits.changed = dict(buckets)

    def old_edits(self, count: int, seconds: float) -> None:
        """How often messages over an hour old may be edited in a channel, in so many seconds."""
        self.api.old_edits = (count, seconds)
