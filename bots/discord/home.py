"""One's own page, and for admins the workspace's: a message that only they see, with what the desk says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bots.desk.desk import Reply
from bots.desk.replies import said
from bots.discord import rules
from bots.discord.answers import Back
from bots.discord.forms import Modal, fields_of, limits_card, search_modal
from bots.discord.front import Front
from bots.discord.pressed import Press, Recall, standing
from bots.pages import LIMITS, SEARCH, TOLD, TURNING, Page, decided, page_card, searched, turned
from bots.people import Ask


def page_of(components: Sequence[Mapping[str, Any]], recall: Recall) -> Page | None:
    """The page that a message shows, if it is one: its search, or its "Forget me", knows which."""
    at = standing(components, SEARCH, recall)
    if at is not None:
        return Page(admin=True, at=at)
    at = standing(components, "forget-me", recall, asks=True)
    return Page(at=at) if at else None


async def show_page(front: Front, ask: Ask, back: Back, page: Page) -> None:
    """Show the page to whoever asked for it."""
    await front.answers.give(back, Reply(card=await page_card(front, ask, page)))


async def press_at_home(front: Front, ask: Ask, back: Back, press: Press, page: Page | None) -> None:
    """A press on the page, or on a question that came from it: it turns it, or says to the desk what it means."""
    if press.deed in TURNING:
        now = front.office.database.now()
        await redraw(front, ask, back, turned(page or Page(), press.deed, press.value, now))
        return
    if press.deed == LIMITS:
        await front.answers.ask(back, Reply(card=limits_card()))
        return
    reply = await decided(front, ask, press.deed, press.value)
    if page is None:
        await front.answers.give(back, reply and reply.model_copy(update={"replace": True}))
        return
    if press.deed in TOLD and reply is not None:
        await front.answers.ask(back, reply)
    await redraw(front, ask, back, page)


def opens_form(press: Press) -> bool:
    """Whether a form must be the very first answer to this press."""
    return press.deed == SEARCH or rules.opens_form(press)


async def form_of(front: Front, ask: Ask, press: Press) -> Modal | Reply:
    """That form, or why there is none."""
    return search_modal(press.value) if press.deed == SEARCH else await rules.form_of(front, ask, press)


async def form_sent(
    front: Front, ask: Ask, back: Back, press: Press, data: Mapping[str, Any], page: Page | None
) -> None:
    """One of the page's forms came back."""
    if press.deed == SEARCH:
        await redraw(front, ask, back, searched(press.value, fields_of(data).get("paper", "")))
        return
    words = rules.words_of(press, data)
    reply = await front.told(ask, words) if words else said("Nothing is changed.")
    if reply is None or page is None:
        await front.answers.give(back, reply and reply.model_copy(update={"replace": True}))
        return
    await front.answers.ask(back, reply)
    await redraw(front, ask, back, page)


async def redraw(front: Front, ask: Ask, back: Back, page: Page) -> None:
    """Show the page as it is now, where it was pressed."""
    await front.answers.give(back, Reply(card=await page_card(front, ask, page), replace=True))
