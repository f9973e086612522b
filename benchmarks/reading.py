"""How well PDFs are read, beside what one would take instead, on the same files in one run.

The files are the pairs of HIDDEN_HILL_PAPERS (else ../shared/papers): a paper as PDF, and as JATS, which is the
truth. Every tool reads every file in a process of its own; CPU seconds leave the start of the process aside.

    python -m benchmarks.reading [--tools hidden-hill pypdfium2 …]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.corpus import papers_folder
from benchmarks.reading_tools import load, tools
from benchmarks.reading_truth import Score, score, truth_of

#: What ours must reach (means over the papers), and how long it may take.
LEAST: Final = {"f1": 0.90, "whole": 0.95, "title": 0.85, "authors": 0.90, "kinds": 0.85}
SECONDS_PER_20_PAGES: Final = 2.0
_COLUMNS = tuple(field.name for field in dataclasses.fields(Score))
#: A tool that takes longer for one file (seconds) is stopped.
_PATIENCE = 300


def read_one(tool: str, folder: Path) -> None:
    """Print the scores of one tool on one pair, CPU seconds and peak memory (MB), as JSON: run in a process."""
    truth = truth_of(folder / "article.xml")
    read = tools()[tool]
    load(tool)
    before = _cpu()
    reading = read(folder / "article.pdf")
    seconds = _cpu() - before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    scale = 1_000_000 if sys.platform == "darwin" else 1_000
    print(json.dumps({**dataclasses.asdict(score(reading, truth)), "seconds": seconds, "peak": peak / scale}))


def _cpu() -> float:
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + theirs.ru_utime + theirs.ru_stime


def _measured(tool: str, folder: Path) -> dict[str, float | None]:
    command = [sys.executable, "-m", "benchmarks.reading", "--one", tool, str(folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE, text=True)
    if done.returncode:
        sys.exit(f"{tool} failed on {folder.name}:\n{done.stderr[-2000:]}")
    row: dict[str, float | None] = json.loads(done.stdout.splitlines()[-1])
    return row


def _pages(folder: Path) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(folder / "article.pdf"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("TOOL", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--tools", nargs="+", default=list(tools()), choices=list(tools()))
    asked = parser.parse_args(arguments)
    if asked.one:
        read_one(asked.one[0], Path(asked.one[1]))
        return 0
    folders = sorted((papers_folder() / "pairs").iterdir())
    pages = sum(map(_pages, folders))
    print(f"{len(folders)} papers, {pages} pages; means, seconds of CPU a paper, the largest process in MB")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in (*_COLUMNS, "seconds", "peak")))
    table = {}
    for tool in asked.tools:
        rows = [_measured(tool, folder) for folder in folders]
        table[tool] = {name: _mean(rows, name) for name in (*_COLUMNS, "seconds")}
        table[tool]["peak"] = max(row["peak"] or 0 for row in rows)
        shown = (f"{value:9.3f}" if value is not None else f"{'–':>9}" for value in table[tool].values())
        print(f"{tool:22}{''.join(shown)}", flush=True)
    if "hidden-hill" not in table:
        return 0
    mine = table["hidden-hill"]
    seconds = (mine["seconds"] or 0) * len(folders) * 20 / pages
    missing = (
        Bar(f"1 − {name}", round(1 - (mine[name] or 0), 3), round(1 - least, 3))
        for name, least in LEAST.items()
    )
    return status_of(*missing, Bar("CPU for 20 pages", round(seconds, 2), SECONDS_PER_20_PAGES, " s"))


def _mean(rows: list[dict[str, float | None]], name: str) -> float | None:
    values = [value for row in rows if (value := row[name]) is not None]
    return mean(values) if values else None


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
