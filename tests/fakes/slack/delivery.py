"""How an envelope reaches the app: attempts, acknowledgements, redelivery. Socket Mode and HTTP share it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import time
from abc import ABC, abstractmethod

from tests.fakes.slack.state import Json, Sent, State
from tests.fakes.slack.table import limit


class Wire(ABC):
    """One of the ways to the app."""

    @abstractmethod
    async def deliver(self, sent: Sent, seconds: float) -> Json | None:
        """Hand it over once and wait for the acknowledgement: its body, `{}` if it has none.

        Returns None if none came in that time.

        Raises:
            NotConnectedError: there is nobody to hand it to.
        """

    @abstractmethod
    def reachable(self) -> bool:
        """Whether there is anybody to hand it to."""

    @abstractmethod
    async def close(self) -> None:
        """Stop; nothing is delivered any more."""


class NotConnectedError(Exception):
    """Nobody listens."""


class Delivery:
    """Runs in the fake's loop. Events are tried again after each of `retry_pauses` seconds, the rest is not.

    The platform tries at once, after a minute and after five; here the pauses are short by default. A retry
    that is due while nobody listens waits for a listener, for at most `patience` seconds.
    """

    def __init__(self, state: State, wire: Wire) -> None:
        self.state, self.wire = state, wire
        self.ack_within: float = limit("ack_seconds")
        self.retry_pauses: tuple[float, ...] = (0.0, 1.0, 5.0)
        self.patience = 60.0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, sent: Sent) -> None:
        """Begin to deliver it; to be called in the loop."""
        task = asyncio.get_running_loop().create_task(self._carry(sent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up all that is on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, sent: Sent) -> None:
        pauses = (None, *self.retry_pauses) if sent.kind == "events_api" else (None,)
        try:
            for pause in pauses:
                if pause is not None:
                    await asyncio.sleep(pause)
                    await self._listener()
                if await self._attempt(sent):
                    return
        finally:
            with self.state.changed:
                sent.done.set()
                self.state.changed.notify_all()

    async def _attempt(self, sent: Sent) -> bool:
        sent.attempts += 1
        sent.first_attempt_at = sent.first_attempt_at or time.monotonic()
        try:
            body = await self.wire.deliver(sent, self.ack_within)
        except NotConnectedError:
            sent.error, sent.reason = "dispatch_failed", "error"
            return False
        if body is None:
            sent.error, sent.reason = "operation_timeout", "timeout"
            return False
        with self.state.changed:
            sent.body, sent.error, sent.acked_at = copy.deepcopy(body), "", sent.acked_at or time.monotonic()
            if sent.on_answer is not None:
                sent.on_answer(sent)
        return True

    async def _listener(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                while not self.wire.reachable():
                    await asyncio.sleep(0.02)
