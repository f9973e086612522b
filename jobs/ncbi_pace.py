"""NCBI's pace, kept by all workers on all machines together: the next turn is in the queue's Redis."""

from __future__ import annotations

import logging
import time
from typing import Any, Final, cast

import redis

from jobs.redis_client import redis_client
from pipeline.errors import TransientProviderError
from pipeline.paper.pace import LONGEST_LINE, MachinePace

_PATIENCE: Final = 2.0
#: A Redis that was away is not asked again for so long (seconds): each question would cost its patience.
_LEFT_ALONE: Final = 30.0

#: Takes the next turn and says in how many milliseconds it is; -1 when the line is too long. The server's clock counts.
_TAKE: Final = """
local spacing, longest = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = turn - now
if wait > longest then return -1 end
redis.call('SET', KEYS[1], string.format('%d', turn + spacing), 'PX', wait + spacing + 1000)
return wait
"""

#: By this name it is carried from the stage's process to the worker (`jobs/overheard.py`).
_log = logging.getLogger("pipeline.paper.pace")


class SharedPace:
    """A turn of all machines, then one of this machine, where others ask as well who know no Redis.

    `here` is this machine's own pace: it alone holds while Redis is away.
    """

    def __init__(self, url: str, here: MachinePace) -> None:
        self._client = redis_client(url, patience=_PATIENCE)
        self._take = self._client.register_script(_TAKE)
        self._key = f"hidden-hill:pace:{here.name}"
        self._spacing = here.spacing
        self._here = here
        self._away_until = 0.0

    def take_turn(self) -> None:
        """See `pipeline.paper.pace.Pace`."""
        time.sleep(self._wait())
        self._here.take_turn()

    def _wait(self) -> float:
        if time.monotonic() < self._away_until:
            return 0.0
        arguments: list[Any] = [round(self._spacing * 1000), round(LONGEST_LINE * 1000)]
        try:
            wait = int(cast(int, self._take(keys=[self._key], args=arguments)))
        except redis.RedisError as error:
            self._away_until = time.monotonic() + _LEFT_ALONE
            _log.warning("pace kept on this machine only: no queue", extra={"error": type(error).__name__})
            return 0.0
        if wait < 0:
            raise TransientProviderError("Too many ask NCBI at once.", "Try again in a few minutes.")
        return wait / 1000
