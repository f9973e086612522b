"""The HTTP API's front: limits, token, body and accidents are seen to here; the routes stand beside it."""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.limits import Answer, Limits
from tests.fakes.discord.state import Call, Json
from tests.fakes.discord.world import World

#: The version that the API is asked for.
PREFIX = "/api/v10"
#: What has limits of its own; an interaction is answered once, so its limit is never met.
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id", "interaction_token")


@dataclass
class Upload:
    """A file in a request."""

    name: str
    content: bytes


@dataclass
class Ask:
    """One request: what stands in the path, the query, the body, and files by their number."""

    route: str
    params: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: dict[int, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.params[name]

    @property
    def form(self) -> Json:
        """The body, which must be an object."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise RefusedError(50109)
        return self.body


Handler = Callable[["Api", Ask], Any]


@dataclass
class Fault:
    """What happens to the next calls of a route: a status, an error's code, or the name of an accident."""

    what: str | int
    left: int
    retry_after: float = 1.0
    scope: str = "user"


class Api:
    """All routes over one world.

    `faults` strike first. An accident is `hang` (no answer until the fake closes), `break` (the connection
    breaks and nothing was done), `lost` (it was done, and the connection breaks instead of the answer) or `mute`
    (it was done, and no answer comes).
    `old_edits`: how many edits of messages over an hour old a channel has, in how many seconds.
    """

    def __init__(self, world: World, *, token: str) -> None:
        self.world, self.state, self.token = world, world.state, token
        self.limits = Limits(time.time)
        self.faults: dict[str, deque[Fault]] = {}
        self.slow: dict[str, float] = {}
        self.old_edits: tuple[int, float] = (3, 20.0)
        self.old_edited: dict[str, deque[float]] = {}
        self.closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call over HTTP."""
        path = request.raw_path.partition("?")[0].removeprefix(PREFIX)
        route, params = _route(request.method, path)
        fault = self._fault(route)
        slow = self.slow.get(route) or self.slow.get("*")
        if slow:
            await asyncio.sleep(slow)
        if fault and fault.what == "hang":
            await self.closing.wait()
        if fault and fault.what in {"hang", "break"}:
            return _cut(request)
        ask = Ask(route, params, dict(request.query))
        unread = await _read(request, ask)
        with self.state.changed:
            limit = self.limits.take(route, "+".join(params[one] for one in _MAJOR if one in params))
            status, reply, headers = self._reply(ask, request, limit, fault, unread)
            told = tuple(upload.name for upload in ask.files.values())
            args = ask.body if isinstance(ask.body, dict) else {} if ask.body is None else {"": ask.body}
            call = Call(
                route, args, time.monotonic(), reply, status, path, ask.query, told, dict(request.headers)
            )
            self.state.calls.append(call)
            self.state.changed.notify_all()
        if fault and fault.what == "mute":
            await self.closing.wait()
        if fault and fault.what in {"lost", "mute"}:
            return _cut(request)
        if reply is None:
            return web.Response(status=status, headers=limit.headers | headers)
        # Clients compare the content type as a whole: no charset may follow.
        body = json.dumps(reply).encode()
        headers = {"Content-Type": "application/json", "Via": "1.1 google", **limit.headers, **headers}
        return web.Response(status=status, body=body, headers=headers)

    def _fault(self, route: str) -> Fault | None:
        with self.state.changed:
            waiting = self.faults.get(route) or self.faults.get("*")
            if not waiting:
                return None
            fault = waiting[0]
            fault.left -= 1
            if fault.left <= 0:
                waiting.popleft()
            return fault

    def _reply(
        self, ask: Ask, request: web.Request, limit: Answer, fault: Fault | None, unread: RefusedError | None
    ) -> tuple[int, Any, dict[str, str]]:
        try:
            if fault is not None and fault.what == 429:
                limit.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Scope": fault.scope}
                limit.wait, limit.everywhere = fault.retry_after, fault.scope == "global"
            if limit.wait is not None:
                return _too_many(limit)
            if fault is not None and isinstance(fault.what, int):
                _strike(fault)
            if ask.route not in ROUTES:
                known = any(path == ask.route.split(" ")[1] for _, path, _ in _COMPILED)
                raise RefusedError(0, "405: Method Not Allowed", status=405) if known else RefusedError(0)
            if not ask.route.split(" ")[1].startswith(("/interactions/", "/webhooks/")):
                self._check_token(request)
            if unread is not None:
                raise unread
            reply = ROUTES[ask.route](self, ask)
        except RefusedError as refused:
            more = {}
            if refused.status == 429:
                more = {
                    "Retry-After": str(math.ceil(refused.body["retry_after"])),
                    "X-RateLimit-Scope": "shared",
                }
            return refused.status, refused.body, more
        return (STATUS[ask.route], reply, {}) if reply is not None else (204, None, {})

    def _check_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization", "") != f"Bot {self.token}":
            raise RefusedError(0, "401: Unauthorized", status=401)


def _strike(fault: Fault) -> None:
    code = int(fault.what)
    if code == 30046:
        refused = RefusedError(code, retry_after=fault.retry_after)
        refused.body["global"] = False
        raise refused
    if code >= 10000:
        raise RefusedError(code)
    if code >= 400:
        raise RefusedError(0, f"{code}: Error", status=code)


def _too_many(limit: Answer) -> tuple[int, Json, dict[str, str]]:
    wait = float(limit.wait or 0)
    body = {"message": "You are being rate limited.", "retry_after": wait, "global": limit.everywhere}
    return 429, body, {"Retry-After": str(math.ceil(wait))}


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


async def _read(request: web.Request, ask: Ask) -> RefusedError | None:
    """Read the body into `ask`; what is wrong with it, if anything is."""
    if not request.can_read_body:
        return None
    try:
        if request.content_type == "multipart/form-data":
            await _read_parts(request, ask)
        elif request.content_type == "application/json":
            body = await request.read()
            ask.body = json.loads(body) if body else None
        else:
            await request.read()
            return RefusedError(50035, errors={"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": "…"}]})
    except ValueError:
        return RefusedError(50109)
    return None


async def _read_parts(request: web.Request, ask: Ask) -> None:
    loose: Json = {}
    async for part in await request.multipart():
        name = str(getattr(part, "name", ""))
        content = bytes(await part.read(decode=False))  # type: ignore[union-attr]
        number = re.fullmatch(r"files\[(\d+)\]", name)
        if name == "payload_json":
            ask.body = json.loads(content)
        elif number is not None:
            ask.files[int(number[1])] = Upload(str(getattr(part, "filename", "") or "file"), content)
        else:
            loose[name] = content.decode(errors="replace")
    if ask.body is None and loose:
        ask.body = loose


ROUTES: dict[str, Handler] = {}
STATUS: dict[str, int] = {}
_COMPILED: list[tuple[str, str, re.Pattern[str]]] = []


def route(name: str, *, status: int = 200) -> Callable[[Handler], Handler]:
    """Register the function as that route, `METHOD /path/{parameter}`; None is answered with 204."""
    method, path = name.split(" ")
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))

    def register(function: Handler) -> Handler:
        ROUTES[name], STATUS[name] = function, status
        _COMPILED.append((method, path, re.compile(pattern)))
        # Names such as `@me` stand before parameters.
        _COMPILED.sort(key=lambda one: one[1].count("{"))
        return function

    return register


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    found = ""
    for known, template, pattern in _COMPILED:
        match = pattern.fullmatch(path)
        if match is None:
            continue
        if known == method:
            return f"{method} {template}", {name: unquote(value) for name, value in match.groupdict().items()}
        found = found or template
    return f"{method} {found or path}", {}
