"""The audit log: who did what to what, and when. Rows are only ever added."""

from __future__ import annotations

from storage.database import Database
from storage.models import AuditRow
from storage.records import Record


class AuditEntry(Record):
    """One line of it."""

    at: float
    workspace: str
    actor: str
    action: str
    target: str
    detail: str


def note(db: Database, workspace: str, actor: str, action: str, target: str, detail: str = "") -> None:
    """Write a line. Part of the transaction it is called in, so it stands there if and only if the deed does."""

    def work() -> None:
        AuditRow.insert(
            at=db.now(),
            workspace=workspace,
            actor=actor[:200],
            action=action[:60],
            target=target[:200],
            detail=detail,
        ).execute()

    db.do(work)


def entries(db: Database, workspace: str, *, target: str | None = None, limit: int = 100) -> list[AuditEntry]:
    """The last `limit` lines of a workspace, the newest first; of one `target`, if named."""

    def work() -> list[AuditEntry]:
        rows = AuditRow.select().where(AuditRow.workspace == workspace)
        if target is not None:
            rows = rows.where(AuditRow.target == target[:200])
        return [
            AuditEntry(
                at=row.at,
                workspace=row.workspace,
                actor=row.actor,
                action=row.action,
                target=row.target,
                detail=row.detail,
            )
            for row in rows.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit)
        ]

    return db.do(work)
