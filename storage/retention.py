"""Finished videos whose time ends: told of a while before, deleted then. Nothing of this without a retention.

When a video ends follows from what its workspace says now: so many days after it was finished, and
not before the day that its requester was told of.
"""

from __future__ import annotations

import json
from typing import Any, Final

from peewee import Expression

from storage.database import Database
from storage.models import JobRow, Workspace
from storage.records import JobState
from storage.tuples import tuples

DAY: Final = 24 * 3600.0
#: How the message begins that tells a requester; what follows is the day.
NOTICE: Final = "This video will be deleted on "


def seconds_kept() -> dict[str, float]:
    """For how long each workspace that has a retention keeps a finished video (seconds). Inside `do`."""
    said = Workspace.select(Workspace.id, Workspace.settings).where(
        Workspace.settings.contains("retention_days")
    )
    days = {workspace: json.loads(settings).get("retention_days") for workspace, settings in tuples(said)}
    return {workspace: count * DAY for workspace, count in days.items() if count is not None}


def end(row: JobRow, kept: float | None) -> float | None:
    """When the job's video ends, with `kept` as its workspace's `seconds_kept`; `None`: by a person's hand."""
    if row.state != str(JobState.DONE) or row.kept_at is not None or row.finished_at is None or kept is None:
        return None
    return max(row.finished_at + kept, row.told_end or 0.0)


def ending(db: Database, *, notice: float) -> list[str]:
    """Done jobs that end within `notice` seconds and whose requester was not told yet. Inside `do`."""
    return _ids(_ending(db.now() + notice) & JobRow.told_end.is_null())


def give_notice(db: Database, job: str, *, notice: float) -> float | None:
    """Note that the requester is told now; returns when the job ends, `notice` seconds from now at the earliest.

    `None` when it does not end so soon any more: somebody kept it, or told before us. Inside `do`.
    """
    due = (JobRow.id == job) & JobRow.told_end.is_null() & _ending(db.now() + notice)
    row = JobRow.get_or_none(due)
    ends = None if row is None else end(row, seconds_kept().get(row.workspace))
    if ends is None:
        return None
    ends = max(ends, db.now() + notice)
    written = JobRow.update(told_end=ends, revision=JobRow.revision + 1).where(due).execute()
    return ends if written else None


def take_back(db: Database, *, notice: float) -> list[str]:
    """Done jobs whose requester was told of an end that is none any more; told again they may be. Inside `do`."""
    told = _ids((JobRow.state == str(JobState.DONE)) & JobRow.told_end.is_null(False))
    still = set(_ids(_ending(db.now() + notice)))
    stale = [job for job in told if job not in still]
    for job in stale:
        this = JobRow.id == job
        changed: Any = {"told_end": None, "revision": JobRow.revision + 1, "updated_at": db.now()}
        JobRow.update(**changed).where(this).execute()
        JobRow.update(message="").where(this & JobRow.message.startswith(NOTICE)).execute()
    return stale


def ended(db: Database, job: str | None = None) -> list[str]:
    """Done jobs whose time is over, and whose requester was told; with `job`, that one if it is one of them."""
    where = _ending(db.now()) & (JobRow.told_end < db.now())
    return _ids(where if job is None else where & (JobRow.id == job))


def _ending(moment: float) -> Expression:
    """Done jobs that nobody keeps and whose retention, as it is now, is over before `moment`."""
    where: Any = JobRow.id.is_null()  # none
    for workspace, kept in sorted(seconds_kept().items()):
        where |= (JobRow.workspace == workspace) & (JobRow.finished_at < moment - kept)
    done: Expression = (JobRow.state == str(JobState.DONE)) & JobRow.kept_at.is_null() & where
    return done


def _ids(where: Expression) -> list[str]:
    rows = JobRow.select(JobRow.id).where(where).order_by(JobRow.finished_at, JobRow.id)
    return [job for (job,) in tuples(rows)]
