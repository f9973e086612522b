"""Files that people hand in: kept in the object store under their content, so that any worker can read them."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import InputError
from pipeline.keys import digest_of
from storage.objects import Objects

#: The largest file that is taken in (bytes).
LARGEST = 50 * 1024 * 1024

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".nxml": "application/xml",
    ".json": "application/json",
}


class TooLargeError(InputError):
    """Raised for a file that is larger than what is taken in."""

    code = "file-too-large"


def take_in(objects: Objects, workspace: str, file: Path) -> str:
    """Keep `file` for the jobs of `workspace`; returns its key.

    Raises `TooLargeError`, `InputError` for a kind that nothing reads, and the store's errors.
    """
    suffix = file.suffix.lower()
    if suffix not in CONTENT_TYPES:
        raise InputError(
            f"A {suffix or 'nameless'} file can't be read.", "Hand in a PDF or a JATS .xml file."
        )
    size = file.stat().st_size
    if size > LARGEST:
        raise TooLargeError(
            f"The file has {size / 1e6:.0f} MB; {LARGEST / 1e6:.0f} MB are taken at most.",
            "Hand in the article without its supplements.",
        )
    key = f"uploads/{_safe(workspace)}/{digest_of(file)}{suffix}"
    # Put even if it is there: its age says to the sweeper that somebody may be about to order it.
    objects.put(key, file, content_type=CONTENT_TYPES[suffix])
    return key


def _safe(workspace: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.:-]", "-", workspace)
