"""Files from strangers, read by a process of its own that may use only so much.

Whatever they do to it, they do to it alone.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Final, TypeVar

from pipeline.errors import (
    DamagedFileError,
    StageTimeoutError,
    TooLargeToReadError,
    TooSlowToReadError,
    WorkerProcessDiedError,
)
from pipeline.process import run_in_process
from pipeline.process_limits import Limits

A = TypeVar("A")
R = TypeVar("R")

#: What reading one file may take. Papers of up to 60 pages took at most 5 s and 70 MB, a picture of the largest size
#: that is imported takes 500 MB; no file that is written is larger than a figure of 3000×3000 pixels.
LIMITS: Final = Limits(cpu_seconds=90, memory=800_000_000, file_bytes=64_000_000)
#: Seconds by the clock after which it hangs or the machine stands still: below what the stage may take.
PATIENCE: Final = 170.0

#: What ends a process from inside: native code that lost its way, or that got no memory.
_CRASHES: Final = {
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGILL,
    signal.SIGFPE,
    signal.SIGTRAP,
    signal.SIGSYS,
}


def read_apart(
    work: Callable[[A], R], argument: A, *, limits: Limits = LIMITS, patience: float = PATIENCE
) -> R:
    """What `work(argument)` returns, done in a process of its own within the limits.

    Raises what the work raises; `TooLargeToReadError` and `TooSlowToReadError` beyond the limits, `DamagedFileError`
    when the file broke the process, all for good; `WorkerProcessDiedError` when it was killed from outside.
    """
    try:
        return run_in_process(
            _done,
            (work, argument),
            tell=_unheard,
            should_stop=_never,
            limit=patience,
            what="Reading the file",
            limits=limits,
        )
    except StageTimeoutError as error:
        raise _too_slow() from error
    except (MemoryError, RecursionError) as error:
        raise TooLargeToReadError(
            "Reading this file needs more memory than it may take.",
            "Save it anew with smaller pictures (print it to PDF), and hand that in.",
        ) from error
    except WorkerProcessDiedError as error:
        if error.signal == signal.SIGXCPU:
            raise _too_slow() from error
        if error.signal in _CRASHES:
            raise DamagedFileError(
                "Reading this file broke off: it is damaged, or needs more memory than it may take.",
                "Download it again, or save it anew (print it to PDF) and hand that in.",
            ) from error
        raise


def _too_slow() -> TooSlowToReadError:
    return TooSlowToReadError(
        "This file takes too long to read.",
        "Save it anew (print it to PDF), or hand in only the pages of the paper.",
    )


def _done(task: tuple[Callable[[A], R], A], _: Callable[[None], None]) -> R:
    work, argument = task
    return work(argument)


def _unheard(_: None) -> None: ...


def _never() -> bool:
    return False
