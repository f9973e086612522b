"""Duties that one process at a time has, such as the sweeper's."""

from __future__ import annotations

from typing import Any

from storage.database import Database
from storage.models import LeaseRow


def hold(db: Database, name: str, owner: str, seconds: float) -> bool:
    """Take the duty `name` for `seconds`, or renew it; whether it is `owner`'s now.

    A lease that ends more than twice `seconds` from now was written by a clock that went back since, and
    counts as broken.
    """

    def work() -> bool:
        now = db.now()
        LeaseRow.insert(name=name, owner=owner, until=now + seconds).on_conflict_ignore().execute()
        free = (LeaseRow.until <= now) | (LeaseRow.until > now + 2 * seconds)
        taken: Any = (
            LeaseRow.update(owner=owner, until=now + seconds)
            .where((LeaseRow.name == name) & ((LeaseRow.owner == owner) | free))
            .execute()
        )
        return bool(taken == 1)

    return db.do(work)


def let_go(db: Database, name: str, owner: str) -> None:
    """Give the duty up, if it is `owner`'s: another may take it at once."""

    def work() -> None:
        LeaseRow.delete().where((LeaseRow.name == name) & (LeaseRow.owner == owner)).execute()

    db.do(work)
