"""What is a person's own: what they prefer, what they meant when they mistyped, and being forgotten."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from bots.cards.card import Chosen
from bots.cards.lists import forget_me, me_card
from bots.commands import Command, NotUnderstood, Options, echoed, parse
from bots.desk.access import Standing
from bots.desk.replies import House, Reply, said
from jobs import control
from storage import audit, catalogue, jobs, members
from storage.catalogue import Filter
from storage.members import Preferences
from storage.records import JobState

#: Words that put the preferences back.
_RESET: Final = frozenset({"reset", "clear", "default", "defaults"})


def me(house: House, me: Standing, options: Options, words: tuple[str, ...]) -> Reply:
    """`me` shows, `me seconds=60 audience=peer approve=yes` sets, `me reset` forgets."""
    if words and (len(words) > 1 or words[0] not in _RESET):
        return said(
            f"I don’t know what {echoed(words[0])} means after me. Say what you prefer: me seconds=60."
        )
    update: dict[str, Any] = {
        name: value
        for name, value in (
            ("seconds", options.seconds),
            ("audience", options.audience),
            ("approve", options.approve),
        )
        if value is not None
    }
    if words:
        update = {"seconds": None, "audience": None, "approve": None} | update
    now = _prefer(house, me, update) if update else me.preferences
    _, videos = catalogue.page(
        house.office.database, me.who.workspace, Filter(user=me.user, states=(JobState.DONE,)), limit=1
    )
    return Reply(card=me_card(me.who, now, videos, tongue=house.tongue))


def chosen(house: House, me: Standing, deed: str, value: str) -> Reply:
    """A choice of the preferences' ("me-seconds", "me-audience", "me-approve"); "-" is as usual."""
    name = deed.removeprefix("me-")
    try:
        (word,) = Chosen.model_validate_json(value).values
    except (ValidationError, ValueError):
        return said("Nothing was chosen.")
    if word == "-":
        _prefer(house, me, {name: None})
        return said("From now on as usual.")
    read = parse(f"me {name}={word}")  # held to the same rules as what is typed
    if not isinstance(read, Command) or name not in ("seconds", "audience", "approve"):
        return said("Nothing was chosen.")
    _prefer(house, me, {name: getattr(read.options, name)})
    return said(f"From now on: {name}={word}, unless you say otherwise.")


def not_understood(house: House, misread: NotUnderstood) -> Reply:
    """The sentence, and the nearest that could have been meant; it is not done."""
    if misread.nearest is None:
        return said(f"{misread.sentence} {house.tongue.say('help')} says what I know.")
    meant = misread.nearest if "=" in misread.nearest else house.tongue.say(misread.nearest)
    return said(f"{misread.sentence} Did you mean {meant}?")


def ask_to_forget(house: House, me: Standing) -> Reply:
    """The question before a person is forgotten."""
    _, count = catalogue.page(house.office.database, me.who.workspace, Filter(user=me.user), limit=1)
    videos = "your only video" if count == 1 else f"all {count} of your videos, finished or not,"
    if not count:
        sentence = "Forget you? That erases your name and what you prefer; you have no videos."
        return said(sentence, forget_me())
    sentence = (
        f"Forget you? That deletes {videos} with files and links, stops what is being made, "
        "and erases your name and what you prefer."
    )
    return said(sentence, forget_me())


def forget(house: House, me: Standing) -> Reply:
    """Delete all that was made for this person, and blank what is known of them."""
    db, office = house.office.database, house.office
    left: list[str] = []
    for job in _all_ids(house, me):
        control.cancel(office, job, by=me.by)
        answer = control.delete(office, job, by=me.by)
        if isinstance(answer, control.NotPossible) and not _is_deleted(house, job):
            left.append(job)
    if left:
        return said(f"Not all could be deleted: {', '.join(left[:5])}. Try again in a minute.")

    def work() -> None:
        members.forget(db, me.user)
        audit.note(db, me.who.workspace, me.by, "forget-me", me.by)

    db.do(work)
    sentence = (
        "You are forgotten here: your videos are deleted, your name and preferences erased. "
        "What I wrote about them goes too; that takes a few minutes."
    )
    return said(sentence, replace=True, takes_back=True)


def _all_ids(house: House, me: Standing) -> list[str]:
    """All the person's jobs that are not deleted."""
    found: list[str] = []
    while True:
        some, total = catalogue.page(
            house.office.database, me.who.workspace, Filter(user=me.user), offset=len(found), limit=200
        )
        found += [job.id for job in some]
        if not some or len(found) >= total:
            return list(dict.fromkeys(found))


def _is_deleted(house: House, job: str) -> bool:
    there = house.office.database.do(lambda: jobs.find(job))
    return there is None or there.state is JobState.DELETED


def _prefer(house: House, me: Standing, update: dict[str, Any]) -> Preferences:
    db = house.office.database

    def work() -> Preferences:
        now = members.preferences(db, me.user).model_copy(update=update)
        members.set_preferences(db, me.user, now)
        return now

    return db.do(work)
