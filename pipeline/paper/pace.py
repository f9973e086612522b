"""Turns at a server that allows so many requests a second, whoever of us asks."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from pipeline.errors import TransientProviderError

#: NCBI allows 3 requests a second without a key and 10 with one (E-utilities guidelines). Seconds from one turn to the
#: next, a tenth more than that: requests do not travel equally long.
SPACING: Final = 0.367
SPACING_WITH_KEY: Final = 0.11
#: Who would have to wait longer for a turn (seconds) is told to come back.
LONGEST_LINE: Final = 60.0
#: Who was not awake in their turn takes another, but not more often than this: on a machine that stood still, all
#: who waited would else ask at once.
_MISSED: Final = 5
#: The books are held for an instant. If they are not free in so long (seconds), their holder was stopped.
_PATIENCE: Final = 5.0


class Pace(Protocol):
    """Who asks a server takes a turn first."""

    def take_turn(self) -> None:
        """Come back when it is our turn. Raises `TransientProviderError` when the line is too long."""
        ...


class AtOnce:
    """For servers that set no pace."""

    def take_turn(self) -> None:
        """See `Pace`."""


class MachinePace:
    """One turn every `spacing` seconds for all processes of this machine that use the same `file`; `name` is its stem.

    The file holds when the next turn is, by the clock that all processes of a machine share. The kernel frees it when
    its holder dies. Where it can't be used, this process alone keeps to the pace.
    """

    def __init__(self, file: Path, spacing: float) -> None:
        self.name = file.stem
        self.spacing = spacing
        self._file = file
        self._lock = threading.Lock()
        self._next = 0.0

    def take_turn(self) -> None:
        """See `Pace`."""
        for _ in range(_MISSED):
            with self._lock:
                turn = self._reserved()
            time.sleep(max(0.0, turn - time.monotonic()))
            if time.monotonic() < turn + self.spacing:
                return

    def _reserved(self) -> float:
        """Take the next turn that is free; when that is."""
        try:
            with _held(self._file) as books:
                turn = self._turn(_read(books))
                _write(books, turn + self.spacing)
        except OSError:
            turn = self._turn(self._next)
        self._next = turn + self.spacing
        return turn

    def _turn(self, next_: float) -> float:
        now = time.monotonic()
        # Nobody reserves beyond the longest line: a later time was written before the machine was started anew.
        if next_ > now + LONGEST_LINE + self.spacing:
            return now
        return in_time(max(now, next_), now)


def in_time(turn: float, now: float) -> float:
    """`turn`, if it is near enough. Raises `TransientProviderError` when it is not."""
    if turn - now > LONGEST_LINE:
        raise TransientProviderError("Too many ask NCBI at once.", "Try again in a few minutes.")
    return turn


def ncbi_pace(base_url: str, *, with_key: bool, folder: Path | None = None) -> MachinePace:
    """The pace of NCBI at `base_url`. `folder` keeps the books, else the folder for temporary files.

    NCBI counts requests without a key by where they come from, and the others by their key.
    """
    server = hashlib.sha256(base_url.rstrip("/").encode()).hexdigest()[:8]
    file = (folder or _temporary()) / f"ncbi-{server}-{'key' if with_key else 'no-key'}.turn"
    return MachinePace(file, SPACING_WITH_KEY if with_key else SPACING)


def _temporary() -> Path:
    return Path(tempfile.gettempdir()) / f"hidden-hill-{os.getuid()}"


@contextmanager
def _held(file: Path) -> Iterator[int]:
    """The open file, held alone. Raises `OSError` where that can't be had in time."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    books = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(books, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.005)
        yield books
    finally:
        os.close(books)


def _read(books: int) -> float:
    try:
        return float(os.pread(books, 64, 0) or b"0")
    except ValueError:
        return 0.0


def _write(books: int, turn: float) -> None:
    os.pwrite(books, f"{turn:<32.6f}".encode(), 0)
