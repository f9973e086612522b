"""How long from a submission until the first stage has begun, on the embedded Valkey, while nothing else is going on.

python -m benchmarks.latency [--jobs 60]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import House, house
from jobs.control import cancel
from storage.records import Job, RunState
from storage.stage_runs import of_job

#: The p95 may be so many milliseconds.
BAR: Final = 150.0


def begun(built: House, job: Job) -> float:
    """When the first stage of `job` was begun (epoch seconds)."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        runs = built.office.database.do(lambda: of_job(job.id))
        moments = [run.began_at for run in runs if run.state is not RunState.DUE and run.began_at]
        if moments:
            return min(moments)
        time.sleep(0.01)
    raise RuntimeError("nobody began")


def main() -> int:
    """Print the percentiles; the exit status is 1 when the bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=60)
    options = parser.parse_args()
    waits = []
    with house(height=240) as built:
        built.start_worker()
        built.finished([built.order(seconds=30)])
        for _ in range(options.jobs):
            asked = time.time()
            job = built.order(seconds=30)
            waits.append(1000 * (begun(built, job) - asked))
            cancel(built.office, job.id, by="bench")
            time.sleep(0.3)
    cuts = statistics.quantiles(waits, n=20)
    print(
        f"submission → first stage begun: p50 {statistics.median(waits):.0f} ms, p95 {cuts[18]:.0f} ms (bar {BAR:.0f})"
    )
    return status_of(Bar("p95", round(cuts[18], 1), BAR, " ms"))


if __name__ == "__main__":
    sys.exit(main())
