from __future__ import annotations

import pytest

from pipeline.model import Claim, Evidence, Figure, Paper, Scene, Script, Section
from pipeline.script.evidence import PaperText, evidence, verbatim
from pipeline.script.sentences import sentences

COUNTS = "Of 212 adults 37.5 % grew 10² cells, ½ of them −6.9 wide, 3–5 deep and 1,234 long in H₂O."
PAPER = Paper(
    title="T",
    abstract=("The ﬁrst trial – of “many” – was mid-sized.",),
    sections=(
        Section(title="Results", kind="results", paragraphs=("It rose\n  by 3 %.", "It fell."), pages=(4, 5)),
        Section(title="Discussion", kind="discussion", paragraphs=("It fell.", COUNTS), pages=(8, 9)),
        Section(title="", kind="other", paragraphs=("No heading.",)),
    ),
    figures=(Figure(id="f1", label="Figure 1", caption="A curve of growth.", page=6),),
    source="test",
)
TEXT = PaperText(PAPER)


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
    place = TEXT.locate(quote)[0]
    assert (place.section, place.page) == (section, page)


@pytest.mark.parametrize(
    "quote",
    [
        "It rose by 4 %.", "it rose by 3 %.", "", "   ", "grew 102 cells", "grew 10 2 cells", "1⁄2 of them",
        # Cut within a number or a word, or off its sign.
        "2 adults", "5 % grew", ".5 % grew", "Of 212 adults 37", "grew 10", "6.9 wide", "234 long", "deep and 1",
        "ells", "H2O",
    ],
)  # fmt: skip
def test_what_the_paper_does_not_say_is_not_found(quote: str) -> None:
    assert TEXT.locate(quote) == []


def test_every_place_of_a_quote_is_found_in_the_papers_own_signs() -> None:
    assert [(place.section, place.page) for place in TEXT.locate("It fell.")] == [
        ("Results", 5),
        ("Discussion", 8),
    ]
    assert TEXT.locate("5 deep and 1,234 long")[0].quote == "5 deep and 1,234 long"
    assert TEXT.locate("first trial -  of")[0].quote == "ﬁrst trial – of"


def test_a_script_made_verbatim_quotes_the_papers_own_signs() -> None:
    # Given a script with one quote typed in plain signs and one that the paper doesn't hold
    typed = (
        Evidence(quote='The first trial - of "many"', section="A"),
        Evidence(quote="Made up.", section="B"),
    )
    scene = Scene(kind="finding", narration="One of many.", claims=(Claim(text="One.", evidence=typed),))

    # If it is made verbatim
    (told,) = verbatim(Script(scenes=(scene,)), PAPER).scenes

    # I expect the paper's signs in the first, and the second as it was, for the check to find
    assert [e.quote for e in told.claims[0].evidence] == ["The ﬁrst trial – of “many”", "Made up."]
    assert [e.section for e in told.claims[0].evidence] == ["A", "B"]


def test_a_sentence_becomes_evidence_with_its_section_and_page() -> None:
    rose = sentences(PAPER)[1]
    assert evidence(rose).model_dump() == {"quote": "It rose by 3 %.", "section": "Results", "page": 4}
    unnamed = next(s for s in sentences(PAPER) if s.text == "No heading.")
    assert evidence(unnamed).section == "Text"
