"""`hidden-hill up`: everything in one command, and nothing of it left behind. Real processes, a real video."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import House, processes_of
from tests.valkeys import eventually

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(400),
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data", {"PORT": str(free_port()), "LOG_FORMAT": "json"})


@contextmanager
def running(house: House) -> Iterator[subprocess.Popen[str]]:
    """`up`, once its worker and its web process are there; killed at the end if it still lives."""
    process = house.start("up")
    with process:
        try:
            eventually(lambda: worker_of(house) and is_served(house), 60)
            yield process
        finally:
            process.kill()
    eventually(lambda: not processes_of(house), 30)


def is_served(house: House) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{house.variables['PORT']}/readyz").is_success
    except httpx.HTTPError:
        return False


def worker_of(house: House) -> int | None:
    """The process id of the worker that lives, by its own word."""
    with house.database() as database:
        found = database.do(lambda: database.run("SELECT pid FROM worker ORDER BY started_at DESC LIMIT 1"))
    return int(found[0][0]) if found else None


def test_a_video_is_made_and_everything_ends_with_ctrl_c(house: House, example: Path) -> None:
    with running(house) as up:
        made = house.run("submit", str(example), "--seconds", "30", "--wait")
        assert made.status == 0, made
        lines = made.out.splitlines()
        shares = [int(share) for share in re.findall(r"^\w+ +(\d+)%", made.out, re.MULTILINE)]
        assert shares == sorted(shares)
        assert shares[-1] == 100
        assert any("generate-videos" in line for line in lines)
        assert Path(lines[-1].strip()).stat().st_size > 10_000
        assert house.run("cancel").err == "This job is done; there is nothing to cancel.\n"
        up.send_signal(signal.SIGINT)
        _, said = up.communicate(timeout=30)
        assert up.returncode == 0, said
        eventually(lambda: not processes_of(house), 20)  # the queue's server ends once nobody uses it
    assert "Traceback" not in said
    assert said.startswith("Starting worker, web.")
    assert "Hidden Hill is up" in said
    stages = re.findall(r'"stage": "([a-z-]+)".*"message": "stage done"', said)
    assert len(set(stages)) == 6


def test_a_killed_worker_is_started_again_and_a_killed_up_leaves_nothing(house: House) -> None:
    with running(house) as up:
        first = worker_of(house)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        eventually(lambda: worker_of(house) not in {None, first}, 60)
        assert is_served(house)
        up.kill()


def test_a_port_in_use_is_one_sentence(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = house.run("up", PORT=port)
    assert answer.status == 2
    assert answer.out == ""
    told = [line for line in answer.err.splitlines() if port in line]
    assert len(told) == 1
    assert "set PORT" in told[0]
    assert "Is another `hidden-hill up`" in told[0]
    assert "(Address already in use)" in told[0]
    assert "is up" not in answer.err
    assert "Traceback" not in answer.err
    eventually(lambda: not processes_of(house), 30)
