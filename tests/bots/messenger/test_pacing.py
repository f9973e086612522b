"""How fast is written, and who goes first: on a clock that only tests move."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

import pytest

from bots.messenger.agenda import Agenda
from bots.messenger.lineup import Lineup, Ready
from bots.messenger.pacing import BURST, EDIT_BURST, EDIT_RATE, KEPT, RATE, Pacing
from bots.messenger.plan import Level, Step
from bots.messenger.said import Said, Spot, meaning, standing
from bots.messenger.threads import Threads
from tests.databases import FakeClock

EDIT = Step(kind="edit", level=Level.PROGRESS)
FINAL = Step(kind="edit", level=Level.STATE)
REPLY = Step(kind="end", name="end:1", level=Level.NEWS)


@pytest.fixture
def pacing(clock: FakeClock) -> Pacing:
    return Pacing(clock=clock)


def most_within(moments: list[float], seconds: float) -> int:
    """The most moments that lie in any span of so many seconds."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


def test_a_channel_is_written_to_about_once_a_second(pacing: Pacing, clock: FakeClock) -> None:
    moments = []
    while clock.now < 1_794_819_600.0 + 300:
        if pacing.wait("C1") <= 0:
            pacing.take("C1")
            moments.append(clock.now)
        clock.advance(0.125)
    assert len(moments) >= 300
    assert most_within(moments, 60.0) <= 60 * RATE + BURST
    assert most_within(moments, 1.0) <= RATE + BURST


def test_channels_do_not_wait_for_each_other(pacing: Pacing) -> None:
    while pacing.wait("C1") <= 0:
        pacing.take("C1")
    assert pacing.wait("C2") == 0


def test_progress_leaves_room_for_news(pacing: Pacing, clock: FakeClock) -> None:
    while pacing.wait("C1", news=False) <= 0:
        pacing.take("C1")
    for _ in range(int(KEPT)):
        assert pacing.wait("C1") == 0
        pacing.take("C1")
    assert pacing.wait("C1") > 0


def test_edits_of_all_channels_together_have_a_pace(pacing: Pacing, clock: FakeClock) -> None:
    start, moments = clock.now, []
    while clock.now < start + 300:
        for channel in range(50):
            if pacing.wait(f"C{channel}", news=False, edit=True) <= 0:
                pacing.take(f"C{channel}", edit=True)
                moments.append(clock.now)
        clock.advance(0.25)
    assert most_within(moments, 60.0) <= 60 * EDIT_RATE + EDIT_BURST
    assert pacing.wait("C1", news=True, edit=True) == 0


def test_what_the_platform_asks_for_is_obeyed(pacing: Pacing, clock: FakeClock) -> None:
    pacing.busy("C1", 30.0, edit=False)
    assert pacing.wait("C1") == pytest.approx(30.0)
    assert pacing.wait("C2", edit=True) == 0
    pacing.busy("C2", 10.0, edit=True)
    assert pacing.wait("C3") == 0
    assert pacing.wait("C3", edit=True) == pytest.approx(10.0)
    clock.advance(30.0)
    assert pacing.wait("C1", edit=True) == 0
    pacing.take("C1")
    assert pacing.wait("C1") > 0, "no burst after a pause"


def test_where_each_channel_has_a_limit_of_its_own_one_holds_up_no_other(clock: FakeClock) -> None:
    pacing = Pacing(edits_together=False, clock=clock)
    pacing.busy("C2", 10.0, edit=True)
    assert pacing.wait("C2", edit=True) == pytest.approx(10.0)
    assert pacing.wait("C3", edit=True) == 0


def test_what_was_not_used_is_given_back(pacing: Pacing) -> None:
    for _ in range(100):
        assert pacing.wait("C1", edit=True) == 0
        pacing.take("C1", edit=True)
        pacing.give_back("C1", edit=True)


def test_channels_that_are_silent_are_forgotten(pacing: Pacing, clock: FakeClock) -> None:
    for channel in range(3_000):
        pacing.take(f"C{channel}")
        clock.advance(1.0)
    assert len(pacing._channels) <= 1_100


def test_ends_go_before_progress_and_turns_are_taken(clock: FakeClock, pacing: Pacing) -> None:
    lineup = Lineup(pacing)
    for number in range(20):
        lineup.put(Ready(f"job{number:02}", "C1", EDIT, shown_at=float(-number)))
    lineup.put(Ready("over", "C1", FINAL, shown_at=100.0))
    lineup.put(Ready("told", "C1", REPLY, shown_at=50.0))
    order = []
    for _ in range(400):
        while (ready := lineup.pick()) is not None:
            order.append(ready.job)
        clock.advance(0.25)
    assert order[:2] == ["over", "told"]
    assert order[2:] == [f"job{number:02}" for number in reversed(range(20))]


def test_in_a_crowded_channel_all_are_shown_in_turn_and_an_end_at_once(
    clock: FakeClock, pacing: Pacing
) -> None:
    """A hundred jobs always have news of their progress; each ends in the end."""
    lineup, shown, moments, ends = Lineup(pacing), Counter[str](), [], []
    for second in range(600):
        for number in range(100):
            job = f"job{number}"
            if second == 300 + number * 3:
                lineup.put(Ready(job, "C1", FINAL, shown_at=0.0))
            elif second < 300 + number * 3 and job not in lineup:
                lineup.put(Ready(job, "C1", EDIT, shown_at=float(shown[job])))
        while (ready := lineup.pick()) is not None:
            shown[ready.job] += 1
            moments.append(clock.now)
            if ready.step is FINAL:
                ends.append((ready.job, second - 300 - int(ready.job[3:]) * 3))
        clock.advance(1.0)
    assert len(ends) == len(dict(ends)) == 100
    assert max(waited for _, waited in ends) <= 1
    assert most_within(moments, 60.0) <= 60 * RATE + BURST
    assert min(shown.values()) >= 3


def test_a_job_wants_one_thing_at_a_time(pacing: Pacing) -> None:
    lineup = Lineup(pacing)
    lineup.put(Ready("a", "C1", EDIT, shown_at=0.0))
    lineup.put(Ready("a", "C2", FINAL, shown_at=0.0))
    picked = lineup.pick()
    assert picked is not None
    assert (picked.channel, picked.step) == ("C2", FINAL)
    assert lineup.pick() is None
    assert lineup.wait() == float("inf")


def test_the_agenda_keeps_the_earliest_moment() -> None:
    agenda = Agenda()
    agenda.put("late", 30.0)
    agenda.put("soon", 5.0)
    agenda.put("late", 10.0)
    agenda.put("soon", 20.0)
    assert agenda.wait(4.0) == 1.0
    assert agenda.take(4.0, most=9) == []
    assert agenda.take(50.0, most=1) == ["soon"]
    assert agenda.take(50.0, most=9) == ["late"]
    assert agenda.wait(50.0) == float("inf")


def test_what_was_said_is_told_from_what_was_meant() -> None:
    said = Said(("?end:1", "?script:a", standing("script:a", "C1", "m7"), "script:a", "script:a/0"))
    assert (said.has("end:1"), said.meant("end:1")) == (False, True)
    assert (said.has("script:a"), said.has("script")) == (True, False)
    assert said.spot("script:a") == Spot("script:a", "C1", "m7")
    assert said.spot("end:1") is None
    assert said.begun("end:") == ["end:1"]
    assert said.begun("script:") == ["script:a", "script:a/0"]
    assert meaning("x") == "?x"


def test_threads_do_things_side_by_side_and_raise_what_is_raised() -> None:
    async def story() -> None:
        threads = Threads(2)
        both = threading.Barrier(2, timeout=30)
        await asyncio.gather(threads.do(both.wait), threads.do(both.wait))
        with pytest.raises(ZeroDivisionError):
            await threads.do(lambda: 1 / 0)
        assert await threads.do(max, 1, 2, key=lambda number: -number) == 1
        threads.close()

    asyncio.run(story())


def test_whoever_is_cancelled_does_not_wait_for_its_thread() -> None:
    async def story() -> None:
        threads, begun, end = Threads(1), threading.Event(), threading.Event()

        def work() -> None:
            begun.set()
            end.wait(60)

        waiting = asyncio.create_task(threads.do(work))
        behind = asyncio.create_task(threads.do(end.set))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        waiting.cancel()
        behind.cancel()
        await asyncio.gather(waiting, behind, return_exceptions=True)
        assert not end.is_set()
        end.set()
        assert await threads.do(lambda: "well") == "well"
        threads.close()

    asyncio.run(story())
