"""Discord's HTTP API as the messenger needs it: a call either happens at once or says how long to wait.

discord.py's own client sleeps until a limit is over, with whatever its caller holds, and refuses every second
call of a bucket whose window is longer than the patience it is given. The messenger knows what else it could
write meanwhile, so it must hear of the wait.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bots.discord.errors import ApiError
from bots.port import Attachment, BusyError
from settings import Settings

#: Seconds that one call may take, that a connection may, and that a file's way may.
CALL, CONNECT, UPLOAD = 20.0, 8.0, 900.0
#: Discord wants to be told what calls it.
_NAME: Final = "DiscordBot (hidden-hill, 1)"
#: Where Discord wants to be left alone and does not say for how long (seconds).
_A_WHILE: Final = 5.0
#: More limits than this are not remembered.
_MOST: Final = 2_000


def api_session() -> aiohttp.ClientSession:
    """The connections that all calls share. To be made where the event loop runs, and closed there."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CALL, connect=CONNECT),
        connector=aiohttp.TCPConnector(limit=64),
        headers={"User-Agent": _NAME},
    )


class Api:
    """Calls with the bot's token.

    A call raises `ApiError` for what Discord refuses, `BusyError` where it has no time for us (known of before, when
    it said so), and what the way to Discord raises.
    """

    def __init__(self, session: aiohttp.ClientSession, base: str, token: str) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bot {token}"}
        self._ahead = 0.0
        #: A bucket (method, way, major id) → the monotonic second until which it is used up; "" is all together.
        self._until: dict[str, float] = {}

    @classmethod
    def of(cls, session: aiohttp.ClientSession, settings: Settings) -> Api:
        """The API that the settings name, with their token."""
        secret = settings.discord_token
        assert secret is not None
        return cls(session, settings.discord_api_url, secret.get_secret_value().strip())

    def now(self) -> float:
        """The time by Discord's clock (epoch seconds), which ids are made from: ours may be set wrong."""
        return time.time() - self._ahead

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        files: Iterable[Attachment] = (),
        bucket: str = "",
    ) -> Any:
        """One call of `path` (/channels/1/…). `bucket`: calls of the same name share a limit; the path if empty."""
        name = f"{method} {bucket or path}"
        self._wait_for_nothing(name)
        with ExitStack() as opened:
            more: dict[str, Any] = {}
            listed = tuple(files)
            if listed:
                more["data"] = _form(body or {}, listed, opened)
                more["timeout"] = aiohttp.ClientTimeout(total=UPLOAD, connect=CONNECT)
            elif body is not None:
                more["json"] = body
            async with self._session.request(
                method,
                self._base + path,
                params=query,
                headers=self._headers,
                allow_redirects=False,
                **more,
            ) as answer:
                said = await _read(answer)
                self._ahead = time.time() - _moment(answer.headers.get("Date"))
                self._remember(name, answer)
                if answer.status < 300:
                    return said
                raise self._refusal(name, answer, said)

    def _wait_for_nothing(self, name: str) -> None:
        left = max(self._until.get(name, 0.0), self._until.get("", 0.0)) - time.monotonic()
        if left > 0:
            raise BusyError(left)

    def _remember(self, name: str, answer: aiohttp.ClientResponse) -> None:
        """Note that a bucket is used up, so that nobody asks in vain: refusals are counted against us."""
        if answer.headers.get("X-RateLimit-Remaining") == "0" and answer.status != 429:
            self._keep(name, _number(answer.headers.get("X-RateLimit-Reset-After"), 0.0))

    def _keep(self, name: str, seconds: float) -> None:
        now = time.monotonic()
        if len(self._until) >= _MOST:
            self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[name] = now + seconds

    def _refusal(self, name: str, answer: aiohttp.ClientResponse, said: Any) -> Exception:
        refused = ApiError.of(answer.status, said)
        if answer.status != 429 or refused.code:
            # A limit with a code of its own is one of the message or the channel, not of the call.
            refused.retry_after = _wait(answer, said)
            return refused
        wait = _wait(answer, said)
        everywhere = answer.headers.get("X-RateLimit-Global") or (
            isinstance(said, dict) and said.get("global")
        )
        # What is not in Discord's own words comes from what stands before it, and that bars everything.
        self._keep("" if everywhere or not isinstance(said, dict) else name, wait)
        return BusyError(wait)


def _form(body: Mapping[str, Any], files: tuple[Attachment, ...], opened: ExitStack) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Discord doesn't understand escaped brackets
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, file in enumerate(files):
        content = opened.enter_context(file.path.open("rb"))
        form.add_field(
            f"files[{number}]", content, filename=file.name, content_type="application/octet-stream"
        )
    return form


async def _read(answer: aiohttp.ClientResponse) -> Any:
    text = await answer.text(errors="replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _wait(answer: aiohttp.ClientResponse, said: Any) -> float:
    told = said.get("retry_after") if isinstance(said, dict) else None
    return max(_number(told, _number(answer.headers.get("Retry-After"), _A_WHILE)), 0.1)


def _moment(date: str | None) -> float:
    """What a Date header says (epoch seconds); now, where it says nothing."""
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return time.time()


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
