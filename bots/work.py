"""What is done after a platform was answered: tasks with a time-out, and a few threads for rows and files."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

from bots.port import PortError
from jobs.failures import new_reference
from jobs.sentry import report
from pipeline.errors import HiddenHillError
from storage.errors import StorageError

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds that one thing somebody asked for may take, all in all.
LONGEST: Final = 180.0
#: How many calls of the desk run at once. More would only fight for the interpreter with those who answer the platform.
THREADS: Final = 8

_log = logging.getLogger(__name__)

#: Tells somebody in a sentence, in the place where they asked.
Sorry = Callable[[str], Awaitable[None]]


#: What a platform's library raised, as `bots.port` names it; `None` for errors that are not its own.
Translate = Callable[[Exception], PortError | None]


class Work:
    """Tasks of one event loop. An error of a task is told to whoever asked, and logged."""

    def __init__(self, platform: str, translate: Translate) -> None:
        self._platform = platform
        self._translate = translate
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=platform)

    def start(self, what: Coroutine[Any, Any, None], sorry: Sorry | None = None) -> None:
        """Begin `what`; `sorry` is called with a sentence when it fails."""
        task = asyncio.get_running_loop().create_task(self._run(what, sorry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> int:
        """How many tasks are under way."""
        return len(self._tasks)

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`function` in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: function(*args, **kwargs))

    async def finish(self, seconds: float) -> int:
        """Let the tasks come to their end, for so long at most; how many were cut off."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        left = [task for task in self._tasks if not task.done()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return len(left)

    async def _run(self, what: Coroutine[Any, Any, None], sorry: Sorry | None) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                await what
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the person hears of it
            sentence = self._in_words(error)
            if sorry is None:
                return
            try:
                await sorry(sentence)
            except Exception as again:  # noqa: BLE001 - there is nobody left to tell
                _log.warning("nobody could be told: %s", type(again).__name__)

    def _in_words(self, error: Exception) -> str:
        """What is said of it; what nobody foresaw is logged under a reference."""
        if isinstance(error, HiddenHillError | StorageError):
            _log.warning("refused: %s", error.sentence, extra={"code": error.code})
            return " ".join(filter(None, (error.sentence, error.advice)))
        if (known := self._translate(error)) is not None:
            return self._in_words(known)
        if isinstance(error, TimeoutError):
            _log.warning("gave up after %.0f s", LONGEST)
            return "That took too long, and I gave up. Try again in a minute."
        reference = new_reference()
        _log.error(
            "something that was asked broke",
            exc_info=error,
            extra={"reference": reference, "platform": self._platform},
        )
        report(error, reference=reference, job="", stage="")
        return f"Something inside Hidden Hill broke. Whoever runs it finds it in the log under {reference}."
