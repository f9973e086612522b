"""The embedded writer, once a slow provider is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.waiting_worker import state_of
from pipeline.model import Paper, Script
from pipeline.providers import Brief, Pending
from pipeline.script.extractive import ExtractiveWriter


@dataclass
class WaitingWriter(ExtractiveWriter):
    """Every job's is another version, so that none gets the script of another."""

    url: str = ""
    job: str = ""
    poll: float = 20.0

    def __post_init__(self) -> None:
        self.version = f"{self.version}+{self.job}"

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        """Raises `Pending` until the provider is ready."""
        if state_of(self.url, self.job) == "not-yet":
            raise Pending(self.job, "slow", "the provider is slow", self.poll, 3600.0)
        return super().write(paper, brief, spoken_seconds=spoken_seconds)
