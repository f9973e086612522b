"""One's own page, and for admins the workspace's: a message that only they see, with what the desk says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from bots.cards.card import Card, Chosen
from bots.cards.filters import folded, refined, unfolded
from bots.desk.desk import Reply
from bots.desk.replies import Document, said
from bots.discord.answers import Back
from bots.discord.forms import (
    LIMITS,
    PERSON,
    SEARCH,
    WORKSPACE,
    limits_card,
    limits_in_words,
    limits_modal,
    search_modal,
    searched,
)
from bots.discord.front import Front
from bots.discord.pressed import Press, Recall, standing
from bots.people import Ask
from storage.catalogue import Filter
from storage.workspaces import terms

#: Choices of an admin → the command that says the same.
_SAID: Final = {"home-access": "allow", "home-guests": "guests", "home-approval": "approval"}
_ON_OFF: Final = {"yes": "on", "no": "off"}
#: Presses whose answer is told; what others did is seen on the page.
_TOLD: Final = frozenset({"home-code", "home-delete", "home-csv"})
_TURNING: Final = frozenset({"home-mine", "home-admin", "home-page", "home-filter"})


@dataclass(frozen=True)
class Page:
    """What somebody looks at: their own videos or the workspace's; `at` is an offset, or a folded filter."""

    admin: bool = False
    at: str = ""

    @classmethod
    def of(cls, components: Sequence[Mapping[str, Any]], recall: Recall) -> Page | None:
        """The page that a message shows, if it is one: its search knows the filter that stands there."""
        at = standing(components, SEARCH, recall)
        if at is not None:
            return cls(admin=True, at=at)
        tab = standing(components, "home-mine", recall)
        return None if tab is None else cls()


async def page_card(front: Front, ask: Ask, page: Page) -> Card:
    """The page as it is now."""
    desk, call = front.desk, front.reception.work.call
    if page.admin:
        return await call(desk.admin_home, ask, *unfolded(page.at))
    return await call(desk.home, ask, int(page.at) if page.at.isdecimal() else 0)


async def press_at_home(front: Front, ask: Ask, back: Back, press: Press, page: Page | None) -> None:
    """A press on the page, or on a question that came from it: it turns it, or says to the desk what it means."""
    if press.deed in _TURNING:
        now = front.reception.office.database.now()
        await _redrawn(front, ask, back, _turned(page or Page(), press.deed, press.value, now))
        return
    if press.deed == LIMITS:
        await front.answers.ask(back, Reply(card=limits_card()))
        return
    try:
        reply = await _decided(front, ask, press.deed, press.value)
    except ValidationError:
        reply = said("This button is of an older page; open the page again.")
    if page is None:
        await front.answers.give(back, reply and reply.model_copy(update={"replace": True}))
        return
    if press.deed in _TOLD and reply is not None:
        await front.answers.ask(back, reply)
    await _redrawn(front, ask, back, page)


def opens_form(press: Press) -> bool:
    """Whether a form must be the very first answer to this press."""
    return press.deed == SEARCH or (press.deed == LIMITS and press.value in (PERSON, WORKSPACE))


async def form_of(front: Front, workspace: str, press: Press) -> dict[str, Any]:
    """That form."""
    if press.deed == SEARCH:
        return search_modal(press.value)
    now = await front.reception.work.call(terms, front.reception.office.database, workspace)
    return limits_modal(now, press.value)


async def form_sent(front: Front, ask: Ask, back: Back, press: Press, data: Mapping[str, Any]) -> None:
    """The search or the limits came back."""
    if press.deed == SEARCH:
        await _redrawn(front, ask, back, Page(admin=True, at=searched(press.value, data)))
        return
    work, database = front.reception.work, front.reception.office.database
    words = limits_in_words(data, await work.call(terms, database, ask.who.workspace))
    if words is None:
        await front.answers.give(back, said("The limits stay as they are.", replace=True))
        return
    reply = await work.call(front.desk.command, ask, words)
    await front.answers.give(back, reply.model_copy(update={"replace": True}))


async def _redrawn(front: Front, ask: Ask, back: Back, page: Page) -> None:
    await front.answers.give(back, Reply(card=await page_card(front, ask, page), replace=True))


def _turned(page: Page, deed: str, value: str, now: float) -> Page:
    if deed == "home-mine":
        return Page(at=value)
    if deed == "home-filter":
        try:
            wanted = refined(value, now)
        except ValidationError:
            wanted = Filter()
        return Page(admin=True, at=folded(wanted))
    return Page(admin=True, at=value if deed == "home-page" else page.at if page.admin else "")


async def _decided(front: Front, ask: Ask, deed: str, value: str) -> Reply | None:
    """Say to the desk what the press means."""
    desk, call = front.desk, front.reception.work.call
    if deed == "home-csv":
        sheet = await call(desk.csv, ask, unfolded(value)[0])
        if isinstance(sheet, Reply):
            return sheet
        return said("Here are the videos as a sheet.", document=Document(name="videos.csv", content=sheet))
    if deed == "home-delete":
        ids = list(Chosen.model_validate_json(value).values)
        if not ids:
            return said("Tick the videos that are to be deleted first.")
        return await call(desk.press, ask, "admin-delete", json.dumps(ids))
    if deed == "home-code":
        return await call(desk.command, ask, "rotate-code")
    if deed == "home-pause":
        return await call(desk.command, ask, "admin resume" if value == "no" else "admin pause")
    if deed in _SAID:
        chosen = (Chosen.model_validate_json(value).values or ("",))[0]
        return await call(desk.command, ask, f"admin {_SAID[deed]} {_ON_OFF.get(chosen, chosen)}")
    return None
