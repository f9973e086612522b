"""That this process is connected to a chat platform, written down for whoever watches: `up`, `--check`, /metrics."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from storage.database import Database
from storage.errors import StorageError
from storage.listeners import SAID_EVERY, Listener, connected

#: Seconds between two looks while there is no connection.
_SOON: Final = 0.5


@asynccontextmanager
async def saying_when_connected(
    db: Database, platform: str, is_connected: Callable[[], Awaitable[bool]]
) -> AsyncIterator[None]:
    """While the block lasts it is written down that we are connected, whenever we are."""
    saying = asyncio.create_task(_say(db, platform, is_connected))
    try:
        yield
    finally:
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)


async def _say(db: Database, platform: str, is_connected: Callable[[], Awaitable[bool]]) -> None:
    us = Listener(
        id=f"{platform}-{secrets.token_hex(8)}",
        platform=platform,
        host=socket.gethostname()[:100],
        pid=os.getpid(),
    )
    while True:
        there = await is_connected()
        if there:
            with suppress(StorageError):  # it is said again
                await asyncio.to_thread(connected, db, us)
        await asyncio.sleep(SAID_EVERY if there else _SOON)
