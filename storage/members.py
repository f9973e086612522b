"""The people of a workspace: what each prefers, whether they may use the app, and how they are forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence

from peewee import Case, fn

from storage.database import Database
from storage.models import JobRow, User
from storage.records import JobState, Record, Requester
from storage.tuples import tuples


class Preferences(Record):
    """What is taken when a person doesn't say it: length in seconds, audience, whether they approve the script.

    `joined`: let in by the access code or an admin. `blocked`: an admin shut them out.
    """

    seconds: int | None = None
    audience: str | None = None
    approve: bool | None = None
    joined: bool = False
    blocked: bool = False


class Member(Record):
    """A person with their row id, how many videos they have, and when they last asked for one (epoch seconds)."""

    id: int
    requester: Requester
    preferences: Preferences
    videos: int
    last_at: float | None


def find(db: Database, requester: Requester) -> int | None:
    """The row id of a person who is known, else `None`; writes nothing."""

    def work() -> int | None:
        row = User.get_or_none(
            (User.workspace == requester.workspace)
            & (User.platform == requester.platform)
            & (User.platform_user == requester.user)
        )
        return None if row is None else int(row.id)

    return db.do(work)


def preferences(db: Database, user: int) -> Preferences:
    """What this person prefers; the defaults for somebody unknown."""

    def work() -> str:
        said = tuples(User.select(User.preferences).where(User.id == user))
        return str(said[0][0]) if said else "{}"

    return _read(db.do(work))


def set_preferences(db: Database, user: int, preferences: Preferences) -> None:
    """Remember what this person prefers, in place of what was."""
    written = _written(preferences)
    db.do(lambda: User.update(preferences=written).where(User.id == user).execute())


def members(db: Database, workspace: str) -> list[Member]:
    """Everybody who was ever seen in the workspace, whoever asked for a video last comes first."""

    def work() -> list[Member]:
        done = fn.SUM(Case(None, [(JobRow.state == str(JobState.DONE), 1)], 0))
        asked = (
            JobRow.select(JobRow.user, done, fn.MAX(JobRow.created_at))
            .where(JobRow.workspace == workspace)
            .group_by(JobRow.user)
        )
        had = {user: (int(videos), last) for user, videos, last in tuples(asked)}
        rows = User.select().where(User.workspace == workspace)
        return [_member(row, *had.get(row.id, (0, None))) for row in rows]

    found = db.do(work)
    return sorted(found, key=lambda one: (-(one.last_at or 0.0), one.requester.name.casefold(), one.id))


def last_asked(db: Database, platform: str, user: str, workspaces: Sequence[str]) -> str | None:
    """In which of the workspaces this person of the platform asked for a video last; `None`: in none of them."""

    def work() -> str | None:
        rows = (
            User.select(User.workspace)
            .join(JobRow, on=(JobRow.user == User.id))
            .where(
                User.workspace.in_(list(workspaces))
                & (User.platform == platform)
                & (User.platform_user == user)
            )
            .order_by(JobRow.created_at.desc())
            .limit(1)
        )
        return next((str(name) for (name,) in tuples(rows)), None)

    return db.do(work)


def forget(db: Database, user: int) -> None:
    """Blank the person's name and preferences. Their number stays, so that quotas hold; so does an admin's block."""

    def work() -> None:
        kept = Preferences(blocked=preferences(db, user).blocked)
        User.update(name="", preferences=_written(kept)).where(User.id == user).execute()

    db.do(work)


def _member(row: User, videos: int, last_at: float | None) -> Member:
    return Member(
        id=row.id,
        requester=Requester(
            workspace=row.workspace, platform=row.platform, user=row.platform_user, name=row.name
        ),
        preferences=_read(row.preferences),
        videos=videos,
        last_at=last_at,
    )


def _read(text: str) -> Preferences:
    # What a newer program remembers is not our business.
    known = {name: value for name, value in json.loads(text).items() if name in Preferences.model_fields}
    return Preferences.model_validate(known)


def _written(preferences: Preferences) -> str:
    return json.dumps(preferences.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
