"""What is asked before something is done, where the platform's buttons can't ask it themselves."""

from __future__ import annotations

import json

import pytest

from bots.cards.card import Button, Buttons, Card, Chosen, Entry, plainly
from bots.cards.questions import NEVER_MIND, question_card
from bots.desk.desk import Desk
from jobs.office import Office
from storage.records import JobState
from tests.bots.desks import ADA, BEN, BOSS, ask, begun
from tests.jobs.offices import job_now
from tests.pictures.states import states


def asking(card: Card) -> list[Button]:
    """The buttons of a card that ask something first. Those of a menu don't."""
    rows = [block.buttons for block in card.blocks if isinstance(block, Buttons)]
    asides = [block.buttons for block in card.blocks if isinstance(block, Entry) and len(block.buttons) == 1]
    return [button for some in (*rows, *asides) for button in some if button.confirm is not None]


def words(card: Card) -> str:
    return " ".join(plainly(block.spans) for block in card.blocks if block.kind == "paragraph")


def answers(card: Card) -> tuple[Button, ...]:
    [row] = [block for block in card.blocks if isinstance(block, Buttons)]
    return row.buttons


def test_every_deed_that_a_card_asks_about_is_asked_about_by_the_desk(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(ADA), "32296183"))
    buttons = {one.deed: one for some in states().values() for shown in some for one in asking(shown.card)}
    assert set(buttons) == {"cancel", "delete", "discard", "forget-me", "home-delete", "home-pause"}

    for deed, button in buttons.items():
        value = job.id if deed in ("cancel", "delete", "discard") else button.value
        reply = desk.question(ask(ADA.model_copy(update={"admin": True})), deed, value)

        assert reply is not None
        assert button.confirm is not None
        if deed != "cancel":  # what was spent is told as it stands
            assert words(reply.card) == f"{button.confirm.title}\n{button.confirm.text}"
        yes, no = answers(reply.card)
        assert (yes.label, yes.deed, yes.value) == (button.confirm.yes, deed, value)
        assert (no.label, no.deed) == (button.confirm.no, NEVER_MIND)
        assert (yes.confirm, no.confirm) == (None, None)
        assert reply.private


def test_the_answer_is_done_and_no_is_nothing(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(ADA), "32296183"))
    reply = desk.question(ask(ADA), "cancel", job.id)
    assert reply is not None
    yes, no = answers(reply.card)

    never_mind = desk.press(ask(ADA), no.deed, no.value)
    assert never_mind is not None
    assert never_mind.replace
    assert job_now(office, job.id).state is not JobState.CANCELLED

    desk.press(ask(ADA), yes.deed, yes.value)
    assert job_now(office, job.id).state is JobState.CANCELLED


def test_whoever_may_not_is_told_so_and_not_asked(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(ADA), "32296183"))

    for who, deed, value in (
        (BEN, "delete", job.id),
        (BEN, "discard", job.id),
        (BEN, "home-pause", "yes"),
        (BEN, "admin-delete", json.dumps([job.id])),
        (ADA, "home-delete", Chosen(values=(job.id,)).model_dump_json()),
        (ADA, "cancel", "nosuchid"),
    ):
        reply = desk.question(ask(who), deed, value)
        assert reply is not None
        assert not any(isinstance(block, Buttons) for block in reply.card.blocks)


def test_what_needs_no_question_gets_none(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(ADA), "32296183"))

    assert desk.question(ask(ADA), "retry", job.id) is None
    assert desk.question(ask(BOSS), "home-pause", "no") is None
    with pytest.raises(ValueError, match="asks nothing"):
        question_card(Button(label="Retry", deed="retry"))


def test_several_are_asked_about_by_their_number(desk: Desk) -> None:
    reply = desk.question(ask(BOSS), "admin-delete", json.dumps(["k3mfq7xz", "abcdefgh"]))

    assert reply is not None
    assert words(reply.card).startswith("Delete 2 videos?")
    assert desk.question(ask(BOSS), "admin-delete", "no json") is not None
