"""The pace in Discord, held against its limits, on a clock that only the test moves."""

from __future__ import annotations

import itertools

from bots.discord.pace import discord_pacing
from tests.databases import FakeClock

#: Edits that Discord takes in a channel in so many seconds, from the first of them on.
EDITS, SECONDS = 5, 5.0
STEP = 0.125


def test_a_channel_full_of_news_is_never_silent_for_long(clock: FakeClock) -> None:
    pacing = discord_pacing(clock)
    start, left, ends = clock.now, EDITS, clock.now + SECONDS
    written, refused = [clock.now], 0
    while clock.now < start + 300:
        if clock.now >= ends and pacing.wait("C1", edit=True) <= 0:
            left, ends = EDITS, clock.now + SECONDS
        if pacing.wait("C1", edit=True) <= 0:
            pacing.take("C1", edit=True)
            if left:
                left -= 1
                written.append(clock.now)
            else:
                refused += 1
                pacing.busy("C1", ends - clock.now, edit=True)
        clock.advance(STEP)
    gaps = [later - earlier for earlier, later in itertools.pairwise(written)]
    assert max(gaps) <= 3.0
    assert len(written) >= 230
    assert refused <= 3


def test_many_channels_do_not_wait_for_each_other(clock: FakeClock) -> None:
    pacing = discord_pacing(clock)
    written = 0
    for _ in range(80):
        for channel in range(10):
            if pacing.wait(f"C{channel}", news=False, edit=True) <= 0:
                pacing.take(f"C{channel}", edit=True)
                written += 1
        clock.advance(STEP)
    assert written >= 80
