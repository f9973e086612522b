"""A thousand jobs that wait for a slow provider, in one worker process.

    python -m benchmarks.waiting [--jobs 1000] [--poll 20]

Each job's provider takes 4 to 10 minutes, drawn at random, and is looked at every `--poll` seconds. Bars: all jobs
wait at once; 500 MB of resident memory in the worker process; no thread for a job that waits; no job
hears of its result more than two polls after it was ready. The processes of the stages at work (two that
compute, eight that read and upload) come and go; what they hold is printed beside it. Linux only.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import BOUNDLESS, EXAMPLE, House, house
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import take_in
from storage.census import census
from storage.records import Job, Requester
from storage.workspaces import set_terms

SHORTEST, LONGEST = 240.0, 600.0
#: Those of a worker that has nothing to do are about half of it.
MOST_THREADS: Final = 40


class Provider:
    """Tasks by name, each ready some minutes after it was first asked about; notes how late that was heard."""

    def __init__(self) -> None:
        self.ready_at: dict[str, float] = {}
        self.heard_at: dict[str, float] = {}
        self.looks = 0
        self._chance = random.Random(7)
        self._lock = threading.Lock()

    def look(self, task: str) -> str:
        """The state of the task."""
        now = time.monotonic()
        with self._lock:
            self.looks += 1
            ready = self.ready_at.setdefault(task, now + self._chance.uniform(SHORTEST, LONGEST))
            if now < ready:
                return "not-yet"
            self.heard_at.setdefault(task, now)
            return "ready"

    def lateness(self) -> list[float]:
        """Seconds between ready and heard, of those that were heard."""
        return [heard - self.ready_at[task] for task, heard in self.heard_at.items()]


@contextmanager
def serving(provider: Provider) -> Iterator[str]:
    """The provider's address on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state = provider.look(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(state)))
            self.end_headers()
            self.wfile.write(state)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def submitted(built: House, jobs: int) -> None:
    """So many jobs of one workspace, none the same as another; they stop after the script."""
    office = built.office
    office.database.do(lambda: set_terms(office.database, "bench", BOUNDLESS))
    upload = take_in(office.objects, "bench", EXAMPLE)
    order = JobOrder(source=EXAMPLE.name, upload=upload, upload_name=EXAMPLE.name, width=134, height=240)
    for number in range(jobs):
        asked = Requester(workspace="bench", platform="bench", user=f"user-{number % 20}")
        job = submit(office, asked, order, needs_approval=True, versions=(str(number),))
        assert isinstance(job, Job), job


def memory_of(process: int) -> tuple[float, float, int]:
    """Resident MB of the process; the same of it and all below it, shared pages counted once; its threads."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(up) for pid, up in map(str.split, listed.splitlines())}
    family = {process}
    while more := {pid for pid, up in parents.items() if up in family} - family:
        family |= more
    status = Path(f"/proc/{process}/status").read_text()
    own, threads = (
        int(re.findall(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[0]) for name in ("VmRSS", "Threads")
    )
    return own / 1024, sum(map(proportional, family)) / 1024, threads


def proportional(process: int) -> int:
    """KB of the process, pages shared with others in part; 0 when it just ended."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(map(int, re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)))


def bars(jobs: int, most: Mapping[str, float], polls: Sequence[float]) -> list[Bar]:
    """What may not be passed, of the `most` that was seen and of how late each job heard (in polls)."""
    return [
        Bar("jobs that did not wait while all others did", jobs - most["waiting"], 0),
        Bar("resident", round(most["own"], 1), 500, " MB"),
        Bar("threads", most["threads"], MOST_THREADS),
        Bar("heard after ready", round(max(polls), 2), 2, " polls"),
    ]


def main() -> int:
    """Print what was measured; the exit status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--poll", type=float, default=20.0)
    options = parser.parse_args()
    provider = Provider()
    with house(height=240) as built, serving(provider) as url:
        submitted(built, options.jobs)
        folder = Path(built.settings.data)
        worker = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.waiting_worker", url, str(options.poll)],
            env=os.environ | {"HIDDEN_HILL_DATA": str(folder), "HIDDEN_HILL_HEIGHT": "240"},
        )
        built.processes.append(worker)
        most = dict.fromkeys(("waiting", "own", "threads", "idle", "busy"), 0.0)
        while len(provider.heard_at) < options.jobs:
            time.sleep(5)
            waiting = census(built.office.database, alive_within=60).jobs["waiting"]
            own, family, threads = memory_of(worker.pid)
            together = "idle" if waiting == options.jobs else "busy"
            seen = {"waiting": waiting, "own": own, "threads": threads, together: family}
            most |= {name: max(most[name], value) for name, value in seen.items()}
    late = sorted(provider.lateness())
    print(f"{options.jobs} jobs, at most {most['waiting']:.0f} waiting at once, {provider.looks} looks")
    print(f"the worker: {most['own']:.0f} MB resident at most (bar 500), {most['threads']:.0f} threads")
    print(
        f"with its processes: {most['idle']:.0f} MB while all wait, {most['busy']:.0f} MB while stages are done"
    )
    polls = [seconds / options.poll for seconds in late]
    print(f"heard {polls[len(polls) // 2]:.2f} polls after ready (median), {polls[-1]:.2f} at most (bar 2)")
    return status_of(*bars(options.jobs, most, polls))


if __name__ == "__main__":
    sys.exit(main())
