"""Finished stages on disk, by key. A folder is there whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

#: An artefact that was asked for so lately may be in use (seconds): the longest time limit of a stage.
IN_USE: Final = 3600.0
#: A scratch folder so old belongs to nobody any more (seconds).
ABANDONED: Final = 24 * 3600.0

_MARKS: Final = "used"
_SCRATCH: Final = "tmp"

#: Which folder it is: inode, and when it was made (nanoseconds).
_Identity = tuple[int, int]


class FolderInUse(Exception):  # noqa: N818 - a state of the folder, told to the user by whoever catches it
    """Raised when another process holds the folder."""


class FolderArtefacts:
    """Artefacts under `root/<stage>/<key>/`, made in `root/tmp` and moved into place by one rename.

    Several processes may share a root. When an artefact was asked for last is the time of the file
    `root/used/<stage>/<key>`, and what it says is `note`: the artefact's own time stays that of its
    making. With `fresh`, what an earlier run left is not found (and is replaced); what this run makes is.
    """

    def __init__(self, root: Path, *, fresh: bool = False) -> None:
        self._root = root
        self._fresh = fresh
        self._made: set[tuple[str, str]] = set()
        #: What stood there when it was asked for last: only that may be replaced.
        self._seen: dict[tuple[str, str], _Identity | None] = {}

    def find(self, stage: str, key: str) -> Path | None:
        """The folder of a finished artefact, or `None`. It is safe from `evict` for `IN_USE` seconds."""
        folder = self._root / stage / key
        self._seen[stage, key] = seen = _identity(folder)
        if self._fresh and (stage, key) not in self._made:
            return None
        if seen is None:
            return None
        self._mark(stage, key)
        return folder

    @contextmanager
    def make(self, stage: str, key: str) -> Iterator[Path]:
        """A scratch folder; it becomes `find(stage, key)` when the block ends, and is deleted if it fails.

        When somebody else made the same artefact since it was asked for, that one stays: it may be read now.
        """
        folder = self._root / stage / key
        before = self._seen[stage, key] if (stage, key) in self._seen else _identity(folder)
        scratch = Path(tempfile.mkdtemp(prefix=f"{stage}-", dir=self.scratch()))
        try:
            yield scratch
            scratch.chmod(0o755)
            self._forget_note(stage, key)
            self._settle(scratch, folder, before)
            self._made.add((stage, key))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def scratch(self) -> Path:
        """The folder for things on their way, on the same file system as the artefacts."""
        folder = self._root / _SCRATCH
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _settle(self, scratch: Path, folder: Path, before: _Identity | None) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        while True:
            there = _identity(folder)
            if there is not None and there != before:
                return
            if there is not None:
                self._put_aside(folder)
            try:
                scratch.replace(folder)
            except OSError as error:
                if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                    raise
            else:
                return

    def _put_aside(self, folder: Path) -> None:
        aside = Path(tempfile.mkdtemp(dir=self.scratch()))
        with suppress(FileNotFoundError):
            folder.replace(aside / "old")
        shutil.rmtree(aside, ignore_errors=True)

    def evict(self, *, older_than: float, now: float) -> int:
        """Delete artefacts that nobody asked for in the last `older_than` seconds; returns how many.

        What was asked for in the last `IN_USE` seconds stays whatever `older_than` says. Scratch
        folders that a killed process left a day ago go too. `now` is in epoch seconds.
        """
        unused = self.unused(older_than=older_than, now=now)
        for stage, key in unused:
            self.remove(stage, key)
        for scratch in _entries(self._root / _SCRATCH):
            if (_modified(scratch) or now) < now - ABANDONED:
                shutil.rmtree(scratch, ignore_errors=True)
                with suppress(OSError):
                    scratch.unlink()
        return len(unused)

    def unused(self, *, older_than: float, now: float) -> list[tuple[str, str]]:
        """The artefacts, (stage, key), that nobody asked for in so many seconds, nor in the last `IN_USE`."""
        limit = now - max(older_than, IN_USE)
        found = []
        for stage in self._stages():
            for folder in [entry for entry in _entries(stage) if entry.is_dir()]:
                last = _modified(self._mark_of(stage.name, folder.name)) or _modified(folder)
                if last is not None and last < limit:
                    found.append((stage.name, folder.name))
        return found

    def remove(self, stage: str, key: str) -> None:
        """Delete an artefact; no error when it is not there."""
        self._put_aside(self._root / stage / key)
        self._mark_of(stage, key).unlink(missing_ok=True)

    def note(self, stage: str, key: str, text: str) -> None:
        """Remember `text` about an artefact until it is deleted or made anew."""
        mark = self._mark_of(stage, key)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(text, encoding="utf-8")

    def noted(self, stage: str, key: str) -> str:
        """What `note` was told; empty when nothing was."""
        try:
            return self._mark_of(stage, key).read_text(encoding="utf-8")
        except OSError:
            return ""

    def sweep(self) -> None:
        """Delete what a killed run left half-made. Call it only while holding `sole_use` of the root."""
        shutil.rmtree(self._root / _SCRATCH, ignore_errors=True)

    def _stages(self) -> list[Path]:
        return [
            entry for entry in _entries(self._root) if entry.is_dir() and entry.name not in {_MARKS, _SCRATCH}
        ]

    def _mark(self, stage: str, key: str) -> None:
        mark = self._mark_of(stage, key)
        with suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()

    def _forget_note(self, stage: str, key: str) -> None:
        self._mark_of(stage, key).unlink(missing_ok=True)
        self._mark(stage, key)

    def _mark_of(self, stage: str, key: str) -> Path:
        return self._root / _MARKS / stage / key


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _identity(folder: Path) -> _Identity | None:
    try:
        stat = folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stat.st_ino, stat.st_mtime_ns


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


@contextmanager
def sole_use(root: Path) -> Iterator[None]:
    """Hold `root` for this process until the block ends (or the process does); raises `FolderInUse`."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(str(root)) from error
        yield
