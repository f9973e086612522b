"""Transactions: they hold, they join, they wait out a lock and a restart."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import peewee
import pytest

from storage.connections import Connections, NoConnectionFreeError
from storage.database import CONNECTIONS, Database
from storage.errors import DatabaseAwayError, DatabaseRefusedError
from storage.models import LeaseRow
from tests.databases import FakeClock, PostgresServer, opened


def put(name: str, until: float = 1.0) -> None:
    LeaseRow.insert(name=name, owner="me", until=until).execute()


def names(db: Database) -> set[str]:
    return db.do(lambda: {row.name for row in LeaseRow.select()})


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return once `condition` holds."""
    ending = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ending, "it never happened"
        time.sleep(0.02)


@contextmanager
def locked(file: Path) -> Iterator[Callable[[], None]]:
    """Another process holds the file's lock, until the value is called or the block ends."""
    script = Path(__file__).with_name("locker.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"

        def let_go() -> None:
            process.communicate("\n", timeout=60)

        try:
            yield let_go
        finally:
            if process.poll() is None:
                process.kill()


def test_what_is_done_stays(database: Database) -> None:
    assert database.do(lambda: put("a")) is None
    assert names(database) == {"a"}


def test_an_error_undoes_everything_and_comes_out(database: Database) -> None:
    def work() -> None:
        put("a")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.do(work)
    assert names(database) == set()


def test_a_mistake_in_sql_comes_out_and_harms_no_later_transaction(database: Database) -> None:
    database.do(lambda: put("a"))
    with pytest.raises(peewee.IntegrityError):
        database.do(lambda: put("a"))
    database.do(lambda: put("b"))
    assert names(database) == {"a", "b"}


def test_an_inner_one_joins_the_outer(database: Database) -> None:
    def work() -> None:
        database.do(lambda: put("a"))
        raise ValueError("after the inner one")

    with pytest.raises(ValueError, match="after"):
        database.do(work)
    assert names(database) == set()


def test_rows_are_read_and_written_inside_do_only(database: Database) -> None:
    with pytest.raises(peewee.InterfaceError):
        put("a")
    with pytest.raises(RuntimeError, match="outside"):
        database.alone("a")


def test_time_is_the_clocks(database: Database, clock: FakeClock) -> None:
    before = database.now()
    clock.advance(90)
    assert database.now() == before + 90


def test_more_threads_than_connections_all_get_their_turn(database: Database) -> None:
    def add_one() -> None:
        def work() -> None:
            database.alone("counter")
            row = LeaseRow.get_or_none(LeaseRow.name == "counter")
            if row is None:
                put("counter", until=1.0)
            else:
                LeaseRow.update(until=row.until + 1).execute()

        database.do(work)

    with ThreadPoolExecutor(2 * CONNECTIONS) as threads:
        for done in [threads.submit(add_one) for _ in range(4 * CONNECTIONS)]:
            done.result()
    assert database.do(lambda: LeaseRow.get().until) == 4 * CONNECTIONS


def test_a_child_after_a_fork_has_connections_of_its_own(database: Database) -> None:
    database.do(lambda: put("parent"))
    child = os.fork()
    if child == 0:
        try:
            database.do(lambda: put("child"))
            database.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    database.do(lambda: put("parent again"))
    assert names(database) == {"parent", "child", "parent again"}


def test_two_threads_who_lock_crosswise_both_succeed(database: Database) -> None:
    database.do(lambda: (put("a"), put("b")))
    both_began = threading.Barrier(2)
    first_time = threading.local()

    def cross(first: str, second: str) -> None:
        def work() -> None:
            LeaseRow.update(until=LeaseRow.until + 1).where(LeaseRow.name == first).execute()
            if not getattr(first_time, "over", False) and database.dialect == "postgres":
                first_time.over = True
                both_began.wait(30)
            LeaseRow.update(until=LeaseRow.until + 1).where(LeaseRow.name == second).execute()

        database.do(work)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(cross, "a", "b"), threads.submit(cross, "b", "a")]:
            done.result()
    assert {row.until for row in database.do(lambda: list(LeaseRow.select()))} == {3.0}


def test_a_file_that_another_process_locks_for_long_is_waited_for(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING, "storage.database"),
        opened(None, tmp_path, clock) as db,
        locked(tmp_path / "hidden-hill.db") as let_go,
        ThreadPoolExecutor(1) as threads,
    ):
        waiting = threads.submit(db.do, lambda: put("a"))
        wait_for(lambda: len(caplog.records) >= 2)  # each of them is 5 s of SQLite's own waiting
        assert not waiting.done()
        let_go()
        waiting.result()
        assert names(db) == {"a"}


def test_a_file_that_stays_locked_is_given_up_with_words(tmp_path: Path, clock: FakeClock) -> None:
    with (
        opened(None, tmp_path, clock, patience=0.1) as db,
        locked(tmp_path / "hidden-hill.db"),
        pytest.raises(DatabaseAwayError) as caught,
    ):
        db.do(lambda: put("a"))
    assert caught.value.transient
    assert caught.value.sentence == "The database was busy for 0.1 seconds."
    assert "try again" in caught.value.advice


def test_postgres_restarts_between_and_within_transactions(
    postgres_server: PostgresServer, tmp_path: Path, clock: FakeClock
) -> None:
    with postgres_server.new_database() as url, opened(url, tmp_path, clock) as db:
        everyone_is_in = threading.Barrier(8, timeout=30)

        def work() -> None:
            everyone_is_in.wait()  # eight open connections, all of them idle afterwards

        with ThreadPoolExecutor(8) as threads:
            for done in [threads.submit(db.do, work) for _ in range(8)]:
                done.result()
        postgres_server.stop()
        postgres_server.start()
        db.do(lambda: put("between"))
        pool = db._engine.peewee.connections
        assert len(pool._idle) == 1  # the first to notice closed the other seven

        runs = []

        def interrupted() -> None:
            runs.append(1)
            put("within")
            if len(runs) == 1:
                postgres_server.stop()
                postgres_server.start()
            put("within too")

        db.do(interrupted)
        assert len(runs) == 2
        assert names(db) == {"between", "within", "within too"}


def test_a_postgres_that_comes_back_in_time_is_waited_for(
    postgres_server: PostgresServer, tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING, "storage.database"),
        postgres_server.new_database() as url,
        opened(url, tmp_path, clock) as db,
        ThreadPoolExecutor(1) as threads,
    ):
        postgres_server.stop()
        waiting = threads.submit(db.do, lambda: put("a"))
        wait_for(lambda: len(caplog.records) >= 3)
        postgres_server.start()
        waiting.result()
        assert names(db) == {"a"}


def test_a_postgres_that_stays_away_is_given_up_with_words(
    postgres_server: PostgresServer, tmp_path: Path, clock: FakeClock
) -> None:
    with postgres_server.new_database() as url, opened(url, tmp_path, clock, patience=0.5) as db:
        postgres_server.stop()
        with pytest.raises(DatabaseAwayError, match=r"away for 0\.5 seconds") as caught:
            db.do(lambda: put("a"))
        assert caught.value.advice
        postgres_server.start()
        db.do(lambda: put("b"))
        assert names(db) == {"b"}


@pytest.mark.parametrize("was_committed", [True, False])
def test_a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice(
    postgres_server: PostgresServer,
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    was_committed: bool,
) -> None:
    with postgres_server.new_database() as url, opened(url, tmp_path, clock) as db:
        server = db._engine.peewee
        commit, cuts, runs = server.commit, [], []

        def cut_off() -> None:
            if cuts:
                commit()
                return
            cuts.append(1)
            if was_committed:
                commit()
            server.connection().close()
            raise peewee.OperationalError("the connection is lost") from None

        def work() -> int:
            runs.append(1)
            put(f"run {len(runs)}")
            return len(runs)

        monkeypatch.setattr(server, "commit", cut_off)
        assert db.do(work) == (1 if was_committed else 2)
        assert names(db) == {"run 1" if was_committed else "run 2"}


def test_a_transaction_that_hangs_does_not_hold_the_others_for_ever(
    postgres_server: PostgresServer, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgres._BEGIN", "BEGIN; SET LOCAL lock_timeout = 100")
    with (
        postgres_server.new_database() as url,
        opened(url, tmp_path, clock, patience=1.0) as db,
        ThreadPoolExecutor(1) as threads,
    ):
        inside, leave = threading.Event(), threading.Event()

        def hang() -> None:
            db.alone("door")
            inside.set()
            leave.wait(60)

        hung = threads.submit(db.do, hang)
        assert inside.wait(30)
        with pytest.raises(DatabaseAwayError, match="busy"):
            db.do(lambda: db.alone("door"))
        leave.set()
        hung.result()
        db.do(lambda: db.alone("door"))


@pytest.mark.parametrize(
    "url", ["mysql://host/hill", "postgresql://nobody:none@127.0.0.1:1/hill", "postgresql:///missing"]
)
def test_a_wrong_address_says_so(
    url: str, request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock
) -> None:
    if url.endswith("missing"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url("missing")
    expected = DatabaseAwayError if ":1/" in url else DatabaseRefusedError
    with pytest.raises(expected) as caught:
        Database(url, folder=tmp_path, clock=clock, patience=0.1).do(lambda: put("a"))
    assert caught.value.sentence
    assert "none" not in caught.value.sentence + caught.value.advice


def test_a_file_that_is_no_database_says_so(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "hidden-hill.db").write_text("these are notes of mine, " * 100)
    with pytest.raises(DatabaseRefusedError):
        Database(None, folder=tmp_path, clock=clock).do(lambda: put("a"))


class Line:
    """A connection that counts."""

    opened = 0

    def __init__(self) -> None:
        Line.opened += 1
        self.open = True

    def close(self) -> None:
        self.open = False


def test_a_pool_hands_out_again_what_is_well_and_only_that() -> None:
    pool = Connections(Line, lambda line: line.open, most=2, wait=0.05)
    first, second = pool.take(), pool.take()
    with pytest.raises(NoConnectionFreeError):
        pool.take()
    pool.give_back(first)
    pool.give_back(second, broken=True)
    assert not second.open
    assert pool.take() is first
    pool.give_back(first)
    first.close()  # the server hung up while it was idle
    assert pool.take().open
    assert pool.take().open


def test_a_connection_that_cannot_be_opened_leaves_its_place_free() -> None:
    def refuse() -> Line:
        raise OSError("away")

    pool = Connections(refuse, lambda line: line.open, most=1, wait=0.05)
    for _ in range(3):
        with pytest.raises(OSError, match="away"):
            pool.take()
