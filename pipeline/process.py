"""A function run by a process of its own, so that it can be stopped at any moment and blocks nobody else.

The process is forked from a server that has the heavy imports done already. It leads a session of its own:
whatever it starts (ffmpeg) dies with it. It dies when its parent does, however that happens: the parent
holds the other end of its pipe, and nobody else does.

Such a process may start one more. That one is forked from it (multiprocessing would start a second server, with all
imports) and stays in its session: whoever ends the first ends both.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import reduction
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import IO, Any, Final, TypeVar

from pipeline.errors import StageTimeoutError, WorkerProcessDiedError
from pipeline.process_limits import Limits, lift_memory_limit

A = TypeVar("A")
R = TypeVar("R")
S = TypeVar("S")

#: Called in the process: (argument, tell) → result. It is pickled by name.
Work = Callable[[A, Callable[[S], None]], R]

#: Seconds between two looks at whether to stop.
_TICK: Final = 0.1
#: Seconds that a process has to end by itself once it has answered.
_GRACE: Final = 5.0
#: How much of what the process printed is kept for the log (bytes).
_PRINTED: Final = 4_000

#: What the server imports unless `preload` says otherwise: all that is done in processes of their own.
_USUAL: Final = ("pipeline.paper.reading", "pipeline.render.segment")

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["__main__", *_USUAL])
_fork = multiprocessing.get_context("fork")


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised when the work was stopped from outside."""


class UnforeseenError(RuntimeError):
    """Raised when the work failed with an exception that can't travel; the text is its traceback, for the log."""


@dataclass(frozen=True)
class _Answer:
    """The last thing that the process says."""

    result: Any = None
    error: BaseException | None = None


@dataclass
class _Here:
    """This process: its end of the pipe if `run_in_process` started it."""

    pipe: Connection | None = None


_here = _Here()


def preload(modules: Sequence[str]) -> None:
    """Have these modules imported once, by the server that the processes are forked from.

    It counts only before the first process of this program is started.
    """
    _context.set_forkserver_preload(["__main__", *modules])


def run_in_process(
    work: Work[A, S, R],
    argument: A,
    *,
    tell: Callable[[S], None],
    should_stop: Callable[[], bool],
    limit: float = float("inf"),
    what: str = "The work",
    limits: Limits | None = None,
) -> R:
    """What `work(argument, tell)` returns, run in a process of its own.

    What the work tells reaches `tell` here, the latest only when several things wait. `should_stop` is
    asked ten times a second and must be quick. `what` begins a sentence about the time limit. `limits` hold for the
    process.

    Raises what the work raised (its traceback as a note, for the log); `Stopped`; `StageTimeoutError` after
    `limit` seconds; `WorkerProcessDiedError` when the process vanished. However it ends, the process and
    all that it started are gone.
    """
    ours, theirs = _context.Pipe(duplex=True)
    with tempfile.TemporaryFile() as printed, contextlib.closing(ours):
        handed = _Handed(printed.fileno())
        process: BaseProcess
        if _here.pipe is None:
            process = _context.Process(
                target=_run, args=(work, argument, theirs, handed, limits), daemon=True
            )
        else:
            process = _fork.Process(
                target=_run_nested, args=(work, argument, theirs, handed, limits, ours), daemon=True
            )
        try:
            process.start()
        except (OSError, EOFError) as error:  # the server was killed just now; it is started anew next time
            raise WorkerProcessDiedError("The process for the work could not be started.") from error
        finally:
            theirs.close()
        try:
            answer = _follow(ours, tell, should_stop, _Deadline(limit, what))
            process.join(_GRACE)
            if answer is None:
                raise _died(printed, process.exitcode)
        finally:
            _kill(process)
    if answer.error is not None:
        raise answer.error
    result: R = answer.result
    return result


@dataclass(frozen=True)
class _Deadline:
    """When the work must have ended, and what to say when it has not."""

    limit: float
    what: str

    def look(self, began: float) -> None:
        if time.monotonic() - began > self.limit:
            minutes = f"{self.limit / 60:.0f} min" if self.limit >= 120 else f"{self.limit:.0f} s"
            raise StageTimeoutError(
                f"{self.what} took longer than {minutes} and was stopped.", "It may pass the next time."
            )


def _follow(
    ours: Connection,
    tell: Callable[[Any], None],
    should_stop: Callable[[], bool],
    deadline: _Deadline,
) -> _Answer | None:
    """The process's answer; `None` when it vanished without one."""
    began = time.monotonic()
    while not should_stop():
        deadline.look(began)
        if not ours.poll(_TICK):
            continue
        told: list[Any] = []
        said: Any = None
        try:
            while not isinstance(said, _Answer) and ours.poll():
                said = ours.recv()
                if not isinstance(said, _Answer):
                    told = [said]
        except (EOFError, ConnectionResetError):
            return None
        for latest in told:
            tell(latest)
        if isinstance(said, _Answer):
            return said
    raise Stopped


def _died(printed: IO[bytes], status: int | None) -> WorkerProcessDiedError:
    error = WorkerProcessDiedError(
        "The process that did the work was killed.",
        "If memory ran out, let fewer things run at once (HIDDEN_HILL_WORKERS=1).",
        signal=-status if status is not None and status < 0 else None,
    )
    printed.seek(max(0, os.fstat(printed.fileno()).st_size - _PRINTED))
    if last_words := printed.read().decode(errors="replace").strip():
        error.add_note(f"It printed: {last_words}")
    return error


def _kill(process: BaseProcess) -> None:
    """End the process and its whole session. Before it has made one there is only itself, nor if it makes none."""
    assert process.pid is not None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.join()
    process.close()


class _Handed:
    """An open file on its way into the process, whose number may be another there."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], _Handed], tuple[Any]]:
        return _received, (reduction.DupFd(self.number),)


def _received(file: Any) -> _Handed:
    return _Handed(file.detach())


def _run_nested(
    work: Work[A, S, R],
    argument: A,
    theirs: Connection,
    printed: _Handed,
    limits: Limits | None,
    ours: Connection,
) -> None:
    """Runs in a process that another one of these forked: what only that one may hold is closed."""
    assert _here.pipe is not None
    ours.close()
    _here.pipe.close()
    _work(work, argument, theirs, printed, limits)


def _run(
    work: Work[A, S, R], argument: A, theirs: Connection, printed: _Handed, limits: Limits | None
) -> None:
    """Runs in a process that the server forked."""
    os.setsid()
    _work(work, argument, theirs, printed, limits)


def _work(
    work: Work[A, S, R], argument: A, theirs: Connection, printed: _Handed, limits: Limits | None
) -> None:
    _here.pipe = theirs
    # multiprocessing lets daemons have no children; ours end with us all the same.
    multiprocessing.current_process().daemon = False
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, args=(theirs,), daemon=True).start()
    os.dup2(printed.number, 1)
    os.dup2(printed.number, 2)
    os.close(printed.number)
    try:
        if limits is not None:
            limits.begin()
        answer = _Answer(result=work(argument, theirs.send))
    except BaseException as error:  # noqa: BLE001 - whatever it was, the parent raises it
        if limits is not None:
            lift_memory_limit()
        answer = _Answer(error=_able_to_travel(error))
    with contextlib.suppress(OSError):  # nobody listens any more: then we are about to be killed
        theirs.send(answer)


def _die_with_parent(theirs: Connection) -> None:
    """Nothing is ever sent to us: the pipe can be read when its other end is closed, and only then."""
    with contextlib.suppress(OSError, EOFError):
        theirs.recv_bytes()
    os.killpg(0, signal.SIGKILL)


def _able_to_travel(error: BaseException) -> BaseException:
    """The error with its traceback as a note, if it comes out of a pickle as it went in; else the traceback."""
    text = "".join(traceback.format_exception(error))
    try:
        same = pickle.loads(pickle.dumps(error))  # noqa: S301 - we made it a line above
        if type(same) is type(error) and str(same) == str(error) and isinstance(error, Exception):
            error.add_note(text)
            return error
    except Exception:  # noqa: BLE001, S110 - whatever a foreign class does when it is copied
        pass
    return UnforeseenError(text)
