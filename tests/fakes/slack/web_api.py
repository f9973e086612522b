"""The Web API's front: token, scopes, tiers and arguments are checked here; the methods stand beside it."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.slack.errors import RefusedError, invalid
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.state import Call, Json, Message
from tests.fakes.slack.table import table
from tests.fakes.slack.workspace import Workspace

Method = Callable[["Api", Json], Json]


@dataclass
class Fault:
    """What happens to the next calls of a method: an error's code, a status, or the name of an accident."""

    what: str | int
    left: int
    retry_after: int = 1


@dataclass
class Hook:
    """A `response_url`: who may see what is said there, and the message that it belongs to, if any."""

    user: str
    channel: str
    until: float
    message: Message | None = None
    used: int = 0


class Api:
    """All methods of the Web API over one workspace.

    `faults` strike first. An accident is `hang` (no answer until the fake closes), `break` (the connection
    breaks and nothing was done) or `lost` (it was done, and the connection breaks instead of the answer).
    """

    def __init__(self, workspace: Workspace, sockets: SocketMode, *, bot_token: str, app_token: str) -> None:
        self.workspace, self.sockets = workspace, sockets
        self.state = workspace.state
        self.bot_token, self.app_token = bot_token, app_token
        self.app_scopes = {"connections:write"}
        self.limits = Limits(time.monotonic)
        self.faults: dict[str, deque[Fault]] = {}
        self.slow: dict[str, float] = {}
        self.closing = asyncio.Event()
        self.triggers: dict[str, tuple[float, str]] = {}
        self.used_triggers: set[str] = set()
        self.hooks: dict[str, Hook] = {}
        self.hook_refusals: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call over HTTP."""
        method = request.match_info["method"]
        fault = self._fault(method)
        if self.slow.get(method):
            await asyncio.sleep(self.slow[method])
        if fault and fault.what == "hang":
            await self.closing.wait()
        if fault and fault.what in {"hang", "break"}:
            return _cut(request)
        args, as_json = await _arguments(request)
        token = args.pop("token", None) or request.headers.get("Authorization", "").removeprefix("Bearer ")
        with self.state.changed:
            status, reply, headers = self._reply(method, args, str(token), as_json=as_json, fault=fault)
            self.state.calls.append(Call(method, args, time.monotonic(), reply, status))
            self.state.changed.notify_all()
        if fault and fault.what == "lost":
            return _cut(request)
        return web.json_response(reply, status=status, headers=headers)

    def _fault(self, method: str) -> Fault | None:
        with self.state.changed:
            waiting = self.faults.get(method) or self.faults.get("*")
            if not waiting:
                return None
            fault = waiting[0]
            fault.left -= 1
            if fault.left <= 0:
                waiting.popleft()
            return fault

    def _reply(
        self, method: str, args: Json, token: str, *, as_json: bool, fault: Fault | None
    ) -> tuple[int, Json, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            known = table()["methods"].get(method)
            if known is None or method not in METHODS:
                raise RefusedError("unknown_method", req_method=method)  # noqa: TRY301
            if isinstance(fault, Fault) and isinstance(fault.what, int):
                return _http_fault(fault)
            wait = self.limits.wait(method, str(args.get("channel", "")))
            if wait is not None:
                return _http_fault(Fault(429, 1, wait))
            self._check_token(known, token, headers)
            if isinstance(fault, Fault) and fault.what != "lost":
                raise RefusedError(str(fault.what))  # noqa: TRY301
            if as_json and not known["json"]:
                args.clear()  # these methods do not read JSON, and miss their arguments
            checked = self._checked(known["arguments"], args)
            self._check_scope(known["scopes"], checked)
            reply = METHODS[method](self, checked)
        except RefusedError as refused:
            return 200, {"ok": False, "error": refused.code, **refused.more}, headers
        return 200, {"ok": True, **reply}, headers

    def _check_token(self, known: Json, token: str, headers: dict[str, str]) -> None:
        if known["token"] == "none":
            return
        if not token:
            raise RefusedError("not_authed")
        if token not in {self.bot_token, self.app_token}:
            raise RefusedError("invalid_auth")
        if self.workspace.refusal:
            raise RefusedError(self.workspace.refusal)
        provided = self.workspace.scopes if token == self.bot_token else self.app_scopes
        headers["x-oauth-scopes"] = ",".join(sorted(provided))
        wanted = self.app_token if known["token"] == "app" else self.bot_token
        if token != wanted:
            raise RefusedError("not_allowed_token_type")

    def _check_scope(self, scopes: str, args: Json) -> None:
        if not scopes:
            return
        provided = self.app_scopes if scopes == "connections:write" else self.workspace.scopes
        if not scopes.startswith("*"):
            if scopes not in provided:
                raise RefusedError("missing_scope", needed=scopes, provided=",".join(sorted(provided)))
            return
        kinds: dict[str, str] = table()["scopes_by_kind"][scopes.removeprefix("*")]
        room = self.state.channels.get(str(args.get("channel") or ""))
        if room is None:
            if not provided & set(kinds.values()):
                raise RefusedError(
                    "missing_scope", needed=",".join(kinds.values()), provided=",".join(sorted(provided))
                )
        elif room.kind in kinds and kinds[room.kind] not in provided:
            raise RefusedError("missing_scope", needed=kinds[room.kind], provided=",".join(sorted(provided)))

    def _checked(self, known: dict[str, str], args: Json) -> Json:
        if "team_id" not in known:
            args.pop("team_id", None)  # the SDK's clients send it with every call, once they know it
        unknown = sorted(set(args) - set(known))
        if unknown:
            raise invalid("invalid_arguments", *(f"unknown argument: {name}" for name in unknown))
        missing = [
            name for name, kind in known.items() if kind.endswith("!") and args.get(name) in (None, "")
        ]
        if missing:
            raise invalid("invalid_arguments", *(f"missing required field: {name}" for name in missing))
        return {name: _read(name, value, known[name].removesuffix("!")) for name, value in args.items()}


def _http_fault(fault: Fault) -> tuple[int, Json, dict[str, str]]:
    if fault.what == 429:
        return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fault.retry_after)}
    return int(fault.what), {"ok": False, "error": "internal_error"}, {}


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


async def _arguments(request: web.Request) -> tuple[Json, bool]:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        read = json.loads(body) if body else {}
        return args | (read if isinstance(read, dict) else {}), bool(body)
    if request.can_read_body:
        form = await request.post()
        args |= {name: value for name, value in form.items() if isinstance(value, str)}
    return args, False


def _read(name: str, value: Any, kind: str) -> Any:
    """The argument as a Python value, whether it came as JSON or in a form."""
    match kind:
        case "str" if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        case "bool":
            if str(value).lower() in {"1", "true", "0", "false"}:
                return str(value).lower() in {"1", "true"}
        case "int":
            if str(value).isdecimal():
                return int(value)
        case "csv" if isinstance(value, str):
            return [one for one in value.split(",") if one]
        case "csv" if isinstance(value, list):
            return value
        case "list" | "object":
            read = value
            if isinstance(value, str):
                try:
                    read = json.loads(value)
                except ValueError:
                    raise invalid(f"invalid_{name}_format", f"{name} is no JSON") from None
            if isinstance(read, list if kind == "list" else Mapping):
                return read
    raise invalid("invalid_arguments", f"must be {kind}: {name}")


METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register the function as that method."""

    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register
