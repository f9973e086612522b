"""Words → commands: every spelling that a phone or a chat makes of them, and nothing that is guessed."""

from __future__ import annotations

import random

import pytest

from bots.commands import Command, NotUnderstood, Options, Verb, is_job_id, parse
from bots.papers import source_in
from storage.job_ids import random_id


def understood(text: str) -> Command:
    command = parse(text)
    assert isinstance(command, Command), command
    return command


def misread(text: str) -> NotUnderstood:
    answer = parse(text)
    assert isinstance(answer, NotUnderstood), answer
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "32296183",
        " 32296183 ",
        "\u200e32296183\u00a0",
        "３２２９６１８３",
        "PMID: 32296183",
        "pmid 32296183",
        "PMC7224658",
        "https://pubmed.ncbi.nlm.nih.gov/32296183/",
        "<https://pubmed.ncbi.nlm.nih.gov/32296183/|pubmed.ncbi.nlm.nih.gov>",
        "<https://pmc.ncbi.nlm.nih.gov/articles/PMC7224658/>",
        "https://pubmed.ncbi.nlm.nih.gov/?term=covid&amp;page=2",
        "10.1038/s41586-020-2012-7",
        "doi:10.1038/s41586-020-2012-7",
        "https://doi.org/10.1038/s41586-020-2012-7",
        "https://example.org/paper.pdf",
        "1234567890123",
        "paper.pdf",
        "my paper.pdf",
    ],
)
def test_what_looks_like_a_paper_is_one_to_be_made(text: str) -> None:
    command = understood(text)
    assert command.verb is Verb.MAKE
    assert command.source
    assert "<" not in command.source
    assert "|" not in command.source
    assert "&amp;" not in command.source


def test_the_source_is_as_it_was_typed() -> None:
    assert understood("PMID: 32296183").source == "PMID: 32296183"
    wrapped = "<https://pubmed.ncbi.nlm.nih.gov/32296183/|pubmed>"
    assert understood(wrapped).source == "https://pubmed.ncbi.nlm.nih.gov/32296183/"


@pytest.mark.parametrize(
    "text",
    [
        "32296183 seconds=60 audience=student approve=yes figures=all force=yes",
        "force=yes approve=on figures=ALL 32296183 audience=Student seconds=60",
        "make seconds=60 32296183 audience=student approve=y figures=all force=true",
        '32296183 seconds=60s audience=“student” approve=‘yes’ figures="all" force=1'.replace(
            "‘", ""
        ).replace("’", ""),
        "32296183 seconds:60 audience:student approve:True figures: all force:yes",
        "32296183 —seconds=60 ––audience=student --approve=yes --figures=all --force=yes",
        "32296183 seconds = 60 audience= student approve =yes figures = all force=yes",
        "/paper 32296183 seconds=60 audience=student approve=yes figures=all force=yes",
    ],
)
def test_options_in_any_order_and_dress(text: str) -> None:
    command = understood(text)
    assert (command.verb, command.source) == (Verb.MAKE, "32296183")
    assert command.options == Options(seconds=60, audience="student", approve=True, figures="all", force=True)


def test_what_was_not_said_is_none() -> None:
    assert understood("32296183").options == Options()
    assert understood("32296183 approve=no").options.approve is False


@pytest.mark.parametrize(
    ("text", "word", "nearest"),
    [
        ("32296183 second=60", "second", "seconds="),
        ("32296183 audence=peer", "audence", "audience="),
        ("32296183 colour=red", "colour", None),
        ("32296183 audience=students", "students", "audience=student"),
        ("32296183 seconds=600", "30 to 120", None),
        ("32296183 seconds=6.5", "30 to 120", None),
        ("32296183 seconds=", "30 to 120", None),
        ("32296183 approve=perhaps", "yes or no", None),
        ("32296183 seconds=60 seconds=70", "twice", None),
        ("retry seconds=60", "retry", None),
        ("me figures=all", "figures", None),
    ],
)
def test_an_option_that_means_nothing_is_said_to(text: str, word: str, nearest: str | None) -> None:
    answer = misread(text)
    assert word in answer.sentence
    assert answer.nearest == nearest


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("cancle", "cancel"),
        ("retyr k3mfq7xz", "retry"),
        ("delet", "delete"),
        ("Aprove", "approve"),
        ("statsu", "status"),
        ("lsit", "list"),
        ("forgetm", "forgetme"),
        ("qwertyuiop", None),
        ("🦆", None),
    ],
)
def test_a_typo_is_answered_with_the_nearest_and_never_done(text: str, nearest: str | None) -> None:
    answer = misread(text)
    assert answer.nearest == nearest


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("", Verb.HELP),
        ("   ", Verb.HELP),
        ("?", Verb.HELP),
        ("help", Verb.HELP),
        ("HELP!", Verb.HELP),
        ("list", Verb.LIST),
        ("List please", Verb.LIST),
        ("status?", Verb.STATUS),
        ("approve", Verb.APPROVE),
        ("cancel.", Verb.CANCEL),
        ("retry", Verb.RETRY),
        ("redo", Verb.REDO),
        ("delete", Verb.DELETE),
        ("keep", Verb.KEEP),
        ("quota", Verb.QUOTA),
        ("link", Verb.LINK),
        ("me", Verb.ME),
        ("forget-me", Verb.FORGET_ME),
        ("forget‑me", Verb.FORGET_ME),
        ("forget me", Verb.FORGET_ME),
        ("rotate-code", Verb.ROTATE_CODE),
        ("join", Verb.JOIN),
        ("admin", Verb.ADMIN),
        ("make", Verb.MAKE),
        ("cost 32296183", Verb.COST),
    ],
)
def test_verbs(text: str, verb: Verb) -> None:
    assert understood(text).verb is verb


@pytest.mark.parametrize("verb", ["status", "approve", "cancel", "retry", "redo", "delete", "keep", "link"])
def test_a_job_may_be_named(verb: str) -> None:
    assert understood(f"{verb} K3MFQ7XZ").job == "k3mfq7xz"
    assert understood(f"{verb} `k3mfq7xz`").job == "k3mfq7xz"
    assert understood(verb).job is None


@pytest.mark.parametrize("verb", ["status", "cancel", "retry", "delete", "keep"])
@pytest.mark.parametrize("word", ["k3mfq7x", "32296183", "please", "k3mfq7xz k3mfq7xy", "the last one"])
def test_a_word_that_is_no_job_never_means_the_latest(verb: str, word: str) -> None:
    assert isinstance(parse(f"{verb} {word}"), NotUnderstood)


def test_the_reference_of_a_failure_finds_a_job() -> None:
    assert understood("status hh-7f3k").job == "HH-7F3K"
    assert isinstance(parse("delete HH-7F3K"), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "scene", "job"),
    [
        ("redo scene 3", 3, None),
        ("redo 3", 3, None),
        ("redo scene3", 3, None),
        ("redo k3mfq7xz scene 12", 12, "k3mfq7xz"),
        ("redo 3 k3mfq7xz", 3, "k3mfq7xz"),
        ("redo", None, None),
    ],
)
def test_redo(text: str, scene: int | None, job: str | None) -> None:
    command = understood(text)
    assert (command.scene, command.job) == (scene, job)


def test_ids_are_known_by_their_form() -> None:
    assert all(is_job_id(random_id()) for _ in range(100))
    assert not is_job_id("32296183")


def test_the_words_of_admins_stay_as_they_are() -> None:
    command = understood("admin auto <#C123|lab-talk> on")
    assert command.words == ("auto", "#C123", "on")
    assert understood("admin block <@U0ADA|ada>").words == ("block", "@U0ADA")
    assert understood('admin list paper="two words" user=@U0ADA').words == (
        "list",
        "paper=two words",
        "user=@U0ADA",
    )


def test_make_understands_a_sentence_that_holds_one_paper() -> None:
    assert understood("make a video of PMID 32296183 please").source == "32296183"
    assert understood("make this").source == "this"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Look at <https://pubmed.ncbi.nlm.nih.gov/32296183/|this>, great!", "32296183"),
        ("see PMC7224658.", "PMC7224658"),
        ("PMID: 32296183 is out", "32296183"),
        ("New one (doi 10.1038/s41586-020-2012-7)", "10.1038/s41586-020-2012-7"),
        (
            "<https://pubmed.ncbi.nlm.nih.gov/32296183/> <https://doi.org/10.1038/s41586-020-2012-7>",
            "32296183",
        ),
        ("<https://doi.org/10.1038/S41586-020-2012-7|here>", "10.1038/s41586-020-2012-7"),
        ("<https://doi.org/10.1038/a> is like <https://doi.org/10.1038/b>", None),
        ("see doi.org/10.1016/S0140-6736(20)30183-5.", "10.1016/s0140-6736(20)30183-5"),
        ("10.1038/a and 10.1038/b", None),
        ("32296183 and 32296184", None),
        ("32296183 and again 32296183", "32296183"),
        ("<https://pubmed.ncbi.nlm.nih.gov/32296183/> 10.1038/s41586-020-2012-7", "32296183"),
        ("call me at 555-32296183", None),
        ("on 2026-11-22 at 10", None),
        ("nothing here", None),
        ("<https://example.org/a>", None),
        ("", None),
    ],
)
def test_the_one_paper_in_running_words(text: str, source: str | None) -> None:
    assert source_in(text) == source


def test_after_the_paper_only_options_follow() -> None:
    answer = misread("32296183 60")
    assert "60" in answer.sentence
    assert "seconds=60" in answer.sentence


def test_nothing_raises_and_nothing_is_said_back_at_length() -> None:
    chance = random.Random(4)
    pieces = [
        *(
            "make",
            "redo",
            "admin",
            "retry",
            "=",
            "seconds=",
            '"',
            "'",
            "<",
            ">",
            "<@",
            "|",
            "&amp;",
            "\x00",
            "\ud800",
        ),
        *(
            "32296183",
            "PMC1",
            "10.1000/x",
            "https://",
            "~",
            "/etc/passwd",
            "../x.pdf",
            "\u202e",
            "🦆",
            "\n",
            " ",
            "-",
        ),
        *("a" * 5_000, "9" * 5_000, "=" * 500),
    ]
    for _ in range(500):
        text = "".join(chance.choice(pieces) for _ in range(chance.randrange(12)))
        answer = parse(text)
        source_in(text)
        if isinstance(answer, NotUnderstood):
            assert len(answer.sentence) < 300


def test_a_file_of_this_machine_is_never_meant(tmp_path: pytest.TempPathFactory) -> None:
    secret = tmp_path / "secret.pdf"  # type: ignore[operator]
    there = parse(str(secret))
    secret.write_bytes(b"%PDF-1.7")
    assert parse(str(secret)) == there


@pytest.mark.parametrize("word", ["off", "None", "no", "False"])
def test_no_figures_may_be_said_in_many_ways(word: str) -> None:
    assert parse(f"32296183 figures={word}") == parse("32296183 figures=off")


def test_a_colon_makes_no_option_of_an_address() -> None:
    said = parse("https://pubmed.ncbi.nlm.nih.gov/32296183/?a=audience:student")
    assert isinstance(said, Command)
    assert said.options == Options()


@pytest.mark.parametrize(
    ("text", "voice", "style"),
    [
        ("32296183 voice=Kore", "gemini:Kore", None),
        ("32296183 voice=gemini:puck style=\"calm and clear\"", "gemini:Puck", "calm and clear"),
        ("make 32296183 voice=hibari", "hibari", None),
        ("32296183 style=slow,voice=Leda", "gemini:Leda", "slow"),
    ],
)  # fmt: skip
def test_who_speaks_and_how(text: str, voice: str, style: str | None) -> None:
    command = parse(text)
    assert isinstance(command, Command)
    assert (command.options.voice, command.options.style) == (voice, style)


def test_a_voice_that_is_none_is_said_to() -> None:
    answer = parse("32296183 voice=Koree")
    assert isinstance(answer, NotUnderstood)
    assert (answer.nearest, "“Koree”" in answer.sentence) == ("voice=Kore", True)
    assert isinstance(parse("32296183 style=<b>loud</b>"), NotUnderstood)
    assert isinstance(parse("me voice=Kore"), NotUnderstood)
