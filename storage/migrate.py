"""Numbered migrations: what brings the tables to what the program expects."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from typing import Final, cast

import storage.migrations
from storage.database import Database
from storage.engine import Dialect
from storage.errors import SchemaError

TABLE: Final = "schema_migration"
_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+")


def plan(db: Database) -> list[str]:
    """The names of the migrations that `migrate` would apply, in order. Changes nothing.

    Raises `SchemaError` when the database is newer than the program.
    """
    return db.do(lambda: _missing(db))


def migrate(db: Database) -> list[str]:
    """Apply what is missing, each in a transaction of its own; the names of what *this* call applied.

    Two starters at once do no harm: one applies, the other waits and finds nothing left to do.
    Raises `SchemaError` when the database is newer than the program.
    """
    applied = []
    while (name := db.do(lambda: _apply_next(db))) is not None:
        applied.append(name)
    return applied


def check(db: Database) -> None:
    """Raise `SchemaError` unless the tables are exactly what this program expects."""
    missing = plan(db)
    if missing:
        raise SchemaError(
            f"The database is not up to date: {_count(len(missing))} missing.",
            "Run: hidden-hill migrate",
        )


def _apply_next(db: Database) -> str | None:
    db.alone("migrate")
    missing = _missing(db)
    if not missing:
        return None
    name = missing[0]
    db.run(
        f"CREATE TABLE IF NOT EXISTS {TABLE}"
        " (number INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, applied_at DOUBLE PRECISION NOT NULL)"
    )
    for statement in _statements(name, db.dialect):
        db.run(statement)
    mark = "?" if db.dialect == "sqlite" else "%s"
    db.run(
        f"INSERT INTO {TABLE} (number, name, applied_at) VALUES ({mark}, {mark}, {mark})",  # noqa: S608 - no input
        _number(name),
        name,
        db.now(),
    )
    return name


def _missing(db: Database) -> list[str]:
    there: dict[int, str] = {}
    if db.has_table(TABLE):
        rows = db.run(f"SELECT number, name FROM {TABLE} ORDER BY number")  # noqa: S608
        there = {int(number): str(name) for number, name in rows}
    known = known_names()
    unknown = sorted(set(there) - {_number(name) for name in known})
    if unknown:
        raise SchemaError(
            f"The database is newer than this Hidden Hill: it has had {there[unknown[-1]]}, unknown here.",
            "Update Hidden Hill on this machine.",
        )
    return [name for name in known if _number(name) not in there]


def known_names() -> list[str]:
    """Every migration of this program, in order."""
    modules = pkgutil.iter_modules(storage.migrations.__path__)
    return sorted(module.name for module in modules if _NAME.fullmatch(module.name))


def _statements(name: str, dialect: Dialect) -> list[str]:
    module = importlib.import_module(f"{storage.migrations.__name__}.{name}")
    up = cast(Callable[[Dialect], list[str]], module.up)
    return up(dialect)


def _number(name: str) -> int:
    return int(name[:4])


def _count(number: int) -> str:
    return "one migration is" if number == 1 else f"{number} migrations are"
