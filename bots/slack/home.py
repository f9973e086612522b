"""The App Home: one's own page, and for admins the workspace's. What stands there is what the desk says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bots.cards.filters import SEARCH as LONGEST_SEARCH
from bots.cards.filters import unfolded
from bots.desk.desk import Reply
from bots.pages import (
    CHANNEL,
    LIMITS,
    PEOPLE,
    SEARCH,
    TOLD,
    TURNING,
    Page,
    decided,
    page_card,
    searched,
    turned,
)
from bots.people import Ask, Person
from bots.rules import limit_label, of_limits, shown
from bots.slack import rules
from bots.slack.answers import Back, View, shown_in_form
from bots.slack.blocks import home
from bots.slack.forms import field, filled, modal
from bots.slack.reception import Reception
from storage.cap_words import cap_of, wanted

#: Forms that open from the page.
FORMS: Final = frozenset({SEARCH, LIMITS, PEOPLE, CHANNEL})


def page_of(view: Mapping[str, Any]) -> Page | None:
    """The page that a home view, or a form that was opened from it, remembers."""
    try:
        known = json.loads(view.get("private_metadata") or "{}")["home"]
        return Page(bool(known["admin"]), str(known["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def known_of(page: Page) -> dict[str, Any]:
    """What a view remembers of the page."""
    return {"home": {"admin": page.admin, "at": page.at}}


async def opened(reception: Reception, body: Mapping[str, Any]) -> None:
    """Somebody opened the page (their messages with us are told of by the same event)."""
    event = body["event"]
    if event.get("tab", "home") != "home":
        return
    back = Back(user=str(event.get("user") or ""), channel=event.get("channel"), kind="dm")
    person = await reception.speaker(body, back)
    if person is not None:
        await publish(reception, asks_at_home(reception, person), page_of(event.get("view") or {}) or Page())


async def publish(reception: Reception, ask: Ask, page: Page) -> None:
    """Draw the page anew."""
    view = home(await page_card(reception, ask, page)) | {"private_metadata": json.dumps(known_of(page))}
    await reception.client.views_publish(user_id=ask.who.user, view=view)


def asks_at_home(reception: Reception, person: Person) -> Ask:
    """What somebody asks on their page: a place where nobody else reads."""
    return reception.ask(person, reception.directory.placed(person.requester.user, "dm"))


async def press_at_home(
    reception: Reception, back: Back, person: Person, what: tuple[str, str], page: Page
) -> None:
    """A press on the page: it turns it, or says to the desk what it means."""
    deed, value = what
    ask = asks_at_home(reception, person)
    if deed in TURNING:
        await publish(reception, ask, turned(page, deed, value, reception.office.database.now()))
        return
    if deed in FORMS:
        await reception.answers.form(back, await _form(reception, ask, deed, value, page))
        return
    reply = await decided(reception, ask, deed, value)
    if deed in TOLD and reply is not None:
        await reception.give(back, reply)
    await publish(reception, ask, page)


def wrong_fields(body: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the limits as they were typed, by field."""
    if body["view"]["callback_id"] != LIMITS:
        return {}
    return {
        name: f"{wanted(name).capitalize()}, or nothing for no limit."
        for name, text in filled(body["view"]).items()
        if (bare := text.replace(" ", "")) and cap_of(name, bare) is None
    }


async def form_came_back(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """One of the page's forms was sent."""
    view = body["view"]
    if not await reception.first(f"view:{view['id']}:{view.get('hash')}"):
        return
    person = await reception.speaker(body, back)
    if person is None:
        return
    ask, page = asks_at_home(reception, person), page_of(view) or Page()
    if view["callback_id"] == SEARCH:
        await publish(reception, ask, searched(page.at, filled(view).get("paper", "")))
        return
    if words := _words(view):
        await reception.give(back, await reception.told(ask, words))
    await publish(reception, ask, page)


def _words(view: Mapping[str, Any]) -> str:
    """The form in the words that an admin could type; "" where nothing was chosen or changed."""
    if view["callback_id"] == LIMITS:
        return of_limits(filled(view), json.loads(view["private_metadata"])["caps"])
    return rules.words_of(view)


async def _form(reception: Reception, ask: Ask, deed: str, value: str, page: Page) -> View:
    if deed in (PEOPLE, CHANNEL):
        return rules.form(deed, known_of(page))
    return _search(value) if deed == SEARCH else await _limits(reception, ask, page)


def _search(value: str) -> View:
    wanted, _ = unfolded(value)
    label = "Part of the title, a PMID, PMCID, DOI or a file’s name"
    fields = [field("paper", label, wanted.paper, most=LONGEST_SEARCH, optional=True)]
    known = known_of(Page(admin=True, at=value))
    return modal(SEARCH, fields, title="Search a paper", submit="Search", known=known)


async def _limits(reception: Reception, ask: Ask, page: Page) -> View:
    now = await reception.work.call(reception.desk.limits, ask)
    if isinstance(now, Reply):
        return shown_in_form(now.card)
    caps = shown(now)
    fields = [field(name, _label(name), text, most=11, optional=True) for name, text in caps.items()]
    known = known_of(page) | {"caps": caps}
    return modal(LIMITS, fields, title="Limits", submit="Save", known=known)


def _label(name: str) -> str:
    """ "videos_per_user_day" as people read it."""
    whose = "" if name.endswith("_job") else f" for {'one person' if '_user_' in name else 'the workspace'}"
    what, a, span = limit_label(name).rpartition(" a ")
    return f"{what}{whose}{a}{span}"
