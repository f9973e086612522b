"""The question before a button does what it says, as a card: for platforms whose buttons can't ask it themselves."""

from __future__ import annotations

from typing import Final

from bots.cards.card import Button, Buttons, Card, Paragraph, bold, plain

#: The deed of the answer that nothing is to be done.
NEVER_MIND: Final = "never-mind"


def question_card(button: Button) -> Card:
    """What the button's `confirm` asks, over the two answers. Raises `ValueError` for one that asks nothing."""
    ask = button.confirm
    if ask is None:
        raise ValueError(f"{button.deed!r} asks nothing")
    yes = Button(
        label=ask.yes, deed=button.deed, value=button.value, style="danger" if ask.danger else "primary"
    )
    words = Paragraph(spans=(bold(ask.title), plain(f"\n{ask.text}")))
    answers = Buttons(buttons=(yes, Button(label=ask.no, deed=NEVER_MIND)))
    return Card(text=f"{ask.title} {ask.text}", blocks=(words, answers), tone="asks")
