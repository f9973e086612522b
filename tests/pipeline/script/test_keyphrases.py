from __future__ import annotations

import pytest

from pipeline.model import Paper, Section
from pipeline.script.keyphrases import Keyphrases


@pytest.fixture
def phrases() -> Keyphrases:
    paragraphs = (
        "Acidic endosomes are small. Virus entry needs acidic endosomes.",
        "We measured virus entry in knockout cells, and virus entry fell.",
        "The knockout cells grew slowly; two pathogens did not.",
    )
    section = Section(title="Results", kind="results", paragraphs=paragraphs)
    return Keyphrases(Paper(title="How virus entry works in cells", sections=(section,), source="file:x.xml"))


def test_a_phrase_that_the_paper_repeats_is_found_where_the_title_counts_most(phrases: Keyphrases) -> None:
    assert phrases.best("In knockout cells, virus entry occurs through acidic endosomes.") == "virus entry"


def test_a_phrase_that_another_scene_shows_gives_way_to_the_next(phrases: Keyphrases) -> None:
    assert phrases.best("Virus entry was low in knockout cells.", besides={"virus entry"}) == "knockout cells"


@pytest.mark.parametrize(
    "sentence",
    [
        "The other two pathogens were less responsive.",
        "We found that slowly growing strains, cells and such were small.",
        "Entry of a virus was seen.",
        "",
    ],
    ids=["used once", "across marks", "other words between", "nothing"],
)
def test_words_that_are_no_phrase_of_the_paper_give_nothing(phrases: Keyphrases, sentence: str) -> None:
    assert phrases.best(sentence) == ""
