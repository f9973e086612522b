"""Who somebody is to us, and whether they may use the app: everyone, those with the code, or those on the list."""

from __future__ import annotations

from typing import Final

from bots.cards.tongue import Tongue
from bots.desk.replies import House, Reply, said
from bots.people import Ask, Mention
from jobs import removal
from storage import audit, members, workspaces
from storage.members import Preferences
from storage.records import Record, Requester
from storage.workspaces import Terms

#: So many wrong codes may be tried in so long (seconds).
TRIES, TRIES_WITHIN = 5, 3600.0

_WRONG: Final = "join-wrong"
_JOINED: Final = "You’re in. Ask for a video with its PMID, or drop a PDF or Word file here."


class Standing(Record):
    """A person as the desk knows them: `who.admin` is decided, `user` is their row's number.

    `mentions` are the people and channels that they speak of.
    """

    who: Requester
    user: int
    guest: bool
    terms: Terms
    preferences: Preferences
    mentions: tuple[Mention, ...] = ()

    @property
    def by(self) -> str:
        """How they are named in the audit log: by the platform's id, for a name may be forgotten."""
        return f"{self.who.platform}:{self.who.user}"


def standing(house: House, ask: Ask) -> Standing:
    """Who asks. A workspace that had removed the app and uses it again is no more about to be purged."""
    db = house.office.database

    def work() -> Standing:
        user = workspaces.user_id(db, ask.who)
        removal.workspace_back(house.office, ask.who.workspace)
        terms = workspaces.terms(db, ask.who.workspace)
        admin = ask.who.admin or ask.who.user in terms.admins
        return Standing(
            who=ask.who.model_copy(update={"admin": admin}),
            user=user,
            guest=ask.guest,
            terms=terms,
            preferences=members.preferences(db, user),
            mentions=ask.mentions,
        )

    return db.do(work)


def barred(me: Standing, tongue: Tongue) -> str | None:
    """Why this person can't have videos made, in a sentence; `None` when they can.

    Whoever has videos sees, stops and deletes them all the same.
    """
    if me.preferences.blocked:
        return f"You can’t have videos made here: an admin of this {tongue.group} decided so."
    if me.who.admin or me.preferences.joined:
        return None
    if me.guest and not me.terms.guests:
        return f"Guests can’t have videos made here. An admin of this {tongue.group} can let you in."
    if me.terms.access == "code":
        return (
            f"Videos are for those who know the access code: {tongue.say('join CODE')}. Ask an admin for it."
        )
    if me.terms.access == "listed":
        return f"Videos are for people whom an admin let in. Ask an admin of this {tongue.group} to."
    return None


def join(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    """`join CODE`. After a few wrong ones nothing is tried for a while."""
    db = house.office.database
    typed = "".join(words)
    if me.terms.access != "code":
        return said(barred(me, house.tongue) or "No code is needed here: you may have videos made.")
    if not typed:
        return said(f"Say the access code too: {house.tongue.say('join CODE')}.")

    def work() -> str:
        db.alone(f"join:{me.user}")
        since = db.now() - TRIES_WITHIN
        before = audit.entries(db, me.who.workspace, target=me.by, limit=50)
        if sum(entry.action == _WRONG and entry.at > since for entry in before) >= TRIES:
            return "That were too many wrong codes. Try again in an hour, or ask an admin to let you in."
        if not workspaces.is_code(me.terms, typed):
            audit.note(db, me.who.workspace, me.by, _WRONG, me.by)
            return "That is not the access code."
        now = members.preferences(db, me.user)
        if now.blocked:
            return barred(me, house.tongue) or _JOINED
        members.set_preferences(db, me.user, now.model_copy(update={"joined": True}))
        audit.note(db, me.who.workspace, me.by, "join", me.by)
        return _JOINED

    return said(db.do(work))


def rotate(house: House, me: Standing) -> Reply:
    """`rotate-code`: a new access code, told to the admin alone. Who joined stays in."""
    if not me.who.admin:
        return said(f"Only an admin of this {house.tongue.group} can change the access code.")
    db = house.office.database

    def work() -> str:
        new = workspaces.rotate_code(db, me.who.workspace)
        audit.note(db, me.who.workspace, me.by, "rotate-code", me.who.workspace)
        return new

    code = db.do(work)
    after = (
        "Who joined before stays in."
        if me.terms.access == "code"
        else f"It counts once you say {house.tongue.say('admin allow code')}."
    )
    how = house.tongue.say(f"join {code}")
    return said(f"The new access code is {code}: people type {how}. {after}")
