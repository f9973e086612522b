"""Rate limits: a bucket for each route and its channel, one for all requests together."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

#: By the name that a test gives them: the routes of a bucket, how many calls, in how many seconds.
BUCKETS: dict[str, tuple[tuple[str, ...], int, float]] = {
    "messages": (("POST /channels/{channel_id}/messages",), 5, 5.0),
    "edits": (("PATCH /channels/{channel_id}/messages/{message_id}",), 5, 5.0),
    "deletes": (("DELETE /channels/{channel_id}/messages/{message_id}",), 5, 1.0),
    "reactions": (
        (
            "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
            "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        ),
        1,
        0.25,
    ),
    "typing": (("POST /channels/{channel_id}/typing",), 5, 5.0),
    "followups": (("POST /webhooks/{webhook_id}/{webhook_token}",), 5, 2.0),
}
#: What every other route has.
OTHERS = (50, 1.0)
GLOBALLY = 50
#: These are not counted among all requests together.
UNCOUNTED = ("/interactions/", "/webhooks/")
_BY_ROUTE = {route: name for name, (routes, _, _) in BUCKETS.items() for route in routes}


@dataclass
class _Window:
    left: int
    until: float


@dataclass
class Answer:
    """What the limits say of a call: its headers, and if it is one too many how long to wait and which kind."""

    headers: dict[str, str]
    wait: float | None = None
    everywhere: bool = False


class Limits:
    """Off until `on` is set; the headers are there anyhow. `changed` has other numbers, by a bucket's name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self.changed: dict[str, tuple[int, float]] = {}
        self.globally = GLOBALLY
        self.refused = 0
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, route: str, major: str) -> Answer:
        """Count one call."""
        name = _BY_ROUTE.get(route, route)
        most, seconds = self.changed.get(name) or BUCKETS.get(name, ((), *OTHERS))[1:]
        if not self.on:
            return Answer(self._headers(name, OTHERS[0], OTHERS[0] - 1, 0.001))
        if not any(one in route for one in UNCOUNTED):
            whole = self._window("*", "", self.globally, 1.0)
            if whole.left <= 0:
                self.refused += 1
                wait = max(whole.until - self._clock(), 0.001)
                return Answer(
                    {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, wait, everywhere=True
                )
            whole.left -= 1
        window = self._window(name, major, most, seconds)
        wait = max(window.until - self._clock(), 0.001)
        if window.left <= 0:
            self.refused += 1
            return Answer(self._headers(name, most, 0, wait) | {"X-RateLimit-Scope": "user"}, wait)
        window.left -= 1
        return Answer(self._headers(name, most, window.left, wait))

    def _window(self, name: str, major: str, most: int, seconds: float) -> _Window:
        now = self._clock()
        window = self._windows.get((name, major))
        if window is None or now >= window.until:
            window = self._windows[(name, major)] = _Window(most, now + seconds)
        return window

    def _headers(self, name: str, most: int, left: int, after: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{self._clock() + after:.3f}",
            "X-RateLimit-Reset-After": f"{math.ceil(after * 1000) / 1000:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        }
