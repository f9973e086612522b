from __future__ import annotations

import pytest

from pipeline.script.third_person import speaks_in_first_person, third_person


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We found that it rose.", "The researchers found that it rose."),
        ("Then we also measured it.", "Then the researchers also measured it."),
        ("We did not observe it.", "The researchers did not observe it."),
        ("Our results suggest a role.", "The results suggest a role."),
        ("It failed, but our results did not.", "It failed, but the paper’s results did not."),
        ("In our study it rose.", "In this study it rose."),
        ("She came to our hospital.", "She came to the researchers’ hospital."),
        ("Our model fits.", "The researchers’ model fits."),
        ("This allowed us to count.", "This allowed the researchers to count."),
        ("How do we perceive?", "How do we perceive?"),
        ("All of our memories fade.", "All of our memories fade."),
        ("We live longer.", "We live longer."),
        ("By the 1970s we learned to measure better.", "By the 1970s we learned to measure better."),
        (
            "We hypothesized, and we studied it.",
            "The researchers hypothesized, and the researchers studied it.",
        ),
    ],
)
def test_the_authors_become_them_and_mankind_stays(text: str, told: str) -> None:
    assert third_person(text, by="the researchers") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We measured it.", "The author measured it."),
        ("We show it.", "We show it."),
        ("We have measured it.", "We have measured it."),
        ("Our model fits.", "The author’s model fits."),
    ],
)
def test_one_author_takes_only_verbs_that_fit_one(text: str, told: str) -> None:
    assert third_person(text, by="the author", alone=True) == told


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("I was there.", True),
        ("It was my idea.", True),
        ("We know.", True),
        ("Type I collagen grew.", False),
        ("The I-R group grew.", False),
        ("In the US it rose.", False),
        ("It rose.", False),
    ],
)
def test_the_first_person_is_told_from_numerals_and_names(text: str, first: bool) -> None:
    assert speaks_in_first_person(text) is first
