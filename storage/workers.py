"""Which worker processes live: each says so now and then."""

from __future__ import annotations

from storage.database import Database
from storage.models import WorkerRow
from storage.records import Record


class WorkerSign(Record):
    """A worker: its own name, where it runs, and how many runs of each queue it is at, at once."""

    id: str
    host: str
    pid: int
    io: int
    cpu: int


def seen(db: Database, worker: WorkerSign) -> None:
    """Note that `worker` lives now."""

    def write() -> None:
        now = db.now()
        updated = WorkerRow.update(seen_at=now).where(WorkerRow.id == worker.id).execute()
        if not updated:
            WorkerRow.insert(**worker.model_dump(), started_at=now, seen_at=now).execute()

    db.do(write)


def gone(db: Database, worker: str) -> None:
    """Note that the worker of that id ended as it should."""
    db.do(lambda: WorkerRow.delete().where(WorkerRow.id == worker).execute())


def living(db: Database, within: float) -> tuple[WorkerSign, ...]:
    """The workers that were seen in the last `within` seconds, those who began first come first.

    One that was last seen long after now died before a clock went back.
    """

    def work() -> list[WorkerRow]:
        now = db.now()
        lately = (WorkerRow.seen_at > now - within) & (WorkerRow.seen_at < now + within)
        return list(WorkerRow.select().where(lately).order_by(WorkerRow.started_at))

    rows = db.do(work)
    return tuple(WorkerSign(id=row.id, host=row.host, pid=row.pid, io=row.io, cpu=row.cpu) for row in rows)


def forget_silent(db: Database, since: float) -> int:
    """Forget the workers that were not seen for `since` seconds, before or after now; how many that were."""

    def work() -> int:
        now = db.now()
        silent = (WorkerRow.seen_at < now - since) | (WorkerRow.seen_at > now + since)
        return int(WorkerRow.delete().where(silent).execute())

    return db.do(work)
