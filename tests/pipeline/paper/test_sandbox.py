"""What happens to who reads a file that is made to harm: nothing to anybody else."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from pipeline.errors import (
    DamagedFileError,
    InputError,
    TooLargeToReadError,
    TooSlowToReadError,
    WorkerProcessDiedError,
)
from pipeline.paper.sandbox import read_apart
from pipeline.process_limits import Limits
from tests.pipeline.paper import deeds

SMALL = Limits(cpu_seconds=2, memory=200_000_000, file_bytes=1_000_000)


def refused(deed: str, kind: type[InputError]) -> str:
    with pytest.raises(kind) as caught:
        read_apart(deeds.do, deed, limits=SMALL)
    assert type(caught.value) is kind
    assert caught.value.advice
    assert not caught.value.retryable
    return caught.value.sentence


def test_what_is_read_comes_back() -> None:
    assert read_apart(deeds.do, "nothing") == "done"


def test_what_it_says_of_the_file_comes_back() -> None:
    assert refused("refuse", InputError) == "This is no paper."


@pytest.mark.parametrize("deed", ["much memory", "memory bit by bit", "nesting"])
def test_more_memory_than_it_may_take(deed: str) -> None:
    assert "more memory" in refused(deed, TooLargeToReadError)


def test_more_time_than_it_may_take_also_where_no_python_runs() -> None:
    assert "too long" in refused("endless match", TooSlowToReadError)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGTRAP"])
def test_native_code_that_breaks(name: str) -> None:
    assert "broke off" in refused(name, DamagedFileError)


def test_who_is_killed_from_outside_may_try_again() -> None:
    with pytest.raises(WorkerProcessDiedError) as caught:
        read_apart(deeds.do, "SIGKILL", limits=SMALL)
    assert caught.value.retryable
    assert caught.value.signal == signal.SIGKILL


def test_who_does_nothing_for_long() -> None:
    with pytest.raises(TooSlowToReadError):
        read_apart(deeds.do, "wait", limits=SMALL, patience=1.0)


def test_files_stay_small(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too large"):
        read_apart(deeds.write, tmp_path / "file", limits=SMALL)
    assert (tmp_path / "file").stat().st_size <= SMALL.file_bytes


def test_its_limits_are_not_ours() -> None:
    read_apart(deeds.do, "nothing", limits=SMALL)
    assert len(bytearray(2 * SMALL.memory)) == 2 * SMALL.memory
