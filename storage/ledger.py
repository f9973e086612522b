"""The ledger: videos and US cents that are reserved, spent and given back. Rows are only ever added.

A job reserves when it is submitted (and anew when it is retried), and once more when something costs
more than was thought. Each purchase moves cents from reserved to spent. A reservation is closed once: what
is reserved and not spent is released, and for a failed job its video is given back. The sum over a
job's rows is what it holds and has spent.
"""

from __future__ import annotations

from typing import Any

from peewee import Expression, fn

from storage.database import Database
from storage.models import JobRow, LedgerEntry
from storage.quotas import Caps, Period, Refusal, Span, Usage, over_job, refusal
from storage.records import Record

__all__ = [
    "Caps",
    "Refusal",
    "Span",
    "Usage",
    "afford",
    "charge",
    "correct",
    "of_job",
    "release",
    "reserve",
    "usage",
]


class _Sums(Record):
    """Sums over some rows."""

    videos: int
    reserved: int
    spent: int


class _Account(Record):
    """Whose money a job's is."""

    workspace: str
    user: int
    job: str


class _Reservation(Record):
    """One `reserve` row and what has become of it."""

    id: int
    account: _Account
    at: float
    reserved: int
    videos: int
    closed: bool


def reserve(
    db: Database, *, workspace: str, user: int, job: str, cents: int, videos: int = 1, caps: Caps
) -> Refusal | None:
    """Set `videos` and `cents` aside for `job`; or, when that is more than `caps` allow, the reason.

    However many do this at once, they never pass a cap together. What the job spent before counts into its own cap.
    """

    def work() -> Refusal | None:
        db.alone(lock_of(workspace))
        no = over_job(caps.cents_per_job, spent=_sums(LedgerEntry.job == job).spent, cents=cents)
        no = no or refusal(usage(db, workspace, user, caps), videos=videos, cents=cents, now=db.now())
        if no is None:
            account = _Account(workspace=workspace, user=user, job=job)
            _write(db, account, "reserve", at=db.now(), videos=videos, reserved=cents)
        return no

    return db.do(work)


def afford(db: Database, *, job: str, cents: int, under_way: int, caps: Caps) -> Refusal | None:
    """Make sure that `job` may spend `cents` more, beside the `under_way` that it is spending now.

    What goes beyond its reservations is reserved too, as far as `caps` allow; else the reason why not. Beyond the cap
    of a job nothing is spent, whatever it has reserved.
    Raises `LookupError` for a job that nobody knows.
    """

    def work() -> Refusal | None:
        account = _account(job)
        db.alone(lock_of(account.workspace))
        gone = _sums(LedgerEntry.job == job).spent + under_way
        if no := over_job(caps.cents_per_job, spent=gone, cents=cents):
            return no
        reserved = sum(one.reserved for one in _reservations(job) if not one.closed)
        beyond = under_way + cents - reserved
        if beyond <= 0:
            return None
        no = refusal(usage(db, account.workspace, account.user, caps), videos=0, cents=beyond, now=db.now())
        if no is None:
            _write(db, account, "reserve", at=db.now(), reserved=beyond)
        return no

    return db.do(work)


def charge(db: Database, *, job: str, purchase: str, cents: int) -> bool:
    """Write down that `job` spent `cents` on `purchase`; false for one that was charged, which is not charged again.

    It takes from what the job has reserved; what goes beyond that is simply spent.
    Raises `LookupError` for a job that nobody knows.
    """

    def work() -> bool:
        account = _account(job)
        db.alone(lock_of(account.workspace))
        if LedgerEntry.select().where(LedgerEntry.purchase == purchase).exists():
            return False
        reservations = _reservations(job)
        still_open = [one for one in reservations if not one.closed]
        latest = next(iter(still_open or reservations), None)
        left = cents
        for one in still_open[:0:-1]:  # the latest takes the rest, also what goes beyond
            if (part := min(one.reserved, left)) > 0:
                _write(db, one.account, "charge", at=one.at, reservation=one.id, reserved=-part, spent=part)
                left -= part
        _write(
            db,
            latest.account if latest else account,
            "charge",
            at=latest.at if latest and still_open else db.now(),
            reservation=latest.id if latest else None,
            reserved=-min(latest.reserved, left) if latest and still_open else 0,
            spent=left,
            purchase=purchase,
        )
        return True

    return db.do(work)


def correct(db: Database, *, purchase: str, cents: int) -> None:
    """Write down that a purchase that was charged cost so much more (or less, below zero) than was charged.

    Where its reservation is open, it takes from that or goes back to it. To be called once for each correction,
    in the transaction that notes the true cost.
    """

    def work() -> None:
        row: LedgerEntry | None = LedgerEntry.get_or_none(LedgerEntry.purchase == purchase)
        if row is None or cents == 0:
            return
        db.alone(lock_of(row.workspace))
        held = next((one for one in _reservations(row.job) if one.id == row.reservation), None)
        _write(
            db,
            _Account(workspace=row.workspace, user=row.user, job=row.job),
            "correct",
            at=row.at,
            reservation=row.reservation,
            reserved=-min(held.reserved, cents) if held is not None and not held.closed else 0,
            spent=cents,
        )

    db.do(work)


def release(db: Database, *, job: str, give_back: bool) -> None:
    """Close what `job` has reserved: what was not spent is free again; `give_back`: so is its video.

    A reservation that is closed stays as it was closed, so doing this twice changes nothing.
    """

    def work() -> None:
        first = LedgerEntry.select(LedgerEntry.workspace).where(LedgerEntry.job == job).tuples().first()
        if first is None:
            return
        db.alone(lock_of(first[0]))
        for one in _reservations(job):
            if not one.closed:
                _write(
                    db,
                    one.account,
                    "give-back" if give_back else "release",
                    at=one.at,
                    reservation=one.id,
                    videos=-one.videos if give_back else 0,
                    reserved=-one.reserved,
                )

    db.do(work)


def of_job(db: Database, job: str) -> tuple[int, int]:
    """The cents that `job` holds reserved and those that it has spent."""
    sums = db.do(lambda: _sums(LedgerEntry.job == job))
    return sums.reserved, sums.spent


def usage(db: Database, workspace: str, user: int, caps: Caps) -> Usage:
    """What `user` and the whole workspace have had today and this month, beside what `caps` allow."""
    lab = LedgerEntry.workspace == workspace
    person = lab & (LedgerEntry.user == user)

    def span(whose: Expression, period: Period, videos: int | None, cents: int | None) -> Span:
        start, end = period.bounds(db.now())
        sums = _sums(whose & (LedgerEntry.at >= start) & (LedgerEntry.at < end))
        return Span(
            videos=sums.videos,
            reserved_cents=sums.reserved,
            spent_cents=sums.spent,
            videos_cap=videos,
            cents_cap=cents,
            ends_at=end,
        )

    return db.do(
        lambda: Usage(
            user_day=span(person, Period.DAY, caps.videos_per_user_day, caps.cents_per_user_day),
            user_month=span(person, Period.MONTH, caps.videos_per_user_month, caps.cents_per_user_month),
            workspace_day=span(lab, Period.DAY, caps.videos_per_day, caps.cents_per_day),
            workspace_month=span(lab, Period.MONTH, caps.videos_per_month, caps.cents_per_month),
        )
    )


def lock_of(workspace: str) -> str:
    """What `Database.alone` is called with by whoever moves money of `workspace`."""
    return f"ledger:{workspace}"


def _account(job: str) -> _Account:
    """Who pays for `job`: as its reservation says, else as the job itself says."""
    for table, key in ((LedgerEntry, LedgerEntry.job), (JobRow, JobRow.id)):
        row: Any = table.select(table.workspace, table.user).where(key == job).tuples().first()
        if row is not None:
            return _Account(workspace=row[0], user=row[1], job=job)
    raise LookupError(f"no job {job}")


def _reservations(job: str) -> list[_Reservation]:
    """Every reservation of `job`, the latest first."""
    rows: list[LedgerEntry] = list(
        LedgerEntry.select().where(LedgerEntry.job == job).order_by(LedgerEntry.id)
    )
    found = []
    for start in (row for row in rows if row.kind == "reserve"):
        its = [row for row in rows if start.id in (row.id, row.reservation)]
        found.append(
            _Reservation(
                id=start.id,
                account=_Account(workspace=start.workspace, user=start.user, job=job),
                at=start.at,
                reserved=sum(row.reserved_cents for row in its),
                videos=sum(row.videos for row in its),
                closed=any(row.kind in ("release", "give-back") for row in its),
            )
        )
    return found[::-1]


def _sums(which: Expression) -> _Sums:
    columns = (LedgerEntry.videos, LedgerEntry.reserved_cents, LedgerEntry.spent_cents)
    row: Any = (
        LedgerEntry.select(*(fn.COALESCE(fn.SUM(one), 0) for one in columns)).where(which).tuples().get()
    )
    return _Sums(videos=row[0], reserved=row[1], spent=row[2])


def _write(
    db: Database,
    account: _Account,
    kind: str,
    *,
    at: float,
    reservation: int | None = None,
    videos: int = 0,
    reserved: int = 0,
    spent: int = 0,
    purchase: str | None = None,
) -> None:
    LedgerEntry.insert(
        workspace=account.workspace,
        user=account.user,
        job=account.job,
        kind=kind,
        reservation=reservation,
        videos=videos,
        reserved_cents=reserved,
        spent_cents=spent,
        purchase=purchase,
        at=at,
        written_at=db.now(),
    ).execute()
