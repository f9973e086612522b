"""Whom a word of an admin's names: "@U0ADA" as platforms write a mention, or a name that one person has."""

from __future__ import annotations

import re
from typing import Final

from bots.commands import echoed
from bots.desk.access import Standing
from bots.desk.replies import House
from storage import members, workspaces
from storage.records import Record, Requester

#: How platforms number people: Slack U0ADA12, Discord 80351110224678912.
_ID: Final = re.compile(r"[A-Z0-9]{5,30}")


class Person(Record):
    """Somebody of the workspace: their row's number, the platform's id, and what to call them."""

    id: int
    user: str
    name: str


def person_of(house: House, me: Standing, words: tuple[str, ...]) -> Person | str:
    """The person that the words name, or why nobody is meant. One who was never seen is written down."""
    named = " ".join(words).strip().removeprefix("@")
    if not named:
        return "Say whom: mention the person with @."
    db = house.office.database
    known = [
        member
        for member in members.members(db, me.who.workspace)
        if member.requester.platform == me.who.platform
    ]
    by_id = [member for member in known if member.requester.user == named]
    found = by_id or [member for member in known if member.requester.name.casefold() == named.casefold()]
    if len(found) > 1:
        return f"Several people are called {echoed(named)}: mention the one you mean with @."
    if found:
        asked = found[0].requester
        return Person(id=found[0].id, user=asked.user, name=asked.name or asked.user)
    if not _ID.fullmatch(named) or not any(char.isdigit() for char in named):
        return f"I know nobody called {echoed(named)}: mention the person with @."
    new = Requester(workspace=me.who.workspace, platform=me.who.platform, user=named)
    return Person(id=workspaces.user_id(db, new), user=named, name=f"@{named}")
