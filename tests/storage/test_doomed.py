"""Objects that are to be deleted: claimed, deleted outside of any transaction, and left alone when they are needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from storage import doomed
from storage.database import Database
from storage.errors import StoreAwayError
from storage.objects import FolderObjects
from tests.databases import FakeClock

KEY = "uploads/lab/" + "a" * 64 + ".pdf"
VIDEO = "videos/2026-11-16-paper-token/video.mp4"
DAY = 24 * 3600.0


class Store(FolderObjects):
    """A store in which something happens at each deletion. Its clock is the database's, and `fast` seconds more."""

    def __init__(self, root: Path, clock: FakeClock) -> None:
        super().__init__(root)
        self.clock = clock
        self.fast = 0.0
        self.meanwhile: Callable[[], None] = lambda: None
        self.deleted: list[str] = []

    def hand_in(self, key: str = KEY) -> None:
        file = self._root / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("words")
        now = self.clock() + self.fast
        os.utime(file, (now, now))

    def delete(self, key: str) -> None:
        super().delete(key)
        self.deleted.append(key)
        self.meanwhile()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Store:
    return Store(tmp_path / "objects", clock)


def doom(db: Database, key: str = KEY, after: float = 0.0) -> None:
    db.do(lambda: doomed.doom(db, "lab", [key], after=after))


def taken(db: Database, key: str = KEY) -> bool:
    """Whether the object is being deleted."""
    return db.do(lambda: doomed.being_deleted(db, [key]))


def test_while_the_store_deletes_others_may_write(database: Database, store: Store) -> None:
    seen: list[bool] = []

    def write() -> None:
        database.do(lambda: database.alone("workspace:lab"))
        doom(database, "uploads/lab/other.pdf")
        seen.append(taken(database))

    def meanwhile() -> None:
        other = Thread(target=write, daemon=True)
        other.start()
        other.join(20.0)

    store.hand_in()
    store.meanwhile = meanwhile
    doom(database)
    assert doomed.carry_out(database, store, KEY)
    assert seen == [True]
    assert not taken(database)
    assert doomed.doomed(database) == ["uploads/lab/other.pdf"]


def test_one_deletes_at_a_time(database: Database, store: Store) -> None:
    store.meanwhile = lambda: seen.append(doomed.carry_out(database, store, KEY))
    seen: list[bool] = []
    doom(database)
    assert doomed.carry_out(database, store, KEY)
    assert (seen, store.deleted) == ([False], [KEY])


def test_what_could_not_be_deleted_stays_doomed_and_is_free(database: Database, store: Store) -> None:
    def away() -> None:
        raise StoreAwayError("The store is away.")

    store.meanwhile = away
    doom(database)
    with pytest.raises(StoreAwayError):
        doomed.carry_out(database, store, KEY)
    assert not taken(database)
    store.meanwhile = lambda: None
    assert doomed.carry_out(database, store, KEY)


def test_the_claim_of_one_who_died_runs_out(database: Database, store: Store, clock: FakeClock) -> None:
    doom(database)
    assert database.do(lambda: doomed._claim(database, KEY)) is not None
    clock.advance(doomed.CLAIM - 1)
    assert taken(database)
    assert not doomed.carry_out(database, store, KEY)
    clock.advance(2)
    assert not taken(database)
    assert doomed.carry_out(database, store, KEY)


def test_what_is_doomed_anew_while_it_is_deleted_stays_doomed(
    database: Database, store: Store, clock: FakeClock
) -> None:
    def again() -> None:
        clock.advance(1)
        store.hand_in()
        doom(database, after=DAY)

    store.meanwhile = again
    doom(database)
    assert doomed.carry_out(database, store, KEY)
    assert store.head(KEY) is not None
    store.meanwhile = lambda: None
    assert not taken(database)
    assert not doomed.carry_out(database, store, KEY), "its time has not come"
    clock.advance(DAY)
    assert doomed.doomed(database) == [KEY]
    assert doomed.carry_out(database, store, KEY)


def test_what_was_handed_in_again_is_let_be_for_a_day(
    database: Database, store: Store, clock: FakeClock
) -> None:
    store.hand_in()
    doom(database, after=DAY)
    clock.advance(DAY)
    store.hand_in()
    assert not doomed.carry_out(database, store, KEY)
    assert store.head(KEY) is not None
    assert doomed.doomed(database) == []
    clock.advance(doomed.UNORDERED)
    assert doomed.carry_out(database, store, KEY)
    assert store.head(KEY) is None
    assert doomed.doomed(database) == []


def test_a_store_whose_clock_runs_ahead_deletes_a_day_later(
    database: Database, store: Store, clock: FakeClock
) -> None:
    store.fast = 3 * DAY
    store.hand_in()
    doom(database)
    assert not doomed.carry_out(database, store, KEY)
    clock.advance(doomed.UNORDERED)
    assert doomed.carry_out(database, store, KEY)


def test_only_what_people_hand_in_is_looked_at(database: Database, store: Store) -> None:
    store.fast = 3 * DAY
    store.hand_in(VIDEO)
    doom(database, VIDEO)
    assert doomed.carry_out(database, store, VIDEO)
    assert store.head(VIDEO) is None
