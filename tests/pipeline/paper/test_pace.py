"""The turns at NCBI that all processes of a machine take together."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import TransientProviderError
from pipeline.paper import pace
from pipeline.paper.pace import MachinePace, ncbi_pace
from tests.fakes.eutils import FakeNcbi
from tests.pipeline.paper.askers import a_second, ask_together

_HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


def next_turn(file: Path) -> float:
    return float(file.read_text())


@pytest.mark.parametrize(("key", "allowed", "times"), [("", 3, 4), ("key", 10, 12)])
def test_processes_of_a_machine_keep_to_the_pace_together(
    fake: FakeNcbi, tmp_path: Path, key: str, allowed: int, times: int
) -> None:
    # If three processes of one machine ask as fast as they may
    ask_together(fake, [tmp_path] * 3, times, key=key)

    # I expect NCBI to see no more in a second than it allows, but for one that was long on its way
    assert fake.most_within(1.0) <= allowed + 1
    assert a_second(fake) <= allowed


def test_a_holder_that_was_killed_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "a.turn"
    MachinePace(file, 0.01).take_turn()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGKILL)
    before = next_turn(file)
    MachinePace(file, 0.01).take_turn()
    assert next_turn(file) >= before + 0.01


def test_books_that_nobody_gives_back_are_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_PATIENCE", 0.05)
    file = tmp_path / "a.turn"
    mine = MachinePace(file, 0.01)
    mine.take_turn()
    before = next_turn(file)
    with file.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        mine.take_turn()
    assert next_turn(file) == before
    mine.take_turn()
    assert next_turn(file) > before


@pytest.mark.parametrize("said", ["", "garbage", "nan", "1e12", "inf", "-5"])
def test_what_the_file_said_before_the_machine_was_started_anew_does_not_count(
    tmp_path: Path, said: str
) -> None:
    file = tmp_path / "a.turn"
    file.write_text(said)
    MachinePace(file, 0.01).take_turn()
    assert next_turn(file) <= time.monotonic() + 0.02


def test_without_a_place_for_the_file_a_process_keeps_to_the_pace_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LONGEST_LINE", 0.0)
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for file in (tmp_path / "file" / "a.turn", tmp_path / "link"):
        alone = MachinePace(file, 1_000)
        alone.take_turn()
        with pytest.raises(TransientProviderError):
            alone.take_turn()
    assert (tmp_path / "file").read_text() == "no folder"


def test_too_long_a_line_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LONGEST_LINE", 0.0)
    MachinePace(tmp_path / "a.turn", 1_000).take_turn()
    before = next_turn(tmp_path / "a.turn")
    with pytest.raises(TransientProviderError, match="Too many") as refused:
        MachinePace(tmp_path / "a.turn", 1_000).take_turn()
    assert refused.value.retryable
    assert next_turn(tmp_path / "a.turn") == before


def test_who_shares_a_pace(tmp_path: Path) -> None:
    files = {
        ncbi_pace(address, with_key=key, folder=tmp_path).name
        for address in ("https://a.example/eutils", "https://a.example/eutils/", "https://b.example")
        for key in (True, False)
    }
    assert len(files) == 4
    assert ncbi_pace("https://a.example", with_key=False).spacing > ncbi_pace("x", with_key=True).spacing


def test_nobody_else_can_read_or_write_the_books(tmp_path: Path) -> None:
    MachinePace(tmp_path / "turns" / "a.turn", 0.01).take_turn()
    assert (tmp_path / "turns").stat().st_mode & 0o077 == 0
    assert (tmp_path / "turns" / "a.turn").stat().st_mode & 0o077 == 0
