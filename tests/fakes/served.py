"""A platform's stand-in behind real sockets on loopback, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")


class Served(ABC):
    """Use it with `with`: its sockets are open inside, and closed after."""

    _loop: asyncio.AbstractEventLoop

    def __init__(self, name: str) -> None:
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    @abstractmethod
    async def _open(self) -> Sequence[web.AppRunner]:
        """Open the sockets, in the loop that everything runs in."""

    @abstractmethod
    async def _close(self) -> None:
        """Let go of whoever is still connected; the sockets are closed after that."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(30)
        if self._failure:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive(), "the fake does not stop"

    def _serve(self) -> None:
        with asyncio.Runner() as runner:
            try:
                runner.run(self._run())
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                self._failure = error
                self._ready.set()

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runners = await self._open()
        self._ready.set()
        await self._stop.wait()
        await self._close()
        for runner in runners:
            await runner.cleanup()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it in the loop, from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


async def listening(routes: list[web.RouteDef]) -> web.AppRunner:
    """A server on a port of its own."""
    app = web.Application(client_max_size=1 << 31)
    app.add_routes(routes)
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


def address_of(runner: web.AppRunner) -> str:
    """Where it listens."""
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"
