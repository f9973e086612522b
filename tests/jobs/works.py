"""What the processes of tests/jobs/test_process.py do. Importable by name, and light."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg

from pipeline.errors import DamagedFileError
from pipeline.paper.sandbox import read_apart
from pipeline.process import run_in_process
from pipeline.process_limits import Limits
from pipeline.providers import Pending
from storage.errors import StoreAwayError
from tests.pipeline.paper import deeds

Tell = Callable[[object], None]


def double(number: int, tell: Tell) -> int:
    tell("doubling")
    return 2 * number


def tell_many(count: int, tell: Tell) -> int:
    for number in range(count):
        tell(number)
    return count


def loaded_modules(_: None, tell: Tell) -> list[str]:
    """The modules that are there already."""
    return sorted(sys.modules)


class HomemadeError(Exception):
    """An exception that doesn't come out of a pickle as it went in."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def fail(how: str, tell: Tell) -> None:
    errors: dict[str, Exception] = {
        "pipeline": DamagedFileError("It is cut off.", "Send it again."),
        "storage": StoreAwayError("The store is away."),
        "pending": Pending("task-1", "runway", "Runway draws", 5.0, 600.0),
        "system": OSError(28, "No space left on device"),
        "homemade": HomemadeError("this", "that"),
    }
    raise errors[how]


def die(last_words: str, tell: Tell) -> None:
    print(last_words, flush=True)
    os.kill(os.getpid(), 9)


def encode_forever(where: Path, tell: Tell) -> None:
    """Start a real ffmpeg that never ends, write its process id to `where`, and wait for it."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-loglevel", "quiet", "-re", "-f", "lavfi", "-i", "testsrc", "-f", "null", "-"),
    ]
    ffmpeg = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    scratch = where.with_suffix(".part")
    scratch.write_text(f"{os.getpid()} {ffmpeg.pid}")
    scratch.replace(where)
    tell("encoding")
    ffmpeg.wait()
    time.sleep(3600)


def leave_something_behind(where: Path, tell: Tell) -> str:
    """Start a process, forget it, and end well."""
    left = subprocess.Popen(["sleep", "3600"])
    where.write_text(str(left.pid))
    return "well"


def double_apart(number: int, tell: Tell) -> int:
    """Have it doubled by a process of this one's own."""
    return run_in_process(double, number, tell=tell, should_stop=lambda: False)


def encode_apart(where: Path, tell: Tell) -> None:
    """Have a process of this one's own start ffmpeg; its id stands third in `where`."""

    def note(_: object) -> None:
        scratch = where.with_suffix(".part")
        scratch.write_text(f"{where.with_suffix('.inner').read_text()} {os.getpid()}")
        scratch.replace(where)

    run_in_process(encode_forever, where.with_suffix(".inner"), tell=note, should_stop=lambda: False)


def children_after_a_process(_: None, tell: Tell) -> str:
    """The processes that this one still has when a process of its own is over: no server stays."""
    double_apart(1, tell)
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text()


def read_apart_in_here(deed: str, tell: Tell) -> str:
    """What a stage does with a file: has it read by a process of its own."""
    return read_apart(deeds.do, deed, limits=Limits(cpu_seconds=2, memory=200_000_000, file_bytes=1_000_000))
