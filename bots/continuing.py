"""[Continue in DM]: what was asked for where the app can't write goes on in the direct messages, in the same words."""

from __future__ import annotations

import json
from typing import Final

from bots.cards.card import Button, Buttons, Card, Paragraph, Rich, plain, plainly
from bots.commands import Command, parse
from bots.desk.replies import Reply, said
from bots.people import Person, Place
from bots.reception import Reception

#: The button's deed; its value holds the words.
CONTINUE: Final = "continue-dm"
#: The most that a button can carry (characters).
_VALUE: Final = 1_900


def not_here(why: Rich, words: str) -> Reply:
    """What is said where the app can't write: `why`, which ends with what can be done about it.

    Without `words`, or with too many, there is nothing to go on with in the direct messages.
    """
    value = json.dumps({"words": words}, ensure_ascii=False)
    fits = bool(words) and len(value) <= _VALUE
    end = " and ask again, or go on in your direct messages with me." if fits else " and try again."
    spans = (*why, plain(end))
    row = Button(label="Continue in DM", deed=CONTINUE, value=value, style="primary")
    blocks = (Paragraph(spans=spans), *([Buttons(buttons=(row,))] if fits else []))
    return Reply(card=Card(text=plainly(spans), blocks=blocks))


async def go_on_in_dm(reception: Reception, person: Person, place: Place, value: str) -> Reply | None:
    """The same words, said at `place`, their direct messages; `None` for a button without any."""
    try:
        words = str(json.loads(value)["words"])
    except (ValueError, KeyError, TypeError):
        return None
    reply = await reception.told(reception.ask(person, place), words)
    if reply is not None and reply.job is not None:
        return said("It goes on in your direct messages with me.", job=reply.job, replace=True)
    return reply


def is_about_files(words: str) -> bool:
    """Whether words that came with a file say what to make of it, and are no mere chat."""
    return isinstance(parse(words) if words else None, Command)
