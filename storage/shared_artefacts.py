"""Artefacts that any worker on any machine finds: in a folder here, and as one tar each in the object store.

A tar holds the artefact's files in order of their names, without owners and times, and first a list of
their digests; so the same artefact is the same tar, and a torn one is known as such. The folder's own
time travels with it: it says when the artefact was made.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from storage.artefacts import FolderArtefacts
from storage.errors import ObjectMissingError
from storage.objects import Objects

#: The list of digests: the tar's first member. No file of an artefact begins with a dot.
_CONTENTS: Final = ".contents.json"
#: What is noted of an artefact that the store holds too.
_SENT: Final = "sent"


class TornError(ValueError):
    """Raised when a tar does not hold what it says it holds."""


class SharedArtefacts:
    """Artefacts of `local`, each also under `<prefix>/<stage>/<key>.tar` of the store.

    An artefact counts as made once the store has it: `make` raises what the store raises, and `find`
    sends what could not be sent then. So no work is lost when the store is away for a while.
    """

    def __init__(self, local: FolderArtefacts, objects: Objects, prefix: str) -> None:
        self._local = local
        self._objects = objects
        self._prefix = prefix.rstrip("/")

    def find(self, stage: str, key: str) -> Path | None:
        """The folder here, fetched from the store when it isn't; a torn tar counts as not there."""
        if (folder := self._local.find(stage, key)) is not None:
            if self._local.noted(stage, key) != _SENT:
                self._send(stage, key, folder)
            return folder
        return self._fetch(stage, key)

    @contextmanager
    def make(self, stage: str, key: str) -> Iterator[Path]:
        """A scratch folder; when the block ends it is kept here and sent to the store."""
        with self._local.make(stage, key) as scratch:
            yield scratch
        folder = self._local.find(stage, key)
        assert folder is not None
        self._send(stage, key, folder)

    def _send(self, stage: str, key: str, folder: Path) -> None:
        with self._scratch_file() as tar:
            pack(folder, tar)
            self._objects.put(self._key(stage, key), tar, content_type="application/x-tar")
        self._local.note(stage, key, _SENT)

    def _fetch(self, stage: str, key: str) -> Path | None:
        with self._scratch_file() as tar:
            try:
                self._objects.get(self._key(stage, key), tar)
                with self._local.make(stage, key) as scratch:
                    unpack(tar, scratch)
            except (ObjectMissingError, TornError):
                return None
        self._local.note(stage, key, _SENT)
        return self._local.find(stage, key)

    def _key(self, stage: str, key: str) -> str:
        return f"{self._prefix}/{stage}/{key}.tar"

    @contextmanager
    def _scratch_file(self) -> Iterator[Path]:
        handle, name = tempfile.mkstemp(dir=self._local.scratch(), suffix=".tar")
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


def pack(folder: Path, tar: Path) -> None:
    """Write `folder` to the file `tar`."""
    paths = sorted(folder.rglob("*"))
    digests = {
        path.relative_to(folder).as_posix(): "" if path.is_dir() else _digest(path.read_bytes())
        for path in paths
    }
    contents = json.dumps({"made": int(folder.stat().st_mtime), "files": digests}).encode()
    with tarfile.open(tar, "w", format=tarfile.PAX_FORMAT) as out:
        out.addfile(_member(_CONTENTS, len(contents)), io.BytesIO(contents))
        for path in paths:
            name = path.relative_to(folder).as_posix()
            if path.is_dir():
                entry = _member(name, 0)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                out.addfile(entry)
            else:
                with path.open("rb") as content:
                    out.addfile(_member(name, path.stat().st_size), content)


def unpack(tar: Path, folder: Path) -> None:
    """Fill the empty `folder` with what `pack` wrote. Raises `TornError` for anything else."""
    try:
        with tarfile.open(tar, "r:") as packed:
            packed.extractall(folder, filter="data")
        contents = json.loads((folder / _CONTENTS).read_bytes())
        (folder / _CONTENTS).unlink()
        made, digests = float(contents["made"]), dict(contents["files"])
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, FileNotFoundError) as error:
        raise TornError(tar.name) from error
    found = {
        path.relative_to(folder).as_posix(): "" if path.is_dir() else _digest(path.read_bytes())
        for path in folder.rglob("*")
    }
    if found != digests:
        raise TornError(tar.name)
    os.utime(folder, (made, made))


def _member(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
