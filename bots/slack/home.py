"""The App Home: one's own page, and for admins the workspace's. What stands there is what the desk says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from bots.cards.card import Chosen
from bots.cards.filters import SEARCH as LONGEST_SEARCH
from bots.cards.filters import folded, refined, unfolded
from bots.desk.desk import Reply
from bots.desk.replies import Document, said
from bots.people import Ask
from bots.slack import rules
from bots.slack.answers import Back, View, shown_in_form
from bots.slack.blocks import home
from bots.slack.directory import Person
from bots.slack.forms import field, filled, modal
from bots.slack.reception import Reception
from storage.catalogue import Filter
from storage.quotas import Caps

#: Forms that open from the page.
SEARCH, LIMITS = "home-search", "home-limits"
FORMS: Final = frozenset({SEARCH, LIMITS}) | rules.FORMS
#: Choices of an admin → the command that says the same.
_SAID: Final = {
    "home-access": "allow",
    "home-guests": "guests",
    "home-approval": "approval",
    "home-retention": "retention",
}
_ON_OFF: Final = {"yes": "on", "no": "off"}
#: Presses whose answer is told; what others did is seen on the page.
_TOLD: Final = frozenset({"home-code", "home-delete", "home-csv", "home-retention"})
_TURNING: Final = frozenset({"home-mine", "home-admin", "home-page", "home-filter"})


@dataclass(frozen=True)
class Page:
    """What somebody looks at: their own videos or the workspace's; `at` is an offset, or a folded filter."""

    admin: bool = False
    at: str = ""

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Page | None:
        """The page that a home view, or a form that was opened from it, remembers."""
        try:
            known = json.loads(view.get("private_metadata") or "{}")["home"]
            return cls(bool(known["admin"]), str(known["at"]))
        except (ValueError, KeyError, TypeError):
            return None

    @property
    def known(self) -> dict[str, Any]:
        """What a view remembers of it."""
        return {"home": {"admin": self.admin, "at": self.at}}


async def opened(reception: Reception, body: Mapping[str, Any]) -> None:
    """Somebody opened the page (their messages with us are told of by the same event)."""
    event = body["event"]
    if event.get("tab", "home") != "home":
        return
    back = Back(user=str(event.get("user") or ""), channel=event.get("channel"), kind="dm")
    person = await reception.speaker(body, back)
    if person is not None:
        await publish(reception, asks_at_home(reception, person), Page.of(event.get("view") or {}) or Page())


async def publish(reception: Reception, ask: Ask, page: Page) -> None:
    """Draw the page anew."""
    desk, call = reception.desk, reception.work.call
    if page.admin:
        card = await call(desk.admin_home, ask, *unfolded(page.at))
    else:
        card = await call(desk.home, ask, int(page.at) if page.at.isdecimal() else 0)
    view = home(card) | {"private_metadata": json.dumps(page.known)}
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
    if deed in _TURNING:
        await publish(reception, ask, _turned(reception, page, deed, value))
        return
    if deed in FORMS:
        await reception.answers.form(back, await _form(reception, ask, deed, value, page))
        return
    try:
        reply = await _decided(reception, ask, deed, value)
    except ValidationError:
        reply = said("This button is of an older page; open the page again.")
    if deed in _TOLD and reply is not None:
        await reception.give(back, reply)
    await publish(reception, ask, page)


def wrong_fields(body: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the limits as they were typed, by field."""
    if body["view"]["callback_id"] != LIMITS:
        return {}
    return {
        name: "A whole number, or nothing for no limit."
        for name, text in filled(body["view"]).items()
        if (bare := text.strip()) and not (bare.isascii() and bare.isdecimal() and len(bare) < 10)
    }


async def form_came_back(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """One of the page's forms was sent."""
    view = body["view"]
    if not await reception.first(f"view:{view['id']}:{view.get('hash')}"):
        return
    person = await reception.speaker(body, back)
    if person is None:
        return
    ask, page = asks_at_home(reception, person), Page.of(view) or Page()
    if view["callback_id"] in rules.FORMS:
        if (reply := await rules.decided(reception, ask, view)) is not None:
            await reception.give(back, reply)
        await publish(reception, ask, page)
        return
    typed = filled(view)
    if view["callback_id"] == SEARCH:
        wanted, _ = unfolded(page.at)
        wanted = wanted.model_copy(update={"paper": " ".join(typed.get("paper", "").split())})
        await publish(reception, ask, Page(admin=True, at=folded(wanted)))
        return
    before = json.loads(view["private_metadata"])["caps"]
    changed = [
        f"{name}={text.strip() or 'none'}" for name, text in typed.items() if text.strip() != before[name]
    ]
    if changed:
        reply = await reception.work.call(reception.desk.command, ask, f"admin quota {' '.join(changed)}")
        await reception.give(back, reply)
    await publish(reception, ask, page)


def _turned(reception: Reception, page: Page, deed: str, value: str) -> Page:
    if deed == "home-mine":
        return Page(at=value)
    if deed == "home-filter":
        try:
            wanted = refined(value, reception.office.database.now())
        except ValidationError:
            wanted = Filter()
        return Page(admin=True, at=folded(wanted))
    return Page(admin=True, at=value if deed == "home-page" else page.at if page.admin else "")


async def _decided(reception: Reception, ask: Ask, deed: str, value: str) -> Reply | None:
    """Say to the desk what the press means."""
    desk, call = reception.desk, reception.work.call
    if deed == "home-csv":
        sheet = await call(desk.csv, ask, unfolded(value)[0])
        if isinstance(sheet, Reply):
            return sheet
        told = "The sheet is in your direct messages with me."
        return said(told, document=Document(name="videos.csv", content=sheet))
    if deed == "home-delete":
        ids = list(Chosen.model_validate_json(value).values)
        if not ids:
            return said("Tick the videos that are to be deleted first.")
        return await call(desk.press, ask, "admin-delete", json.dumps(ids))
    if deed == "home-code":
        return await call(desk.command, ask, "rotate-code")
    if deed == "home-pause":
        return await call(desk.command, ask, "admin resume" if value == "no" else "admin pause")
    if deed == "home-auto-off":
        return await rules.said_to_desk(reception, ask, f"admin auto #{value} off")
    if deed in _SAID:
        chosen = (Chosen.model_validate_json(value).values or ("",))[0]
        return await call(desk.command, ask, f"admin {_SAID[deed]} {_ON_OFF.get(chosen, chosen)}")
    return None


async def _form(reception: Reception, ask: Ask, deed: str, value: str, page: Page) -> View:
    if deed in rules.FORMS:
        return rules.form(deed, page.known)
    return _search(value) if deed == SEARCH else await _limits(reception, ask, page)


def _search(value: str) -> View:
    wanted, _ = unfolded(value)
    label = "Part of the title, a PMID, PMCID, DOI or a file’s name"
    fields = [field("paper", label, wanted.paper, most=LONGEST_SEARCH, optional=True)]
    known = Page(admin=True, at=value).known
    return modal(SEARCH, fields, title="Search a paper", submit="Search", known=known)


async def _limits(reception: Reception, ask: Ask, page: Page) -> View:
    now = await reception.work.call(reception.desk.limits, ask)
    if isinstance(now, Reply):
        return shown_in_form(now.card)
    caps = {name: "" if (cap := getattr(now, name)) is None else str(cap) for name in Caps.model_fields}
    fields = [field(name, _label(name), text, most=9, optional=True) for name, text in caps.items()]
    known = page.known | {"caps": caps}
    return modal(LIMITS, fields, title="Limits", submit="Save", known=known)


def _label(name: str) -> str:
    """ "videos_per_user_day" as people read it."""
    thing, _, rest = name.partition("_per_")
    whose = "one person" if rest.startswith("user_") else "the workspace"
    return f"{'Videos' if thing == 'videos' else 'US cents'} for {whose} a {rest.removeprefix('user_')}"
