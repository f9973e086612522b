"""Eight jobs with two workers, over eight times one job alone.

    python -m benchmarks.throughput [--height 960]

Bar: 1.05. Jobs of different people on one machine share its cores, so less than one is possible: while one
job reads, another draws.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.house import house

JOBS = 8


def main() -> None:
    """Print the ratio."""
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
    print(
        f"{JOBS} jobs, two workers: {together:.1f} s = {together / (JOBS * one):.3f} × {JOBS} × one (bar 1.05)"
    )


if __name__ == "__main__":
    main()
