"""Asking a platform that may be away, until it answers or we are to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from bots.port import BusyError, PortAwayError, PortError, PortRefusedError

T = TypeVar("T")

#: Seconds between two questions: first, and at most.
_FIRST, _LONGEST = 1.0, 30.0

_log: Final = logging.getLogger(__name__)


async def once_there(question: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """What the platform answers, however often it must be asked. `None`: we are to stop.

    Raises `PortRefusedError` when it refuses us.
    """
    pause = _FIRST
    while not stop.is_set():
        wait = pause
        try:
            return await question()
        except PortRefusedError:
            raise
        except BusyError as error:
            wait = max(error.retry_after, pause)
            _log.warning("%s", error.sentence)
        except PortAwayError as error:
            _log.warning("%s Again in %.0f s.", error.sentence, pause)
        except PortError as error:
            _log.warning("%s", error.sentence)
        await stopped_within(wait, stop)
        pause = min(pause * 2, _LONGEST)
    return None


async def stopped_within(seconds: float, stop: asyncio.Event) -> None:
    """Wait so long, or until we are to stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
