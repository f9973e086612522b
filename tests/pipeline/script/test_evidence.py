from __future__ import annotations

import pytest

from pipeline.model import Figure, Paper, Section
from pipeline.script.evidence import evidence, locate
from pipeline.script.sentences import sentences

PAPER = Paper(
    title="T",
    abstract=("The ﬁrst trial – of “many” – was mid-sized.",),
    sections=(
        Section(title="Results", kind="results", paragraphs=("It rose\n  by 3 %.", "It fell."), pages=(4, 5)),
        Section(title="", kind="other", paragraphs=("No heading.",)),
    ),
    figures=(Figure(id="f1", label="Figure 1", caption="A curve of growth.", page=6),),
    source="test",
)


@pytest.mark.parametrize(
    ("quote", "section", "page"),
    [
        ("It rose by 3 %.", "Results", 4),
        ("It   fell.", "Results", 5),
        ('The first trial - of "many" - was', "Abstract", None),
        ("mid‐sized", "Abstract", None),
        ("A curve of growth.", "Figure 1", 6),
    ],
)
def test_a_quote_is_found_whatever_its_blanks_hyphens_and_quotes(
    quote: str, section: str, page: int | None
) -> None:
    passage = locate(quote, PAPER)
    assert passage is not None
    assert (passage.section, passage.page) == (section, page)


@pytest.mark.parametrize("quote", ["It rose by 4 %.", "it rose by 3 %.", "", "   "])
def test_what_the_paper_does_not_say_is_not_found(quote: str) -> None:
    assert locate(quote, PAPER) is None


def test_a_sentence_becomes_evidence_with_its_section_and_page() -> None:
    rose = sentences(PAPER)[1]
    assert evidence(rose).model_dump() == {"quote": "It rose by 3 %.", "section": "Results", "page": 4}
    unnamed = next(s for s in sentences(PAPER) if s.text == "No heading.")
    assert evidence(unnamed).section == "Text"
