"""Quotes are found as the paper prints them; a near miss is mended where it is certain, and nothing else is."""

from __future__ import annotations

import pytest

from pipeline.model import Paper, Section
from pipeline.script.gemini_quotes import Quotes

PAPER = Paper(
    title="Sleep and memory",
    abstract=("Sleep after learning improved recall by 37.5 % in 212 adults – but not in the ﬁrst week.",),
    sections=(
        Section(
            title="Discussion",
            kind="discussion",
            paragraphs=(
                "These results suggest that sleep may protect new memories from interference during the day. "
                "We did not find any effect of caffeine on the recall of the word pairs after one night.",
                "We did find some effect of caffeine on the recall of the faces after one week of training.",
            ),
        ),
    ),
    source="file:a.pdf",
)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("improved recall by 37.5 % in 212 adults", "improved recall by 37.5 % in 212 adults"),
        ("in 212 adults - but not in the first week", "in 212 adults – but not in the ﬁrst week"),
        ("“sleep may protect\n new memories”", "sleep may protect new memories"),
        (
            "Sleep after learning improves recall by 37.5 % in 212 adults - but not in the first week.",
            "Sleep after learning improved recall by 37.5 % in 212 adults - but not in the first week",
        ),
        (
            "sleep may protect the new memories from interference during the day",
            "sleep may protect new memories from interference during the day",
        ),
    ],
)
def test_what_the_paper_holds_is_found(said: str, printed: str) -> None:
    (found,) = Quotes(PAPER).found(said)
    assert found.quote.replace("–", "-").replace("ﬁ", "fi") == printed.replace("–", "-").replace("ﬁ", "fi")
    assert found.quote in " ".join(passage.text for passage in PAPER.passages())


def test_a_quote_with_a_gap_is_two() -> None:
    found = Quotes(PAPER).found(
        "These results suggest that sleep may protect new memories … of caffeine on the recall of the word pairs"
    )
    assert [one.quote.split()[0] for one in found] == ["These", "of"]


@pytest.mark.parametrize(
    "said",
    [
        "Sleep cures insomnia in every patient that was ever treated.",
        "Sleep after learning improved recall by 47.5 % in 212 adults – but not in the first week.",
        "These results suggest that sleep can protect new memories from interference during the day.",
        "We did find any effect of caffeine on the recall of the word pairs after one night.",
        "sleep protects memories",
        "",
        "… …",
    ],
)
def test_what_it_does_not_hold_is_not_made_to_fit(said: str) -> None:
    assert Quotes(PAPER).found(said) == []
