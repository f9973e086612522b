"""Where finished videos live. So far a folder; an S3 bucket will fit the same protocol."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


class FolderStore:
    """Objects as files of one folder. A file is replaced in one step, never seen half-written."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, file: Path, content_type: str) -> str:  # noqa: ARG002 - files carry no type
        """Copy `file` to `name` below the folder; returns its path."""
        target = self._root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.samefile(file):
            return str(target)
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        try:
            shutil.copyfile(file, scratch)
            Path(scratch).chmod(0o644)
            Path(scratch).replace(target)
        finally:
            Path(scratch).unlink(missing_ok=True)
        return str(target)
