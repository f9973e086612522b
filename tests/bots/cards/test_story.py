"""The script in the thread, and the question whether it may be used."""

from __future__ import annotations

from bots.cards.card import Buttons, Card, Paragraph, Quote, Small, plainly
from bots.cards.story import answered_card, approval_card, script_cards
from bots.slack.blocks import ALL_TEXT, blocks
from pipeline.model import Claim, Evidence, Finding, Scene, Script
from pipeline.paper.jats import ABSTRACT_ONLY
from storage.records import JobState, Waiting
from tests.bots.slack.block_kit import held_to_the_rules, seen
from tests.pictures.samples import NOW, PAPER, WARNING, job, paper, rewritten, script, view


def test_each_scene_stands_over_the_passages_that_it_rests_on() -> None:
    [card] = script_cards(view(job()), script(), paper(), [])

    said = [plainly(block.spans) for block in card.blocks if isinstance(block, Paragraph | Quote)]
    third = said.index(
        "3  What they did\nThe researchers compared three ways to time their captions: even spacing, spacing in "
        "proportion to letters, and the durations that the voice's own model computes."
    )
    assert said[third + 1].startswith("“We compared three ways")
    assert said[third + 1].endswith("\nMethods, page 2")
    assert said[-1] == "8  Source\nByron et al., 2026. Narrated by a machine."


def test_what_is_said_word_for_word_is_not_said_twice() -> None:
    [card] = script_cards(view(job()), script(), paper(), [])

    quotes = [plainly(block.spans) for block in card.blocks if isinstance(block, Quote)]
    assert quotes[0] == "Word for word: Abstract, page 1"


def test_remarks_stand_beneath_the_scene_that_they_are_about() -> None:
    general = Finding(check="evidence", severity="warn", sentence="The video ends without naming its source.")

    [card] = script_cards(view(job()), rewritten(), paper(), [WARNING, general])

    smalls = [
        (number, plainly(block.spans)) for number, block in enumerate(card.blocks) if isinstance(block, Small)
    ]
    scene = next(
        number
        for number, block in enumerate(card.blocks)
        if isinstance(block, Paragraph) and plainly(block.spans).startswith("4  ")
    )
    assert (scene + 2, f"⚠ {WARNING.sentence}") in smalls
    assert smalls[-1] == (len(card.blocks) - 1, "⚠ The video ends without naming its source.")


def test_a_script_of_an_abstract_says_so() -> None:
    [card] = script_cards(view(job()), script(), paper(abstract_only=True), [])

    assert "the passages of the abstract that it rests on" in seen(blocks(card))


def test_a_long_script_comes_in_several_cards_and_nothing_is_lost() -> None:
    scenes = tuple(
        Scene(
            kind="finding",
            narration=f"This is what scene {number} says. " * 12,
            claims=(
                Claim(
                    text="x",
                    evidence=tuple(
                        Evidence(quote=f"passage {number}.{n} " * 20, section="Results", page=n)
                        for n in range(1, 5)
                    ),
                ),
            ),
        )
        for number in range(30)
    )

    cards = script_cards(view(job()), Script(scenes=scenes), paper(), [])

    assert len(cards) > 3
    whole = "\n".join(seen(blocks(card)) for card in cards)
    assert f"The script (1 of {len(cards)})" in whole
    for number in range(30):
        assert f"This is what scene {number} says." in whole
        assert f"passage {number}.4 " in whole
    for card in cards:
        held_to_the_rules(blocks(card))
        assert len(seen(blocks(card))) < ALL_TEXT


def asked(**changes: object) -> Card:
    state = job(
        state=JobState.AWAITING_APPROVAL,
        waiting=Waiting(why="the script waits for approval", until=NOW + 7 * 86_400),
        **changes,
    )
    return approval_card(view(state), script(), 140 if changes.get("reserved_cents") else 0)


def buttons_of(card: Card) -> dict[str, str]:
    return {
        button.deed: button.style
        for block in card.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    }


def test_the_question_mentions_its_requester_and_says_what_follows() -> None:
    card = asked()

    said = seen(blocks(card))
    assert "@U0ADA The script is ready. Shall the video be made?" in said
    assert "8 scenes, about 65 s. The video costs nothing." in said
    assert "If nobody answers by" in said
    assert buttons_of(card) == {
        "approve": "primary",
        "edit": "normal",
        "shorter": "normal",
        "discard": "danger",
    }
    [row] = [block for block in card.blocks if isinstance(block, Buttons)]
    assert row.buttons[-1].confirm is not None
    assert "The video may cost up to $1.40." in seen(blocks(asked(reserved_cents=140)))


def test_of_a_closed_article_the_pdf_is_asked_for() -> None:
    card = asked(paper=PAPER.model_copy(update={"notes": (ABSTRACT_ONLY,)}))

    assert "attach" in buttons_of(card)
    assert "Only the abstract is free to read" in seen(blocks(card))


def test_an_answered_question_has_no_buttons() -> None:
    card = answered_card(job(), "This script was approved.")

    assert buttons_of(card) == {}
    assert seen(blocks(card)) == "This script was approved."
