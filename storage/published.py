"""Where a job's finished files stand in the object store, and what is remembered of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from storage.objects import Objects
from storage.records import PublishedFile

VIDEOS: Final = "videos/"

#: What is deleted shall be gone, and what is rebuilt be there: nobody keeps a copy for longer than 5 minutes.
CACHE_CONTROL: Final = "public, max-age=300"

_SLUG_LENGTH: Final = 60


def video_folder(created_at: float, title: str, token: str) -> str:
    """`videos/<yyyy-mm-dd>-<slug>-<token>/`: ordered by date, unguessable by its token.

    The same for a rebuild. A redo has a `token` of its own, so that the old video is whole until the new one is.
    Whoever may list the bucket reads the slug: give a private job an empty `title`.
    """
    day = datetime.fromtimestamp(created_at, UTC).date().isoformat()
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    while len("-".join(words)) > _SLUG_LENGTH:
        words.pop()
    return f"{VIDEOS}{day}-{'-'.join(words) or 'paper'}-{token}/"


class JobFiles:
    """The finished files of one job, under `prefix` of the store. `files` are those that it has now.

    `metadata` is written on every object ({"job": id}).
    """

    def __init__(self, objects: Objects, prefix: str, metadata: Mapping[str, str]) -> None:
        self._objects = objects
        self._prefix = prefix.rstrip("/")
        self._metadata = dict(metadata)
        self._files: dict[str, PublishedFile] = {}

    @property
    def files(self) -> tuple[PublishedFile, ...]:
        """Every file that was put and not withdrawn, by name."""
        return tuple(self._files[name] for name in sorted(self._files))

    def put(self, name: str, file: Path, content_type: str) -> str:
        """Keep a copy of `file` in the store; returns its key."""
        key = f"{self._prefix}/{name}"
        with file.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        self._objects.put(
            key, file, content_type=content_type, cache_control=CACHE_CONTROL, metadata=self._metadata
        )
        self._files[name] = PublishedFile(
            name=name, key=key, sha256=sha256, bytes=file.stat().st_size, content_type=content_type
        )
        return key

    def withdraw(self, name: str) -> None:
        """Delete the file, if it is there."""
        self._objects.delete(f"{self._prefix}/{name}")
        self._files.pop(name, None)
