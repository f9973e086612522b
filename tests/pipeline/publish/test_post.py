from __future__ import annotations

import pytest

from pipeline.model import Author, Paper, Scene, Script
from pipeline.publish.post import LONGEST_POST, citation, hashtags, post_text, transcript

PAPER = Paper(
    title="Sleep and memory in bats",
    authors=(Author(name="Ada Hill", surname="Hill"), Author(name="Bo Dale", surname="Dale")),
    journal="Annals of Hills",
    year=2021,
    doi="10.5555/bats",
    source="file:bats.xml",
)
SCRIPT = Script(
    scenes=(
        Scene(kind="hook", narration="Why do bats sleep?"),
        Scene(kind="finding", narration="Bats that slept remembered more."),
        Scene(kind="finding", narration="They also flew less."),
        Scene(kind="source", narration="The paper is by Ada Hill."),
    )
)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {},
            "Ada Hill, Bo Dale (2021). Sleep and memory in bats. Annals of Hills. https://doi.org/10.5555/bats",
        ),
        (
            {"doi": None, "pmid": "123", "journal": None},
            "Ada Hill, Bo Dale (2021). Sleep and memory in bats. https://pubmed.ncbi.nlm.nih.gov/123/",
        ),
        (
            {"authors": (), "year": None, "doi": None, "title": "Do bats sleep?"},
            "Do bats sleep? Annals of Hills.",
        ),
        (
            {"authors": tuple(Author(name=f"A{n}", surname="A") for n in range(5)), "doi": None},
            "A0 et al. (2021). Sleep and memory in bats. Annals of Hills.",
        ),
    ],
)
def test_a_citation_holds_what_the_record_holds_and_nothing_else(
    changes: dict[str, object], line: str
) -> None:
    assert citation(PAPER.model_copy(update=changes)) == line


def test_the_post_tells_hook_and_first_finding_then_where_it_is_from() -> None:
    assert post_text(PAPER, SCRIPT).split("\n\n") == [
        "Why do bats sleep?",
        "Bats that slept remembered more.",
        citation(PAPER),
        "AI-made narration.",
        "#sleep #memory #science\n",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"retracted": True}, "This paper has been retracted."),
        ({"preprint": True}, "Preprint: not yet peer reviewed."),
        ({"notes": ("Told from the abstract.",)}, "Told from the abstract."),
    ],
)
def test_what_a_reader_is_owed_stands_in_the_post(changes: dict[str, object], said: str) -> None:
    assert said in post_text(PAPER.model_copy(update=changes), SCRIPT)


def test_a_long_post_keeps_its_citation_and_gives_up_words_of_the_story() -> None:
    long = Script(scenes=(Scene(kind="hook", narration="word " * 1000), *SCRIPT.scenes[1:]))
    post = post_text(PAPER, long)
    assert len(post) <= LONGEST_POST
    assert citation(PAPER) in post
    assert "word…" in post


def test_hashtags_come_from_the_title() -> None:
    assert hashtags(PAPER.model_copy(update={"title": "A review of deep brain rhythms in mammals"})) == (
        "#brain #rhythms #mammals #science"
    )


def test_the_transcript_is_the_narration() -> None:
    assert transcript(SCRIPT).splitlines()[::2] == [scene.narration for scene in SCRIPT.scenes]
