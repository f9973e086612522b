"""Finished videos whose time ends: told of a while before, deleted then. Nothing of this without a retention."""

from __future__ import annotations

from storage.database import Database
from storage.models import JobRow
from storage.records import JobState
from storage.tuples import tuples


def ending(db: Database, *, notice: float) -> list[str]:
    """Done jobs that end within `notice` seconds and whose requester was not told yet."""
    where = (
        (JobRow.state == str(JobState.DONE))
        & (JobRow.expires_at < db.now() + notice)
        & JobRow.notice_at.is_null()
    )
    return [job for (job,) in tuples(JobRow.select(JobRow.id).where(where).order_by(JobRow.expires_at))]


def give_notice(db: Database, job: str, *, notice: float) -> float | None:
    """Note that the requester is told now; returns when the job ends, `notice` seconds from now at the earliest.

    `None` when it does not end any more: somebody kept it, or told before us.
    """
    row = JobRow.get_or_none(JobRow.id == job)
    if row is None or row.expires_at is None or row.notice_at is not None:
        return None
    ends = max(row.expires_at, db.now() + notice)
    written = (
        JobRow.update(notice_at=db.now(), expires_at=ends, revision=JobRow.revision + 1)
        .where((JobRow.id == job) & JobRow.notice_at.is_null() & JobRow.expires_at.is_null(False))
        .execute()
    )
    return ends if written else None


def ended(db: Database) -> list[str]:
    """Done jobs whose time is over, and whose requester was told."""
    where = (
        (JobRow.state == str(JobState.DONE))
        & (JobRow.expires_at < db.now())
        & JobRow.notice_at.is_null(False)
    )
    return [job for (job,) in tuples(JobRow.select(JobRow.id).where(where).order_by(JobRow.expires_at))]
