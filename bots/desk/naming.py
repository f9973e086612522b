"""Whom and what an admin's words name: people and channels, as the platform knows them."""

from __future__ import annotations

from bots.commands import echoed
from bots.desk.access import Standing
from bots.desk.replies import House
from bots.people import Mention
from storage import members, workspaces
from storage.records import Record, Requester


class Person(Record):
    """Somebody of the workspace: their row's number, the platform's id, and what to call them."""

    id: int
    user: str
    name: str
    guest: bool = False


def mentioned_person(house: House, me: Standing, words: tuple[str, ...]) -> Person | str:
    """The person whom the words mention, of this workspace by the platform's word; or why nobody is meant.

    A name is not enough where rights are given or taken: people choose their own. Somebody who was never seen
    is written down.
    """
    named = " ".join(words).strip()
    if not named:
        return "Say whom: mention the person with @."
    found = next((one for one in me.mentions if one.kind == "person" and named == f"@{one.id}"), None)
    if found is None:
        return f"I can’t tell who {echoed(named)} is: type @ and choose the person from the list."
    if found.outsider:
        return f"{found.name} is nobody of this {house.tongue.group}: only its own people can be named here."
    who = Requester(workspace=me.who.workspace, platform=me.who.platform, user=found.id, name=found.name)
    user = workspaces.user_id(house.office.database, who)
    return Person(id=user, user=found.id, name=found.name, guest=found.guest)


def person_of(house: House, me: Standing, words: tuple[str, ...]) -> Person | str:
    """The person, of those who used the app, whom the words mention or name; or why nobody is meant."""
    named = " ".join(words).strip().removeprefix("@")
    if not named:
        return "Say whom: mention the person with @."
    known = [
        member
        for member in members.members(house.office.database, me.who.workspace)
        if member.requester.platform == me.who.platform
    ]
    by_id = [member for member in known if member.requester.user == named]
    found = by_id or [member for member in known if member.requester.name.casefold() == named.casefold()]
    if len(found) > 1:
        return f"Several people are called {echoed(named)}: mention the one you mean with @."
    if not found:
        return f"I know nobody called {echoed(named)} who used the app: mention the person with @."
    asked = found[0].requester
    return Person(id=found[0].id, user=asked.user, name=asked.name or asked.user)


def mentioned_channel(house: House, me: Standing, word: str) -> Mention | str:
    """The channel that the word mentions, or why none is meant."""
    found = next((one for one in me.mentions if one.kind == "channel" and word == f"#{one.id}"), None)
    return found or (
        f"I know no channel {echoed(word)}: type # and choose it from the list. "
        f"Is it a private one? Then {house.tongue.let_in} first."
    )
