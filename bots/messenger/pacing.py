"""How fast we write: about once a second in each channel, and never while the platform wants to be left alone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

#: Writes a second in one channel, how many at once after a pause, and how many of these are kept for news.
RATE: Final = 1.0
BURST: Final = 4.0
KEPT: Final = 2.0
#: The same for edits in all channels together.
EDIT_RATE: Final = 0.8
EDIT_BURST: Final = 40.0
EDITS_KEPT: Final = 10.0
#: Channels that may be remembered before those that were silent for long are forgotten.
_MANY: Final = 1_000


class Bucket:
    """Fills by `rate` a second up to `burst`; each write takes one. All times are seconds of one clock."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now
        self._paused_until = -math.inf

    def wait(self, now: float, *, beside: float = 0.0) -> float:
        """Seconds until one may be taken that leaves `beside` of them; 0 when it may be now."""
        self._fill(now)
        missing = max(1.0 + min(beside, self._burst - 1.0) - self._level, 0.0)
        return max(missing / self._rate, self._paused_until - now, 0.0)

    def take(self, now: float) -> None:
        """Take one, whether it is there or not."""
        self._fill(now)
        self._level -= 1.0

    def give_back(self) -> None:
        """What was taken was not used."""
        self._level = min(self._level + 1.0, self._burst)

    def pause(self, until: float) -> None:
        """None may be taken before, and then one at a time."""
        self._paused_until = max(self._paused_until, until)
        self._level = 1.0
        self._at = max(self._at, until)

    def is_full(self, now: float) -> bool:
        """Whether nothing would be forgotten if it were."""
        self._fill(now)
        return self._level >= self._burst and now >= self._paused_until

    def _fill(self, now: float) -> None:
        self._level = min(self._level + max(now - self._at, 0.0) * self._rate, self._burst)
        self._at = max(self._at, now)


class Pacing:
    """When the next write may go where. `clock` gives seconds that only go forward.

    `edits_together`: the platform limits edits in all channels together, not in each.
    """

    def __init__(
        self,
        *,
        rate: float = RATE,
        burst: float = BURST,
        edit_rate: float = EDIT_RATE,
        edit_burst: float = EDIT_BURST,
        edits_together: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._channels: dict[str, Bucket] = {}
        self._edits_together = edits_together
        self._edits = Bucket(edit_rate, edit_burst, clock())

    def wait(self, channel: str, *, news: bool = True, edit: bool = False) -> float:
        """Seconds until the channel may be written to. What is no `news` leaves some room for what is."""
        now = self._clock()
        wait = self._bucket(channel).wait(now, beside=0.0 if news else KEPT)
        if edit:
            wait = max(wait, self._edits.wait(now, beside=0.0 if news else EDITS_KEPT))
        return wait

    def take(self, channel: str, *, edit: bool = False) -> None:
        """The channel is about to be written to."""
        now = self._clock()
        self._bucket(channel).take(now)
        if edit:
            self._edits.take(now)

    def give_back(self, channel: str, *, edit: bool = False) -> None:
        """It was not written to after all."""
        self._bucket(channel).give_back()
        if edit:
            self._edits.give_back()

    def busy(self, channel: str, seconds: float, *, edit: bool) -> None:
        """The platform wants to be left alone: in this channel, and where edits count together, with edits everywhere
        if it was an `edit`."""
        until = self._clock() + seconds
        self._bucket(channel).pause(until)
        if edit and self._edits_together:
            self._edits.pause(until)

    def _bucket(self, channel: str) -> Bucket:
        now = self._clock()
        if channel not in self._channels and len(self._channels) >= _MANY:
            full = [name for name, bucket in self._channels.items() if bucket.is_full(now)]
            for name in full:
                del self._channels[name]
        return self._channels.setdefault(channel, Bucket(self._rate, self._burst, now))
