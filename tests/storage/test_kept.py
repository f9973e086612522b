"""What a message stands for and can't hold: kept under its key, each workspace's for itself, and forgotten in time."""

from __future__ import annotations

from storage import kept
from storage.database import Database
from tests.databases import FakeClock

LAB, OTHER = "discord:1", "discord:2"


def test_what_is_kept_is_there_until_it_is_kept_anew(database: Database) -> None:
    kept.keep(database, LAB, {})
    kept.keep(database, LAB, {"a": "one", "b": "two"})
    kept.keep(database, LAB, {"a": "three"})
    assert [kept.kept(database, LAB, key) for key in "abc"] == ["three", "two", None]
    assert kept.kept(database, OTHER, "a") is None


def test_what_begins_so_is_let_go(database: Database) -> None:
    kept.keep(database, LAB, {"draft:j_b:1": "x", "draft:j_b:2": "y", "draft:jab:1": "z"})
    kept.keep(database, OTHER, {"draft:j_b:1": "x"})
    kept.let_go(database, LAB, "draft:j_b:")
    assert kept.kept(database, LAB, "draft:j_b:1") is kept.kept(database, LAB, "draft:j_b:2") is None
    assert kept.kept(database, LAB, "draft:jab:1") == "z"
    assert kept.kept(database, OTHER, "draft:j_b:1") == "x"


def test_what_nobody_kept_anew_is_forgotten(database: Database, clock: FakeClock) -> None:
    kept.keep(database, LAB, {"old": "x", "new": "y"})
    clock.now += 100
    kept.keep(database, LAB, {"new": "y"})
    assert kept.forget_before(database, clock.now - 50) == 1
    assert kept.kept(database, LAB, "old") is None
    assert kept.kept(database, LAB, "new") == "y"
