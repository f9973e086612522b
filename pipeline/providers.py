"""What the stages need from outside, as small protocols. Embedded and production ones are of equal rank."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.model import Audience, Paper, Script, Word

#: Told how far a stage is (0 to 1) and what is going on ("scene 4 of 8").
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Speech:
    """Sound (float32 mono, −1 to 1, `rate` Hz) and its words, timed from the first sample."""

    samples: npt.NDArray[np.float32]
    rate: int
    words: tuple[Word, ...]


class Voice(Protocol):
    """Speaks. `name` and `version` are part of every key, so a new voice never meets an old recording."""

    name: str
    version: str

    def speak(self, text: str, *, pace: float) -> Speech:
        """Say `text`; `pace` 1.1 is 10 % faster. The words shown, joined by spaces, are `text`."""
        ...

    def seconds(self, text: str) -> float:
        """How long `text` takes at pace 1, without saying it."""
        ...


@dataclass(frozen=True)
class Brief:
    """What the writer is asked for. `seconds` is the length of the whole video."""

    seconds: int
    audience: Audience


class Writer(Protocol):
    """Turns a paper into a script; every claim carries verbatim evidence."""

    name: str
    version: str

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script: ...


class Artefacts(Protocol):
    """Finished stages by key. What is there is whole: a half-made artefact is never seen."""

    def find(self, stage: str, key: str) -> Path | None:
        """The folder of a finished artefact (read-only), or `None`."""
        ...

    def make(self, stage: str, key: str) -> AbstractContextManager[Path]:
        """A scratch folder that becomes the artefact when the block ends without an error."""
        ...


class Store(Protocol):
    """Where finished videos live."""

    def put(self, name: str, file: Path, content_type: str) -> str:
        """Keep a copy of `file` under `name`; returns where it can be had (a path or an address)."""
        ...

    def withdraw(self, name: str) -> None:
        """Keep nothing under `name` any more; no error when nothing was."""
        ...
