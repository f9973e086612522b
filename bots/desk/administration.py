"""`admin …`: what those who look after a workspace decide in words. All of it is noted in the audit log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from bots.cards.card import Button, Confirm
from bots.cards.tongue import Tongue
from bots.cards.wording import count
from bots.commands import echoed, is_job_id, nearest, yes_or_no
from bots.desk.access import Standing
from bots.desk.deciding import changed, decided
from bots.desk.naming import mentioned_channel, mentioned_person, person_of
from bots.desk.outside import on_failure, providers, uploads
from bots.desk.replies import House, Reply, said
from bots.people import Mention
from jobs import control
from storage import audit, jobs, members
from storage.cap_words import NAMES, cap_of, said_cap, said_name, wanted
from storage.quotas import Caps, dollars
from storage.records import JobState
from storage.workspaces import Terms

#: Jobs that one word deletes at most.
MOST_DELETED: Final = 100

#: What is decided here changes things for all: only what is hardly anything else is taken for misspelt.
_ALIKE: Final = 0.75
#: Other words for what an admin can say.
_ALSO: Final = {
    "limit": "quota",
    "limits": "quota",
    "budget": "quota",
    "user": "people",
    "users": "people",
    "members": "people",
    "log": "audit",
    "spending": "spend",
    "letin": "let-in",
    "access": "allow",
    "automatic": "auto",
}


def canonical(words: tuple[str, ...]) -> tuple[str, ...]:
    """An admin's words, beginning with one that is known where it is another word for that ("let in", "budget")."""
    if not words:
        return ("help",)
    first = words[0].casefold().rstrip(".,;:!?")
    two = f"{first}-{words[1].casefold()}" if len(words) > 1 else ""
    return (two, *words[2:]) if two in _ACTIONS else (_ALSO.get(first, first), *words[1:])


def decide(house: House, me: Standing, words: tuple[str, ...]) -> Reply | None:
    """Do what an admin says; `None` for words that decide nothing and are answered elsewhere (list, spend, audit, csv).

    Who is no admin was turned away before.
    """
    word, rest = words[0], words[1:]
    action = _ACTIONS.get(word)
    if action is not None:
        return action(house, me, rest)
    if word in LOOKS:
        return None
    near = nearest(word, [*_ACTIONS, *LOOKS], alike=_ALIKE)
    meant = f" Did you mean {house.tongue.say(f'admin {near}')}?" if near else ""
    return said(f"I don’t know what {echoed(words[0])} means after admin.{meant} {known_words()}")


#: Words after `admin` that only look.
LOOKS: Final = ("list", "spend", "audit", "csv", "people", "help")


def known_words() -> str:
    """What can be said after `admin`, in a sentence."""
    return f"There are: {', '.join([*LOOKS, *_ACTIONS])}."


def _quota(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    if not words:
        return said(_caps(me.terms))
    changes: dict[str, int | None] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name = name.casefold()
        try:
            read = cap_of(name, value) if equals else None
        except KeyError:
            equals = ""
        if not equals:
            near = nearest(name, NAMES)
            meant = f" Did you mean {near}=?" if near else ""
            return said(f"There is no limit {echoed(name)}.{meant} There are: {', '.join(NAMES)}.")
        if read is None:
            return said(f"{name}= is {wanted(name)} or none, not {echoed(value)}.")
        changes[read[0]] = read[1]
    sentence = " ".join(f"{_limit(house.tongue, name, cap)}." for name, cap in changes.items())
    return decided(house, me, changes, "set-terms", sentence, detail=sentence)


def _limit(tongue: Tongue, name: str, cap: int | None) -> str:
    """One of the limits in words: "One person: 13 videos a day"."""
    whose = "One person" if "_user_" in name else f"The {tongue.group}"
    if name.startswith("cents"):
        most = "any amount of money" if cap is None else dollars(cap)
    else:
        most = "any number of videos" if cap is None else count(cap, "video")
    if name == "cents_per_job":
        return f"One video: {most}"
    return f"{whose}: {most} a {name.rpartition('_')[2]}"


def _allow(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    word = words[0].casefold() if len(words) == 1 else ""
    what = {
        "everyone": f"Everybody in this {house.tongue.group} may have videos made; guests only if you let them.",
        "code": f"Those who know the code may have videos made. {house.tongue.say('rotate-code')} tells you a new one.",
        "listed": f"Those whom you let in may have videos made: {house.tongue.say('admin let-in @name')}.",
    }
    if word not in what:
        return said(f"Say whom: {house.tongue.say('admin allow everyone')}, code or listed.")
    return decided(house, me, {"access": word}, "allow", what[word], detail=word)


def _switch(name: str, on: str, off: str) -> Callable[[House, Standing, tuple[str, ...]], Reply]:
    """An action that sets a field of the terms to yes or no."""

    def action(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
        answer = yes_or_no(words[0]) if len(words) == 1 else None
        if answer is None:
            return said(f"Say on or off: {house.tongue.say(f'admin {name} on')}.")
        return decided(house, me, {name: answer}, name, on if answer else off, detail=_on(answer))

    return action


def _paused(paused: bool) -> Callable[[House, Standing, tuple[str, ...]], Reply]:
    sentence = (
        "Paused: no new videos are taken. What is being made goes on." if paused else "Videos are made again."
    )

    def action(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
        if words:
            return said(
                f"I don’t know what {echoed(words[0])} means there, so nothing is changed: it counts at once."
            )
        return decided(house, me, {"paused": paused}, "pause" if paused else "resume", sentence)

    return action


def _retention(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    word = words[0].casefold() if len(words) == 1 else ""
    days = _whole(word.removesuffix("d"))
    if word not in ("off", "none") and not days:
        return said(f"Say for how many days, or off: {house.tongue.say('admin retention 90')}.")
    sentence = (
        f"Finished videos are deleted after {days} days; their requesters are told before."
        if days
        else "Finished videos stay until people delete them."
    )
    return decided(house, me, {"retention_days": days or None}, "retention", sentence, detail=word)


def _automatic(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    answer = yes_or_no(words[-1]) if len(words) == 2 else None
    if answer is None:
        return said(f"Say which channel: {house.tongue.say('admin auto #channel on')}.")
    id_ = words[0].removeprefix("#")
    channel = mentioned_channel(house, me, words[0])
    if isinstance(channel, str):
        if answer or id_ not in me.terms.automatic:
            return said(channel)
        channel = Mention(kind="channel", id=id_, name=id_)  # it is gone, and its setting goes too

    def change(now: Terms) -> Terms:
        return now.model_copy(update={"automatic": _with(now.automatic, channel.id, there=answer)})

    name = f"#{channel.name}"
    if not answer:
        sentence = f"I ask before I make a video of a PDF that is dropped in {name}."
    elif channel.present:
        sentence = f"A PDF that is dropped in {name} is made into a video at once."
    else:
        sentence = (
            f"A PDF that is dropped in {name} is made into a video at once, "
            f"as soon as I am there: {house.tongue.let_in}."
        )
    return changed(house, me, change, "auto", sentence, target=name, detail=_on(answer))


def _admins(there: bool) -> Callable[[House, Standing, tuple[str, ...]], Reply]:
    def action(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
        who = mentioned_person(house, me, words) if there else person_of(house, me, words)
        if isinstance(who, str):
            return said(who)
        if not there and who.user not in me.terms.admins:
            return said(
                f"{who.name} was not made an admin here; the {house.tongue.group}’s own admins always are."
            )

        def change(now: Terms) -> Terms:
            return now.model_copy(update={"admins": _with(now.admins, who.user, there=there)})

        sentence = f"{who.name} is {'an admin here now' if there else 'no admin here any more'}."
        if there and who.guest:
            takes_back = house.tongue.say(f"admin remove @{who.name}")
            group = house.tongue.group
            sentence += f" Mind that {who.name} is a guest in this {group}: {takes_back} takes it back."
        return changed(
            house,
            me,
            change,
            "add-admin" if there else "remove-admin",
            sentence,
            target=f"{me.who.platform}:{who.user}",
        )

    return action


def _alerts(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    answer = yes_or_no(words[-1]) if words else None
    if answer is None or len(words) < 2:
        return said(f"Say who hears what needs attention: {house.tongue.say('admin alerts @name on')}.")
    who = (mentioned_person if answer else person_of)(house, me, words[:-1])
    if isinstance(who, str):
        return said(who)

    def change(now: Terms) -> Terms:
        return now.model_copy(update={"alerts_to": _with(now.alerts_to, who.user, there=answer)})

    sentence = f"{who.name} {'hears' if answer else 'no longer hears'} of what needs attention."
    return changed(
        house, me, change, "alerts", sentence, target=f"{me.who.platform}:{who.user}", detail=_on(answer)
    )


def _member(action: str, sentence: str, **kept: bool) -> Callable[[House, Standing, tuple[str, ...]], Reply]:
    """An action that keeps something with a person."""

    def act(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
        gives = action in ("block", "let-in")
        who = mentioned_person(house, me, words) if gives else person_of(house, me, words)
        if isinstance(who, str):
            return said(who)
        if action == "block" and who.user == me.who.user:
            return said("You can’t block yourself.")
        db = house.office.database

        def work() -> None:
            now = members.preferences(db, who.id)
            members.set_preferences(db, who.id, now.model_copy(update=kept))
            audit.note(db, me.who.workspace, me.by, action, f"{me.who.platform}:{who.user}")

        db.do(work)
        return said(sentence.format(name=who.name))

    return act


def _ask_to_delete(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    ids = list(dict.fromkeys(word.strip(",;").casefold() for word in words))
    if wrong := [word for word in ids if not is_job_id(word)]:
        return said(f"{echoed(wrong[0])} is no video’s id; nothing is deleted.")
    if not ids or len(ids) > MOST_DELETED:
        return said(f"Say which: {house.tongue.say('admin delete ID ID …')}, at most {MOST_DELETED}.")
    return ask_to_delete(house, me, ids)


def ask_to_delete(house: House, me: Standing, ids: list[str]) -> Reply:
    """The question before several jobs are deleted. Those of other workspaces are not among them."""
    there = house.office.database.do(
        lambda: [job.id for job in jobs.several(ids[:MOST_DELETED]) if _is_deletable(me, job)]
    )
    if not there:
        return said("None of these is there to be deleted.")
    gone = len(ids) - len(there)
    also = f" {gone} of those named {'is' if gone == 1 else 'are'} not there." if gone else ""
    videos = _videos(there)
    return said(
        f"Delete {videos} of this {house.tongue.group}, with files and links?{also} "
        "What is still being made is cancelled.",
        delete_button(there),
    )


def delete_button(ids: list[str]) -> Button:
    """Delete these, once that is confirmed."""
    videos = _videos(ids)
    confirm = Confirm(
        title=f"Delete {videos}?", text="They can’t be had back.", yes="Delete", no="Keep them", danger=True
    )
    value = json.dumps(ids)
    return Button(label=f"Delete {videos}", deed="admin-delete", value=value, style="danger", confirm=confirm)


def _videos(ids: list[str]) -> str:
    return "1 video" if len(ids) == 1 else f"{len(ids)} videos"


def delete_several(house: House, me: Standing, value: str) -> Reply:
    """Delete the jobs of the question that was answered with yes."""
    try:
        ids = [str(one) for one in json.loads(value)][:MOST_DELETED]
    except (ValueError, TypeError):
        return said("Nothing was deleted.")
    there = house.office.database.do(lambda: [job for job in jobs.several(ids) if _is_deletable(me, job)])
    deleted = 0
    for job in there:
        if job.state in jobs.UNFINISHED:
            control.cancel(house.office, job.id, by=me.by)
        deleted += not isinstance(control.delete(house.office, job.id, by=me.by), control.NotPossible)
    return said(f"Deleted {deleted} of {len(ids)}.", replace=True)


def _is_deletable(me: Standing, job: Any) -> bool:
    return bool(job.workspace == me.who.workspace and job.state is not JobState.DELETED)


def _caps(terms: Terms) -> str:
    said_so = (f"{said_name(name)}={said_cap(name, getattr(terms, name))}" for name in Caps.model_fields)
    return f"The limits: {', '.join(said_so)}."


def _with(ids: tuple[str, ...], one: str, *, there: bool) -> tuple[str, ...]:
    others = tuple(known for known in ids if known != one)
    return (*others, one) if there else others


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _on(answer: bool) -> str:
    return "on" if answer else "off"


_ACTIONS: Final[dict[str, Callable[[House, Standing, tuple[str, ...]], Reply]]] = {
    "quota": _quota,
    "allow": _allow,
    "guests": _switch(
        "guests", "Guests may have videos made too.", "Guests can’t have videos made, unless you let them in."
    ),
    "add": _admins(there=True),
    "remove": _admins(there=False),
    "block": _member("block", "{name} can’t have videos made here any more.", blocked=True),
    "unblock": _member("unblock", "{name} may have videos made here again.", blocked=False),
    "let-in": _member("let-in", "{name} may have videos made here.", joined=True),
    "auto": _automatic,
    "pause": _paused(paused=True),
    "resume": _paused(paused=False),
    "approval": _switch(
        "approval",
        "Every script waits for its requester’s word, unless they say otherwise.",
        "Scripts go on without waiting, unless their requester says otherwise.",
    ),
    "retention": _retention,
    "shut-out": _member("shut-out", "{name} is not let in any more.", joined=False),
    "alerts": _alerts,
    "uploads": uploads,
    "on-failure": on_failure,
    "providers": providers,
    "delete": _ask_to_delete,
}
