"""Postgres, when `DATABASE_URL` names one: pooled connections of psycopg 3."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import peewee

from storage.connections import Connections, NoConnectionFreeError
from storage.engine import Dialect, Pooled, StillAtItError, Trouble
from storage.errors import DatabaseRefusedError

if TYPE_CHECKING:
    import psycopg

#: Seconds that a thread waits for a connection, and a statement for a lock.
WAIT_SECONDS = 10
LOCK_SECONDS = 15
#: Nothing of ours holds a transaction for long: one that does is a hung process, which must not stop the others.
IDLE_SECONDS = 60

_BEGIN = (
    f"BEGIN; SET LOCAL lock_timeout = {LOCK_SECONDS * 1000};"
    f" SET LOCAL idle_in_transaction_session_timeout = {IDLE_SECONDS * 1000}"
)
#: SQLSTATEs (or their classes) that pass: deadlock, serialisation, lock time-out, too many connections, disk full.
_BUSY = ("40001", "40P01", "55P03", "53")
#: The server stops, starts, fails over, or threw us out: connection exceptions, admin shutdown, read-only standby.
_LOST = ("08", "57P", "25006", "25P03")
#: What the server answers to a connection with a wrong name or password (those errors carry no SQLSTATE).
_REFUSALS = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")


class _Server(Pooled, peewee.PostgresqlDatabase):
    """The server as peewee sees it."""

    def begin(self, isolation_level: str | None = None) -> None:  # noqa: ARG002 - peewee's signature
        """Begin, with time-outs for this transaction only: they would outlive us behind a connection pooler."""
        self.run(_BEGIN)


class Postgres:
    """The engine."""

    dialect: Dialect = "postgres"

    def __init__(self, url: str, *, most: int) -> None:
        try:
            import psycopg
        except ImportError:
            raise DatabaseRefusedError(
                "DATABASE_URL names a Postgres, and its driver is not installed.",
                "Install it: pip install 'hidden-hill[cloud]'",
            ) from None
        self._url = url
        self._psycopg = psycopg
        self.errors: tuple[type[Exception], ...] = (
            peewee.PeeweeException,
            psycopg.Error,
            NoConnectionFreeError,
            StillAtItError,
        )
        server = _Server(url, prefer_psycopg3=True, autoconnect=False)
        server.pool(Connections(self._open, self._usable, most=most, wait=WAIT_SECONDS))
        self.peewee: Pooled = server

    def _open(self) -> psycopg.Connection[tuple[object, ...]]:
        return self._psycopg.connect(
            self._url,
            autocommit=True,
            prepare_threshold=None,  # a pooler in front (PgBouncer) would hand our statements to others
            connect_timeout=10,
            application_name="hidden-hill",
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=30_000,
        )

    def _usable(self, connection: psycopg.Connection[tuple[object, ...]]) -> bool:
        idle = self._psycopg.pq.TransactionStatus.IDLE
        return not connection.closed and connection.info.transaction_status == idle

    def begin(self) -> None:
        self.peewee.begin()

    def mark(self) -> str | None:
        """The transaction's number, once it wrote something: when its commit is lost, the server knows how it ended."""
        number = self._one("SELECT txid_current_if_assigned()")
        return None if number is None else str(number)

    def ended(self, mark: str) -> bool | None:
        status = self._one("SELECT txid_status(%s::bigint)", mark)
        return None if status == "in progress" else status == "committed"

    def time(self) -> float:
        """The server's time (epoch seconds). Only inside a transaction."""
        now = self._one("SELECT extract(epoch FROM clock_timestamp())::float8")
        assert isinstance(now, float)
        return now

    def alone(self, name: str) -> None:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        self._one("SELECT pg_advisory_xact_lock(%s)::text", number)

    def trouble(self, error: BaseException) -> Trouble:
        if isinstance(error, NoConnectionFreeError | StillAtItError):
            return Trouble.BUSY
        # peewee keeps the driver's error in `orig`; its stubs don't know.
        error = getattr(error, "orig", None) or error
        if not isinstance(error, self._psycopg.Error):
            return Trouble.OURS
        state = error.sqlstate
        if state is not None:
            busy, lost = state.startswith(_BUSY), state.startswith(_LOST)
            return Trouble.BUSY if busy else Trouble.LOST if lost else Trouble.OURS
        if not isinstance(error, self._psycopg.OperationalError | self._psycopg.InterfaceError):
            return Trouble.OURS
        refused = any(sign in str(error) for sign in _REFUSALS)
        return Trouble.REFUSED if refused else Trouble.LOST

    def _one(self, sql: str, *values: object) -> object:
        return self.peewee.run(sql, values)[0][0]
