"""A thousand jobs that wait for a slow provider, in one worker process.

    python -m benchmarks.waiting [--jobs 1000] [--poll 20]

Each job's provider takes 4 to 10 minutes, drawn at random, and is looked at every `--poll` seconds. Bars: less than
500 MB of resident memory in the worker with all its processes, no thread for a job that waits, and no
job that hears of its result more than two polls after it was ready.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.house import BOUNDLESS, EXAMPLE, House, house
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import take_in
from storage.census import census
from storage.records import Job, Requester
from storage.workspaces import set_terms

SHORTEST, LONGEST = 240.0, 600.0


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


def memory_of(process: int) -> tuple[float, int]:
    """Resident MB of the process and all below it, and the threads of the process itself."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss=,nlwp="], capture_output=True, text=True, check=True
    ).stdout
    rows = {int(pid): (int(up), int(rss), int(n)) for pid, up, rss, n in map(str.split, listed.splitlines())}
    family = {process}
    while more := {pid for pid, (up, _, _) in rows.items() if up in family} - family:
        family |= more
    return sum(rows[pid][1] for pid in family if pid in rows) / 1024, rows[process][2]


def main() -> None:
    """Print what was measured."""
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
        most_waiting, most_memory, most_threads = 0, 0.0, 0
        while len(provider.heard_at) < options.jobs:
            time.sleep(5)
            waiting = census(built.office.database, alive_within=60).jobs["waiting"]
            memory, threads = memory_of(worker.pid)
            most_waiting = max(most_waiting, waiting)
            most_memory, most_threads = max(most_memory, memory), max(most_threads, threads)
    late = sorted(provider.lateness())
    print(f"{options.jobs} jobs, at most {most_waiting} waiting at once, {provider.looks} looks")
    print(f"worker with all its processes: {most_memory:.0f} MB at most (bar 500), {most_threads} threads")
    polls = [seconds / options.poll for seconds in late]
    print(f"heard {polls[len(polls) // 2]:.2f} polls after ready (median), {polls[-1]:.2f} at most (bar 2)")


if __name__ == "__main__":
    main()
