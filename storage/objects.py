"""Where what is made lives: files under keys, in a folder here or in a bucket (`storage.s3`).

Keys: `videos/<yyyy-mm-dd>-<slug>-<token>/video.mp4`, `artefacts/<workspace>/<stage>/<key>.tar`,
`uploads/<workspace>/<sha256>.<ext>`, `tmp/…`.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from pydantic import Field

from storage.errors import ObjectMissingError
from storage.links import Links
from storage.records import Record

__all__ = ["TMP", "FolderObjects", "Links", "ObjectInfo", "Objects", "check_key"]

#: What is under it may be deleted once it is a day old.
TMP: Final = "tmp/"

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_KEY = re.compile(r"[^\x00-\x1f\\]{1,300}")


class ObjectInfo(Record):
    """What the store says of an object: its size, when it was put (epoch seconds), what was written on it."""

    key: str
    bytes: int
    modified: float
    metadata: dict[str, str] = Field(default_factory=dict)


class Objects(Protocol):
    """Files under keys. What is there is whole; putting a key again replaces it in one step.

    Raises `StoreAwayError` when the store can't be reached and `StoreRefusedError` when it says no.
    """

    #: Whether another machine sees the same objects.
    shared: bool

    def put(
        self,
        key: str,
        file: Path,
        *,
        content_type: str,
        cache_control: str = "",
        metadata: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Keep a copy of `file` under `key`."""
        ...

    def get(self, key: str, to: Path) -> None:
        """Copy the object to the file `to`, whole or not at all. Raises `ObjectMissingError`."""
        ...

    def head(self, key: str) -> ObjectInfo | None:
        """What is known of the object, or `None` when there is none."""
        ...

    def delete(self, key: str) -> None:
        """Delete the object; no error when it is not there."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every object whose key begins with `prefix`, in no certain order; without metadata."""
        ...

    def address(self, key: str, *, seconds: int, filename: str | None = None) -> str | None:
        """An address that serves the object for `seconds` from now (7 days at most), or `None` for a folder.

        With `filename` a browser saves it under that name instead of showing it.
        """
        ...

    def path(self, key: str) -> Path | None:
        """The file itself, where objects are files of this machine; else `None`, as when it isn't there."""
        ...


def check_key(key: str) -> str:
    """`key` as it is; raises `ValueError` for one that could leave the folder or hide in it."""
    parts = key.split("/")
    if not _KEY.fullmatch(key) or any(not part or part.startswith(".") for part in parts):
        raise ValueError(f"not a key: {key!r}")
    return key


class FolderObjects:
    """Objects as files below `root`. Files carry no content type, cache control or metadata."""

    shared: bool = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(
        self,
        key: str,
        file: Path,
        *,
        content_type: str,  # noqa: ARG002
        cache_control: str = "",  # noqa: ARG002
        metadata: Mapping[str, str] = _NOTHING,  # noqa: ARG002
    ) -> None:
        """Copy `file` to its place; what a killed copy leaves lies under `tmp/`."""
        target = self._root / check_key(key)
        waiting = self._root / TMP
        waiting.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=waiting, prefix="put-")
        os.close(handle)
        scratch = Path(name)
        try:
            shutil.copyfile(file, scratch)
            scratch.chmod(0o644)
            _into_place(scratch, target)
        finally:
            scratch.unlink(missing_ok=True)

    def get(self, key: str, to: Path) -> None:
        """Copy the object to `to`. Raises `ObjectMissingError`."""
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
        os.close(handle)
        scratch = Path(name)
        try:
            shutil.copyfile(self._root / check_key(key), scratch)
            scratch.chmod(0o644)
            scratch.replace(to)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise ObjectMissingError(
                f"The store holds no {key}.", "It may have been deleted; make it again."
            ) from error
        finally:
            scratch.unlink(missing_ok=True)

    def head(self, key: str) -> ObjectInfo | None:
        """Size and time of the file."""
        file = self.path(key)
        try:
            return None if file is None else self._info(file)
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Delete the file, and the folders that it leaves empty, but for the first of its key."""
        file = self._root / check_key(key)
        with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
            file.unlink()
        for folder in file.parents[: max(key.count("/") - 1, 0)]:
            try:
                folder.rmdir()
            except OSError:
                return

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """The files below `root` whose key begins with `prefix`."""
        if ".." in prefix.split("/") or prefix.startswith("/"):
            raise ValueError(f"not a prefix: {prefix!r}")
        for folder, _, names in os.walk(self._root / prefix.rpartition("/")[0]):
            for name in names:
                file = Path(folder, name)
                with suppress(FileNotFoundError):
                    info = self._info(file)
                    if info.key.startswith(prefix):
                        yield info

    def address(self, key: str, *, seconds: int, filename: str | None = None) -> None:  # noqa: ARG002
        """`None`: a folder has no address."""
        return

    def path(self, key: str) -> Path | None:
        """The file, if it is there."""
        file = self._root / check_key(key)
        return file if file.is_file() else None

    def _info(self, file: Path) -> ObjectInfo:
        stat = file.stat()
        key = file.relative_to(self._root).as_posix()
        return ObjectInfo(key=key, bytes=stat.st_size, modified=stat.st_mtime)


def _into_place(scratch: Path, target: Path) -> None:
    """Move by one rename; again whenever a deletion just took the empty folder away."""
    for _ in range(100):
        with suppress(FileNotFoundError, FileExistsError):
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch.replace(target)
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch.replace(target)
