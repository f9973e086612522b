"""Words that are no command: what people say to an app as they would to a person."""

from __future__ import annotations

import pytest

from bots.desk.desk import Desk
from jobs.office import Office
from tests.bots.desks import ADA, ask, begun, buttons_of, jobs_of


@pytest.mark.parametrize(
    "words",
    [
        "please make a video of 31000020",
        "Could you make one of https://pubmed.ncbi.nlm.nih.gov/31000020/ ?",
        "Can you do PMID: 31000020, please?",
        "31000020 would be nice, thanks!",
    ],
)
def test_a_paper_in_running_words_is_offered(desk: Desk, office: Office, words: str) -> None:
    reply = desk.command(ask(), words)
    assert reply.card.text == "Shall I make a video of PMID 31000020?"
    assert jobs_of(office) == []
    button = buttons_of(reply.card)["make-paper"]
    pressed = desk.press(ask(), button.deed, button.value)
    assert begun(office, pressed).source == "31000020"
    assert pressed is not None
    assert pressed.replace


def test_its_options_are_kept(desk: Desk, office: Office) -> None:
    reply = desk.command(ask(), "please make a video of 31000020 with seconds=45")
    button = buttons_of(reply.card)["make-paper"]
    assert '"seconds":45' in begun(office, desk.press(ask(), button.deed, button.value)).order


@pytest.mark.parametrize(
    "words", ["31000009 31000010", "make 31000009 and 31000010", "31000009, 31000010 please"]
)
def test_several_papers_are_asked_for_one_by_one(desk: Desk, office: Office, words: str) -> None:
    text = desk.command(ask(), words).card.text
    assert text == "One paper at a time: say /paper 31000009, then /paper 31000010."
    assert jobs_of(office) == []


@pytest.mark.parametrize("words", ["thanks!", "Thank you so much", "great!", "perfect", "thx"])
def test_thanks_are_answered_kindly(desk: Desk, words: str) -> None:
    assert desk.command(ask(), words).card.text == "You’re welcome."


@pytest.mark.parametrize(
    "words", ["what can you do?", "how does this work?", "What is this?", "can you help me"]
)
def test_a_question_is_answered_with_the_help(desk: Desk, words: str) -> None:
    assert desk.command(ask(), words).card == desk.command(ask(), "help").card


def test_a_misspelt_command_is_no_talk(desk: Desk) -> None:
    assert "Did you mean /paper cancel?" in desk.command(ask(), "cancle 31000020").card.text
    assert "after redo" in desk.command(ask(), "redo the one of 31000020").card.text
    assert "I don’t know what “lorem” means" in desk.command(ask(), "lorem ipsum dolor").card.text


@pytest.mark.parametrize(
    ("words", "doi"),
    [
        ("10.1038/s41586-020-2649-2", "10.1038/s41586-020-2649-2"),
        ("doi:10.1038/S41586-020-2649-2.", "10.1038/s41586-020-2649-2"),
        ("<https://doi.org/10.1101/2020.01.01.123|doi.org/10.1101/2020.01.01.123>", "10.1101/2020.01.01.123"),
        ("doi.org/10.1016/S0140-6736(20)30183-5", "10.1016/s0140-6736(20)30183-5"),
        ("make https://dx.doi.org/10.1016%2FS0140-6736(20)30183-5", "10.1016/s0140-6736(20)30183-5"),
        (
            "10.1002/(SICI)1097(19)17:15&lt;16::AID-1&gt;3.0.CO;2-2",
            "10.1002/(sici)1097(19)17:15<16::aid-1>3.0.co;2-2",
        ),
    ],
)
def test_a_doi_is_made_like_any_id(desk: Desk, office: Office, words: str, doi: str) -> None:
    assert begun(office, desk.command(ask(), words)).source == doi


@pytest.mark.parametrize(
    ("words", "doi"),
    [
        ("please make a video of https://doi.org/10.1101/1", "10.1101/1"),
        (
            "could you do this one (https://doi.org/10.1016/S0140-6736(20)30183-5)?",
            "10.1016/s0140-6736(20)30183-5",
        ),
    ],
)
def test_a_doi_in_running_words_is_offered(desk: Desk, office: Office, words: str, doi: str) -> None:
    reply = desk.command(ask(), words)
    assert reply.card.text == f"Shall I make a video of {doi}?"
    assert buttons_of(reply.card)["make-paper"].value == f"make {doi}"
    assert jobs_of(office) == []


@pytest.mark.parametrize(
    "words",
    [
        "https://www.nature.com/articles/s41586-020-2649-2",
        "make https://journals.example.org/doi/full/10.1038/s41586-020-2649-2?download=1",
    ],
)
def test_the_page_of_a_publisher_leads_to_its_doi(desk: Desk, office: Office, words: str) -> None:
    reply = desk.command(ask(), words)
    assert "I can’t read that page" in reply.card.text
    assert jobs_of(office) == []
    button = buttons_of(reply.card)["make-paper"]
    pressed = desk.press(ask(), button.deed, button.value)
    assert begun(office, pressed).source == "10.1038/s41586-020-2649-2"


def test_a_preprint_is_to_be_dropped(desk: Desk) -> None:
    for words in ("https://arxiv.org/abs/1706.03762", "10.48550/arXiv.1706.03762"):
        assert "drop the PDF" in desk.command(ask(), words).card.text


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("31000039.", "31000039"),
        ("pmid: 31000012", "31000012"),
        ("pmc 31000013", "PMC31000013"),
        ("PMID:31000038,seconds=45", "31000038"),
    ],
)
def test_an_id_however_it_is_written(desk: Desk, office: Office, words: str, source: str) -> None:
    assert begun(office, desk.command(ask(ADA), words)).source == source
