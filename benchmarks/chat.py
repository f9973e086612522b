"""A chat app under load: a real `hidden-hill slack` or `discord` process on a wire-level platform; no video is made.

    python -m benchmarks.chat [--platform discord] [--jobs 100] [--seconds 60] [--only commands]

1. 200 commands in a second, in 20 channels: how soon each is acknowledged, and that each gets one message.
2. A PDF is dropped: how soon the first message is there.
3. Five jobs in a channel make progress: how soon a new stage is seen.
4. `--jobs` jobs in one channel make progress for so many seconds, then all end: that hardly a call is one too
   many for the platform's limits, and that every end is shown.

Jobs go on by their rows. The stand-in for the platform obeys its limits and shares the machine with the app.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import BOUNDLESS, EXAMPLE, House, house
from benchmarks.platforms import NAMES, Name, Platform, Said, platform
from bots.cards.wording import PARTS
from jobs import control
from jobs.progress import STAGES
from storage import chat, jobs, workers, workspaces
from storage.records import Failure, Job, JobState
from storage.workers import WorkerSign

PAPER: Final = EXAMPLE.with_suffix(".pdf")
#: Commands of the first measurement, the people and the channels that they come from and go to.
COMMANDS, PEOPLE, CHANNELS = 200, 40, 20
DROPS, TOGETHER = 30, 5
#: So many edits and posts a platform takes in a minute in one channel, with a burst.
ALLOWED: Final = 60 + 4
#: Seconds within which a new stage is to be seen. Discord takes five edits in five seconds in a channel, and then none.
SEEN_WITHIN: Final[dict[Name, float]] = {"slack": 2, "discord": 3}
#: Calls that may be one too many. Discord's smallest limit is one reaction in a quarter of a second in a channel, and
#: two calls that are on their way at once know nothing of each other.
MOST_REFUSED: Final[dict[Name, int]] = {"slack": 0, "discord": 5}
_FAILURE: Final = Failure(
    code="internal", sentence="It broke.", retryable=True, stage="publish", reference="HH-BNCH"
)


@dataclass
class Bench:
    """The app in its house, and the platform that it is on."""

    platform: Platform
    house: House
    _papers: Iterator[int] = field(default_factory=lambda: itertools.count(31_000_000))

    def paper(self) -> int:
        """A PMID that nobody asked for."""
        return next(self._papers)

    def jobs(self) -> list[Job]:
        """All jobs."""
        db = self.house.office.database
        return db.do(lambda: jobs.recent(self.platform.workspace, limit=10_000))

    def posted(self, job: str) -> Said | None:
        """The job's message, once it is there."""
        found = chat.chat_of(self.house.office.database, job)
        if found is None or found.message is None:
            return None
        return self.platform.message(found.channel, found.message)

    def asked(self, channel: str, users: Sequence[str], count: int) -> dict[str, Said]:
        """So many jobs of these people in the channel, each with its message there."""
        before = {job.id for job in self.jobs()}
        for number in range(count):
            self.platform.ask(users[number % len(users)], channel, str(self.paper()))
        until(lambda: len(self.jobs()) - len(before) == count, 60)
        ids = [job.id for job in self.jobs() if job.id not in before]
        until(lambda: all(map(self.posted, ids)), 60 + 3 * count)
        return {job: message for job in ids if (message := self.posted(job)) is not None}

    def goes_on(self, job: str, stage: str, fraction: float, message: str) -> None:
        """The job comes so far, as a worker would say it."""
        office = self.house.office
        among = [JobState.QUEUED, JobState.RUNNING]
        moved = {"state": JobState.RUNNING, "waiting": None, "stage": stage}
        office.database.do(
            lambda: jobs.change(office.database, job, among, fraction=fraction, message=message, **moved)  # type: ignore[arg-type]
        )
        office.hints.changed(job)

    def ends(self, job: str, state: JobState) -> None:
        """The job fails, or is cancelled."""
        office = self.house.office
        if state is JobState.CANCELLED:
            control.cancel(office, job, by="bench")
            return
        office.database.do(
            lambda: jobs.change(
                office.database,
                job,
                jobs.UNFINISHED,
                state=state,
                failure=_FAILURE,
                finished_at=office.database.now(),
            )
        )
        office.hints.changed(job)


@contextmanager
def bench(name: Name) -> Iterator[Bench]:
    """The app at work, and a worker that only says that it lives."""
    with platform(name) as there, house(height=240) as built:
        db = built.office.database
        db.do(lambda: workspaces.set_terms(db, there.workspace, BOUNDLESS))
        more = {
            "HIDDEN_HILL_DATA": str(built.settings.data),
            "HIDDEN_HILL_EPHEMERAL_OK": "1",
            "HIDDEN_HILL_HEIGHT": "240",
            "LOG_LEVEL": "error",
        }
        with _worker(built):
            built.processes.append(
                subprocess.Popen(
                    [sys.executable, "-P", "-m", "cli.main", name],
                    env={**os.environ, **there.environment, **more},
                    cwd=built.settings.data,
                )
            )
            there.wait_connected()
            yield Bench(there, built)


@contextmanager
def _worker(built: House) -> Iterator[None]:
    stop = threading.Event()
    sign = WorkerSign(id="bench", host="bench", pid=os.getpid(), io=1, cpu=1)

    def live() -> None:
        while not stop.is_set():
            workers.seen(built.office.database, sign)
            stop.wait(10)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(happens: Callable[[], object], seconds: float) -> bool:
    """Wait until it is true, for so long at most; whether it is."""
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def commands(at: Bench) -> list[Bar]:
    """200 commands in a second."""
    there = at.platform
    users = there.people(PEOPLE)
    rooms = [there.room(users) for _ in range(CHANNELS)]
    there.help(users[0], rooms[0])  # what is imported once is imported now
    papers = [str(at.paper()) for _ in range(COMMANDS)]
    began, sent = time.monotonic(), []
    for number, paper in enumerate(papers):
        time.sleep(max(began + number / COMMANDS - time.monotonic(), 0.0))
        sent.append(there.ask(users[number % PEOPLE], rooms[number % CHANNELS], paper, wait=False))
    took = time.monotonic() - began
    until(lambda: all(one.done.is_set() for one in sent), 60)
    until(lambda: len(at.jobs()) >= COMMANDS, 60)
    made = Counter(job.source for job in at.jobs())
    until(lambda: sum(len(there.of_app(room)) for room in rooms) >= COMMANDS, 120)
    until(lambda: all(at.posted(job.id) for job in at.jobs()), 20)
    own = [message.ts for job in at.jobs() if (message := at.posted(job.id)) is not None]
    shown = Counter(said.ts for room in rooms for said in there.of_app(room))
    latencies = [1000 * one.latency for one in sent]
    cuts = statistics.quantiles(latencies, n=100)
    print(f"{COMMANDS} commands in {took:.2f} s: acknowledged after {cuts[49]:.0f} ms (p50, aim 100)")
    lost = sum(paper not in made for paper in papers) + COMMANDS - len(set(own) & set(shown))
    return [
        Bar("commands acknowledged within (p99)", round(cuts[98]), 300, " ms"),
        Bar("commands lost", lost, 0),
        Bar("commands done or shown twice", len(at.jobs()) + sum(shown.values()) - 2 * COMMANDS, 0),
    ]


def drops(at: Bench) -> list[Bar]:
    """A PDF dropped in a direct message, one after the other."""
    there, waits = at.platform, []
    content = PAPER.read_bytes()
    for number, user in enumerate(there.people(DROPS)):
        dm = there.dm(user)
        began = time.monotonic()
        ts = there.drop(user, dm, content + b"%%%d" % number)
        if until(lambda dm=dm, ts=ts: there.of_app(dm, ts), 30):  # type: ignore[misc]
            waits.append(there.of_app(dm, ts)[0].at - began)
    missing = DROPS - len(waits)
    return [
        Bar("a dropped paper has its message after (p95)", p95(waits), 1, " s"),
        Bar("dropped papers without a message", missing, 0),
    ]


def stages(at: Bench, seconds: float) -> list[Bar]:
    """A few jobs in a channel: how soon a new stage is seen."""
    users = at.platform.people(TOGETHER)
    room = at.platform.room(users)
    messages = at.asked(room, users, TOGETHER)
    time.sleep(5)  # five messages at once used up what may be written to a channel at once
    came = progress(at, list(messages), seconds)
    time.sleep(10)
    late = [
        seen - moment
        for (job, stage), moment in came.items()
        if (seen := _seen(at, room, messages[job], stage))
    ]
    for job in messages:
        at.ends(job, JobState.CANCELLED)
    return [
        Bar(
            f"a new stage is seen after (p95 of {len(came)}, {TOGETHER} jobs in a channel)",
            p95(late),
            SEEN_WITHIN[at.platform.name],
            " s",
        ),
        Bar("new stages that were never seen", len(came) - len(late), 0),
    ]


def crowd(at: Bench, count: int, seconds: float) -> list[Bar]:
    """Many jobs in one channel, and then all of their ends."""
    there, users = at.platform, at.platform.people(25)
    room = there.room(users)
    refused, since = there.refused, time.monotonic()
    messages = at.asked(room, users, count)
    progress(at, list(messages), seconds)
    ended = time.monotonic()
    for number, job in enumerate(messages):
        at.ends(job, JobState.CANCELLED if number % 2 else JobState.FAILED)
    words = ["It broke." if number % 2 == 0 else "Cancelled." for number in range(count)]
    told = list(zip(messages.values(), words, strict=True))
    until(lambda: all(word in message.shown for message, word in told), 60 + 3 * count)
    states = time.monotonic() - ended
    failed = [message for message, word in told if word == "It broke."]
    until(lambda: all(there.of_app(room, message.ts) for message in failed), 60 + 3 * count)
    writes = there.writes(room, since)
    print(
        f"{count} jobs in one channel: {len(writes)} writes; every end shown after {states:.0f} s, "
        f"every failure told after {time.monotonic() - ended:.0f} s"
    )
    rung = Counter(message.ts for message in failed for _ in there.of_app(room, message.ts))
    return [
        Bar("writes to one channel in a minute", _most_within(writes, 60.0), ALLOWED),
        Bar("calls that were one too many", there.refused - refused, MOST_REFUSED[there.name]),
        Bar("ends that were not shown", sum(word not in message.shown for message, word in told), 0),
        Bar("failures that were not told once", sum(rung[message.ts] != 1 for message in failed), 0),
    ]


def progress(at: Bench, ids: Sequence[str], seconds: float) -> dict[tuple[str, str], float]:
    """Every job comes further once a second, to a new stage about every ten; when each stage came."""
    chance, ends = random.Random(7), time.monotonic() + seconds
    came: dict[tuple[str, str], float] = {}
    stage = dict.fromkeys(ids, 0)
    while time.monotonic() < ends:
        round_ends = time.monotonic() + 1.0
        for job in ids:
            if stage[job] + 1 < len(STAGES) and chance.random() < 0.1:
                stage[job] += 1
                came[job, STAGES[stage[job]]] = time.monotonic()
            fraction = (stage[job] + chance.random() / 2) / len(STAGES)
            at.goes_on(job, STAGES[stage[job]], fraction, f"step {chance.randrange(1000)}")
            time.sleep(0.5 / len(ids))
        time.sleep(max(round_ends - time.monotonic(), 0.0))
    return came


def p95(values: Sequence[float]) -> float:
    """What 95 % of the values do not pass; infinite when there are none."""
    return round(sorted(values)[int(len(values) * 0.95)], 2) if values else float("inf")


def _seen(at: Bench, room: str, message: Said, stage: str) -> float | None:
    """When the message said first that the part with this stage goes on, or one that comes after it."""
    later = [part for part, spans in PARTS if STAGES.index(spans[-1]) >= STAGES.index(stage)]
    for moment, words in at.platform.edits(room, message.ts):
        if any(f"▸ {one}" in words for one in later):
            return moment
    return None


def _most_within(moments: Sequence[float], seconds: float) -> int:
    """The most of the moments that lie in any span of so many seconds."""
    return max((sum(start <= one < start + seconds for one in moments) for start in moments), default=0)


def main() -> int:
    """Measure, print, and say whether every bar is held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", choices=NAMES, default="slack")
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", choices=["commands", "drops", "stages", "crowd"])
    said = parser.parse_args()
    measures: dict[str, Callable[[Bench], list[Bar]]] = {
        "commands": commands,
        "drops": drops,
        "stages": lambda at: stages(at, said.seconds),
        "crowd": lambda at: crowd(at, said.jobs, said.seconds),
    }
    bars: list[Bar] = []
    for name, measure in measures.items():
        if said.only in (None, name):
            with bench(said.platform) as at:
                bars += measure(at)
                wrong = at.platform.off_contract()
            bars.append(Bar(f"{name}: words that are not as the platform has them", len(wrong), 0))
            for line in wrong:
                print(line)
    print(*map(str, bars), sep="\n")
    return status_of(*bars)


if __name__ == "__main__":
    sys.exit(main())
