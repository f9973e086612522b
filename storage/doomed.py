"""Objects that are to be deleted: written down with what makes them needless, and deleted afterwards.

Whoever deletes looks again, alone with the workspace, whether a job needs the object by now.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage import references
from storage.database import Database
from storage.models import DoomedRow
from storage.objects import Objects
from storage.tuples import tuples


def doom(db: Database, workspace: str, keys: Iterable[str], *, after: float = 0.0) -> None:
    """These objects of `workspace` are to be deleted, `after` seconds from now at the earliest. Inside `do`."""
    rows = [{"key": key, "workspace": workspace, "due_at": db.now() + after} for key in sorted(set(keys))]
    if rows:
        (
            DoomedRow.insert_many(rows)
            .on_conflict(conflict_target=[DoomedRow.key], preserve=[DoomedRow.workspace, DoomedRow.due_at])
            .execute()
        )


def doomed(db: Database) -> list[str]:
    """The keys whose time has come."""
    due = DoomedRow.select(DoomedRow.key).where(DoomedRow.due_at <= db.now()).order_by(DoomedRow.due_at)
    return [key for (key,) in db.do(lambda: tuples(due))]


def carry_out(db: Database, objects: Objects, key: str) -> bool:
    """Delete the object, unless it is needed; whether it was. Raises the store's errors: then it stays doomed.

    Nobody of the workspace can order it meanwhile, so the store is asked inside of the transaction.
    """

    def work() -> bool:
        row = DoomedRow.get_or_none(DoomedRow.key == key)
        if row is None:
            return False
        db.alone(f"workspace:{row.workspace}")
        needed = references.is_needed(row.workspace, key)
        if not needed:
            objects.delete(key)
        DoomedRow.delete().where(DoomedRow.key == key).execute()
        return not needed

    return db.do(work)
