"""Workspaces whose app was uninstalled, and what is forgotten of them when nobody came back."""

from __future__ import annotations

from storage.database import Database
from storage.models import AuditRow, ChatMessage, JobRow, KeptRow, User, Workspace
from storage.records import JobState
from storage.tuples import tuples
from storage.workspaces import terms


def removed_before(db: Database, moment: float) -> list[str]:
    """The workspaces that were removed before `moment` (epoch seconds) and are not forgotten yet."""

    def work() -> list[str]:
        marked = Workspace.select(Workspace.id).where(Workspace.settings.contains('"removed_at"'))
        return [name for (name,) in tuples(marked.order_by(Workspace.id)) if is_removed(db, name, moment)]

    return db.do(work)


def present(db: Database, platform: str) -> list[str]:
    """The workspaces of a platform in which somebody is known, and that were not removed."""

    def work() -> list[str]:
        known = User.select(User.workspace).where((User.platform == platform) & (User.name != "")).distinct()
        names = [name for (name,) in tuples(known.order_by(User.workspace))]
        return [name for name in names if terms(db, name).removed_at is None]

    return db.do(work)


def is_removed(db: Database, workspace: str, moment: float) -> bool:
    """Whether the workspace was removed before `moment` and did not come back."""
    removed_at = terms(db, workspace).removed_at
    return removed_at is not None and removed_at < moment


def jobs_left(db: Database, workspace: str) -> list[str]:
    """The workspace's jobs that are not deleted."""

    def work() -> list[str]:
        left = (JobRow.workspace == workspace) & (JobRow.state != str(JobState.DELETED))
        return [job for (job,) in tuples(JobRow.select(JobRow.id).where(left).order_by(JobRow.created_at))]

    return db.do(work)


def forget(db: Database, workspace: str, *, removed_before: float) -> bool:
    """Forget what was said and decided in the workspace, and everybody's name; whether it was time to.

    Not while a job is left, nor when the app came back. What remains are rows without words: jobs, and the ledger.
    """

    def work() -> bool:
        db.alone(f"workspace:{workspace}")
        db.alone(f"terms:{workspace}")
        if not is_removed(db, workspace, removed_before) or jobs_left(db, workspace):
            return False
        ChatMessage.delete().where(ChatMessage.workspace == workspace).execute()
        KeptRow.delete().where(KeptRow.workspace == workspace).execute()
        AuditRow.delete().where(AuditRow.workspace == workspace).execute()
        User.update(name="", preferences="{}").where(User.workspace == workspace).execute()
        Workspace.update(settings="{}").where(Workspace.id == workspace).execute()
        return True

    return db.do(work)
