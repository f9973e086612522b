"""The pace in Discord, held against its limits, on a clock that only the test moves."""

from __future__ import annotations

from bots.discord.pace import discord_pacing
from tests.databases import FakeClock

#: Edits that Discord takes in a channel in so many seconds, from the first of them on.
EDITS, SECONDS = 5, 5.0
STEP = 0.125


def test_what_is_new_never_waits_long_behind_progress(clock: FakeClock) -> None:
    pacing = discord_pacing(clock)
    start, left, ends = clock.now, EDITS, clock.now
    waits, new_since = [], None
    refused = 0
    for step in range(4_000):
        if clock.now >= ends:
            left, ends = EDITS, clock.now + SECONDS
        if step % 24 == 0:
            new_since = new_since or clock.now  # every three seconds there is something new
        if pacing.wait("C1", news=new_since is not None, edit=True) <= 0:
            pacing.take("C1", edit=True)
            if not left:
                refused += 1
                pacing.busy("C1", ends - clock.now, edit=True)
            else:
                left -= 1
                if new_since is not None:
                    waits.append(clock.now - new_since)
                    new_since = None
        clock.advance(STEP)
    assert len(waits) > 150
    assert max(waits) <= 2.0
    assert refused <= (clock.now - start) / 20


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
