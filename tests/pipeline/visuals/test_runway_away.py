"""How long a Runway that is away is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import TransientProviderError
from pipeline.providers import Pending
from pipeline.visuals.runway import filmer as filmer_room
from tests.fakes.runway.server import FakeRunway, Fate, Refusal, fake_runway
from tests.pipeline.visuals.filming import SHOT, Set


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    with fake_runway() as fake:
        fake.usual = Fate(states=("PENDING", "RUNNING", "SUCCEEDED"))
        yield fake


def test_two_hiccups_with_an_answer_between_them_are_no_long_absence(
    runway: FakeRunway, tmp_path: Path
) -> None:
    place = Set(runway, tmp_path)
    runway.refusals["order"].append(Refusal(503))
    with pytest.raises(TransientProviderError):
        place.filmer().film(SHOT, 3)
    place.now += filmer_room.AWAY / 2
    with pytest.raises(Pending):
        place.filmer().film(SHOT, 3)
    place.now += filmer_room.AWAY
    runway.refusals["look"].append(Refusal(503))
    with pytest.raises(TransientProviderError):
        place.filmer().film(SHOT, 3)
    assert place.film().footage.file is not None
