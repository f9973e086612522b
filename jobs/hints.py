"""Hints that a job changed, over Redis. They only make waiting shorter: who listens also looks now and then."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

import redis
from redis.client import PubSub

from jobs.redis_client import redis_client

_CHANNEL = "hidden-hill:job-changed"
#: Seconds that one hint may cost, and for how long none is given after one failed.
_PATIENCE, _PAUSE = 0.5, 5.0

_log = logging.getLogger(__name__)


class RedisHints:
    """`jobs.office.Hints` on Redis. Never raises, and never costs much: after a failure it rests for a while."""

    def __init__(self, url: str) -> None:
        self._client = redis_client(url, patience=_PATIENCE)
        self._lock = Lock()
        self._rest_until = 0.0
        self._failed = False

    def changed(self, job: str) -> None:
        """Tell whoever listens that the row of `job` has changed."""
        if time.monotonic() < self._rest_until:
            return
        try:
            self._client.publish(_CHANNEL, job)
        except redis.RedisError as error:
            self._rest_until = time.monotonic() + _PAUSE
            self._note(failed=True, why=type(error).__name__)
        else:
            self._note(failed=False)

    def close(self) -> None:
        """Close the connections to Redis."""
        self._client.close()

    def _note(self, *, failed: bool, why: str = "") -> None:
        with self._lock:
            if failed == self._failed:
                return
            self._failed = failed
        if failed:
            _log.warning("Hints are not sent: %s. Those who wait see changes a little later.", why)
        else:
            _log.info("Hints are sent again.")


def listen(url: str, on_change: Callable[[str], None], stop: Event) -> Thread:
    """Call `on_change(job)` for every hint until `stop` is set, in the thread that is returned (and begun).

    Connects again by itself; hints of the meantime are lost. An error in `on_change` is logged.
    """
    thread = Thread(target=_listen, args=(url, on_change, stop), name="hints", daemon=True)
    thread.start()
    return thread


def _listen(url: str, on_change: Callable[[str], None], stop: Event) -> None:
    while not stop.is_set():
        client = redis_client(url, patience=5.0)
        try:
            _follow(client, on_change, stop)
        except redis.RedisError:
            stop.wait(1.0)
        finally:
            client.close()


def _follow(client: redis.Redis, on_change: Callable[[str], None], stop: Event) -> None:
    with PubSub(client.connection_pool, ignore_subscribe_messages=True) as heard:
        heard.subscribe(_CHANNEL)
        while not stop.is_set():
            said = heard.get_message(timeout=0.5)
            if said is None:
                continue
            try:
                on_change(said["data"].decode())
            except Exception:  # noqa: BLE001 - one listener's mistake must not end its listening
                _log.exception("A hint was not acted on.")
