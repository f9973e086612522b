"""What a message of a platform stands for and can't hold itself: the value of a button, a script half edited.

It is forgotten when nobody kept it anew for a while; whoever asks for it then is told that the message is too old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.database import Database
from storage.models import KeptRow

#: How the key of a script begins that is half edited, "draft:<job>:<person>": it goes when its job is deleted.
DRAFT: Final = "draft"


def keep(db: Database, workspace: str, values: Mapping[str, str]) -> None:
    """Keep these values under their keys, in place of what was there; they count as new."""

    def work() -> None:
        rows = [
            {"workspace": workspace, "key": key, "value": value, "at": db.now()}
            for key, value in values.items()
        ]
        KeptRow.insert_many(rows).on_conflict(
            conflict_target=[KeptRow.workspace, KeptRow.key], preserve=[KeptRow.value, KeptRow.at]
        ).execute()

    if values:
        db.do(work)


def kept(db: Database, workspace: str, key: str) -> str | None:
    """What is kept there; `None` for what never was, or was forgotten."""

    def work() -> str | None:
        row = KeptRow.get_or_none((KeptRow.workspace == workspace) & (KeptRow.key == key))
        return None if row is None else str(row.value)

    return db.do(work)


def let_go(db: Database, workspace: str, beginning: str) -> None:
    """Forget now what is kept under keys that begin so."""
    those = (KeptRow.workspace == workspace) & KeptRow.key.startswith(beginning)
    db.do(lambda: KeptRow.delete().where(those).execute())


def forget_before(db: Database, at: float) -> int:
    """Forget what was kept before `at` (epoch seconds); how much that was."""

    def work() -> int:
        gone: Any = KeptRow.delete().where(KeptRow.at < at).execute()
        return int(gone)

    return db.do(work)
