"""The server's time on a machine whose clock is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from storage.database import Database
from storage.server_clock import EVERY, ServerClock
from tests.databases import FakeClock, PostgresServer


def test_the_server_is_asked_once_in_a_while_and_whenever_the_clock_was_moved() -> None:
    server, wall, steady = FakeClock(5_000.0), FakeClock(1_000.0), FakeClock(0.0)
    asked = 0

    def ask() -> float:
        nonlocal asked
        asked += 1
        return server()

    def pass_(seconds: float) -> None:
        for clock in (server, wall, steady):
            clock.advance(seconds)

    clock = ServerClock(ask, wall=wall, steady=steady)
    assert clock.now() == server.now
    pass_(EVERY - 1)
    assert (clock.now(), asked) == (server.now, 1)
    wall.advance(-3600)
    assert (clock.now(), asked) == (server.now, 2)
    pass_(EVERY + 1)
    server.advance(0.5)
    assert (clock.now(), asked) == (server.now, 3)


def test_a_database_on_a_server_tells_the_server_s_time(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_server.url(), folder=tmp_path)
    assert database._server is not None
    true = time.time
    # This machine is an hour ahead of the server.
    monkeypatch.setattr(database._server, "_wall", lambda: true() + 3600)
    assert abs(database.now() - true()) < 60
    assert abs(database.do(database.now) - true()) < 60
    database.close()
