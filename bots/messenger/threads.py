"""A few threads for what can't be awaited: rows and files. They never keep a process from ending."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Work = tuple["Future[Any]", Callable[[], Any]]
#: How many of them a process has where nothing else is said.
COUNT: Final = 6


class Threads:
    """At most `count` threads, begun when they are needed.

    Who is cancelled while it waits for one goes on at once; the work itself ends in its own time, unseen.
    A database that is away for a minute holds up nobody who wants to stop.
    """

    def __init__(self, count: int = COUNT, *, name: str = "rows") -> None:
        self._count = count
        self._name = name
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._lock = Lock()
        self._begun = 0
        self._busy = 0

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(*args, **kwargs)` returns, or raises."""
        future: Future[T] = Future()
        self._hand_over(future, lambda: work(*args, **kwargs))
        return await asyncio.wrap_future(future)

    async def rest(self, seconds: float) -> None:
        """Wait until nothing is at work, at most so long."""
        ending = time.monotonic() + seconds
        while self._busy and time.monotonic() < ending:
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Let the threads end once they are idle. What is at work is not waited for."""
        with self._lock:
            begun, self._begun = self._begun, self._count
        for _ in range(begun):
            self._work.put(None)

    def _hand_over(self, future: Future[Any], work: Callable[[], Any]) -> None:
        with self._lock:
            self._busy += 1
            more = self._busy > self._begun and self._begun < self._count
            self._begun += more
        self._work.put((future, work))
        if more:
            Thread(target=self._serve, name=self._name, daemon=True).start()

    def _serve(self) -> None:
        while (item := self._work.get()) is not None:
            future, work = item
            if future.set_running_or_notify_cancel():
                _carry_out(future, work)
            with self._lock:
                self._busy -= 1
            del future, work, item


def _carry_out(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
        future.set_exception(error)
    else:
        future.set_result(result)
