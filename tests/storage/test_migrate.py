"""Migrations: applied once, planned without a trace, and never apart from the models."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import storage.migrations
from storage.database import Database
from storage.errors import SchemaError
from storage.migrate import TABLE, check, known_names, migrate, plan
from storage.schema import statements
from tests.databases import START, FakeClock, PostgresServer
from tests.storage.processes import together


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """A database without tables; `None`: SQLite."""
    if request.param == "sqlite":
        yield None
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.new_database() as url:
        yield url


@pytest.fixture
def empty(empty_url: str | None, tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    """A database without tables."""
    db = Database(empty_url, folder=tmp_path, clock=clock)
    yield db
    db.close()


def schema(db: Database) -> dict[str, Any]:
    """Every column and index of every table, as the database itself tells them."""

    def work() -> dict[str, Any]:
        engine: Any = db._engine.peewee
        return {
            table: (
                [
                    (c.name, c.full_type or c.data_type, c.null, c.primary_key)
                    for c in engine.get_columns(table)
                ],
                sorted((i.name, tuple(i.columns), i.unique) for i in engine.get_indexes(table)),
            )
            for table in engine.get_tables()
            if table != TABLE
        }

    return db.do(work)


def test_what_the_migrations_make_is_what_the_models_say(empty: Database) -> None:
    migrate(empty)
    migrated = schema(empty)
    empty.do(lambda: [empty.run(f'DROP TABLE "{table}"') for table in migrated])
    assert schema(empty) == {}
    empty.do(lambda: [empty.run(one) for one in statements(empty.dialect)])
    expected = schema(empty)
    assert len(expected) >= 13
    for table, said in expected.items():
        assert migrated[table] == said, (
            f"storage/models.py and the migrations say different things of {table}"
        )
    assert set(migrated) == set(expected)


def test_a_plan_says_what_would_be_done_and_does_nothing(empty: Database) -> None:
    assert plan(empty) == known_names() == plan(empty)
    assert schema(empty) == {}
    assert not empty.do(lambda: empty.has_table(TABLE))


def test_an_empty_database_is_not_up_to_date_and_then_is(empty: Database, clock: FakeClock) -> None:
    with pytest.raises(SchemaError, match="missing") as caught:
        check(empty)
    assert caught.value.advice == "Run: hidden-hill migrate"
    assert migrate(empty) == known_names()
    check(empty)
    assert plan(empty) == []
    assert migrate(empty) == []
    rows = empty.do(lambda: empty.run(f"SELECT number, name, applied_at FROM {TABLE}"))
    assert [tuple(row) for row in rows] == [(int(name[:4]), name, clock.now) for name in known_names()]


def test_a_database_newer_than_the_program_is_left_alone(database: Database) -> None:
    database.do(lambda: database.run(f"INSERT INTO {TABLE} VALUES (9999, '9999_hover', 1.0)"))
    for look in (plan, migrate, check):
        with pytest.raises(SchemaError, match="newer than this Hidden Hill: it has had 9999_hover") as caught:
            look(database)
        assert "Update" in caught.value.advice


@pytest.fixture
def migration_that_breaks(monkeypatch: pytest.MonkeyPatch) -> str:
    """One more migration, whose second statement fails."""
    module = ModuleType("storage.migrations.9000_breaks")
    module.up = lambda dialect: ["CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    names = [*known_names(), "9000_breaks"]
    monkeypatch.setattr("storage.migrate.known_names", lambda: names)
    return "9000_breaks"


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database, migration_that_breaks: str) -> None:
    with pytest.raises(Exception, match="already exists"):
        migrate(empty)
    assert plan(empty) == [migration_that_breaks]
    assert "half" not in schema(empty)


def start(db: Database, _number: int) -> list[str]:
    """What one starter applied."""
    return migrate(db)


def test_several_starters_at_once_all_end_well(empty_url: str | None, tmp_path: Path) -> None:
    applied = together(4, start, empty_url, tmp_path, START)
    assert sorted(name for names in applied for name in names) == known_names()
    db = Database(empty_url, folder=tmp_path)
    check(db)
    db.close()


def test_every_migration_has_a_number_of_its_own_without_gaps() -> None:
    assert [int(name[:4]) for name in known_names()] == list(range(1, len(known_names()) + 1))
    assert storage.migrations.__doc__


def test_after_the_first_migrations_only_add_so_that_older_processes_work_on() -> None:
    adds = re.compile(
        r'CREATE TABLE "|CREATE (?:UNIQUE )?INDEX "|ALTER TABLE "\w+" ADD (?:COLUMN )?(?!.*NOT NULL(?!.*DEFAULT))'
    )
    for name in known_names()[1:]:
        module = importlib.import_module(f"storage.migrations.{name}")
        for dialect in ("sqlite", "postgres"):
            assert [said for said in module.up(dialect) if not adds.match(said)] == [], name
