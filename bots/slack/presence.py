"""That this process is connected to Slack, written down for whoever watches: `up`, `--check`, /metrics."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from bots.slack.installation import PLATFORM
from storage.database import Database
from storage.errors import StorageError
from storage.listeners import SAID_EVERY, Listener, connected

#: Seconds between two looks while there is no connection.
_SOON: Final = 0.5


async def say_when_connected(db: Database, is_connected: Callable[[], Awaitable[bool]]) -> None:
    """Until cancelled."""
    us = Listener(
        id=f"{PLATFORM}-{secrets.token_hex(8)}",
        platform=PLATFORM,
        host=socket.gethostname()[:100],
        pid=os.getpid(),
    )
    while True:
        there = await is_connected()
        if there:
            with suppress(StorageError):  # it is said again
                await asyncio.to_thread(connected, db, us)
        await asyncio.sleep(SAID_EVERY if there else _SOON)
