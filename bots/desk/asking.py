"""What is asked before something that was pressed is done, on platforms whose buttons can't ask it themselves.

The question is that of the button in the card (`Button.confirm`), as things stand now; who may not do it is told
so at once.
"""

from __future__ import annotations

import json
from typing import Final

from bots.cards import buttons
from bots.cards.admin import delete_ticked, pause
from bots.cards.card import Button
from bots.cards.lists import forget_me
from bots.cards.questions import question_card
from bots.desk import deeds
from bots.desk.access import Standing
from bots.desk.administration import delete_button
from bots.desk.choosing import of_id
from bots.desk.replies import House, Reply, not_admin, said
from storage.records import Job

_OF_ADMINS: Final = frozenset({"home-pause", "home-delete", "admin-delete"})
_OF_A_JOB: Final = frozenset({"cancel", "delete", "discard"})


def question(house: House, me: Standing, deed: str, value: str) -> Reply | None:
    """The question with its two answers, or why it can't be done; `None` for a deed that needs none."""
    if deed in _OF_ADMINS and not me.who.admin:
        return not_admin(house)
    if deed not in _OF_A_JOB:
        asking = _button(deed, value)
        return None if asking is None else _asked(asking, value)
    job = of_id(house, me, value)
    if isinstance(job, str):
        return said(job)
    if no := deeds.refused(house, me, job, deed):
        return said(no)
    return _asked(_of_a_job(job, deed), value)


def _asked(button: Button, value: str) -> Reply:
    return Reply(card=question_card(button.model_copy(update={"value": value})))


def _of_a_job(job: Job, deed: str) -> Button:
    if deed == "discard":
        return next(button for button in buttons.approvals(job) if button.deed == deed)
    return buttons.cancel(job) if deed == "cancel" else buttons.delete(job)


def _button(deed: str, value: str) -> Button | None:
    match deed:
        case "forget-me":
            return forget_me()
        case "home-pause":
            return pause() if value == "yes" else None
        case "home-delete":
            return delete_ticked(value)
        case "admin-delete":
            return delete_button(_ids(value))
        case _:
            return None


def _ids(value: str) -> list[str]:
    try:
        return [str(one) for one in json.loads(value)]
    except (ValueError, TypeError):
        return []
