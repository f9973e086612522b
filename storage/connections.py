"""A small pool of connections: a bounded number, and a broken one is never handed out again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar


class Connection(Protocol):
    """What every driver's connection can do."""

    def close(self) -> None: ...


C = TypeVar("C", bound=Connection)


class NoConnectionFreeError(Exception):
    """Raised when every connection stayed in use for as long as we wait for one."""


class Connections(Generic[C]):
    """At most `most` connections at once; those not in use are kept and handed out again, the newest first.

    `usable` tells, without asking the server, whether a connection can still be used and holds no open
    transaction; it is asked when one comes back and again before it is handed out. `wait` is how many
    seconds `take` waits for one.
    """

    def __init__(
        self, open_one: Callable[[], C], usable: Callable[[C], bool], *, most: int, wait: float
    ) -> None:
        self._open_one = open_one
        self._usable = usable
        self._most = most
        self._wait = wait
        self._start_empty()

    def _start_empty(self) -> None:
        self._free = threading.Semaphore(self._most)
        self._lock = threading.Lock()
        self._idle: list[C] = []

    def take(self) -> C:
        """An idle connection or a new one. Raises `NoConnectionFreeError`, or what the driver raises."""
        if not self._free.acquire(timeout=self._wait):
            raise NoConnectionFreeError(f"all {self._most} connections stayed in use for {self._wait:g} s")
        try:
            return self._an_idle_one() or self._open_one()
        except BaseException:
            self._free.release()
            raise

    def give_back(self, connection: C, *, broken: bool = False) -> None:
        """End the use of one. It is closed when it is broken, or in the middle of something."""
        try:
            if broken or not self._usable(connection):
                _close(connection)
            else:
                with self._lock:
                    self._idle.append(connection)
        finally:
            self._free.release()

    def close_idle(self) -> None:
        """Close those that nobody uses: what broke one of them broke the others too."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            _close(connection)

    def forget(self) -> None:
        """After a fork, in the child: the connections are the parent's, which goes on using them."""
        self._start_empty()

    def _an_idle_one(self) -> C | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if self._usable(connection):
                return connection
            _close(connection)


def _close(connection: Connection) -> None:
    with suppress(Exception):
        connection.close()
