"""A filmer on a fake Runway, with a clock that only tests move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.providers import Filmed, Pending, Shot
from pipeline.visuals.runway.client import RunwayClient
from pipeline.visuals.runway.filmer import RunwayFilmer
from storage.artefacts import FolderArtefacts
from storage.folder_purchases import FolderPurchases
from tests.fakes.runway.server import KEY, FakeRunway, Fate

SHOT = Shot(
    kind="background", topic="gut bacteria", audience="public", seconds=2.4, size=(136, 240), way=0, take=0
)
DONE = Fate(states=("SUCCEEDED",))


def failed(code: str) -> Fate:
    return Fate(states=("FAILED",), code=code)


class Set:
    """A place to film at: artefacts and purchases in `folder`, which outlive a filmer."""

    def __init__(self, runway: FakeRunway, folder: Path, **more: Any) -> None:
        self.runway = runway
        self.folder = folder
        self.now = 1_800_000_000.0
        self.more = more
        runway.clock = lambda: self.now

    def filmer(self, **more: Any) -> RunwayFilmer:
        """Made anew, as by every run of a stage."""
        key = more.pop("key", KEY)
        return RunwayFilmer(
            client=RunwayClient(base_url=self.runway.url, key=key),
            artefacts=FolderArtefacts(self.folder / "artefacts"),
            purchases=more.pop("purchases", FolderPurchases(self.folder / "purchases")),
            now=lambda: self.now,
            **{**self.more, **more},
        )

    def film(self, shot: Shot = SHOT, *, looks: int = 20, **more: Any) -> Filmed:
        """Run the stage until there is an answer."""
        for _ in range(looks):
            try:
                return self.filmer(**more).film(shot, 3)
            except Pending as pending:
                self.now += pending.again
        raise AssertionError("it never ends")


def other(**changes: Any) -> Shot:
    return replace(SHOT, **changes)
