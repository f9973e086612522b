"""Jobs as people look through them: one's own, or all of a workspace by filters; and who spent what."""

from __future__ import annotations

from typing import Any, Final

from peewee import Expression, fn

from storage import jobs
from storage.database import Database
from storage.models import JobRow, LedgerEntry, User
from storage.records import Job, JobState, Record
from storage.tuples import tuples

#: What of a paper's record is searched.
_SEARCHED: Final = ("title", "pmid", "pmcid", "doi")


class Filter(Record):
    """Which jobs: of whom (row id), in which states (none named: all but deleted), asked for when, about what.

    `since` and `until` are epoch seconds, the second excluded. `paper` is a part of the title, of an id, or of
    the source.
    """

    user: int | None = None
    states: tuple[JobState, ...] = ()
    since: float | None = None
    until: float | None = None
    paper: str = ""


class UserSpend(Record):
    """What one person had in a span: videos that count, and US cents spent."""

    user_id: int
    name: str
    videos: int
    cents: int


def page(
    db: Database,
    workspace: str,
    wanted: Filter,
    *,
    viewer: int | None = None,
    offset: int = 0,
    limit: int = 20,
) -> tuple[list[Job], int]:
    """Some jobs, newest first, and how many there are. Not veiled: whoever shows them does that.

    A private job is not found by its paper, but by its requester, `viewer` (row id): else a search would say what
    the list doesn't.
    """
    where = _where(db, workspace, wanted, viewer)
    newest = JobRow.select(JobRow.id).where(where).order_by(JobRow.created_at.desc(), JobRow.id)

    def work() -> tuple[list[Job], int]:
        if wanted.paper:  # every row has to be read in any case: once
            ids = [job for (job,) in tuples(newest)]
            return jobs.several(ids[offset : offset + limit]), len(ids)
        ids = [job for (job,) in tuples(newest.offset(offset).limit(limit))]
        return jobs.several(ids), int(JobRow.select().where(where).count())

    return db.do(work)


def spend(db: Database, workspace: str, since: float, until: float) -> list[UserSpend]:
    """What each person had from `since` until before `until` (epoch seconds), whoever spent most comes first."""

    def work() -> list[UserSpend]:
        span = (LedgerEntry.workspace == workspace) & (LedgerEntry.at >= since) & (LedgerEntry.at < until)
        videos, cents = fn.SUM(LedgerEntry.videos), fn.SUM(LedgerEntry.spent_cents)
        rows = (
            LedgerEntry.select(LedgerEntry.user, User.name, videos, cents)
            .join(User, on=(User.id == LedgerEntry.user))
            .where(span)
            .group_by(LedgerEntry.user, User.name)
        )
        return [
            UserSpend(user_id=user, name=name, videos=int(had), cents=int(spent))
            for user, name, had, spent in tuples(rows)
            if had or spent
        ]

    return sorted(db.do(work), key=lambda one: (-one.cents, -one.videos, one.name.casefold(), one.user_id))


def _where(db: Database, workspace: str, wanted: Filter, viewer: int | None) -> Expression:
    where: Any = JobRow.workspace == workspace
    if wanted.user is not None:
        where &= JobRow.user == wanted.user
    if wanted.states:
        where &= JobRow.state.in_([str(state) for state in wanted.states])
    else:
        where &= JobRow.state != str(JobState.DELETED)
    if wanted.since is not None:
        where &= JobRow.created_at >= wanted.since
    if wanted.until is not None:
        where &= JobRow.created_at < wanted.until
    if words := wanted.paper.strip():
        where &= _about(db, words) & ((JobRow.private == False) | (JobRow.user == viewer))  # noqa: E712 - SQL
    found: Expression = where
    return found


def _about(db: Database, words: str) -> Expression:
    """Whether the record or the source holds `words`, in any case."""
    said: list[Any] = [JobRow.source]
    for name in _SEARCHED:
        if db.dialect == "sqlite":
            said.append(fn.json_extract(JobRow.paper, f"$.{name}"))
        else:
            said.append(fn.json_extract_path_text(JobRow.paper.cast("json"), name))
    text = fn.CONCAT_WS("\n", *said) if db.dialect == "postgres" else _joined(said)
    held: Any = text.contains(words)
    if db.dialect == "sqlite" and not words.isascii():  # its LIKE folds the case of ASCII letters only
        for form in sorted({words.lower(), words.upper(), words.capitalize(), words.title()} - {words}):
            held |= text.contains(form)
    found: Expression = held
    return found


def _joined(said: list[Any]) -> Any:
    """The texts one below the other; SQLite before 3.44 has no CONCAT_WS."""
    text: Any = fn.COALESCE(said[0], "")
    for one in said[1:]:
        text = text.concat("\n").concat(fn.COALESCE(one, ""))
    return text
