"""The one message of a job on a platform: where it stands, what it shows, and what was said beside it.

Whoever shows a job holds its row by a lease, so that of several bot processes one speaks.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal, NamedTuple, TypedDict, Unpack
from weakref import WeakKeyDictionary

from peewee import Expression, ModelSelect

from storage.database import Database
from storage.jobs import UNFINISHED
from storage.models import ChatMessage, JobRow
from storage.records import JobState, Record
from storage.tuples import tuples

#: Direct message, private channel, public channel.
Kind = Literal["dm", "private", "public"]

#: The message of an unfinished job is looked at again after so long, whether it changed or not (seconds).
LOOKED_AT_EVERY: Final = 30.0
#: Said of a job whose requester can't be told anything any more: it is let be.
UNREACHABLE: Final = "unreachable"
#: A row may be written so long before its transaction is seen, and clocks are set back (seconds).
_MARGIN: Final = 600.0
#: States whose end its requester is told of.
_TOLD: Final = frozenset({str(JobState.DONE), str(JobState.FAILED)})
_UNFINISHED: Final = frozenset(str(state) for state in UNFINISHED)

#: For each platform: every job that was over and did not change since then (epoch seconds) was shown whole.
_settled: Final[WeakKeyDictionary[Database, dict[str, float]]] = WeakKeyDictionary()


class Chat(Record):
    """Where a job's message stands and what it shows.

    `message` is its id (`None`: not posted yet), `thread` the id of the message that it hangs under (`None`: it
    begins a thread of its own), `origin` that of the message with the dropped file. `said` names what was said once.
    `gone`: a person deleted our message. `round` is another one with every retry, redo and new script.
    """

    job: str
    platform: str
    workspace: str
    channel: str
    kind: Kind
    message: str | None = None
    thread: str | None = None
    origin: str | None = None
    shown_revision: int = 0
    shown_digest: str = ""
    said: tuple[str, ...] = ()
    gone: bool = False
    posted_at: float | None = None
    checked_at: float | None = None
    round: str = ""


class ChatChanges(TypedDict, total=False):
    """What whoever shows a job may write down. `checked_at` is now when it is not given."""

    message: str | None
    thread: str | None
    channel: str
    kind: Kind
    shown_revision: int
    shown_digest: str
    gone: bool
    posted_at: float | None
    checked_at: float | None


def open_chat(
    db: Database,
    *,
    job: str,
    platform: str,
    workspace: str,
    channel: str,
    kind: Kind,
    thread: str | None = None,
    origin: str | None = None,
) -> None:
    """From now on `job` has its message here. A job that has one already keeps it where it is."""

    def work() -> None:
        ChatMessage.insert(
            job=job,
            platform=platform,
            workspace=workspace,
            channel=channel,
            kind=kind,
            thread=thread,
            origin=origin,
        ).on_conflict_ignore().execute()

    db.do(work)


def chat_of(db: Database, job: str) -> Chat | None:
    """The job's message, or `None` for a job that was not asked for in a chat."""
    return db.do(lambda: _find(ChatMessage.job == job))


def job_of(db: Database, platform: str, channel: str, message: str) -> str | None:
    """The job whose own message this is."""
    return db.do(lambda: _newest(platform, channel, message, ChatMessage.message))


def job_at(db: Database, platform: str, channel: str, message: str) -> str | None:
    """The job that is spoken of under `message`: it is the job's own, or the root of its thread, or came with its file.

    The newest if there are several.
    """

    def work() -> str | None:
        own = _newest(platform, channel, message, ChatMessage.message)
        return own or _newest(platform, channel, message, ChatMessage.thread, ChatMessage.origin)

    return db.do(work)


def due(db: Database, platform: str, *, limit: int = 200) -> list[str]:
    """Jobs whose message is behind, those that wait longest first.

    The job changed since, or goes on and was not looked at for `LOOKED_AT_EVERY` seconds, or is over and
    "end:<round>" is not said, or whoever showed it vanished meanwhile.
    """
    return db.do(lambda: _due(db, platform))[:limit]


def take(db: Database, job: str, owner: str, seconds: float) -> Chat | None:
    """Hold the job's message for so many seconds; `None` when another process has it, or there is none.

    Whoever holds it may take it again, which lengthens the lease.
    """

    def work() -> Chat | None:
        now = db.now()
        free = (
            ChatMessage.owner.is_null()
            | (ChatMessage.owner == owner)
            | (ChatMessage.lease_until < now)
            | (ChatMessage.lease_until > now + 3 * seconds)  # a clock was set back
        )
        taken = (
            ChatMessage.update(owner=owner, lease_until=now + seconds)
            .where((ChatMessage.job == job) & free)
            .execute()
        )
        return _find(ChatMessage.job == job) if taken else None

    return db.do(work)


def keep_shown(db: Database, job: str, owner: str, **changes: Unpack[ChatChanges]) -> bool:
    """Write down what is shown now. False, and nothing is written, when `owner` does not hold the row any more."""
    columns: dict[str, Any] = dict(changes)

    def work() -> bool:
        written = {"checked_at": db.now()} | columns
        return bool(ChatMessage.update(**written).where(_held(job, owner)).execute())

    return db.do(work)


def note_said(db: Database, job: str, owner: str, name: str) -> bool:
    """Remember that `name` was said. False, and nothing is written, when `owner` does not hold the row any more."""

    def work() -> bool:
        # Only the holder writes, so nothing is lost between reading and writing.
        row = ChatMessage.get_or_none(_held(job, owner))
        if row is None:
            return False
        said = json.loads(row.said)
        if name in said:
            return True
        return bool(ChatMessage.update(said=json.dumps([*said, name])).where(_held(job, owner)).execute())

    return db.do(work)


def release(db: Database, job: str, owner: str) -> None:
    """Let another show the job."""

    def work() -> None:
        ChatMessage.update(owner=None, lease_until=None).where(_held(job, owner)).execute()

    db.do(work)


def forget_deleted(db: Database, *, before: float) -> int:
    """Drop the messages of deleted jobs whose deletion was shown `before` (epoch seconds); how many."""

    def work() -> int:
        shown = (
            ChatMessage.select(ChatMessage.job)
            .join(JobRow, on=(JobRow.id == ChatMessage.job))
            .where(
                (JobRow.state == str(JobState.DELETED))
                & (ChatMessage.shown_revision >= JobRow.revision)
                & (ChatMessage.checked_at < before)
            )
        )
        jobs = [job for (job,) in tuples(shown)]
        return int(ChatMessage.delete().where(ChatMessage.job.in_(jobs)).execute()) if jobs else 0

    return db.do(work)


def _newest(platform: str, channel: str, message: str, *columns: Any) -> str | None:
    here = (ChatMessage.platform == platform) & (ChatMessage.channel == channel)
    found: set[str] = set()
    # One look for each: with "or", SQLite would read through the whole channel.
    for column in columns:
        rows = ChatMessage.select(ChatMessage.job).where(here & (column == message))
        found.update(job for (job,) in tuples(rows))
    if not found:
        return None
    newest = JobRow.select(JobRow.id).where(JobRow.id.in_(sorted(found)))
    ordered = newest.order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(1)
    return next((job for (job,) in tuples(ordered)), None)


def _held(job: str, owner: str) -> Expression:
    return (ChatMessage.job == job) & (ChatMessage.owner == owner)


def _find(where: Expression) -> Chat | None:
    rows: Any = (
        ChatMessage.select(ChatMessage, JobRow.queued_at)
        .join(JobRow, on=(JobRow.id == ChatMessage.job))
        .where(where)
        .dicts()
    )
    for row in rows:
        said = {name: value for name, value in row.items() if name in Chat.model_fields}
        said |= {"said": tuple(json.loads(row["said"])), "round": _round(row["queued_at"])}
        return Chat.model_validate(said)
    return None


def _round(queued_at: float) -> str:
    """Every retry and redo puts a job in line anew."""
    return f"{queued_at:.3f}"


def _due(db: Database, platform: str) -> list[str]:
    """Three looks, each by an index: jobs that go on, that are over and changed of late, that were left in the middle.

    What was over before and was shown stays so until it changes; so of the finished jobs, all are looked at only
    when a process begins.
    """
    now = db.now()
    settled = _settled.setdefault(db, {})
    since = min(settled.get(platform, 0.0), now - _MARGIN)
    going_on = _rows(JobRow.state.in_(sorted(_UNFINISHED)))
    left = _rows(ChatMessage.lease_until < now)
    over = [
        row
        for row in _rows(JobRow.updated_at >= since)
        if row.state not in _UNFINISHED and row.is_due(platform, now)
    ]
    settled[platform] = min((row.updated_at for row in over), default=now - _MARGIN)
    found = {row.job: row for row in (*going_on, *left, *over) if row.is_due(platform, now)}
    return sorted(found, key=lambda job: (found[job].checked_at or 0.0, found[job].updated_at, job))


class _Row(NamedTuple):
    """As much of a job and its message as says whether it is due."""

    job: str
    state: str
    revision: int
    queued_at: float
    updated_at: float
    platform: str
    shown_revision: int
    said: str
    gone: bool
    checked_at: float | None
    lease_until: float | None

    def is_due(self, platform: str, now: float) -> bool:
        said = json.loads(self.said)
        if self.platform != platform or UNREACHABLE in said:
            return False
        if self.state in _UNFINISHED:
            checked = self.checked_at
            if checked is None or not now - LOOKED_AT_EVERY < checked <= now + LOOKED_AT_EVERY:
                return True
        elif self.state in _TOLD and f"end:{_round(self.queued_at)}" not in said:
            return True
        elif self.gone and self.state != str(JobState.DELETED):  # what hangs under it goes with the job
            return False
        vanished = self.lease_until is not None and self.lease_until < now
        return vanished or self.revision > self.shown_revision


def _rows(where: Expression) -> list[_Row]:
    return [_Row._make(row) for row in tuples(_query(where))]


def _query(where: Expression) -> ModelSelect[Any]:
    """The platform is compared afterwards: a condition on it would lead SQLite through all messages."""
    columns = (
        JobRow.id,
        JobRow.state,
        JobRow.revision,
        JobRow.queued_at,
        JobRow.updated_at,
        ChatMessage.platform,
        ChatMessage.shown_revision,
        ChatMessage.said,
        ChatMessage.gone,
        ChatMessage.checked_at,
        ChatMessage.lease_until,
    )
    return JobRow.select(*columns).join(ChatMessage, on=(ChatMessage.job == JobRow.id)).where(where)
