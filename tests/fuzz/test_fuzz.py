"""Two hundred damaged files, each of which is read or refused with a sentence. `make fuzz` tries two thousand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.campaign import campaign, damage, open_things, papers_folder, seeds
from tests.fuzz.made import made_files
from tests.fuzz.mutations import MUTATIONS

COUNT, PARTS = 200, 4


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.timeout(600)
def test_damaged_files_are_read_or_refused_with_a_sentence(part: int, tmp_path: Path) -> None:
    files = [path for path in seeds(papers_folder(), made_files(tmp_path)) if path.stat().st_size < 400_000]
    list(campaign(files, [0], seed=1, workers=2))
    before = open_things()
    outcomes = list(campaign(files, range(part, COUNT, PARTS), seed=1, workers=2))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    said = Counter(outcome.said for outcome in outcomes)
    assert said["paper"] > 0, "some damage does no harm"
    assert said["file-damaged"] > 0, "and some does"
    assert open_things() == before


def test_the_same_number_is_the_same_damage(tmp_path: Path) -> None:
    files = made_files(tmp_path)
    assert damage(files, 3, seed=1) == damage(files, 3, seed=1)
    assert len({damage(files, number, seed=1)[2] for number in range(40)}) > 35


def test_every_kind_of_damage_changes_something(tmp_path: Path) -> None:
    files = {path.suffix: path.read_bytes() for path in made_files(tmp_path)}
    for suffix, data in files.items():
        for mutation in MUTATIONS[suffix]:
            assert any(mutation(data, data, Random(number)) != data for number in range(5)), mutation.__name__
