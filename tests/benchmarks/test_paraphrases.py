"""The hand-written paraphrases: each has its sentence in its paper, and both halves are alike."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.faults.paraphrases import (
    TUNING,
    UNSEEN,
    Kind,
    MissingSentenceError,
    digest_of,
    paraphrases,
    source_of,
)
from pipeline.model import Paper
from pipeline.paper.jats import read_jats

HALVES = (TUNING, UNSEEN)
ENTRIES = tuple(entry for half in HALVES for entry in paraphrases(half))


@cache
def told(path: Path) -> Paper:
    return read_jats(path.read_bytes(), f"file:{path.name}").paper.told()


@pytest.mark.parametrize("half", HALVES, ids=lambda half: half.stem)
def test_every_paraphrase_has_its_sentence_and_differs_from_it(half: Path, papers: Path) -> None:
    for entry in paraphrases(half):
        source = source_of(entry, told(papers / entry.paper)).text
        assert digest_of(source) == entry.sentence
        assert " ".join(source.split()).casefold() != entry.text.casefold()


def test_a_sentence_that_is_not_there_is_named(papers: Path) -> None:
    entry = ENTRIES[0].model_copy(update={"sentence": digest_of("No paper says this.")})
    with pytest.raises(MissingSentenceError, match=entry.sentence) as caught:
        source_of(entry, told(papers / entry.paper))
    assert entry.paper in str(caught.value)
    assert entry.text in str(caught.value)


@pytest.mark.parametrize("half", HALVES, ids=lambda half: half.stem)
def test_a_half_is_large_enough_and_has_every_kind(half: Path) -> None:
    entries = paraphrases(half)
    kinds = Counter(entry.kind for entry in entries)
    assert len(entries) >= 165
    assert set(kinds) == set(get_args(Kind))
    assert min(kinds.values()) >= 13
    assert len({entry.paper for entry in entries}) >= 28


@pytest.mark.parametrize("what", ["kind", "paper"])
def test_the_halves_have_the_same_mix(what: str) -> None:
    tuning, unseen = (Counter(getattr(entry, what) for entry in paraphrases(half)) for half in HALVES)
    assert all(abs(tuning[value] - unseen[value]) <= 1 for value in tuning | unseen)


def test_no_sentence_is_retold_twice_and_no_paper_is_leaned_on() -> None:
    assert len({(entry.paper, entry.sentence) for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.text for entry in ENTRIES}) == len(ENTRIES)
    assert max(Counter(entry.paper for entry in ENTRIES).values()) <= 16


@pytest.mark.parametrize("half", HALVES, ids=lambda half: half.stem)
def test_every_paraphrase_is_narration(half: Path) -> None:
    entries = paraphrases(half)
    assert [entry for entry in entries if not 8 <= len(entry.text.split()) <= 45] == []
    assert [entry for entry in entries if entry.text != " ".join(entry.text.split())] == []
    assert [entry for entry in entries if entry.text[-1] not in ".?" or not entry.note] == []
