from __future__ import annotations

import pytest

from pipeline.model import Paper
from pipeline.script.display import headline, number_shown
from pipeline.script.keyphrases import Keyphrases


@pytest.mark.parametrize(
    ("sentence", "value", "meaning"),
    [
        ("In all, 37.5 % of the adults slept badly.", "37.5 %", "of the adults"),
        ("Levels remained 37% higher for nonwhites than whites.", "37%", "higher for nonwhites than whites"),
        ("Captions were 5 ms off at the median, and fast.", "5 ms", "off at the median"),
        ("There was a 3.2-fold increase in growth.", "3.2-fold", "increase"),
        ("They were 2.5 times more likely to fail.", "2.5 times", "more likely"),
        ("One in five, or 1 in 5 adults, slept badly.", "1 in 5", "adults"),
        ("Data from 554 implementation units were used.", "554", "implementation units"),
        ("We met 12,345 people in 2010.", "12,345", "people"),
        ("In 2010, 74 districts failed.", "74", "districts"),
    ],
)
def test_a_striking_number_is_shown_with_what_it_counts(sentence: str, value: str, meaning: str) -> None:
    shown = number_shown(sentence)
    assert shown is not None
    assert shown.value == value
    assert shown.meaning.startswith(meaning)
    assert shown.meaning in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It rose in 2010 again.",
        "They were fed 25 mg daily.",
        "It lasted 12 weeks.",
        "The value was 49.8 and rising.",
        "A rate of 50% was seen.",
        "It rose by 12 of the 24.",
        "There were 40 very old and quite tired but still rather happy grey mice.",
        "No number.",
        "It is seen in less than 2 % of the adults.",
        "There were only 12 patients.",
    ],
)
def test_a_number_without_a_clear_meaning_is_not_shown(sentence: str) -> None:
    assert number_shown(sentence) is None


PHRASES = Keyphrases(
    Paper(
        title="Habits of sleeping bats",
        abstract=("Sleeping bats are odd. Unlike sleeping bats, mRNA levels rise. The mRNA levels fall.",),
        source="file:x.xml",
    )
)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Sleep is short.", "Sleep is short"),
        ("The researchers looked for months on end at the odd habits of sleeping bats.", "Sleeping bats"),
        ("The researchers looked for months on end at what mRNA levels were like.", ""),
        ("It was so very much what we had not thought that it would ever be.", ""),
    ],
)
def test_a_card_shows_a_short_sentence_or_a_phrase_of_the_paper(text: str, card: str) -> None:
    assert headline(text, PHRASES).headline == card
