"""Answers that are believed for a while, so that 200 questions at once are asked once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

#: More than so many answers are not kept.
_MOST: Final = 5_000


class Remembered(Generic[T]):
    """What `fetch` said of a key, for `seconds`. Those who ask meanwhile wait for the same answer.

    A failure is told to all who wait for it, and forgotten. `lasts` says of an answer whether it is kept.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[T]],
        *,
        seconds: float,
        lasts: Callable[[T], bool] = lambda _: True,
    ) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._lasts = lasts
        self._answers: dict[str, tuple[float, asyncio.Future[T]]] = {}

    async def get(self, key: str) -> T:
        """The answer for `key`. Raises what `fetch` raises."""
        known = self._answers.get(key)
        if known is None or (known[1].done() and known[0] < time.monotonic()):
            if len(self._answers) >= _MOST:
                self._answers.clear()
            known = (time.monotonic() + self._seconds, asyncio.ensure_future(self._ask(key)))
            self._answers[key] = known
        # Whoever is cancelled while waiting must not cancel the question of the others.
        return await asyncio.shield(known[1])

    def forget(self, key: str) -> None:
        """Ask anew next time."""
        self._answers.pop(key, None)

    async def _ask(self, key: str) -> T:
        try:
            answer = await self._fetch(key)
        except BaseException:
            self.forget(key)
            raise
        if not self._lasts(answer):
            self.forget(key)
        return answer
