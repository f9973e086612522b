"""What the queue, the database, the store and the processes cost, over the same stages in one process.

    python -m benchmarks.orchestration [--pairs 3] [--height 1920]

Wall-clock seconds of the example paper's video, submitted to a worker that is up, divided by those of
`pipeline.run` in a process that is warm; in pairs, one after the other.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.bars import Bar, status_of
from benchmarks.house import EXAMPLE, House, house
from pipeline.narration.hibari import HibariVoice
from pipeline.order import Order, Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source
from pipeline.publish.manifest import Software
from pipeline.run import Run
from pipeline.script.extractive import ExtractiveWriter
from storage.artefacts import FolderArtefacts
from storage.out_folder import FolderStore

#: So much more than one process may it take.
BAR: Final = 0.08


def in_one_process(built: House, paper: Path, seconds: int) -> float:
    """Seconds for all stages, here."""
    settings = built.settings
    with tempfile.TemporaryDirectory() as scratch:
        tools = Tools(
            ncbi=Ncbi(
                base_url=settings.ncbi_base_url, pmc_base_url=settings.pmc_base_url, email="", api_key=""
            ),
            writer=ExtractiveWriter(),
            voice=HibariVoice(),
            artefacts=FolderArtefacts(Path(scratch) / "artefacts"),
            size=settings.size,
            workers=settings.workers,
        )
        store = FolderStore(Path(scratch) / "out", remembered_in=Path(scratch) / "memory.json")
        order = Order(source=Source("file", paper.name, paper), seconds=seconds)
        began = time.monotonic()
        Run(order, tools, store, Software(version="bench"), lambda *_, **__: None).until("publish")
        return time.monotonic() - began


def by_the_queue(built: House, seconds: int) -> float:
    """Seconds from the submission to the finished video."""
    began = time.monotonic()
    built.finished([built.order(seconds=seconds)])
    return time.monotonic() - began


def main() -> int:
    """Print the table; the exit status is 1 when the bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--height", type=int, default=1920)
    options = parser.parse_args()
    with house(height=options.height) as built, tempfile.TemporaryDirectory() as alone:
        # The file by itself, as the worker gets it: without the figures that lie beside it.
        paper = Path(alone) / EXAMPLE.name
        paper.write_bytes(EXAMPLE.read_bytes())
        built.start_worker()
        in_one_process(built, paper, 30)
        by_the_queue(built, 30)
        print(f"{'pair':>4s} {'one process':>12s} {'by the queue':>13s} {'ratio':>6s}")
        ratios = []
        for pair in range(options.pairs):
            first_queue = pair % 2 == 1  # whoever goes second must not always be the same
            queue = by_the_queue(built, 67) if first_queue else 0.0
            one = in_one_process(built, paper, 67)
            queue = queue or by_the_queue(built, 67)
            ratios.append(queue / one)
            print(f"{pair + 1:4d} {one:10.1f} s {queue:11.1f} s {ratios[-1]:6.3f}")
    adds = statistics.median(ratios) - 1
    print(f"orchestration adds {adds:+.1%} (median; bar {BAR:.0%}, aim 3%)")
    return status_of(Bar("orchestration adds", round(100 * adds, 2), 100 * BAR, " %"))


if __name__ == "__main__":
    sys.exit(main())
