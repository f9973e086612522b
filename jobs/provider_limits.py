"""How much of a provider all workers together use: so many tasks at once, so many begun in a minute, and a line.

The books are in Redis, and a script there makes each step whole. Whoever waits has no thread: a run that
finds no place is put off, its place in line stands on its card, and it asks again every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, cast

import redis

from jobs.redis_client import redis_client
from pipeline.errors import TransientProviderError
from pipeline.line import AGAIN, Limit, read, why
from pipeline.providers import NotYet

#: Seconds after which somebody in line who asked no more is passed over, until they ask again.
SILENT: Final = 20.0
#: Seconds that the books are kept when nobody uses a provider; whoever was in line then is forgotten.
_KEPT: Final = 3_600
_MINUTE: Final = 60.0
_PATIENCE: Final = 5.0

#: KEYS: holders by the end of their time, the line by arrival, when each was heard last, what was begun lately.
#: Arrivals are numbered by the server, so all workers agree on who came first, whatever their clocks say.
_ENTER: Final = """
local holders, line, heard, begun = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local who, seconds, most, a_minute = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local silent, kept, minute = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, kept) end
redis.call('ZREMRANGEBYSCORE', holders, '-inf', now)
redis.call('ZREMRANGEBYSCORE', begun, '-inf', now - minute)
if redis.call('ZSCORE', holders, who) then
    redis.call('ZADD', holders, now + seconds, who)
    return 0
end
if not redis.call('ZSCORE', line, who) then redis.call('ZADD', line, now, who) end
redis.call('ZADD', heard, now, who)
local before = 0
for _, other in ipairs(redis.call('ZRANGE', line, 0, -1)) do
    if other == who then break end
    local said = redis.call('ZSCORE', heard, other)
    if said and tonumber(said) > now - silent then before = before + 1 end
end
local free = most - redis.call('ZCARD', holders)
local left = a_minute - redis.call('ZCARD', begun)
if before < free and before < left then
    redis.call('ZREM', line, who)
    redis.call('ZREM', heard, who)
    redis.call('ZADD', holders, now + seconds, who)
    redis.call('ZADD', begun, now, who .. ':' .. now)
    for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, kept + math.ceil(seconds)) end
    return 0
end
return before + 1
"""


class RedisLimits:
    """`pipeline.providers.Limits` on Redis. A provider without a limit has a place for everybody."""

    def __init__(self, url: str, limits: Mapping[str, Limit]) -> None:
        self._client = redis_client(url, patience=_PATIENCE)
        self._enter = self._client.register_script(_ENTER)
        self._limits = limits

    def enter(self, provider: str, who: str, *, seconds: float) -> int:
        """See `pipeline.providers.Limits`."""
        limit = self._limits.get(provider)
        if limit is None:
            return 0
        arguments: list[Any] = [who, seconds, limit.at_once, limit.a_minute, SILENT, _KEPT, _MINUTE]
        try:
            return int(cast(int, self._enter(keys=_keys(provider), args=arguments)))
        except redis.RedisError as error:
            raise _away() from error

    def leave(self, provider: str, who: str) -> None:
        """See `pipeline.providers.Limits`. What can't be given back now is free when its time is over."""
        try:
            with self._client.pipeline() as told:
                for key in _keys(provider)[:3]:
                    told.zrem(key, who)
                told.execute()
        except redis.RedisError:
            return


class LineWatcher:
    """Looks whether it is somebody's turn. A task is one of `pipeline.line`."""

    again: float = AGAIN

    def __init__(self, limits: RedisLimits) -> None:
        self._limits = limits

    def check(self, task: str) -> Literal["ready", "not-yet"] | NotYet:
        """See `pipeline.providers.Watcher`."""
        provider, who, seconds = read(task)
        place = self._limits.enter(provider, who, seconds=seconds)
        return "ready" if place == 0 else NotYet(why(provider), place)

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:  # noqa: ARG002 - nothing is bought in line
        """See `pipeline.providers.Watcher`."""
        provider, who, _ = read(task)
        self._limits.leave(provider, who)
        return None


def _keys(provider: str) -> list[str]:
    """The braces keep them on one node of a Redis cluster."""
    return [f"hidden-hill:limits:{{{provider}}}:{part}" for part in ("holders", "line", "heard", "begun")]


def _away() -> TransientProviderError:
    return TransientProviderError(
        "The queue can’t be reached.", "It is tried again by itself.", nothing_bought=True
    )
