"""Worker processes that are started to be killed, and whatever they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: Every process of a site carries this variable with the site's own mark.
MARK = "CHAOS_MARK"
#: Variables of whoever runs the tests that would change what a worker does.
NOT_OURS = tuple(
    f"{name}_"
    for name in "HIDDEN_HILL AWS REDIS DATABASE NCBI PMC SENTRY SLACK DISCORD LOG CHAOS PUBLIC".split()
)


@dataclass
class Worker:
    """A process of `tests.chaos.worker`."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(60)
        return time.monotonic() - began


def start(environment: Mapping[str, str], log: Path, *arguments: str, before: Sequence[str] = ()) -> Worker:
    """A worker with these variables, whose output goes to `log`. `before` is a command that runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.chaos.worker", *arguments],
            cwd=_ROOT,
            env={**kept, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Worker(process, log)


def marked(mark: str) -> list[int]:
    """The living processes that carry `mark`, workers and all that they started."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0") and _lives(entry):
                    found.append(int(entry.name))
    return found


def stage_processes(mark: str, workers: Collection[int]) -> list[int]:
    """Those in which stages are done, and what they started: in none of the workers' own sessions."""
    found = []
    for pid in marked(mark):
        with suppress(OSError):
            if os.getsid(pid) not in workers:
                found.append(pid)
    return found


def end_all(mark: str) -> list[int]:
    """Kill whatever is left of a site; what that was."""
    left = marked(mark)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left


def _lives(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
