"""SQLite, the database when nothing is set: one file of the data folder."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import peewee

from storage.connections import Connections, NoConnectionFreeError
from storage.engine import Dialect, Pooled, Trouble

FILE = "hidden-hill.db"
#: Seconds that SQLite itself waits for a lock of another process, and a thread for the connection.
BUSY_SECONDS = 5.0
#: The power may fail: what was answered with "yes" (a purchase!) is on the disk. 0 = OFF, 2 = FULL.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2}
#: The last: SQLite undid the transaction by itself (most often for want of disk), so nobody else can.
_PASSING = (
    *("locked", "busy", "unable to open", "disk i/o error", "disk is full", "schema has changed"),
    "no transaction is active",
)


class _File(Pooled, peewee.SqliteDatabase):
    """The file as peewee sees it."""

    def open_one(self) -> sqlite3.Connection:
        opener: Any = peewee.SqliteDatabase
        connection: sqlite3.Connection = opener._connect(self)  # noqa: SLF001 - below our own `_connect`
        return connection

    def begin(self, lock_type: str | None = None) -> None:  # noqa: ARG002 - peewee's signature
        """Take the write lock at once: a transaction that reads first and writes later could not wait for it."""
        super().begin("IMMEDIATE")


class Sqlite:
    """The engine. Its threads share one connection and stand in line for it, fairer than SQLite's own waiting."""

    dialect: Dialect = "sqlite"
    errors: tuple[type[Exception], ...] = (peewee.PeeweeException, sqlite3.Error, NoConnectionFreeError)

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = _File(
            str(folder / FILE),
            pragmas=PRAGMAS,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
            autoconnect=False,
            returning_clause=False,
        )
        self._file.pool(
            Connections(self._file.open_one, lambda one: not one.in_transaction, most=1, wait=BUSY_SECONDS)
        )
        self.peewee: Pooled = self._file

    def begin(self) -> None:
        self.peewee.begin()

    def mark(self) -> str | None:
        """`None`: SQLite tells the truth about a commit that failed."""
        return None

    def ended(self, mark: str) -> bool | None:
        raise NotImplementedError

    def alone(self, name: str) -> None:
        """Nothing to do: every transaction is alone in the whole file."""

    def trouble(self, error: BaseException) -> Trouble:
        if isinstance(error, NoConnectionFreeError):
            return Trouble.BUSY
        words = str(error).lower()
        if isinstance(error, peewee.OperationalError | sqlite3.OperationalError) and any(
            sign in words for sign in _PASSING
        ):
            return Trouble.BUSY
        if "not a database" in words or "malformed" in words or "readonly" in words:
            return Trouble.REFUSED
        return Trouble.OURS
