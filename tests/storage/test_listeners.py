"""Who is connected to a chat platform."""

from __future__ import annotations

from storage.database import Database
from storage.listeners import BELIEVED, MISSED_FOR, Listener, connected, counts, forget_silent, listening
from tests.databases import FakeClock

FIRST = Listener(id="slack-1", platform="slack", host="here", pid=1)
SECOND = Listener(id="slack-2", platform="slack", host="there", pid=1)


def test_one_is_connected_for_as_long_as_it_says_so(database: Database, clock: FakeClock) -> None:
    assert counts(database) == {}
    connected(database, FIRST)
    clock.advance(BELIEVED / 2)
    connected(database, SECOND)
    assert listening(database) == listening(database, "slack") == (FIRST, SECOND)
    assert listening(database, "discord") == ()
    clock.advance(BELIEVED * 0.75)
    assert counts(database) == {"slack": 1}
    connected(database, FIRST)
    assert counts(database) == {"slack": 2}


def test_a_platform_is_missed_for_a_week(database: Database, clock: FakeClock) -> None:
    connected(database, FIRST)
    clock.advance(BELIEVED + 1)
    assert forget_silent(database) == 0
    assert counts(database) == {"slack": 0}
    clock.advance(MISSED_FOR)
    assert forget_silent(database) == 1
    assert counts(database) == {}


def test_after_the_clock_went_back_nobody_is_believed_for_hours(database: Database, clock: FakeClock) -> None:
    connected(database, FIRST)
    clock.advance(-10_000)
    assert counts(database) == {"slack": 0}
