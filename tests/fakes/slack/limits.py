"""Rate limits: each method has its calls a minute, a channel its messages a second."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.slack.table import table

POST_BURST = 5


@dataclass
class _Bucket:
    left: float
    at: float


class Limits:
    """Off until `on` is set. `per_minute` overrides the table's tiers, by method."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = False
        self.per_minute: dict[str, float] = {}
        self.refused = 0
        self._clock = clock
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def wait(self, method: str, channel: str) -> int | None:
        """Seconds for `Retry-After` if this call is one too many, else None."""
        if not self.on:
            return None
        seconds = None
        if method == "chat.postMessage" and method not in self.per_minute:
            seconds = self._take((method, channel), capacity=POST_BURST, a_second=1.0)
        else:
            minute = self.per_minute.get(method, table()["methods"][method]["per_minute"])
            if minute is not None:
                seconds = self._take((method,), capacity=max(minute, 1), a_second=minute / 60)
        self.refused += seconds is not None
        return seconds

    def _take(self, key: tuple[str, ...], *, capacity: float, a_second: float) -> int | None:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        bucket.left = min(capacity, bucket.left + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return None
        return max(1, math.ceil((1 - bucket.left) / a_second))
