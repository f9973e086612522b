"""Damage files and read them: `python -m tests.fuzz --count 2000`. Ends with 1 if some input met no clear answer.

Prints how many inputs ended how. An input is made again by its number (`--only 17`); `--keep DIR` writes the files
that met faults there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.campaign import Outcome, campaign, damage, papers_folder, seeds
from tests.fuzz.made import made_files


def main() -> int:
    """Run the campaign that the arguments describe; returns the exit status."""
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        files = seeds(papers_folder(), made_files(Path(scratch)))
        numbers = (
            [options.only]
            if options.only is not None
            else range(options.first, options.first + options.count)
        )
        began, counts, faults = time.monotonic(), Counter[tuple[str, str]](), list[Outcome]()
        slowest = 0.0
        for outcome in campaign(files, numbers, seed=options.seed, workers=options.workers):
            counts[Path(outcome.seed).suffix, outcome.said] += 1
            slowest = max(slowest, outcome.seconds)
            if (done := counts.total()) % 500 == 0:
                sys.stderr.write(f"{done} inputs, {len(faults)} faults\n")
            if outcome.fault:
                faults.append(outcome)
                sys.stderr.write(f"{outcome.number} {outcome.seed} {outcome.mutation}: {outcome.fault}\n")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    kept = options.keep / f"{outcome.number}{Path(outcome.seed).suffix}"
                    kept.write_bytes(damage(files, outcome.number, options.seed)[2])
    for (suffix, said), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1])):
        sys.stdout.write(f"{suffix:6} {said:20} {count:6}\n")
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{sum(counts.values())} inputs of {len(files)} files in {seconds:.0f} s, the slowest {slowest:.0f} s, "
        f"{len(faults)} faults\n"
    )
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="this one input")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
