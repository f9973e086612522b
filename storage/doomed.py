"""Objects that are to be deleted: written down with what makes them needless, and deleted afterwards.

Whoever deletes looks again, alone with the workspace, whether a job needs the object by now, and claims
it: from then on nobody can order it until it is gone (`being_deleted`). The store is asked outside of any
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from peewee import Expression

from storage import references
from storage.database import Database
from storage.errors import StorageError
from storage.models import DoomedRow
from storage.objects import Objects
from storage.records import Record
from storage.tuples import tuples

#: For so long a deletion is believed to go on (seconds): longer than the store's clients try.
CLAIM: Final = 900.0
#: What was handed in, and again since it was doomed, goes after so long unless it is ordered (seconds).
UNORDERED: Final = 24 * 3600.0
#: People hand things in under the same key again; nothing else is put twice with the same meaning.
_HANDED_IN: Final = "uploads/"


class _Claim(Record):
    """The right to delete an object that was doomed at `doomed_at`, until `until` (epoch seconds)."""

    key: str
    doomed_at: float
    until: float


def doom(db: Database, workspace: str, keys: Iterable[str], *, after: float = 0.0) -> None:
    """These objects of `workspace` are to be deleted, `after` seconds from now at the earliest. Inside `do`."""
    now = db.now()
    said = {"workspace": workspace, "doomed_at": now, "due_at": now + after}
    rows = [{"key": key, **said} for key in sorted(set(keys))]
    if rows:
        anew = [DoomedRow.workspace, DoomedRow.doomed_at, DoomedRow.due_at]
        DoomedRow.insert_many(rows).on_conflict(conflict_target=[DoomedRow.key], preserve=anew).execute()


def doomed(db: Database) -> list[str]:
    """The keys whose time has come."""
    due = DoomedRow.select(DoomedRow.key).where(DoomedRow.due_at <= db.now()).order_by(DoomedRow.due_at)
    return [key for (key,) in db.do(lambda: tuples(due))]


def carry_out(db: Database, objects: Objects, key: str) -> bool:
    """Delete the object, unless it is needed; whether it was. Raises the store's errors: then it stays doomed.

    What a person handed in again since it was doomed is let be for a day, as somebody may be about to order it.
    """
    claim = db.do(lambda: _claim(db, key))
    if claim is None:
        return False
    try:
        again = _handed_in_again(objects, claim)
        if again is None:
            objects.delete(key)
    except BaseException:
        with suppress(StorageError):  # the claim runs out by itself
            db.do(lambda: _let_go(claim))
        raise
    db.do(lambda: _conclude(db, claim, again))
    return again is None


def being_deleted(db: Database, keys: Iterable[str]) -> bool:
    """Whether one of these is being deleted at this moment. Inside `do`, alone with the workspace.

    If not, it will not be, once the transaction made an order of it.
    """
    return bool(DoomedRow.select().where(DoomedRow.key.in_(list(keys)) & _is_claimed(db)).exists())


def _claim(db: Database, key: str) -> _Claim | None:
    row = DoomedRow.get_or_none(DoomedRow.key == key)
    if row is None:
        return None
    db.alone(f"workspace:{row.workspace}")
    free = (DoomedRow.key == key) & (DoomedRow.due_at <= db.now()) & ~_is_claimed(db)
    row = DoomedRow.get_or_none(free)
    if row is None:  # somebody was faster
        return None
    if references.is_needed(row.workspace, key):
        DoomedRow.delete().where(DoomedRow.key == key).execute()
        return None
    claim = _Claim(key=key, doomed_at=row.doomed_at, until=db.now() + CLAIM)
    DoomedRow.update(claimed_until=claim.until).where(DoomedRow.key == key).execute()
    return claim


def _is_claimed(db: Database) -> Expression:
    """True of a row that somebody is deleting; one that is claimed for too long is another clock's."""
    until: Any = DoomedRow.claimed_until
    claimed: Expression = until.is_null(False) & (until > db.now()) & (until <= db.now() + CLAIM)
    return claimed


def _handed_in_again(objects: Objects, claim: _Claim) -> float | None:
    """When the object was put, if that was after it was doomed; by the store's clock, which may be another."""
    there = objects.head(claim.key) if claim.key.startswith(_HANDED_IN) else None
    return there.modified if there is not None and there.modified > claim.doomed_at else None


def _conclude(db: Database, claim: _Claim, again: float | None) -> None:
    """The object is gone, or stays doomed as from when it was handed in `again`: thus the store's clock, however
    wrong, saves it once.
    """
    this = _own(claim) & (DoomedRow.doomed_at == claim.doomed_at)  # it may have been doomed anew meanwhile
    if again is None:
        DoomedRow.delete().where(this).execute()
    else:
        now = db.now()
        later = {"doomed_at": max(now, again), "due_at": now + UNORDERED}
        DoomedRow.update(**later).where(this).execute()
    _let_go(claim)


def _let_go(claim: _Claim) -> None:
    DoomedRow.update(claimed_until=None).where(_own(claim)).execute()


def _own(claim: _Claim) -> Expression:
    own: Expression = (DoomedRow.key == claim.key) & (DoomedRow.claimed_until == claim.until)
    return own
