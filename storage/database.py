"""The database: transactions that wait out a lock, a restart or a short absence of the server."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from storage.engine import Dialect, Engine, StillAtItError, Trouble
from storage.errors import DatabaseAwayError, DatabaseRefusedError
from storage.models import TABLES
from storage.postgres import Postgres
from storage.server_clock import ServerClock
from storage.sqlite import Sqlite

T = TypeVar("T")
#: Threads of a worker, of its lease-keepers and of a web process; each needs one at most, for milliseconds.
CONNECTIONS = 24
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

_log = logging.getLogger(__name__)


class Database:
    """SQLite at `folder` when `url` is `None`, else the Postgres at `url`.

    Opening touches no server: the first `do` does. One `Database` a process: it binds the tables.
    `clock` gives the time that is written down (epoch seconds); without one it is the server's, which is the
    same for all machines, or this machine's with SQLite. `patience` is how many seconds `do`
    tries again. May be used by many threads, and by a child after a fork.
    """

    def __init__(
        self,
        url: str | None,
        *,
        folder: Path,
        clock: Callable[[], float] | None = None,
        patience: float = 60.0,
    ) -> None:
        self._engine: Engine = _engine(url, folder)
        self._clock = clock or time.time
        self._server = None
        if clock is None and isinstance(self._engine, Postgres):
            self._server = ServerClock(self._engine.time)
        self._patience = patience
        self._process = os.getpid()
        self._engine.peewee.bind(TABLES)

    @property
    def dialect(self) -> Dialect:
        """Which of the two it is."""
        return self._engine.dialect

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run SQL as it stands; the rows it answers with. Only inside `do`, and only for `storage/`.

        A value's place is marked by "?" in SQLite's dialect and by "%s" in Postgres's.
        """
        return self._engine.peewee.run(statement, values)

    def has_table(self, name: str) -> bool:
        """Whether there is such a table. Only inside `do`."""
        return bool(self._engine.peewee.table_exists(name))

    def now(self) -> float:
        """The time, in seconds since the epoch. Raises as `do` does when the server was never asked and is away."""
        if self._server is None:
            return self._clock()
        if self._engine.peewee.in_transaction():
            return self._server.now()
        if not self._server.known:
            return self.do(self._server.now)
        return self._server.last_known()

    def do(self, work: Callable[[], T]) -> T:
        """Run `work` in one transaction and return what it returns; an error of its own undoes everything.

        `work` may run several times, so it has no side effects but rows. A `do` inside a `do` joins the
        outer transaction. Raises `DatabaseAwayError` when the database stays away, `DatabaseRefusedError`
        when it can't be used as it is set up, and whatever `work` raises.
        """
        self._mind_a_fork()
        if self._engine.peewee.in_transaction():
            return work()
        return _Attempts(self._engine, work, self._patience).result()

    def alone(self, name: str) -> None:
        """Until this transaction ends, nobody else is alone with `name`. Only inside `do`."""
        if not self._engine.peewee.in_transaction():
            raise RuntimeError("alone() outside of do()")
        self._engine.alone(name)

    def close(self) -> None:
        """Close what is idle. A later `do` opens anew."""
        self._mind_a_fork()
        self._engine.peewee.connections.close_idle()

    def _mind_a_fork(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            self._engine.peewee.forget_parent()


class _Attempts(Generic[T]):
    """One transaction, tried until it succeeds, fails by its own fault, or patience ends."""

    def __init__(self, engine: Engine, work: Callable[[], T], patience: float) -> None:
        self._engine = engine
        self._work = work
        self._patience = patience
        #: A commit whose answer was lost: the transaction's name, and what `work` had returned.
        self._unanswered: tuple[str, T] | None = None

    def result(self) -> T:
        ending = time.monotonic() + self._patience
        pause = FIRST_PAUSE
        while True:
            try:
                return self._attempt()
            except self._engine.errors as error:
                self._judge(error, too_late=time.monotonic() + pause > ending)
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    def _attempt(self) -> T:
        engine = self._engine
        engine.peewee.connect()
        try:
            answer = self._late_answer()
            if answer is not None:
                return answer[1]
            with engine.peewee.transaction():
                result = self._work()
                mark = engine.mark()
                self._unanswered = None if mark is None else (mark, result)
        except engine.errors as error:
            if engine.trouble(error) is Trouble.LOST:
                engine.peewee.break_off()
            raise
        finally:
            engine.peewee.end()
        return result

    def _late_answer(self) -> tuple[str, T] | None:
        """What an earlier attempt did whose commit nobody answered; `None` when it changed nothing."""
        if self._unanswered is None:
            return None
        committed = self._engine.ended(self._unanswered[0])
        if committed is None:
            raise StillAtItError("an earlier commit has not ended")
        if not committed:
            self._unanswered = None
        return self._unanswered

    def _judge(self, error: BaseException, *, too_late: bool) -> None:
        trouble = self._engine.trouble(error)
        if trouble is Trouble.OURS:
            raise error
        if trouble is Trouble.REFUSED:
            raise DatabaseRefusedError(*_REFUSED[self._engine.dialect]) from error
        if too_late:
            raise DatabaseAwayError(
                f"The database was {_WHAT[trouble]} for {self._patience:g} seconds.",
                f"Nothing is lost: try again in a minute. If it lasts, look at {_LOOK_AT[self._engine.dialect]}.",
            ) from error
        _log.warning("the database is %s, trying again: %s", _WHAT[trouble], str(error).strip())


_WHAT: Final = {Trouble.BUSY: "busy", Trouble.LOST: "away"}
_REFUSED: Final[dict[Dialect, tuple[str, str]]] = {
    "sqlite": (
        "The database's file can't be used: it is damaged, or may not be written to.",
        "Look at the data folder (HIDDEN_HILL_DATA), or restore the file from a backup.",
    ),
    "postgres": (
        "The database does not let us in.",
        "Look at DATABASE_URL: its name, password, host and database.",
    ),
}
_LOOK_AT: Final[dict[Dialect, str]] = {
    "sqlite": "the disk of the data folder (HIDDEN_HILL_DATA)",
    "postgres": "the server, and at host and port in DATABASE_URL",
}


def _engine(url: str | None, folder: Path) -> Engine:
    if url is None:
        return Sqlite(folder)
    if url.startswith(("postgres://", "postgresql://")):
        return Postgres(url, most=CONNECTIONS)
    raise DatabaseRefusedError(
        "DATABASE_URL is no address of a Postgres.",
        "It looks like postgresql://name:password@host:5432/database; without one, SQLite is used.",
    )
