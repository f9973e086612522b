"""Events of a platform that were acted on: platforms send some of them twice."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from storage.database import Database
from storage.models import SeenEvent

_LONGEST: Final = 200


def first_time(db: Database, platform: str, event: str) -> bool:
    """Whether `event` was never asked about before; it is remembered. Of many who ask at once, one hears yes."""
    name = event if len(event) <= _LONGEST else hashlib.sha256(event.encode()).hexdigest()

    def work() -> bool:
        rows: Any = (
            SeenEvent.insert(platform=platform, event=name, at=db.now())
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
        return bool(rows == 1)

    return db.do(work)


def forget_before(db: Database, at: float) -> int:
    """Forget what was seen before `at` (epoch seconds); how many that were."""

    def work() -> int:
        gone: Any = SeenEvent.delete().where(SeenEvent.at < at).execute()
        return int(gone)

    return db.do(work)
