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
    """The workers that were seen in the last `within` seconds, those who began first come first."""
    rows = db.do(
        lambda: list(
            WorkerRow.select().where(WorkerRow.seen_at > db.now() - within).order_by(WorkerRow.started_at)
        )
    )
    return tuple(WorkerSign(id=row.id, host=row.host, pid=row.pid, io=row.io, cpu=row.cpu) for row in rows)


def forget_silent(db: Database, since: float) -> int:
    """Forget the workers that were not seen for `since` seconds; how many that were."""

    def work() -> int:
        silent = WorkerRow.delete().where(WorkerRow.seen_at < db.now() - since)
        return int(silent.execute())

    return db.do(work)
