"""The time of a server, on a machine whose own clock may be wrong: leases of many machines stand beside each other."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: The server is asked again after so many seconds, for clocks drift,
EVERY: Final = 120.0
#: and at once when this machine's clock was moved by more than this (set by hand, or woken from sleep).
MOVED: Final = 1.0


class ServerClock:
    """`ask` gives the server's time (epoch seconds); in between, the machine's own clock counts on.

    May be used by many threads: at worst two ask at once.
    """

    def __init__(
        self,
        ask: Callable[[], float],
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._wall = wall
        self._steady = steady
        #: How much the server is ahead, and when that was found, by both clocks of this machine.
        self._found: tuple[float, float, float] | None = None

    @property
    def known(self) -> bool:
        """Whether the server was ever asked."""
        return self._found is not None

    def now(self) -> float:
        """The server's time; asks it when it is time to. Raises what `ask` raises."""
        if self._found is None or self._is_old(self._found):
            before = self._wall()
            there = self._ask()
            wall = self._wall()
            self._found = (there - (before + wall) / 2, wall, self._steady())
        return self.last_known()

    def last_known(self) -> float:
        """The server's time as far as it is known. It was asked before."""
        assert self._found is not None
        return self._wall() + self._found[0]

    def _is_old(self, found: tuple[float, float, float]) -> bool:
        _, wall, steady = found
        passed = self._steady() - steady
        return passed > EVERY or abs(self._wall() - wall - passed) > MOVED
