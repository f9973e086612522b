"""The Slack app under load: a real `hidden-hill slack` process on a wire-level Slack, without any video being made.

    python -m benchmarks.chat [--jobs 100] [--seconds 60] [--only commands]

1. 200 commands in a second, in 20 channels: how soon each is acknowledged, and that each gets one message.
2. A PDF is dropped: how soon the first message is there.
3. Five jobs in a channel make progress: how soon a new stage is seen.
4. `--jobs` jobs in one channel make progress for so many seconds, then all end: that no limit of Slack's is
   passed, and that every end is shown.

Jobs go on by their rows. The stand-in for Slack obeys Slack's limits and shares the machine with the app.
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
from pathlib import Path
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import BOUNDLESS, EXAMPLE, House, house
from bots.cards.wording import PARTS
from jobs import control
from jobs.progress import STAGES
from storage import chat, jobs, workers, workspaces
from storage.records import Failure, Job, JobState
from storage.workers import WorkerSign
from tests.fakes.slack import FakeSlack, Message

WORKSPACE: Final = "slack:T0LAB"
MANIFEST: Final = Path(__file__).parents[1] / "bots" / "slack" / "manifest.yaml"
PAPER: Final = EXAMPLE.with_suffix(".pdf")
#: Commands of the first measurement, the people and the channels that they come from and go to.
COMMANDS, PEOPLE, CHANNELS = 200, 40, 20
DROPS, TOGETHER = 30, 5
#: So many edits and posts Slack takes in a minute in one channel, with a burst.
ALLOWED: Final = 60 + 4
_FAILURE: Final = Failure(
    code="internal", sentence="It broke.", retryable=True, stage="publish", reference="HH-BNCH"
)


@dataclass
class Bench:
    """The app in its house, and the Slack that it is in."""

    slack: FakeSlack
    house: House
    _papers: Iterator[int] = field(default_factory=lambda: itertools.count(31_000_000))

    def paper(self) -> int:
        """A PMID that nobody asked for."""
        return next(self._papers)

    def jobs(self) -> list[Job]:
        """All jobs."""
        db = self.house.office.database
        return db.do(lambda: jobs.recent(WORKSPACE, limit=10_000))

    def posted(self, job: str) -> Message | None:
        """The job's message, once it is there."""
        found = chat.chat_of(self.house.office.database, job)
        if found is None or found.message is None:
            return None
        return self.slack.state.message(found.channel, found.message)

    def asked(self, channel: str, users: Sequence[str], count: int) -> dict[str, Message]:
        """So many jobs of these people in the channel, each with its message there."""
        before = {job.id for job in self.jobs()}
        for number in range(count):
            self.slack.command(users[number % len(users)], channel, str(self.paper()))
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
def bench() -> Iterator[Bench]:
    """The app at work, and a worker that only says that it lives."""
    with FakeSlack(manifest=MANIFEST) as slack, house(height=240) as built:
        db = built.office.database
        db.do(lambda: workspaces.set_terms(db, WORKSPACE, BOUNDLESS))
        slack.limits(on=True)
        more = {
            "HIDDEN_HILL_DATA": str(built.settings.data),
            "HIDDEN_HILL_EPHEMERAL_OK": "1",
            "HIDDEN_HILL_HEIGHT": "240",
            "LOG_LEVEL": "error",
        }
        with _worker(built):
            built.processes.append(
                subprocess.Popen(
                    [sys.executable, "-P", "-m", "cli.main", "slack"],
                    env=os.environ | slack.environment | more,
                    cwd=built.settings.data,
                )
            )
            slack.wait_connected(timeout=60)
            yield Bench(slack, built)


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
    slack = at.slack
    users, rooms = people(at, PEOPLE), [f"C{number:04d}LOAD" for number in range(CHANNELS)]
    for room in rooms:
        slack.add_channel(room, members=users)
    slack.command(users[0], rooms[0], "help")  # what is imported once is imported now
    papers = [str(at.paper()) for _ in range(COMMANDS)]
    began, sent = time.monotonic(), []
    for number, paper in enumerate(papers):
        time.sleep(max(began + number / COMMANDS - time.monotonic(), 0.0))
        sent.append(slack.command(users[number % PEOPLE], rooms[number % CHANNELS], paper, wait=False))
    took = time.monotonic() - began
    until(lambda: all(one.done.is_set() for one in sent), 60)
    until(lambda: len(at.jobs()) >= COMMANDS, 60)
    made = Counter(job.source for job in at.jobs())
    until(lambda: sum(len(slack.of_app(room)) for room in rooms) >= COMMANDS, 120)
    shown = Counter(
        said.metadata["event_payload"]["job"]
        for room in rooms
        for said in slack.of_app(room)
        if said.metadata
    )
    latencies = [1000 * one.latency for one in sent]
    cuts = statistics.quantiles(latencies, n=100)
    print(f"{COMMANDS} commands in {took:.2f} s: acknowledged after {cuts[49]:.0f} ms (p50, aim 100)")
    lost = sum(paper not in made for paper in papers) + COMMANDS - len(shown)
    return [
        Bar("commands acknowledged within (p99)", round(cuts[98]), 300, " ms"),
        Bar("commands lost", lost, 0),
        Bar("commands done or shown twice", sum(made.values()) + sum(shown.values()) - 2 * COMMANDS, 0),
    ]


def drops(at: Bench) -> list[Bar]:
    """A PDF dropped in a direct message, one after the other."""
    waits = []
    content = PAPER.read_bytes()
    for number, user in enumerate(people(at, DROPS)):
        dm = at.slack.dm(user)
        began = time.monotonic()
        ts = at.slack.drop(user, dm, "paper.pdf", content + b"%%%d" % number)
        if until(lambda dm=dm, ts=ts: at.slack.of_app(dm, ts), 30):  # type: ignore[misc]
            waits.append(at.slack.of_app(dm, ts)[0].at - began)
    missing = DROPS - len(waits)
    return [
        Bar("a dropped paper has its message after (p95)", p95(waits), 1, " s"),
        Bar("dropped papers without a message", missing, 0),
    ]


def stages(at: Bench, seconds: float) -> list[Bar]:
    """A few jobs in a channel: how soon a new stage is seen."""
    users = people(at, TOGETHER)
    at.slack.add_channel("C0FEW", members=users)
    messages = at.asked("C0FEW", users, TOGETHER)
    time.sleep(5)  # five messages at once used up what may be written to a channel at once
    came = progress(at, list(messages), seconds)
    time.sleep(10)
    late = [
        seen - moment for (job, stage), moment in came.items() if (seen := _seen(at, messages[job], stage))
    ]
    for job in messages:
        at.ends(job, JobState.CANCELLED)
    return [
        Bar(
            f"a new stage is seen after (p95 of {len(came)}, {TOGETHER} jobs in a channel)",
            p95(late),
            2,
            " s",
        ),
        Bar("new stages that were never seen", len(came) - len(late), 0),
    ]


def crowd(at: Bench, count: int, seconds: float) -> list[Bar]:
    """Many jobs in one channel, and then all of their ends."""
    slack, users = at.slack, people(at, 25)
    slack.add_channel("C0CROWD", members=users)
    refused, since = slack.api.limits.refused, time.monotonic()
    messages = at.asked("C0CROWD", users, count)
    progress(at, list(messages), seconds)
    ended = time.monotonic()
    for number, job in enumerate(messages):
        at.ends(job, JobState.CANCELLED if number % 2 else JobState.FAILED)
    words = ["It broke." if number % 2 == 0 else "Cancelled." for number in range(count)]
    told = list(zip(messages.values(), words, strict=True))
    until(lambda: all(word in message.shown for message, word in told), 60 + 3 * count)
    states = time.monotonic() - ended
    failed = [message for message, word in told if word == "It broke."]
    until(lambda: all(slack.of_app("C0CROWD", message.ts) for message in failed), 60 + 3 * count)
    writes = [
        call.time
        for method in ("chat.postMessage", "chat.update")
        for call in slack.calls_of(method)
        if call.time >= since and call.args.get("channel") == "C0CROWD"
    ]
    print(
        f"{count} jobs in one channel: {len(writes)} writes; every end shown after {states:.0f} s, "
        f"every failure told after {time.monotonic() - ended:.0f} s"
    )
    rung = Counter(message.ts for message in failed for _ in slack.of_app("C0CROWD", message.ts))
    return [
        Bar("writes to one channel in a minute", _most_within(writes, 60.0), ALLOWED),
        Bar("calls that Slack refused as too many", slack.api.limits.refused - refused, 0),
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


def people(at: Bench, count: int) -> list[str]:
    """So many people who did nothing yet."""
    users = [f"U{at.paper()}" for _ in range(count)]
    for user in users:
        at.slack.add_user(user)
    return users


def p95(values: Sequence[float]) -> float:
    """What 95 % of the values do not pass; infinite when there are none."""
    return round(sorted(values)[int(len(values) * 0.95)], 2) if values else float("inf")


def _seen(at: Bench, message: Message, stage: str) -> float | None:
    """When the message said first that the part with this stage goes on, or one that comes after it."""
    later = [part for part, spans in PARTS if STAGES.index(spans[-1]) >= STAGES.index(stage)]
    for call in at.slack.calls_of("chat.update"):
        if call.args.get("ts") == message.ts and call.reply.get("ok"):
            words = (
                str(call.args["blocks"]).replace("\u2011", "-").replace("\\xa0", " ").replace("\\u00a0", " ")
            )
            if any(f"▸ {one}" in words or f"\\u25b8 {one}" in words for one in later):
                return call.time
    return None


def _most_within(moments: Sequence[float], seconds: float) -> int:
    """The most of the moments that lie in any span of so many seconds."""
    return max((sum(start <= one < start + seconds for one in moments) for start in moments), default=0)


def main() -> int:
    """Measure, print, and say whether every bar is held."""
    parser = argparse.ArgumentParser(description=__doc__)
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
            with bench() as at:
                bars += measure(at)
                wrong = at.slack.off_contract()
            bars.append(Bar(f"{name}: words that are not as Slack has them", len(wrong), 0))
            for line in wrong:
                print(line)
    print(*map(str, bars), sep="\n")
    return status_of(*bars)


if __name__ == "__main__":
    sys.exit(main())
