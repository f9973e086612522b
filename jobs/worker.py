"""A worker: a process that does what the queue announces, until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event, Thread

import dramatiq
from dramatiq.middleware import Middleware

from jobs.broker import StageBroker
from jobs.office import Office
from jobs.stage_actors import WORKER
from jobs.sweeper import SWEEP_EVERY
from pipeline.errors import HiddenHillError
from storage.errors import StorageError
from storage.workers import WorkerSign, gone, seen

#: How many runs that mostly wait for others (NCBI, a bucket) a worker is at, at once, unless told otherwise.
IO = 4
#: Seconds between two signs of life.
_SIGN = 10.0
#: Seconds that work gets to let go of itself, and that the whole stop may take.
_LET_GO, _STOP = 6.0, 9.0

_log = logging.getLogger(__name__)


class WorkerBrokenError(HiddenHillError):
    """Raised when a thread of the worker died: whoever runs it starts it again."""

    code = "worker-broken"


def run_worker(
    office: Office,
    broker: StageBroker,
    *,
    io: int = IO,
    cpu: int,
    stop: Event,
    sweep: Callable[[], object] | None = None,
) -> None:
    """Do what the queue announces until `stop` is set; then let go of it all within ten seconds.

    At most `io` runs of the queue "io" and `cpu` of "cpu" are done at once, each in a thread; neither
    takes the other's. `sweep` is called every `SWEEP_EVERY` seconds. What was begun and fetched goes back to
    the queue at the end. The actors must have been declared on `broker`. One worker a process.
    Raises `WorkerBrokenError` when it can't go on.
    """
    broker.concurrency = {"io": io, "cpu": cpu}
    broker.add_middleware(Presence(office, io=io, cpu=cpu))
    worker = dramatiq.Worker(broker, worker_timeout=500, worker_threads=io + cpu)
    broker.emit_after("process_boot")
    worker.start()
    try:
        with every(SWEEP_EVERY, sweep) if sweep else nullcontext():
            while not stop.wait(0.5):
                if not all(thread.is_alive() for thread in (*worker.workers, *worker.consumers.values())):
                    raise WorkerBrokenError("The worker lost a thread.", "It is best started again.")
    finally:
        broker.stopping.set()
        ending = Thread(target=worker.stop, args=(round(_LET_GO * 1000),), daemon=True)
        ending.start()
        ending.join(_STOP)
        if ending.is_alive():
            _log.warning("The worker leaves work behind; it is taken up when its lease runs out.")


class Presence(Middleware):
    """Says that this worker lives, from its start to its end, and tells its work when the end begins.

    A middleware, so that it does the same for a worker that Dramatiq's own command runs.
    """

    def __init__(self, office: Office, *, io: int, cpu: int) -> None:
        self._office = office
        self._sign = WorkerSign(id=WORKER, host=socket.gethostname()[:100], pid=os.getpid(), io=io, cpu=cpu)
        self._ended = Event()
        self._thread = Thread(target=self._live, name="presence", daemon=True)

    def after_worker_boot(self, *_: object) -> None:
        self._thread.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, *_: object) -> None:
        if isinstance(broker, StageBroker):
            broker.stopping.set()
        self._ended.set()

    def after_worker_shutdown(self, *_: object) -> None:
        self._thread.join(2.0)  # the database may be away; then others see us fall silent

    def _live(self) -> None:
        while not self._ended.is_set():
            self._note(lambda: seen(self._office.database, self._sign))
            self._ended.wait(_SIGN)
        self._note(lambda: gone(self._office.database, self._sign.id))

    @staticmethod
    def _note(write: Callable[[], None]) -> None:
        try:
            write()
        except StorageError as error:
            _log.warning("A sign of life was not written: %s", error.sentence)


@contextmanager
def every(seconds: float, duty: Callable[[], object]) -> Iterator[None]:
    """Do `duty` now and every so often, in a thread of its own, while the block lasts."""
    ended = Event()

    def repeat() -> None:
        while not ended.is_set():
            try:
                duty()
            except Exception:  # noqa: BLE001 - whatever it was, the next sweep may pass
                _log.exception("A sweep failed; the next one comes.")
            ended.wait(seconds)

    Thread(target=repeat, name="sweep", daemon=True).start()
    try:
        yield
    finally:
        ended.set()
