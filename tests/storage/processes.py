"""Work in several processes at once: `together(count, function, url, folder)`."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

from storage.database import Database

T = TypeVar("T")
_barrier: Barrier | None = None


def together(
    count: int, work: Callable[[Database, int], T], url: str | None, folder: Path, now: float
) -> list[T]:
    """What `work(database, number)` returns in `count` processes, each with a `Database` of its own.

    All have opened theirs before any begins. `work` is a function of a module; the clock stands at `now`.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        count, mp_context=context, initializer=_meet_at, initargs=(context.Barrier(count),)
    ) as processes:
        jobs = [processes.submit(_one, work, url, folder, now, number) for number in range(count)]
        return [job.result(timeout=100) for job in jobs]


def _meet_at(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - a process has one
    _barrier = barrier


def _one(work: Callable[[Database, int], T], url: str | None, folder: Path, now: float, number: int) -> T:
    db = Database(url, folder=folder, clock=lambda: now)
    assert _barrier is not None
    _barrier.wait(60)
    try:
        return work(db, number)
    finally:
        db.close()
