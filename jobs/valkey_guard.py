"""Keeps one Valkey server on a data folder for as long as somebody uses it, and ends it afterwards.

Run as a script, in a session of its own, with the standard library alone: it lives as long as the
server does, so it must be small. Everything is decided by locks that the kernel lets go of when their
holder dies, however it dies:

- `users.lock`: each process that uses the server holds it shared. Who can have it alone knows that nobody does.
- `guard.lock`: the guard holds it, so there is one.
- `server.lock`: held by the server itself, which inherits it. It is free exactly when no server lives on the folder.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks: while the server starts, and later.
_STARTING_TICK, _TICK = 0.02, 0.5
#: Seconds that a server may take to answer (a long file is read first), and to end.
_START, _END = 25.0, 15.0
#: How often a server may die before it answered until the guard gives up.
_EARLY_DEATHS = 3
#: What a server says of a file that it can't read. A torn end it mends by itself.
_UNREADABLE = re.compile(
    rb"Bad file format|Wrong signature|Can't handle RDB|Fatal error loading|Unexpected end of file|"
    rb"Unrecoverable error reading"
)
_LONGEST_LOG = 4 << 20
#: PR_SET_PDEATHSIG of <linux/prctl.h>.
_SET_DEATH_SIGNAL = 1


@dataclass(frozen=True)
class Place:
    """Where the server of a data folder lives."""

    folder: Path

    @property
    def users(self) -> Path:
        return self.folder / "users.lock"

    @property
    def guard(self) -> Path:
        return self.folder / "guard.lock"

    @property
    def server(self) -> Path:
        return self.folder / "server.lock"

    @property
    def pid(self) -> Path:
        """Written by the server. Means something only while `server` is locked."""
        return self.folder / "server.pid"

    @property
    def address(self) -> Path:
        """Holds the path of the socket, as long as somebody may know it."""
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        return self.folder / "valkey.log"

    @property
    def guard_log(self) -> Path:
        return self.folder / "guard.log"


def lock(path: Path, kind: int) -> int | None:
    """A descriptor that holds `path` locked (`fcntl.LOCK_SH` or `LOCK_EX`), or None when others hold it.

    Closing it lets go; a child that inherited it goes on holding.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def answers(path: str, patience: float = 1.0) -> bool:
    """Whether a server answers PING at the socket, with its data loaded."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        try:
            line.connect(path)
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def private_folder(folder: Path) -> None:
    """Make `folder` for nobody but us. Raises `PermissionError` when it is there and somebody else's."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        there = folder.lstat()
        if not stat.S_ISDIR(there.st_mode) or there.st_uid != os.geteuid() or there.st_mode & 0o077:
            raise PermissionError(f"{folder} is not ours alone") from None


class Guard:
    """The duty itself. `say` is called once: "ready", "busy" (another guard is at work), or why not."""

    def __init__(self, place: Place, proposed: str, binary: str, say: Callable[[str], None]) -> None:
        self._place = place
        self._socket = proposed
        self._binary = binary
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._early_deaths = 0
        self._log_began = 0
        self._since = time.monotonic()

    def keep(self) -> int:
        """Stay until nobody uses the server. Returns the exit status."""
        if not self._alone():
            self._say("busy")
            return 0
        self._socket = self._agreed_socket()
        while True:
            # The lock is kept until this process ends: who comes meanwhile waits for the server's end.
            if lock(self._place.users, fcntl.LOCK_EX) is not None:
                self._end()
                return 0
            trouble = self._look()
            if trouble:
                return self.fail(trouble)
            time.sleep(_TICK if self._ready else _STARTING_TICK)

    def fail(self, why: str) -> int:
        """Say why the server can't be kept, and end it if it is our own. Returns the exit status."""
        self._say(why)
        print(why, file=sys.stderr)  # noqa: T201 - the guard's own log
        if self._child is not None:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(_END)
        if not self._place.folder.exists() or lock(self._place.server, fcntl.LOCK_EX) is not None:
            self._sweep_up()
        return 1

    def _alone(self) -> bool:
        for _ in range(10):  # a user who only looks whether we live holds it for a moment
            if lock(self._place.guard, fcntl.LOCK_EX) is not None:
                return True
            time.sleep(0.03)
        return False

    def _agreed_socket(self) -> str:
        """The path that users of this folder already know, else the proposed one."""
        try:
            known = self._place.address.read_text()
            private_folder(Path(known).parent)
        except OSError:
            known = ""
        if known:
            return known
        private_folder(Path(self._socket).parent)
        return self._socket

    def _look(self) -> str | None:
        """See that a server lives. Returns why it can't be, if it can't."""
        if self._child is not None:
            self._child.poll()  # else it stays a zombie
        held = lock(self._place.server, fcntl.LOCK_EX)
        if held is not None:
            if not self._ready and self._child is not None and self._died_early():
                os.close(held)
                return f"The server ends as soon as it is started: {self._last_words()}"
            self._start(held)
            return None
        if self._ready:
            if not Path(
                self._socket
            ).exists():  # swept away with the temporary files: only a new one makes it
                self._signal(signal.SIGTERM)
            return None
        if answers(self._socket):
            self._ready = True
            self._early_deaths = 0
            self._say("ready")
        elif time.monotonic() - self._since > _START:
            return "A server holds the folder and does not answer."
        return None

    def _start(self, held: int) -> None:
        self._ready = False
        self._since = time.monotonic()
        for left_over in (Path(self._socket), self._place.pid):
            left_over.unlink(missing_ok=True)
        self._place.address.write_text(self._socket)
        if self._place.log.exists() and self._place.log.stat().st_size > _LONGEST_LOG:
            self._place.log.unlink()
        with self._place.log.open("ab") as log:
            self._log_began = log.tell()
            self._child = subprocess.Popen(
                [self._binary, *_options(self._place, self._socket)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._place.folder,
                pass_fds=(held,),
                start_new_session=True,
                preexec_fn=_ends_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
            )
        os.close(held)

    def _died_early(self) -> bool:
        """Count a death before the first answer, and set an unreadable file aside. True when it is enough.

        The rows of the database are the truth: what the queue held is announced again by the sweeper.
        """
        self._early_deaths += 1
        if _UNREADABLE.search(self._log()):
            aside = self._place.folder / "unreadable"
            aside.mkdir(exist_ok=True)
            for part in self._place.folder.glob("appendonly*"):
                part.rename(aside / f"{part.name}.{time.time_ns()}")
        return self._early_deaths >= _EARLY_DEATHS

    def _log(self) -> bytes:
        with self._place.log.open("rb") as log:
            log.seek(self._log_began)
            return log.read(1 << 20)

    def _last_words(self) -> str:
        lines = self._log().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."

    def _signal(self, number: int) -> None:
        """Signal the server. To be called while `server.lock` is held by it: then its pid is its own."""
        try:
            os.kill(int(self._place.pid.read_text()), number)
        except (OSError, ValueError):
            if self._child is not None and self._child.poll() is None:
                self._child.send_signal(number)

    def _end(self) -> None:
        """End the server, in its own way if it can; what it was told is on disk then."""
        asked = time.monotonic()
        number = signal.SIGTERM
        while lock(self._place.server, fcntl.LOCK_EX) is None:
            self._signal(number)
            if time.monotonic() - asked > _END:
                if number == signal.SIGKILL:
                    return
                number, asked = signal.SIGKILL, time.monotonic()
            time.sleep(0.05)
            if self._child is not None:
                self._child.poll()
        self._sweep_up()

    def _sweep_up(self) -> None:
        """Leave nothing of the address of a server that is no more."""
        with suppress(OSError):
            self._place.address.unlink(missing_ok=True)
            Path(self._socket).unlink(missing_ok=True)
            Path(self._socket).parent.rmdir()


def _options(place: Place, path: str) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": path,
        "unixsocketperm": "700",
        "dir": str(place.folder),
        "pidfile": str(place.pid),
        "logfile": str(place.log),
        "loglevel": "notice",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _ends_with(guard: int) -> Callable[[], None] | None:
    """Where the kernel can do it (Linux), what asks it to end the server when its guard dies.

    Elsewhere the server goes on, and the next guard finds it by its lock.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != guard:
            os._exit(1)

    return ask


def _say_once() -> Callable[[str], None]:
    """Says to whoever started us, and closes the line: they wait for its end."""
    told = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)

    def say(word: str) -> None:
        if not told.closed:
            try:
                told.write(word)
                told.close()
            except OSError:  # whoever started us is gone
                return

    return say


def main(arguments: list[str]) -> int:
    """`FOLDER SOCKET BINARY`: leave the starter's family, then keep the server."""
    folder, path, binary = arguments
    if os.fork():
        os._exit(0)  # nobody has to wait for us, and we are nobody's zombie
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    say = _say_once()
    guard = Guard(Place(Path(folder)), path, binary, say)
    try:
        return guard.keep()
    except OSError as error:
        return guard.fail(f"It can't be looked after: {error}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
