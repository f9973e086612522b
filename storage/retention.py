"""Finished videos whose time ends: told of a while before, deleted then. Nothing of this without a retention."""

from __future__ import annotations

from typing import Final

from storage.database import Database
from storage.models import JobRow
from storage.records import JobState
from storage.tuples import tuples

#: The requester was told since the video was finished; what was said of an earlier one does not count.
_TOLD: Final = JobRow.notice_at.is_null(False) & (JobRow.notice_at > JobRow.finished_at)
_UNTOLD: Final = JobRow.notice_at.is_null() | (JobRow.notice_at <= JobRow.finished_at)


def ending(db: Database, *, notice: float) -> list[str]:
    """Done jobs that end within `notice` seconds and whose requester was not told yet."""
    where = (JobRow.state == str(JobState.DONE)) & (JobRow.expires_at < db.now() + notice) & _UNTOLD
    return [job for (job,) in tuples(JobRow.select(JobRow.id).where(where).order_by(JobRow.expires_at))]


def give_notice(db: Database, job: str, *, notice: float) -> float | None:
    """Note that the requester is told now; returns when the job ends, `notice` seconds from now at the earliest.

    `None` when it does not end any more: somebody kept it, or told before us.
    """
    due = (
        (JobRow.id == job) & (JobRow.state == str(JobState.DONE)) & JobRow.expires_at.is_null(False) & _UNTOLD
    )
    row = JobRow.get_or_none(due)
    if row is None or row.expires_at is None:
        return None
    ends = max(row.expires_at, db.now() + notice)
    written = (
        JobRow.update(notice_at=db.now(), expires_at=ends, revision=JobRow.revision + 1).where(due).execute()
    )
    return ends if written else None


def ended(db: Database, job: str | None = None) -> list[str]:
    """Done jobs whose time is over, and whose requester was told; with `job`, that one if it is one of them."""
    where = (JobRow.state == str(JobState.DONE)) & (JobRow.expires_at < db.now()) & _TOLD
    if job is not None:
        where &= JobRow.id == job
    return [found for (found,) in tuples(JobRow.select(JobRow.id).where(where).order_by(JobRow.expires_at))]
