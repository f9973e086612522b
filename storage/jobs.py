"""The rows of jobs. Called inside `Database.do`.

Every change raises `revision` and is guarded by the states it leads from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, TypedDict, Unpack

from peewee import Expression, ModelSelect, fn

from storage import references, retention
from storage.database import Database
from storage.models import JobRow, LedgerEntry, PublishedRow, User
from storage.records import (
    Failure,
    Finished,
    Job,
    JobState,
    PaperCard,
    PublishedFile,
    Record,
    Requester,
    Waiting,
)
from storage.tuples import tuples

#: States in which something is still to come.
UNFINISHED: Final = (
    JobState.AWAITING_CONSENT,
    JobState.QUEUED,
    JobState.RUNNING,
    JobState.WAITING,
    JobState.AWAITING_APPROVAL,
)
#: States in which runs may be begun.
AT_WORK: Final = (JobState.RUNNING, JobState.WAITING)


class NewJob(Record):
    """What a job is written down with. `user` is the row id of its requester."""

    id: str
    workspace: str
    user: int
    private: bool
    order: str
    source: str
    sameness: str
    state: JobState
    stage: str
    needs_approval: bool
    estimate_cents: int
    token: str
    follows: str | None = None
    waiting: Waiting | None = None


class Entry(Record):
    """What stands beside a job and concerns only the house."""

    user: int
    sameness: str
    estimate_cents: int
    queued_at: float
    finished: Finished | None


class JobChanges(TypedDict, total=False):
    """What may be changed of a job."""

    state: JobState
    stage: str
    fraction: float
    message: str
    order: str
    source: str
    sameness: str
    estimate_cents: int
    follows: str | None
    paper: PaperCard
    waiting: Waiting | None
    failure: Failure | None
    #: What finds the job where it is not its `failure`'s: of one that is done all the same.
    reference: str | None
    approved_at: float | None
    queued_at: float
    started_at: float | None
    finished_at: float | None
    kept_at: float | None
    told_end: float | None
    link: str | None
    scenes: int | None
    seconds: float | None
    finished: Finished | None


def add(db: Database, job: NewJob) -> None:
    """Write a new job down."""
    now = db.now()
    said = job.model_dump(exclude={"waiting", "state"})
    times = dict.fromkeys(("created_at", "queued_at", "in_line_since", "updated_at"), now)
    JobRow.insert(**said, **times, **_columns({"waiting": job.waiting, "state": job.state})).execute()


def change(db: Database, job: str, among: Iterable[JobState], **to: Unpack[JobChanges]) -> bool:
    """Change the job if it is in one of the states `among`; whether it was."""
    in_line = {"in_line_since": db.now()} if to.get("state") is JobState.QUEUED else {}
    return bool(
        JobRow.update(revision=JobRow.revision + 1, updated_at=db.now(), **in_line, **_columns(dict(to)))
        .where((JobRow.id == job) & JobRow.state.in_([str(state) for state in among]))
        .execute()
    )


def find(job: str) -> Job | None:
    """The job as it stands, or `None`."""
    return _first(_jobs(JobRow.select().where(JobRow.id == job)))


def locked(db: Database, job: str) -> Job | None:
    """The job, held until the transaction ends: nobody else who asks for it `locked` has it meanwhile.

    Take locks in this order: `alone("workspace:…")`, a job, its followers, the ledger.
    """
    return _first(_jobs(_held(db, JobRow.select().where(JobRow.id == job))))


def glance(job: str) -> tuple[JobState, str] | None:
    """State and message of the job, without holding it."""
    for state, message in tuples(JobRow.select(JobRow.state, JobRow.message).where(JobRow.id == job)):
        return JobState(state), message
    return None


def entry(job: str) -> Entry:
    """The house's own notes on a job that is there."""
    row = JobRow.get_by_id(job)
    return Entry(
        user=row.user,
        sameness=row.sameness,
        estimate_cents=row.estimate_cents,
        queued_at=row.queued_at,
        finished=None if row.finished is None else Finished.model_validate_json(row.finished),
    )


def by_token(token: str) -> Job | None:
    """The job whose link holds `token`."""
    return _first(_jobs(JobRow.select().where(JobRow.token == token)))


def by_reference(reference: str) -> Job | None:
    """The job whose last failure was `reference` ("HH-7F3K"), whatever became of it; the latest of several."""
    newest = JobRow.select().where(JobRow.reference == reference).order_by(JobRow.updated_at.desc())
    return _first(_jobs(newest.limit(1)))


def recent(
    workspace: str,
    *,
    user: int | None = None,
    states: Sequence[JobState] = (),
    limit: int = 20,
) -> list[Job]:
    """The latest jobs of a workspace (of one user, in some states), newest first."""
    where: Expression = JobRow.workspace == workspace
    if user is not None:
        where &= JobRow.user == user
    if states:
        where &= JobRow.state.in_([str(state) for state in states])
    rows = JobRow.select().where(where).order_by(JobRow.created_at.desc(), JobRow.id).limit(limit)
    return _jobs(rows)


def latest_linked(workspace: str, user: int) -> Job | None:
    """The user's latest job whose video is there with a link; `None` when there is none."""
    where = (JobRow.workspace == workspace) & (JobRow.user == user) & JobRow.link.is_null(False)
    where &= JobRow.state != str(JobState.DELETED)
    return _first(_jobs(JobRow.select().where(where).order_by(JobRow.created_at.desc(), JobRow.id).limit(1)))


def several(ids: Sequence[str]) -> list[Job]:
    """The jobs with these ids that are there, in this order."""
    there = {job.id: job for job in _jobs(JobRow.select().where(JobRow.id.in_(list(ids))))}
    return [there[job] for job in ids if job in there]


def ids_in(states: Iterable[JobState]) -> list[str]:
    """The jobs in one of `states`, oldest first."""
    rows = JobRow.select(JobRow.id).where(JobRow.state.in_([str(state) for state in states]))
    return [job for (job,) in tuples(rows.order_by(JobRow.created_at))]


def equal(
    workspace: str, sameness: str, states: Iterable[JobState], *, user: int, leading: bool = False
) -> list[Job]:
    """Jobs that make the same video and that `user` may know of, oldest first; `leading`: those that follow none."""
    where = (
        (JobRow.workspace == workspace)
        & (JobRow.sameness == sameness)
        & JobRow.state.in_([str(state) for state in states])
        & ((JobRow.private == False) | (JobRow.user == user))  # noqa: E712 - SQL
    )
    if leading:
        where &= JobRow.follows.is_null()
    return _jobs(JobRow.select().where(where).order_by(JobRow.created_at, JobRow.id))


def sources_of(workspace: str, kind: str, number: str) -> list[str]:
    """How jobs of the workspace whose paper has that "pmid", "pmcid" or "doi" asked for it, oldest first."""
    named = (JobRow.workspace == workspace) & JobRow.paper.contains(f'"{number}"')
    rows = JobRow.select(JobRow.source, JobRow.paper).where(named).order_by(JobRow.created_at, JobRow.id)
    found = []
    for source, paper in tuples(rows):
        has = PaperCard.model_validate_json(paper).model_dump().get(kind)
        if has and has.casefold() == number.casefold():
            found.append(source)
    return found


def locked_followers(db: Database, job: str) -> list[Job]:
    """The jobs that wait for `job`'s video, first come first, held until the transaction ends."""
    where = (JobRow.follows == job) & (JobRow.state == str(JobState.WAITING))
    return _jobs(_held(db, JobRow.select().where(where).order_by(JobRow.queued_at, JobRow.id)))


def followers() -> list[tuple[str, str]]:
    """Every (waiting job, the job it follows)."""
    where = JobRow.follows.is_null(False) & (JobRow.state == str(JobState.WAITING))
    return [(job, leader) for job, leader in tuples(JobRow.select(JobRow.id, JobRow.follows).where(where))]


def unanswered(state: JobState, moment: float) -> list[str]:
    """Jobs that wait for a person's answer in this `state`, and whose time for it ended before `moment`."""
    where = (JobRow.state == str(state)) & (JobRow.waiting_until < moment)
    return [job for (job,) in tuples(JobRow.select(JobRow.id).where(where))]


def publish(job: str, files: Iterable[PublishedFile], *, beside: Collection[str] = ()) -> None:
    """These are the job's finished files, in place of those it had. The old keys `beside` go on being the job's."""
    rows = [{"job": job, **file.model_dump()} for file in files]
    mine, new = PublishedRow.job == job, PublishedRow.key.in_([row["key"] for row in rows])
    PublishedRow.update(current=False).where(mine & PublishedRow.key.in_(list(beside))).execute()
    PublishedRow.delete().where(mine & (PublishedRow.current | new)).execute()
    if rows:
        PublishedRow.insert_many(rows).execute()


def unpublish(job: str) -> None:
    """No file is the job's any more, neither of its video nor of one that it had before."""
    PublishedRow.delete().where(PublishedRow.job == job).execute()


def sole_keys(job: str) -> list[str]:
    """The object keys of the job's finished files, those of old too, that no other job refers to."""
    mine = [key for (key,) in tuples(PublishedRow.select(PublishedRow.key).where(PublishedRow.job == job))]
    others = PublishedRow.select(PublishedRow.key).where(
        PublishedRow.key.in_(mine) & (PublishedRow.job != job)
    )
    shared = {key for (key,) in tuples(others)}
    return [key for key in mine if key not in shared]


def publishers(key: str) -> list[str]:
    """The jobs whose finished files hold the object `key`."""
    theirs = (PublishedRow.key == key) & PublishedRow.current
    rows = PublishedRow.select(PublishedRow.job).where(theirs).order_by(PublishedRow.job)
    return [job for (job,) in tuples(rows)]


def is_ordered(workspace: str, key: str, *, besides: str) -> bool:
    """Whether the order of a job other than `besides` names the object `key`, or the one that it may go back to."""
    where = (JobRow.workspace == workspace) & (JobRow.id != besides) & references.orders(key)
    return bool(JobRow.select().where(where).exists())


def held_videos(job: str) -> int:
    """How many videos of its requester's quota the job counts for."""
    return int(LedgerEntry.select(fn.SUM(LedgerEntry.videos)).where(LedgerEntry.job == job).scalar() or 0)


def _held(db: Database, rows: ModelSelect[JobRow]) -> ModelSelect[JobRow]:
    """On SQLite a transaction has the database for itself already."""
    return rows.for_update() if db.dialect == "postgres" else rows


def _columns(to: dict[str, object]) -> dict[str, object]:
    columns = dict(to)
    if "state" in to:
        columns["state"] = str(to["state"])
    if "waiting" in to:
        waiting = to["waiting"]
        assert waiting is None or isinstance(waiting, Waiting)
        columns["waiting"] = waiting.model_dump_json(exclude={"until"}) if waiting else None
        columns["waiting_until"] = waiting.until if waiting else None
    if "failure" in to:
        failure = to["failure"]
        assert failure is None or isinstance(failure, Failure)
        columns["failure"] = failure.model_dump_json() if failure else None
        if failure is not None:  # the last failure's finds the job whatever became of it since
            columns.setdefault("reference", failure.reference)
    if isinstance(finished := to.get("finished"), Finished):
        columns["finished"] = finished.model_dump_json()
    if isinstance(paper := to.get("paper"), PaperCard):
        columns["paper"] = paper.model_dump_json()
    return columns


def _first(jobs: list[Job]) -> Job | None:
    return jobs[0] if jobs else None


def _jobs(select: ModelSelect[JobRow]) -> list[Job]:
    rows: list[JobRow] = list(select.iterator())
    if not rows:
        return []
    ids = [row.id for row in rows]
    people = {user.id: user for user in User.select().where(User.id.in_({row.user for row in rows}))}
    files: dict[str, list[PublishedFile]] = {}
    current = PublishedRow.job.in_(ids) & PublishedRow.current
    for file in PublishedRow.select().where(current).order_by(PublishedRow.name):
        said = {name: value for name, value in file.__data__.items() if name not in ("job", "current")}
        files.setdefault(file.job, []).append(PublishedFile.model_validate(said))
    money = (
        LedgerEntry.select(
            LedgerEntry.job, fn.SUM(LedgerEntry.reserved_cents), fn.SUM(LedgerEntry.spent_cents)
        )
        .where(LedgerEntry.job.in_(ids))
        .group_by(LedgerEntry.job)
    )
    sums = {job: (int(reserved), int(spent)) for job, reserved, spent in tuples(money)}
    kept = retention.seconds_kept() if any(row.state == str(JobState.DONE) for row in rows) else {}
    return [
        _job(
            row,
            people[row.user],
            files.get(row.id, []),
            sums.get(row.id, (0, 0)),
            retention.end(row, kept.get(row.workspace)),
        )
        for row in rows
    ]


#: Columns that go into a `Job` as they are.
_AS_THEY_ARE: Final = (
    "id workspace private order source state stage fraction message revision needs_approval approved_at follows "
    "created_at started_at finished_at updated_at token link scenes seconds"
).split()


def _job(
    row: JobRow, user: User, files: list[PublishedFile], cents: tuple[int, int], end: float | None
) -> Job:
    waiting = None
    if row.waiting is not None:
        said = Waiting.model_validate_json(row.waiting)
        waiting = said.model_copy(update={"until": row.waiting_until})
    requester = Requester(
        workspace=user.workspace, platform=user.platform, user=user.platform_user, name=user.name
    )
    return Job(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        requester=requester,
        expires_at=end,
        paper=PaperCard.model_validate_json(row.paper),
        waiting=waiting,
        failure=None if row.failure is None else Failure.model_validate_json(row.failure),
        reserved_cents=cents[0],
        spent_cents=cents[1],
        files=tuple(files),
    )
