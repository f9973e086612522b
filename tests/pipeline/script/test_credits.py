from __future__ import annotations

from pipeline.model import Author, Paper, Scene, Script
from pipeline.script.check import check
from pipeline.script.credits import credits_line


def seconds(text: str) -> float:
    return len(text.split()) / 2.6


def people(*names: str) -> tuple[Author, ...]:
    return tuple(Author(name=name, surname=name.split()[-1]) for name in names)


PAPER = Paper(
    title="Sleep and light.",
    authors=people("Maria Silva", "John Lee", "Ann Poe"),
    journal="PLOS ONE",
    year=2018,
    source="test",
)
LONG = PAPER.model_copy(update={"title": " ".join(["word"] * 20)})


def test_a_short_title_is_read() -> None:
    said = credits_line(PAPER, seconds)
    assert said == (
        "The paper: “Sleep and light”, by Maria Silva and colleagues, published in PLOS ONE in 2018. "
        "The narration is AI-made."
    )


def test_a_long_title_is_left_to_the_screen() -> None:
    said = credits_line(LONG, seconds)
    assert said.startswith("The paper is by Maria Silva and colleagues, published in PLOS ONE in 2018.")


def test_little_time_leaves_the_surname() -> None:
    assert credits_line(PAPER, seconds, longest=4) == (
        "Silva and colleagues, PLOS ONE, 2018. The narration is AI-made."
    )
    pair = PAPER.model_copy(update={"authors": people("Maria Silva", "John Lee")})
    assert credits_line(pair, seconds, longest=4).startswith("Silva and Lee, PLOS ONE")


def test_nothing_is_invented_where_the_record_is_silent() -> None:
    bare = Paper(title="Sleep", source="test")
    assert credits_line(bare, seconds) == "The paper is “Sleep”. The narration is AI-made."
    assert credits_line(bare, seconds, longest=0) == "The narration is AI-made."
    no_year = PAPER.model_copy(update={"year": None, "authors": people("Maria Silva", "John Lee")})
    assert "by Maria Silva and John Lee, published in PLOS ONE." in credits_line(no_year, seconds)
    no_journal = PAPER.model_copy(update={"journal": None, "authors": ()})
    assert "“Sleep and light”, published in 2018." in credits_line(no_journal, seconds)


def test_a_subtitle_of_the_journal_is_not_read() -> None:
    paper = PAPER.model_copy(update={"journal": "Molecules : A Journal of Chemistry"})
    assert "in Molecules in 2018" in credits_line(paper, seconds)


def test_the_papers_standing_is_always_said() -> None:
    # Given a retracted preprint of which only the abstract was at hand, in another language
    notes = (
        "Retracted in 2020",
        "A preprint.",
        "Told from the English abstract: the paper is in Portuguese.",
    )
    paper = LONG.model_copy(
        update={"retracted": True, "preprint": True, "abstract_only": True, "notes": notes}
    )

    # If there is hardly time
    said = credits_line(paper, seconds, longest=1)

    # I expect each fact once, the notes without their explanations
    assert "RETRACTED" in said
    assert "preprint, not yet peer reviewed" in said
    assert said.count("abstract") == 1
    assert said.count("etracted") == 0
    assert said.count("preprint") == 1
    assert "Portuguese" not in said
    assert "Portuguese" in credits_line(paper, seconds, longest=30)


def test_a_withdrawn_paper_is_said_to_be() -> None:
    said = credits_line(PAPER.model_copy(update={"retracted": True, "withdrawn": True}), seconds)
    assert "This paper has been WITHDRAWN." in said
    assert "RETRACTED" not in said


def test_where_a_notice_was_printed_is_not_read() -> None:
    notes = (
        "A notice of concern stands against this paper (PLoS One (US). 2021 Jan 5).",
        "This paper was corrected (PLoS One. 2022).",
    )
    paper = PAPER.model_copy(update={"concern": True, "corrected": True, "notes": notes})
    said = credits_line(paper, seconds, longest=60)
    assert said.endswith(
        "A notice of concern stands against this paper. This paper was corrected. The narration is AI-made."
    )
    script = Script(scenes=(Scene(kind="source", narration=said),))
    assert check(script, paper) == []


def test_an_abstract_only_paper_says_so() -> None:
    said = credits_line(PAPER.model_copy(update={"abstract_only": True, "notes": ("Be kind",)}), seconds)
    assert "Told from the abstract. Be kind." in said
