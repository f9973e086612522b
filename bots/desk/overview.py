"""What those who look after a workspace look at: all videos, who spent what, who may use it, what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bots.cards.admin import PAGE, AdminView, admin_card, found_card, spend_card
from bots.cards.audit import audit_card
from bots.cards.card import Card, Paragraph, bold, code, plain
from bots.cards.tongue import Tongue
from bots.cards.wording import count
from bots.commands import echoed, is_job_id, nearest
from bots.desk import deeds
from bots.desk.access import Standing
from bots.desk.naming import person_of
from bots.desk.replies import Document, House, Reply, said
from bots.desk.sheets import sheet
from jobs.leaving import has_providers
from jobs.privacy import seen_by
from storage import audit, catalogue, jobs, ledger, members, workers
from storage.audit import AuditEntry
from storage.catalogue import Filter
from storage.quotas import Period
from storage.records import Job, JobState

#: Jobs that a sheet holds at most, those that `admin list` tells of, and lines of the audit log.
_MOST_ROWS, _LISTED, _LINES = 50_000, 20, 20
_MOST_LINES: Final = 200
#: Lines of the audit log on the page.
_ON_PAGE: Final = 8


def look(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    """`admin list …`, `spend`, `audit [n]`, `csv …` or `people`; for all else what there is."""
    word, rest = words[0].casefold(), words[1:]
    if word in ("list", "csv"):
        wanted = filter_of(house, me, rest)
        if isinstance(wanted, str):
            return said(wanted)
        return _listed(house, me, wanted) if word == "list" else handed_over(house, me, wanted)
    if word == "spend":
        return _spend(house, me)
    if word == "audit":
        return _audit(house, me, rest)
    if word == "people":
        return _people(house, me)
    return Reply(card=_help(house.tongue))


def page(house: House, me: Standing, wanted: Filter, offset: int = 0) -> Card:
    """An admin's page, with the jobs that `wanted` lets through from the `offset`th on."""
    db, workspace = house.office.database, me.who.workspace
    found, total = catalogue.page(db, workspace, wanted, viewer=me.user, offset=offset, limit=PAGE)
    if not found and offset > 0:
        return page(house, me, wanted, max(min(offset, total) - 1, 0) // PAGE * PAGE)
    since, until = Period.MONTH.bounds(db.now())
    log = tuple(_log(house, me, _ON_PAGE))
    view = AdminView(
        who=me.who,
        filter=wanted,
        jobs=tuple(seen_by(job, me.who) for job in found),
        total=total,
        offset=offset,
        members=tuple(members.members(db, workspace)),
        terms=me.terms,
        usage=ledger.usage(db, workspace, me.user, me.terms),
        spend=tuple(catalogue.spend(db, workspace, since, until)),
        audit=log,
        titles=_titles(house, me, log),
        workers=len(workers.living(db, house.office.rules.worker_gone_after)),
        now=db.now(),
        outside=has_providers(house.kit),
        tongue=house.tongue,
    )
    return admin_card(view)


def handed_over(house: House, me: Standing, wanted: Filter) -> Reply:
    """The sheet."""
    content = csv(house, me, wanted)
    return said(house.tongue.sheet_sent, document=Document(name="videos.csv", content=content))


#: What can be said after `admin`, and what it does.
HELP: Final = (
    ("list state=failed user=@name since=2026-11-01 paper=words", "all videos, by any of these"),
    ("csv", "the same as a sheet"),
    ("spend", "who had and spent what this month"),
    ("people", "everybody who used the app"),
    ("audit 50", "who did what, the last so many times"),
    ("quota dollars_per_user_day=5", "the limits; alone it tells them, none lifts one"),
    ("allow everyone", "who may have videos made: everyone, code (with rotate-code) or listed"),
    ("guests on", "whether guests may too"),
    ("let-in @name", "one person may; shut-out takes it back"),
    ("block @name", "one person may not, whatever else holds; unblock takes it back"),
    ("add @name", "make somebody an admin here; remove takes it back"),
    ("alerts @name on", "who hears what needs attention; the admins if nobody is named"),
    ("auto #channel on", "a PDF dropped there starts without a question"),
    ("approval on", "every script waits for its requester’s word"),
    ("retention 90", "finished videos go after so many days, or off"),
    (
        "providers uploads=ask",
        "files that are handed in: ask before they go to Gemini or Runway, or cloud, or local",
    ),
    ("providers on-failure=fall-back", "when a provider fails: fall-back, fail, or default, as it is set up"),
    ("pause", "take no new videos for now; resume takes them again"),
    ("delete ID ID", "delete several videos, after a question"),
)


def _help(tongue: Tongue) -> Card:
    head = "What an admin can say"
    lines = tuple(
        span for words, does in HELP for span in (code(tongue.say(f"admin {words}")), plain(f"  {does}\n"))
    )
    blocks = (Paragraph(spans=(bold(head),)), Paragraph(spans=lines))
    return Card(text=f"{head}.", blocks=blocks)


def _listed(house: House, me: Standing, wanted: Filter) -> Reply:
    found, total = catalogue.page(
        house.office.database, me.who.workspace, wanted, viewer=me.user, limit=_LISTED
    )
    return Reply(card=found_card([seen_by(job, me.who) for job in found], total))


def _spend(house: House, me: Standing) -> Reply:
    db = house.office.database
    since, until = Period.MONTH.bounds(db.now())
    month = datetime.fromtimestamp(since, UTC)
    return Reply(card=spend_card(catalogue.spend(db, me.who.workspace, since, until), f"{month:%B %Y}"))


def _audit(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    text = words[0] if words else str(_LINES)
    if len(words) > 1 or not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= _MOST_LINES):
        return said(f"Say how many lines: {house.tongue.say('admin audit 50')}, at most {_MOST_LINES}.")
    names = {
        f"{one.requester.platform}:{one.requester.user}": one.requester.name
        for one in members.members(house.office.database, me.who.workspace)
    }
    log = _log(house, me, int(text))
    return Reply(card=audit_card(log, names | _titles(house, me, log)))


def _log(house: House, me: Standing, lines: int) -> list[AuditEntry]:
    """The last lines of the audit log, without the names of files: some are private papers' titles."""
    entries = audit.entries(house.office.database, me.who.workspace, limit=lines)
    return [
        entry.model_copy(update={"detail": ""}) if entry.action == "attach" else entry for entry in entries
    ]


def _titles(house: House, me: Standing, log: Sequence[AuditEntry]) -> dict[str, str]:
    """The titles of the log's videos, in quotes; private ones and deleted ones have none to tell."""
    ids = [entry.target for entry in log if is_job_id(entry.target)]
    found = house.office.database.do(lambda: jobs.several(ids))
    return {
        job.id: f"a deleted video ({job.id})" if job.state is JobState.DELETED else deeds.named(me, job)
        for job in found
        if job.workspace == me.who.workspace
    }


def _people(house: House, me: Standing) -> Reply:
    lines = []
    for member in members.members(house.office.database, me.who.workspace)[:_MOST_LINES]:
        marks = [
            word
            for word, there in (
                ("admin", member.requester.user in me.terms.admins),
                ("let in", member.preferences.joined),
                ("blocked", member.preferences.blocked),
            )
            if there
        ]
        facts = [count(member.videos, "finished video"), *marks]
        name = member.requester.name or "somebody forgotten"
        lines.append(f"{name} (@{member.requester.user}): {', '.join(facts)}")
    return said("\n".join(lines) or "Nobody has used the app yet.")


def csv(house: House, me: Standing, wanted: Filter) -> bytes:
    """All jobs of the workspace as a sheet."""
    found: list[Job] = []
    while len(found) < _MOST_ROWS:
        some, total = catalogue.page(
            house.office.database, me.who.workspace, wanted, viewer=me.user, offset=len(found), limit=500
        )
        found += some
        if not some or len(found) >= total:
            break
    return sheet(found, me.who)


def filter_of(house: House, me: Standing, words: Sequence[str]) -> Filter | str:
    """The filter that an admin's words say (user=@x state=failed since=2026-11-01 paper=…), or what is wrong."""
    known: dict[str, Callable[[str], dict[str, object] | str]] = {
        "user": lambda text: _user(house, me, text),
        "state": _states,
        "since": lambda text: _day("since", text),
        "until": lambda text: _day("until", text),
        "paper": lambda text: {"paper": text},
    }
    update: dict[str, object] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or name.casefold() not in known:
            near = nearest(name, known)
            meant = f" Did you mean {near}=?" if near else ""
            return (
                f"There is no filter {echoed(name)}.{meant} There are: user=, state=, since=, until=, paper=."
            )
        read = known[name.casefold()](text)
        if isinstance(read, str):
            return read
        update |= read
    return Filter.model_validate(update)


def _user(house: House, me: Standing, text: str) -> dict[str, object] | str:
    who = person_of(house, me, (text,))
    return who if isinstance(who, str) else {"user": who.id}


def _states(text: str) -> dict[str, object] | str:
    words = [word for word in text.casefold().split(",") if word]
    states = [str(state) for state in JobState]
    if wrong := [word for word in words if word not in states]:
        return f"There is no state {echoed(wrong[0])}. There are: {', '.join(states)}."
    return {"states": tuple(JobState(word) for word in words)}


def _day(name: str, text: str) -> dict[str, object] | str:
    """A day (2026-11-01); `until` includes it."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return f"{name}= is a day like 2026-11-01, not {echoed(text)}."
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return f"There is no day {text}."
    return {name: (day + timedelta(days=1 if name == "until" else 0)).timestamp()}
