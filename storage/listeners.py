"""Which processes are connected to a chat platform: each says so now and then, for as long as it is."""

from __future__ import annotations

from typing import Final

from peewee import fn

from storage.database import Database
from storage.models import ListenerRow
from storage.records import Record
from storage.tuples import tuples

#: A process says that it is connected every so many seconds, and is believed for so many.
SAID_EVERY, BELIEVED = 10.0, 30.0
#: A platform that nobody was connected to for so long is not missed any more (seconds).
MISSED_FOR: Final = 7 * 24 * 3600.0


class Listener(Record):
    """A process that is connected to `platform`; `id` is its own name."""

    id: str
    platform: str
    host: str
    pid: int


def connected(db: Database, listener: Listener) -> None:
    """Note that it is connected now."""

    def write() -> None:
        now = db.now()
        updated = ListenerRow.update(seen_at=now).where(ListenerRow.id == listener.id).execute()
        if not updated:
            ListenerRow.insert(**listener.model_dump(), seen_at=now).execute()

    db.do(write)


def listening(db: Database, platform: str | None = None) -> tuple[Listener, ...]:
    """Those that are connected, as far as is known; of one platform if it is named.

    One that was last seen long after now was connected before a clock went back.
    """

    def work() -> list[ListenerRow]:
        now = db.now()
        lately = (ListenerRow.seen_at > now - BELIEVED) & (ListenerRow.seen_at < now + BELIEVED)
        here = lately if platform is None else lately & (ListenerRow.platform == platform)
        return list(ListenerRow.select().where(here).order_by(ListenerRow.id))

    rows = db.do(work)
    return tuple(Listener(id=row.id, platform=row.platform, host=row.host, pid=row.pid) for row in rows)


def counts(db: Database) -> dict[str, int]:
    """How many are connected to each platform; 0 where some were and none is."""

    def work() -> dict[str, int]:
        known = tuples(ListenerRow.select(fn.DISTINCT(ListenerRow.platform)))
        found = {name: 0 for (name,) in known}
        for one in listening(db):
            found[one.platform] += 1
        return dict(sorted(found.items()))

    return db.do(work)


def forget_silent(db: Database) -> int:
    """Forget those that were not connected for long; how many that were."""

    def work() -> int:
        now = db.now()
        silent = (ListenerRow.seen_at < now - MISSED_FOR) | (ListenerRow.seen_at > now + MISSED_FOR)
        return int(ListenerRow.delete().where(silent).execute())

    return db.do(work)
