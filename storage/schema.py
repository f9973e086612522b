"""The SQL that would make the tables of `storage.models` from nothing."""

from __future__ import annotations

from typing import Any

import peewee

from storage.engine import Dialect
from storage.models import TABLES


def statements(dialect: Dialect) -> list[str]:
    """CREATE TABLE and CREATE INDEX for every table, in the words of `dialect`. Touches no database."""
    speaker: Any = peewee.SqliteDatabase(":memory:") if dialect == "sqlite" else _postgres()
    made = []
    for table in TABLES:
        schema: Any = peewee.SchemaManager(table, speaker, safe=False)
        queries = [schema._create_table(safe=False), *schema._create_indexes(safe=False)]  # noqa: SLF001
        made += [sql for sql, _ in (query.query() for query in queries)]
    return made


def _postgres() -> peewee.Database:
    return peewee.PostgresqlDatabase("nowhere", prefer_psycopg3=True)
