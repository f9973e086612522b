"""A worker whose work is to write down what it was given. As a script: a worker process.

The name of a job says what its work does: "quick…" nothing, "busy…" goes on until the worker stops and
then gives the run back, "stubborn…" goes on even then, "away…" finds no database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from jobs.broker import BrokerQueue, StageBroker, redis_broker
from jobs.hints import RedisHints
from jobs.kit import Kit
from jobs.office import Office
from jobs.stage_actors import declare
from jobs.worker import run_worker
from pipeline.model import StageName
from storage.database import Database
from storage.errors import DatabaseAwayError
from storage.migrate import migrate
from storage.objects import FolderObjects, Links


@contextmanager
def workplace(url: str, folder: Path, *, heartbeat: float = 20.0) -> Iterator[tuple[Office, StageBroker]]:
    """An office on SQLite in `folder` and on the queue at `url`, with actors that write into `folder`."""
    database = Database(None, folder=folder)
    migrate(database)
    broker = redis_broker(url, heartbeat=heartbeat)
    hints = RedisHints(url)
    objects = FolderObjects(folder / "objects")
    office = Office(
        database=database,
        objects=objects,
        links=Links(objects, None, None),
        queue=BrokerQueue(broker),
        hints=hints,
    )
    declare(broker, office, Kit(data=folder), work=Notebook(folder).work)
    try:
        yield office, broker
    finally:
        hints.close()
        broker.close()
        database.close()


@contextmanager
def at_work(office: Office, broker: StageBroker, *, io: int = 2, cpu: int = 2) -> Iterator[None]:
    """A worker in a thread of this process, while the block lasts."""
    stop = Event()
    thread = threading.Thread(
        target=run_worker, args=(office, broker), kwargs={"io": io, "cpu": cpu, "stop": stop}, daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


class Notebook:
    """What was begun and ended, a line each, by whatever process works in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "notebook"
        self._file.touch()

    def note(self, what: str, job: str, scene: int) -> None:
        with self._file.open("a") as file:
            file.write(f"{what} {job} {scene} {os.getpid()} {time.time()}\n")

    def lines(self, what: str, job: str = "") -> list[list[str]]:
        """The lines about `what` ("began", "ended") of jobs whose names begin with `job`."""
        lines = [line.split() for line in self._file.read_text().splitlines()]
        return [line for line in lines if line[0] == what and line[1].startswith(job)]

    def work(
        self,
        office: Office,
        kit: Kit,
        stage: StageName,
        job: str,
        scene: int,
        *,
        stopping: Callable[[], bool],
        worker: str,
    ) -> None:
        self.note("began", job, scene)
        if job.startswith("away"):
            raise DatabaseAwayError("The database is away.")
        while job.startswith(("busy", "stubborn")):
            if stopping() and not job.startswith("stubborn"):
                office.queue.send(stage, job, scene)
                self.note("let-go", job, scene)
                return
            time.sleep(0.02)
        self.note("ended", job, scene)


@contextmanager
def worker_process(url: str, folder: Path, *, heartbeat: float = 20.0) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own; killed at the end of the block if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.working", url, str(folder), str(heartbeat)],
        cwd=Path(__file__).parents[2],
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def main(url: str, folder: str, heartbeat: str) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with workplace(url, Path(folder), heartbeat=float(heartbeat)) as (office, broker):
        run_worker(office, broker, io=2, cpu=2, stop=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
