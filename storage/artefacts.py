"""Finished stages on disk, by key. A folder is there whole or not at all."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):  # noqa: N818 - a state of the folder, told to the user by whoever catches it
    """Raised when another process holds the folder."""


class FolderArtefacts:
    """Artefacts under `root/<stage>/<key>/`, made in `root/tmp` and moved into place by one rename.

    With `fresh`, what an earlier run left is not found (and is replaced); what this run makes is.
    """

    def __init__(self, root: Path, *, fresh: bool = False) -> None:
        self._root = root
        self._fresh = fresh
        self._made: set[tuple[str, str]] = set()

    def find(self, stage: str, key: str) -> Path | None:
        folder = self._root / stage / key
        if self._fresh and (stage, key) not in self._made:
            return None
        return folder if folder.is_dir() else None

    @contextmanager
    def make(self, stage: str, key: str) -> Iterator[Path]:
        """A scratch folder; it becomes `find(stage, key)` when the block ends, and is deleted if it fails."""
        scratch_root = self._root / "tmp"
        scratch_root.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"{stage}-", dir=scratch_root))
        try:
            yield scratch
            self._settle(scratch, self._root / stage / key)
            self._made.add((stage, key))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _settle(self, scratch: Path, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch.chmod(0o755)
        if folder.exists():
            aside = Path(tempfile.mkdtemp(dir=self._root / "tmp"))
            folder.replace(aside / "old")
            scratch.replace(folder)
            shutil.rmtree(aside, ignore_errors=True)
        else:
            scratch.replace(folder)

    def sweep(self) -> None:
        """Delete what a killed run left half-made. Call it only while holding `sole_use` of the root."""
        shutil.rmtree(self._root / "tmp", ignore_errors=True)


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
