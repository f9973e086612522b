"""The vocabulary of messages."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bots.cards.card import (
    Button,
    Buttons,
    Card,
    Chosen,
    Paragraph,
    Span,
    bold,
    joined,
    link,
    moment,
    person,
    plain,
    plainly,
)


def a_card(text: str = "hello") -> Card:
    return Card(
        text=text, blocks=(Paragraph(spans=(plain(text),)), Buttons(buttons=(Button(label="Go", deed="go"),)))
    )


def test_cards_that_look_the_same_have_the_same_digest() -> None:
    assert a_card().digest() == a_card().digest()
    assert len(a_card().digest()) == 32


@pytest.mark.parametrize(
    "other",
    [
        a_card("hallo"),
        Card(text="hello", blocks=a_card().blocks[:1]),
        Card(text="hello", blocks=(Paragraph(spans=(bold("hello"),)), a_card().blocks[1])),
    ],
)
def test_cards_that_differ_have_different_digests(other: Card) -> None:
    assert other.digest() != a_card().digest()


def test_a_card_with_half_a_surrogate_pair_still_has_a_digest() -> None:
    assert a_card("\ud83d").digest() != a_card("?").digest()


def test_a_card_survives_being_written_and_read() -> None:
    assert Card.model_validate_json(a_card().model_dump_json()) == a_card()


def test_cards_are_frozen_and_know_their_blocks() -> None:
    with pytest.raises(ValidationError):
        Card.model_validate({"text": "x", "blocks": [{"kind": "marquee", "text": "x"}]})
    with pytest.raises(ValidationError):
        a_card().text = "other"


def test_joined_leaves_out_what_is_not_there() -> None:
    assert plainly(joined("66 s", None, "", bold("8 scenes"), link("Watch", "https://example.org"))) == (
        "66 s · 8 scenes · Watch"
    )
    assert joined(None, "") == ()


def test_a_moment_says_itself_in_utc_where_nobody_knows_the_readers_time() -> None:
    at = 1_795_255_920.0
    assert moment(at) == Span(text="10:12 UTC", style="moment", target="time:1795255920")
    assert moment(at, "day").text == "21 November 2026"
    assert moment(at, "both").text == "21 November, 10:12 UTC"


def test_a_person_is_named_where_they_cannot_be_mentioned() -> None:
    assert plainly((person("U1", "Ada"), plain(" and "), person("U2"))) == "Ada and U2"


def test_what_was_chosen_can_be_written_and_read() -> None:
    chosen = Chosen(context="s=done&q=a%26b", values=("u=1", "<x>"))
    assert Chosen.model_validate_json(chosen.model_dump_json()) == chosen
