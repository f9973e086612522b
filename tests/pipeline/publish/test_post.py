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
        ({"retracted": True, "withdrawn": True}, "This paper has been withdrawn."),
        ({"concern": True, "notes": ("A notice of concern stands.",)}, "A notice of concern stands."),
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


@pytest.mark.parametrize("hook", ["Why do bats sleep?", "word " * 1000])
@pytest.mark.parametrize("notes", [("note " * 440,), ("note " * 300, "note " * 300), ("x" * 5000,)])
def test_long_notes_are_cut_but_never_citation_label_or_standing(hook: str, notes: tuple[str, ...]) -> None:
    # Given a retracted preprint with more notes than a post may hold
    paper = PAPER.model_copy(update={"notes": notes, "retracted": True, "preprint": True})

    # If I ask for the post
    post = post_text(paper, Script(scenes=(Scene(kind="hook", narration=hook), *SCRIPT.scenes[1:])))

    # I expect it to fit to the last line break, with everything whole that must be
    assert len(post) <= LONGEST_POST
    assert "…" in post
    assert post.endswith(f"{citation(paper)}\n\nAI-made narration.\n\n#sleep #memory #science\n")
    assert "This paper has been retracted.\n\nPreprint: not yet peer reviewed." in post


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        (["Bats were measured at night.", "They flew less than owls."], "They flew less than owls."),
        (["The researchers used 12 bats.", "Sleep helps memory."], "Sleep helps memory."),
        (
            ["The researchers compared bats and found that 40 % slept.", "They flew."],
            "The researchers compared bats and found that 40 % slept.",
        ),
        (["Bats were measured at night."], "Bats were measured at night."),
    ],
)
def test_the_posts_finding_is_an_outcome_where_there_is_one(findings: list[str], told: str) -> None:
    scenes = tuple(Scene(kind="finding", narration=text) for text in findings)
    assert post_text(PAPER, Script(scenes=scenes)).split("\n\n")[0] == told


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("A review of deep brain rhythms in mammals", "#brain #rhythms #mammals #science"),
        ("Memory itself: surprisingly timed seeds", "#memory #seeds #science"),
        ("La forêt brûlée", "#forêt #brûlée #science"),
        ("On it", "#science"),
    ],
)
def test_hashtags_come_from_the_title(title: str, tags: str) -> None:
    assert hashtags(PAPER.model_copy(update={"title": title})) == tags


def test_the_transcript_is_the_narration() -> None:
    assert transcript(SCRIPT).splitlines()[::2] == [scene.narration for scene in SCRIPT.scenes]
