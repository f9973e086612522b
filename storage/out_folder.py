"""The folder that `hidden-hill make` hands its finished files to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path


class FolderStore:
    """Objects as files of one folder. A file is replaced in one step, never seen half-written.

    What was put is remembered in `remembered_in`; a file that somebody changed since is not lost when
    its name is put again: it is kept as `<stem>.yours<suffix>`, and `kept` says so.
    """

    def __init__(self, root: Path, *, remembered_in: Path) -> None:
        self._root = root
        self._memory = remembered_in
        self._digests: dict[str, str] = self._remembered()
        self.kept: dict[str, str] = {}

    def put(self, name: str, file: Path, content_type: str) -> str:  # noqa: ARG002 - files carry no type
        """Copy `file` to `name` below the folder; returns its path."""
        target = self._root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = _digest(file)
        if target.is_file():
            if _digest(target) == digest:
                self._remember(name, digest)
                return str(target)
            self._keep_if_changed(target, name)
        self._copy(file, target)
        self._remember(name, digest)
        return str(target)

    def withdraw(self, name: str) -> None:
        """Delete `name`, if it is there; a changed one is kept under its other name."""
        target = self._root / name
        if target.is_file():
            self._keep_if_changed(target, name)
            target.unlink(missing_ok=True)

    def _keep_if_changed(self, target: Path, name: str) -> None:
        there = _digest(target)
        if there == self._digests.get(name, there):
            return
        kept = target.with_name(f"{target.stem}.yours{target.suffix}")
        target.replace(kept)
        self.kept[name] = kept.name

    def _copy(self, file: Path, target: Path) -> None:
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        try:
            shutil.copyfile(file, scratch)
            Path(scratch).chmod(0o644)
            Path(scratch).replace(target)
        finally:
            Path(scratch).unlink(missing_ok=True)

    def _remember(self, name: str, digest: str) -> None:
        if self._digests.get(name) != digest:
            self._digests[name] = digest
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            self._memory.write_text(json.dumps(self._digests, indent=1), encoding="utf-8")

    def _remembered(self) -> dict[str, str]:
        try:
            return {str(name): str(digest) for name, digest in json.loads(self._memory.read_bytes()).items()}
        except (OSError, ValueError, AttributeError):
            return {}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
