"""Eight jobs with two workers, over eight times one job alone.

    python -m benchmarks.throughput [--height 960]

Bar: 1.05. Jobs of different people on one machine share its cores, so less than one is possible: while one
job reads, another draws.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import house

JOBS: Final = 8
BAR: Final = 1.05


def main() -> int:
    """Print the ratio; the exit status is 1 when the bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--height", type=int, default=960)
    options = parser.parse_args()
    with house(height=options.height) as built:
        built.start_worker()
        built.start_worker()
        built.finished([built.order(seconds=30)])
        alone = []
        for _ in range(2):
            began = time.monotonic()
            built.finished([built.order()])
            alone.append(time.monotonic() - began)
        began = time.monotonic()
        built.finished([built.order() for _ in range(JOBS)])
        together = time.monotonic() - began
    one = sum(alone) / len(alone)
    print(f"one job alone {one:.1f} s ({', '.join(f'{seconds:.1f}' for seconds in alone)})")
    ratio = together / (JOBS * one)
    print(f"{JOBS} jobs, two workers: {together:.1f} s = {ratio:.3f} × {JOBS} × one (bar {BAR})")
    return status_of(Bar("together over alone", round(ratio, 3), BAR))


if __name__ == "__main__":
    sys.exit(main())
