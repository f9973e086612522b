"""Doing each thing once: a key that says what a result depends on, and the artefact that is kept under it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pipeline.providers import Artefacts

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Unusable(Exception):  # noqa: N818 - not an error: the artefact is made anew
    """Raised while loading an artefact that is there and must not be used."""


def key_of(*parts: object) -> str:
    """A stable name for what the parts say: 128 bits of SHA-256 over canonical JSON, as 32 hex digits."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no place in a key")


def once(
    artefacts: Artefacts,
    stage: str,
    key: str,
    build: Callable[[Path], None],
    load: Callable[[Path], T],
) -> tuple[T, Path, bool]:
    """The artefact's value, its folder, and whether it was there.

    It is built when it isn't there, and again when `load` can't read it or raises `Unusable`.
    """
    if (found := recall(artefacts, stage, key, load)) is not None:
        return *found, True
    with artefacts.make(stage, key) as scratch:
        build(scratch)
    folder = artefacts.find(stage, key)
    assert folder is not None
    return load(folder), folder, False


def recall(artefacts: Artefacts, stage: str, key: str, load: Callable[[Path], T]) -> tuple[T, Path] | None:
    """The value and folder of an artefact that was made before; `None` when it is gone or can't be used."""
    if (folder := artefacts.find(stage, key)) is None:
        return None
    try:
        return load(folder), folder
    except (OSError, ValueError, Unusable):
        return None


def digest_of(file: Path) -> str:
    """The file's SHA-256 as 64 hex digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write(file: Path, value: BaseModel) -> None:
    """Write `value` as JSON."""
    file.write_text(value.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read(file: Path, model: type[M]) -> M:
    """The value that `write` wrote. Raises `ValueError` when the file holds something else."""
    return model.model_validate_json(file.read_bytes())
