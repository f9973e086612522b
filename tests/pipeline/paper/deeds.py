"""What the processes of test_sandbox.py do. Importable by name, and light."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path
from typing import Any

from pipeline.errors import InputError


def do(deed: str) -> str:
    """One of them, by its name; a signal's name is the signal that it dies of."""
    if deed == "refuse":
        raise InputError("This is no paper.", "Hand in one.")
    if deed == "much memory":
        bytearray(1_000_000_000)
    if deed == "memory bit by bit":
        kept = [bytearray(100_000) for _ in range(10_000)]
        assert len(kept) == 10_000
    if deed == "nesting":
        _nest([])
    if deed == "endless match":
        re.match(r"(a+)+$", "a" * 60 + "b")
    if deed == "wait":
        time.sleep(600)
    if deed.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[deed])
    return "done"


def _nest(inner: list[Any]) -> None:
    _nest([inner])


def write(file: Path) -> None:
    """Write more than one may."""
    with file.open("wb") as out:
        for _ in range(100):
            out.write(bytes(100_000))
