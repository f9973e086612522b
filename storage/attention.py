"""What somebody should look at: rows for alerts. Each function is a transaction of its own."""

from __future__ import annotations

from storage.database import Database
from storage.models import JobRow, Workspace
from storage.records import Failure, JobState
from storage.tuples import tuples
from storage.workspaces import terms


def workspaces_on(db: Database, platform: str) -> list[str]:
    """The workspaces of a platform ("slack:T0123") that have the app, in order."""

    def work() -> list[str]:
        named = Workspace.select(Workspace.id).where(Workspace.id.startswith(f"{platform}:"))
        names = [name for (name,) in tuples(named.order_by(Workspace.id))]
        return [name for name in names if terms(db, name).removed_at is None]

    return db.do(work)


def failures_since(db: Database, moment: float) -> list[tuple[str, Failure]]:
    """The jobs that failed since `moment` (epoch seconds) and stand so, as (workspace, why), the latest first."""

    def work() -> list[tuple[str, Failure]]:
        lately = (JobRow.state == str(JobState.FAILED)) & (JobRow.updated_at > moment)
        rows = (
            JobRow.select(JobRow.workspace, JobRow.failure).where(lately).order_by(JobRow.updated_at.desc())
        )
        return [(name, Failure.model_validate_json(text)) for name, text in tuples(rows) if text]

    return db.do(work)
