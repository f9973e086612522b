"""One's own page, and for admins the workspace's: which one is looked at, and what a press in it means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from bots.cards.card import Card, Chosen
from bots.cards.filters import folded, refined, unfolded
from bots.desk.replies import Reply, said
from bots.people import Ask
from bots.reception import Reception
from bots.rules import of_channel
from storage.catalogue import Filter

#: The deeds of buttons that open a form.
SEARCH, LIMITS, PEOPLE, CHANNEL = "home-search", "home-limits", "home-people", "home-channel"
#: Presses whose answer is told; what others did is seen on the page.
TOLD: Final = frozenset({"home-code", "home-delete", "home-csv", "home-retention", "home-uploads"})
#: Presses that only turn the page.
TURNING: Final = frozenset({"home-mine", "home-admin", "home-page", "home-filter"})
#: Choices of an admin → the command that says the same.
_SAID: Final = {
    "home-access": "allow",
    "home-guests": "guests",
    "home-approval": "approval",
    "home-retention": "retention",
    "home-uploads": "uploads",
    "home-on-failure": "on-failure",
}
_ON_OFF: Final = {"yes": "on", "no": "off"}


@dataclass(frozen=True)
class Page:
    """What somebody looks at: their own videos or the workspace's; `at` is an offset, or a folded filter."""

    admin: bool = False
    at: str = ""


async def page_card(reception: Reception, ask: Ask, page: Page) -> Card:
    """The page as it is now."""
    desk, call = reception.desk, reception.work.call
    if page.admin:
        return await call(desk.admin_home, ask, *unfolded(page.at))
    return await call(desk.home, ask, int(page.at) if page.at.isdecimal() else 0)


def turned(page: Page, deed: str, value: str, now: float) -> Page:
    """The page that a press of `TURNING` leads to."""
    if deed == "home-mine":
        return Page(at=value)
    if deed == "home-filter":
        try:
            wanted = refined(value, now)
        except ValidationError:
            wanted = Filter()
        return Page(admin=True, at=folded(wanted))
    return Page(admin=True, at=value if deed == "home-page" else page.at if page.admin else "")


def searched(at: str, typed: str) -> Page:
    """The page with the videos whose paper was searched for; `at` is the filter that stood there."""
    wanted, _ = unfolded(at)
    return Page(admin=True, at=folded(wanted.model_copy(update={"paper": " ".join(typed.split())})))


async def decided(reception: Reception, ask: Ask, deed: str, value: str) -> Reply | None:
    """Say to the desk what a press means that doesn't turn the page; its answer."""
    try:
        return await _decided(reception, ask, deed, value)
    except ValidationError:
        return said("This button is of an older page; open the page again.")


async def _decided(reception: Reception, ask: Ask, deed: str, value: str) -> Reply | None:
    desk, call = reception.desk, reception.work.call
    match deed:
        case "home-csv":
            return await call(desk.sheet, ask, unfolded(value)[0])
        case "home-delete":
            ids = list(Chosen.model_validate_json(value).values)
            if not ids:
                return said("Tick the videos that are to be deleted first.")
            return await call(desk.press, ask, "admin-delete", json.dumps(ids))
        case "home-code":
            return await reception.told(ask, "rotate-code")
        case "home-pause":
            return await reception.told(ask, "admin resume" if value == "no" else "admin pause")
        case "home-auto-off":
            return await reception.told(ask, of_channel(value, on=False))
        case _ if deed in _SAID:
            chosen = (Chosen.model_validate_json(value).values or ("",))[0]
            return await reception.told(ask, f"admin {_SAID[deed]} {_ON_OFF.get(chosen, chosen)}")
        case _:
            return None
