"""What differs between SQLite and Postgres, as one small protocol, and the pooling that both share."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from enum import Enum
from typing import Any, Literal, Protocol

import peewee

from storage.connections import Connections

Dialect = Literal["sqlite", "postgres"]


class Trouble(Enum):
    """What an error of the driver means for a transaction.

    `BUSY`: try again, the connection is well. `LOST`: the connection is gone, and so are its sisters.
    `REFUSED`: trying again won't help, the address or the rights are wrong. `OURS`: a mistake of ours.
    """

    BUSY = "busy"
    LOST = "lost"
    REFUSED = "refused"
    OURS = "ours"


class StillAtItError(Exception):
    """Raised when a transaction whose answer was lost has not ended yet."""


class Pooled(peewee.Database):
    """A peewee database whose `connect` takes from `connections`, and whose `close` gives back."""

    connections: Connections[Any]
    _here: threading.local

    def pool(self, connections: Connections[Any]) -> None:
        """Use `connections` from now on."""
        self.connections = connections
        self._here = threading.local()

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Take a connection for this thread. It is taken before peewee's own lock: it may take long."""
        self._here.taken = self.connections.take()
        self._here.broken = False
        try:
            return bool(super().connect(reuse_if_open))
        except BaseException:
            self.connections.give_back(self._here.taken, broken=True)
            raise

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run SQL on this thread's connection; the rows it answers with."""
        self_untyped: Any = self  # peewee's stubs leave execute_sql untyped
        cursor = self_untyped.execute_sql(statement, tuple(values) or None)
        return list(cursor.fetchall()) if cursor.description else []

    def end(self) -> None:
        """Give this thread's connection back, unless it was broken off."""
        if not self.is_closed():
            self.close()

    def break_off(self) -> None:
        """Close this thread's connection for good, and the idle ones: what broke one broke them all."""
        self._here.broken = True
        self.end()
        self.connections.close_idle()

    def forget_parent(self) -> None:
        """After a fork, in the child: nothing that the parent opened is ours."""
        self.dispose()
        self.pool(self.connections)
        self.connections.forget()

    def _connect(self) -> Any:
        return self._here.taken

    def _close(self, conn: Any) -> None:
        self.connections.give_back(conn, broken=self._here.broken)


class Engine(Protocol):
    """One kind of database."""

    dialect: Dialect
    peewee: Pooled
    #: What `trouble` can judge.
    errors: tuple[type[Exception], ...]

    def begin(self) -> None:
        """Begin a transaction on this thread's connection."""
        ...

    def mark(self) -> str | None:
        """What names the open transaction so that its end can be asked for later; `None`: no need to."""
        ...

    def ended(self, mark: str) -> bool | None:
        """Whether the transaction was committed; `None` while it is still at it."""
        ...

    def alone(self, name: str) -> None:
        """Wait until no other transaction is alone with `name`."""
        ...

    def trouble(self, error: BaseException) -> Trouble:
        """What `error`, which peewee or the driver raised, means."""
        ...
