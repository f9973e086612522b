"""Whole jobs by Gemini and Runway, who answer on loopback as slowly as the real ones: one by one, then in a rush.

    python -m benchmarks.providers [--jobs 3] [--rush 20]

Bars: 3 calls of Gemini's for a paper; p50 of a job's wall time 4 minutes; in a rush no more at once at a provider than
its limit (3), and every job ends well. The rush is small videos, and answers that take a tenth of the time: what is
measured is the line, not the drawing. How long the providers take is assumed (`TABLE`): nobody has measured it here.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import EXAMPLE, House, house
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import take_in
from storage.records import Job, Requester
from storage.workspaces import Terms, set_terms
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini, open_gemini
from tests.fakes.gemini.server import Request
from tests.fakes.runway.server import KEY as RUNWAY_KEY
from tests.fakes.runway.server import FakeRunway, Fate, fake_runway

#: Seconds until an answer is there, and why we think so; looked up 2026-11-23, of neighbouring models where these have
#: no figures.
TABLE: Final = {
    "count": (0.5, "tokens are counted without generating anything"),
    "script": (
        35.0,
        "19 s of thinking (just4o.chat/models/gemini-3.5-flash), then 3,300 tokens at 218 a second "
        "(mail.zapsas.tech/article/0005-gemini-3-flash-speed-test)",
    ),
    "speech": (40.0, "67 s of sound at half of real time; it is said to be faster, and that of streams only"),
    "waiting": (5.0, "a task stands in Runway’s line before it runs"),
    "clip": (90.0, "30 s to 2 min (railwail.com/en/models/runway-gen45)"),
}
#: At once at each provider, by our own limit.
LIMIT: Final = 3
MOST_CALLS: Final = 3
MOST_SECONDS: Final = 240.0
_NO_LIMITS: Final = Terms.model_validate(
    {name: None for name in Terms.model_fields if name.startswith(("videos_", "cents_"))}
)


@dataclass
class Street:
    """Both providers, who take `share` of the time that the table says; and how many were served at once at most."""

    gemini: FakeGemini
    runway: FakeRunway
    share: float = 1.0
    most: dict[str, int] = field(default_factory=lambda: {"Gemini": 0, "Runway": 0})
    _at_it: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Serve from now on."""
        self.gemini.at_the_door, self.gemini.before_answer = self._count, self._answer
        self.runway.before_answer = self._film
        self.pace(self.share)

    def pace(self, share: float) -> None:
        """Take `share` of the time from now on."""
        self.share = share
        waits, ends = self._seconds("waiting"), self._seconds("waiting") + self._seconds("clip")
        self.runway.usual = Fate(states=("PENDING", "RUNNING", "SUCCEEDED"), after=(waits, ends))

    def _seconds(self, what: str) -> float:
        return TABLE[what][0] * self.share

    def _count(self, request: Request) -> None:
        if request.method == "countTokens":
            time.sleep(self._seconds("count"))

    def _answer(self, request: Request) -> None:
        with self._lock:
            self._at_it += 1
            self.most["Gemini"] = max(self.most["Gemini"], self._at_it)
        time.sleep(self._seconds("speech" if request.speaks else "script"))
        with self._lock:
            self._at_it -= 1

    def _film(self) -> None:
        now = time.time()
        filming = sum(sale.state(now) != "SUCCEEDED" for sale in list(self.runway.sales))
        self.most["Runway"] = max(self.most["Runway"], filming)


@contextmanager
def street() -> Iterator[Street]:
    """The providers, and an environment in which our processes find them."""
    with ExitStack() as stack:
        gemini, runway = stack.enter_context(open_gemini()), stack.enter_context(fake_runway())
        runway.credits = 1_000_000
        os.environ |= {
            "GEMINI_API_KEY": GEMINI_KEY,
            "GOOGLE_GEMINI_BASE_URL": gemini.url,
            "RUNWAYML_API_SECRET": RUNWAY_KEY,
            "RUNWAYML_BASE_URL": runway.url,
            "HIDDEN_HILL_GEMINI_AT_ONCE": str(LIMIT),
            "HIDDEN_HILL_GEMINI_A_MINUTE": "60",
            "HIDDEN_HILL_RUNWAY_AT_ONCE": str(LIMIT),
            "HIDDEN_HILL_RUNWAY_A_MINUTE": "60",
            "HIDDEN_HILL_JOBS_PER_WORKER": "20",
        }
        served = Street(gemini, runway)
        served.open()
        yield served


def ordered(built: House, number: int, *, seconds: int, height: int) -> Job:
    """The example paper, for a workspace of its own, so that nothing is there already."""
    workspace = f"providers-{number}"
    office = built.office
    office.database.do(lambda: set_terms(office.database, workspace, _NO_LIMITS))
    order = JobOrder(
        source=EXAMPLE.name,
        upload=take_in(office.objects, workspace, EXAMPLE),
        upload_name=EXAMPLE.name,
        cloud=True,
        seconds=seconds,
        width=height * 9 // 16 // 2 * 2,
        height=height,
    )
    job = submit(office, Requester(workspace=workspace, platform="bench", user="bench"), order)
    assert isinstance(job, Job), job
    return job


def took(job: Job) -> float:
    """Seconds from the order to the video."""
    assert job.finished_at is not None
    return job.finished_at - job.created_at


def main() -> int:
    """Print what was measured; the exit status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--rush", type=int, default=20)
    options = parser.parse_args()
    with street() as served, house() as built:
        built.start_worker()
        times, calls = [], []
        for number in range(options.jobs):
            before = len(served.gemini.sold)
            [job] = built.finished([ordered(built, number, seconds=67, height=1920)])
            times.append(took(job))
            calls.append(len(served.gemini.sold) - before)
            print(f"a job: {times[-1]:.0f} s, {calls[-1]} calls of Gemini’s, {job.spent_cents} cents")
        served.pace(0.1)
        served.most = {"Gemini": 0, "Runway": 0}
        began = time.monotonic()
        rush = [ordered(built, options.jobs + n, seconds=30, height=240) for n in range(options.rush)]
        ended = built.finished(rush)
        print(
            f"{len(ended)} jobs at once: all done in {time.monotonic() - began:.0f} s, "
            f"at most {served.most['Gemini']} at Gemini and {served.most['Runway']} at Runway at once"
        )
    bars = [Bar(f"at {who} at once", most, LIMIT) for who, most in served.most.items()]
    if calls:
        bars += [
            Bar("calls for a paper", max(calls), MOST_CALLS),
            Bar("p50 of a job", round(statistics.median(times)), MOST_SECONDS, " s"),
        ]
    return status_of(*bars)


if __name__ == "__main__":
    sys.exit(main())
