"""Several processes that ask a loopback NCBI at the same time, on one machine or on several."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.fakes.eutils import FakeNcbi


def ask_together(
    fake: FakeNcbi, machines: Sequence[Path], times: int, *, key: str = "", redis: str = ""
) -> None:
    """A process for each of `machines`, which are folders with a machine's books, asks so many times."""
    with ExitStack() as stack:
        askers = [
            stack.enter_context(
                subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "tests.pipeline.paper.asker",
                        fake.eutils,
                        machine,
                        str(times),
                        key,
                        redis,
                    ],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for machine in machines
        ]
        for asker in askers:
            assert asker.stdout is not None
            assert "ready\n" in iter(asker.stdout.readline, "")
        fake.arrivals.clear()
        for asker in askers:
            assert asker.stdin is not None
            asker.stdin.write("\n")
            asker.stdin.flush()
        assert [asker.wait() for asker in askers] == [0] * len(askers)
    assert len(fake.arrivals) == times * len(machines)


def a_second(fake: FakeNcbi) -> float:
    """How many requests a second arrived, from the first to the last."""
    return (len(fake.arrivals) - 1) / (max(fake.arrivals) - min(fake.arrivals))
