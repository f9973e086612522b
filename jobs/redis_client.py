"""A Redis client that never makes anyone wait for long."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pipeline.errors import UsageError


def redis_client(url: str, *, patience: float) -> redis.Redis:
    """A client of `url` (redis://, rediss:// or unix://) whose every step takes at most `patience` seconds.

    It tries nothing twice by itself: a fetch whose answer was lost is not a fetch that failed. Connects
    at the first command. Raises `UsageError` when the address is none.
    """
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
    except ValueError:
        raise UsageError(
            "REDIS_URL can't be used: it is no address of a Redis.",
            "It begins with redis://, rediss:// or unix://.",
        ) from None
