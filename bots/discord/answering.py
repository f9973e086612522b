"""Who was not answered yet comes first: what was asked is begun once everybody who spoke meanwhile was answered.

Discord gives three seconds for an answer, and minutes for what follows it. In a rush the desk and the messenger would
otherwise take the time that the answers need.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Final

#: Seconds that something waits at most for others to be answered.
PATIENCE: Final = 1.5


class Answering:
    """Inside of it (`async with`) somebody is being answered. Of one event loop."""

    def __init__(self) -> None:
        self._under_way = 0
        self._over = asyncio.Event()
        self._over.set()

    async def __aenter__(self) -> None:
        self._under_way += 1
        self._over.clear()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._over.set()

    async def over(self) -> None:
        """Wait until nobody is being answered, for `PATIENCE` seconds at most."""
        end = time.monotonic() + PATIENCE
        while self._under_way and (left := end - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._over.wait()
            except TimeoutError:
                return
