"""HTTP mode: events, commands and interactions posted to the app's address, signed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes.slack.delivery import NotConnectedError, Wire
from tests.fakes.slack.state import Json, Sent


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpMode(Wire):
    """Posts to `url`. `statuses` are those that the app answered with; `skew` shifts the signed time."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self.skew = 0.0
        self.statuses: list[int] = []
        self._session: ClientSession | None = None

    def reachable(self) -> bool:
        return True

    async def deliver(self, sent: Sent, seconds: float) -> Json | None:
        if sent.kind == "events_api":
            kind, body = "application/json", json.dumps(sent.payload).encode()
        else:
            kind, body = "application/x-www-form-urlencoded", _form(sent)
        timestamp = str(int(time.time() + self.skew))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.secret, timestamp, body),
        }
        if sent.attempts > 1:
            headers |= {
                "X-Slack-Retry-Num": str(sent.attempts - 1),
                "X-Slack-Retry-Reason": f"http_{sent.reason}",
            }
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=60), trust_env=False)
        try:
            async with asyncio.timeout(seconds):
                return await self._post(self._session, body, headers)
        except TimeoutError:
            return None
        except ClientError as error:
            raise NotConnectedError from error

    async def _post(self, session: ClientSession, body: bytes, headers: dict[str, str]) -> Json:
        async with session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
            text = await answer.text()
            self.statuses.append(answer.status)
            if answer.status != 200 and answer.headers.get("X-Slack-No-Retry") != "1":
                raise NotConnectedError
        if not text:
            return {}
        try:
            read = json.loads(text)
        except ValueError:
            return {"text": text}
        return read if isinstance(read, dict) else {"text": text}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _form(sent: Sent) -> bytes:
    if sent.kind == "slash_commands":
        fields = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in sent.payload.items()
            if value is not None
        }
    else:
        fields = {"payload": json.dumps(sent.payload)}
    return urlencode(fields).encode()
