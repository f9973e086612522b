"""What was bought from providers: written down before it is asked for, so that nothing is bought twice.

The row goes `asked` → `bought`, `refused` or `unsure`. Its id is what a provider gets as idempotency key.

- Killed before the provider was asked, or between its answer and our note: the row says `asked`, and its
  lease runs out. With `repeatable`, it is asked again with the same id, and the provider answers with the same task.
  Otherwise it becomes `unsure`: a person has to look, then `settle` it.
- Two at once: one asks; the other waits for its answer and gets the same task. A purchase belongs to the
  workspace, so another job that needs the same thing gets it free.
- Killed, and the job has ended: nobody comes back to it. `settle_abandoned` makes it `unsure`, so that it is counted.
- The job was cancelled, or has ended otherwise: `JobOverError`, and nobody is asked.
- It costs more than the job has reserved and the quotas leave, or takes the job beyond what one may cost:
  `OverBudgetError`, before anybody is asked.
- The provider said no (an error whose `nothing_bought` is true): `refused`, and the next `once` asks anew.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from typing import Any, Final

from peewee import fn

from storage import jobs, ledger, workspaces
from storage.database import Database
from storage.errors import (
    JobOverError,
    OverBudgetError,
    PurchaseBusyError,
    StorageError,
    UnsurePurchaseError,
)
from storage.models import JobRow, Purchase
from storage.receipts import Ask, Receipt
from storage.records import JobState, Record
from storage.references import OVER
from storage.tuples import tuples

_LONGEST_NAME: Final = 160
_POLL_SECONDS: Final = 0.25
#: What can be done about a budget that is used up.
_LATER: Final = "Nothing was bought. Retry when the quota leaves enough."
_NO_MORE: Final = "Nothing was bought. Ask whoever looks after the app for a higher limit."
#: How long a call that gives no sign of life is believed to be at it (seconds).
_LEASE: Final = 20.0


class PurchaseState(StrEnum):
    """Where a purchase is. `VOID`: it was bought, and its result is worth nothing; it was set aside.

    `UNWANTED`: it was bought, and its job was cancelled; see `storage.unwanted`.
    """

    ASKED = "asked"
    BOUGHT = "bought"
    REFUSED = "refused"
    UNSURE = "unsure"
    UNWANTED = "unwanted"
    VOID = "void"


class _Bought(Record):
    """The task is known."""

    task: str


class _Ours(Record):
    """We are the ones to ask, with this id."""

    id: str


class _Theirs(Record):
    """Somebody else is asking now."""


class _Unsure(Record):
    """It may have been bought, and nobody knows."""


class Purchases:
    """The purchases of one job. Fits `pipeline.providers.Purchases`.

    `lease` is how many seconds a call that gives no sign of life is believed to be at it; a sign is given
    every third of it. `patience` is how many seconds the second of two waits for the first.
    """

    def __init__(
        self, db: Database, workspace: str, job: str, *, lease: float = _LEASE, patience: float = 300.0
    ) -> None:
        self._db = db
        self._workspace = workspace
        self._job = job
        self._lease = lease
        self._patience = patience

    def once(self, what: str, *, provider: str, cents: int, ask: Ask, repeatable: bool) -> str:
        """The provider's task for `what`. `ask(purchase id)` is called only if it never was (see above).

        The purchase is charged to the job in the transaction that notes its task: what the answer says that it cost,
        else `cents`. Raises `JobOverError`,
        `UnsurePurchaseError`, `OverBudgetError`, `PurchaseBusyError` when another asks for longer than our
        patience, and what `ask` raises.
        """
        if len(what) > _LONGEST_NAME:
            raise ValueError(f"a purchase’s name has {_LONGEST_NAME} letters at most")
        caller = uuid.uuid4().hex
        ending = time.monotonic() + self._patience
        while True:
            turn = self._db.do(lambda: self._turn(what, provider, cents, caller, repeatable=repeatable))
            match turn:
                case _Bought():
                    return turn.task
                case _Ours():
                    return self._ask(turn.id, caller, ask, repeatable=repeatable)
                case _Unsure():
                    raise _unsure()
            if time.monotonic() > ending:
                raise PurchaseBusyError(
                    f"Another job has been asking {provider} for the same thing for {self._patience:g} seconds."
                )
            time.sleep(_POLL_SECONDS)

    def cost(self, what: str, task: str, cents: int) -> None:
        """`task` cost so much in truth: the ledger is put right. Nothing happens once it is set aside."""

        def work() -> None:
            self._db.alone(lock_of(self._workspace, what))
            found = self._find(what)
            if found is None or found.task != task or found.cents == cents:
                return
            Purchase.update(cents=cents, updated_at=self._db.now()).where(Purchase.id == found.id).execute()
            ledger.correct(self._db, purchase=found.id, cents=cents - found.cents)

        self._db.do(work)

    def set_aside(self, what: str, task: str) -> None:
        """`task` failed at the provider, or what it made is gone: the next `once` buys anew. Money stays spent."""

        def work() -> None:
            self._db.alone(lock_of(self._workspace, what))
            found = self._find(what)
            if found is not None and found.task == task:
                put_aside(self._db, found, PurchaseState.VOID)

        self._db.do(work)

    def _turn(
        self, what: str, provider: str, cents: int, caller: str, *, repeatable: bool
    ) -> _Bought | _Ours | _Theirs | _Unsure:
        """Whose turn it is to ask; if it is ours, the row says so when this returns."""
        # The job first, as everywhere: whoever ends it at this moment releases what is reserved here.
        job = jobs.locked(self._db, self._job)
        if job is not None and job.state in OVER:
            raise JobOverError("The job has ended; nothing was bought for it.", "Retry it to go on.")
        self._db.alone(lock_of(self._workspace, what))
        found = self._find(what)
        if found is None:
            self._afford(cents)
            return self._first(what, provider, cents, caller, repeatable=repeatable)
        if found.state == PurchaseState.UNWANTED:
            Purchase.update(state=PurchaseState.BOUGHT).where(Purchase.id == found.id).execute()
        if found.state in (PurchaseState.BOUGHT, PurchaseState.UNWANTED):
            return _Bought(task=found.task)
        if found.state == PurchaseState.ASKED and found.owner != caller and not self._abandoned(found):
            return _Theirs()
        if repeatable or found.owner == caller:
            if found.state == PurchaseState.ASKED:
                self._afford(cents, besides=found.id)
                return self._take(found.id, caller, cents)
            return self._take(found.id, caller, found.cents)  # what is unsure is charged already
        if found.state == PurchaseState.ASKED:
            _mark_unsure(self._db, found)
        return _Unsure()

    def _afford(self, cents: int, *, besides: str = "") -> None:
        """Hold the money, counting what the job asks for at this moment. Raises `OverBudgetError`."""
        caps = workspaces.terms(self._db, self._workspace)
        self._db.alone(ledger.lock_of(self._workspace))  # two of the job's own see each other's rows
        asked = (
            (Purchase.job == self._job)
            & (Purchase.state == str(PurchaseState.ASKED))
            & (Purchase.id != besides)
        )
        under_way = Purchase.select(fn.SUM(Purchase.cents)).where(asked).scalar() or 0
        no = ledger.afford(self._db, job=self._job, cents=cents, under_way=int(under_way), caps=caps)
        if no is not None:
            raise OverBudgetError(no.sentence, _NO_MORE if no.limit == "cents_per_job" else _LATER)

    def _find(self, what: str) -> Any:
        return Purchase.get_or_none((Purchase.workspace == self._workspace) & (Purchase.what == what))

    def _first(self, what: str, provider: str, cents: int, caller: str, *, repeatable: bool) -> _Ours:
        now = self._db.now()
        number = uuid.uuid4().hex
        Purchase.insert(
            id=number,
            workspace=self._workspace,
            job=self._job,
            what=what,
            provider=provider,
            cents=cents,
            state=PurchaseState.ASKED,
            repeatable=repeatable,
            owner=caller,
            lease_until=now + self._lease,
            created_at=now,
            updated_at=now,
        ).execute()
        return _Ours(id=number)

    def _take(self, number: str, caller: str, cents: int) -> _Ours:
        now = self._db.now()
        Purchase.update(
            job=self._job,
            cents=cents,
            state=PurchaseState.ASKED,
            owner=caller,
            lease_until=now + self._lease,
            updated_at=now,
        ).where(Purchase.id == number).execute()
        return _Ours(id=number)

    def _abandoned(self, found: Any) -> bool:
        """Whether who asked is gone. A lease far ahead was written by a clock that went back since."""
        now = self._db.now()
        until = found.lease_until
        return found.owner is None or until is None or until <= now or until > now + 3 * self._lease

    def _ask(self, number: str, caller: str, ask: Ask, *, repeatable: bool) -> str:
        """Ask, and note the answer, whoever holds the row by then: an answer is worth more than a lease."""
        try:
            with self._giving_signs(number, caller):
                answer = ask(number)
        except Exception as error:
            nothing_bought = bool(getattr(error, "nothing_bought", False))
            if self._db.do(
                lambda: self._note_failure(
                    number, caller, nothing_bought=nothing_bought, repeatable=repeatable
                )
            ):
                raise _unsure() from error
            raise
        return self._db.do(lambda: self._note(number, answer))

    def _note(self, number: str, answer: str | Receipt) -> str:
        """Write the task down and charge it, once; the task that counts."""
        row = self._alone_with(number)
        if row.state in (PurchaseState.BOUGHT, PurchaseState.UNWANTED):
            return str(row.task)
        job = jobs.find(row.job)
        cancelled = job is not None and job.state is JobState.CANCELLED
        task, cents = (answer, row.cents) if isinstance(answer, str) else (answer.task, answer.cents)
        Purchase.update(
            state=PurchaseState.UNWANTED if cancelled else PurchaseState.BOUGHT,
            task=task,
            cents=cents,
            owner=None,
            lease_until=None,
            updated_at=self._db.now(),
        ).where(Purchase.id == number).execute()
        if not ledger.charge(self._db, job=row.job, purchase=number, cents=cents):
            ledger.correct(self._db, purchase=number, cents=cents - row.cents)
        return task

    def _note_failure(self, number: str, caller: str, *, nothing_bought: bool, repeatable: bool) -> bool:
        """Write down that asking failed; whether nobody can tell now what was bought."""
        row = self._alone_with(number)
        if row.state != PurchaseState.ASKED or row.owner != caller:
            return False
        if nothing_bought:
            put_aside(self._db, row, PurchaseState.REFUSED)
        elif repeatable:
            Purchase.update(owner=None, lease_until=None).where(Purchase.id == number).execute()
        else:
            _mark_unsure(self._db, row)
            return True
        return False

    def _alone_with(self, number: str) -> Any:
        """The row as it stands once nobody else is at it."""
        row: Any = Purchase.get_by_id(number)
        self._db.alone(lock_of(row.workspace, row.what))
        return Purchase.get_by_id(number)

    @contextmanager
    def _giving_signs(self, number: str, caller: str) -> Iterator[None]:
        """Renew the lease while the block runs."""
        done = threading.Event()

        def renew() -> None:
            Purchase.update(lease_until=self._db.now() + self._lease).where(
                (Purchase.id == number) & (Purchase.owner == caller)
            ).execute()

        def signs() -> None:
            while not done.wait(self._lease / 3):
                with suppress(StorageError):
                    self._db.do(renew)

        thread = threading.Thread(target=signs, name="purchase-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def allow_again(db: Database, job: str) -> int:
    """A person says that what `job` may have bought shall be bought anew; how many purchases that are.

    What was unsure stays counted as spent. What is repeatable is none of them: it is asked for again with
    the same id.
    """

    def work() -> int:
        rows: Any = list(
            Purchase.select().where(
                (Purchase.job == job)
                & (Purchase.state == PurchaseState.UNSURE)
                & (Purchase.repeatable == False)  # noqa: E712 - SQL
            )
        )
        in_the_way = [row for row in rows if not row.what.endswith(f"#{row.id}")]
        for row in in_the_way:
            put_aside(db, row, PurchaseState.UNSURE)
        return len(in_the_way)

    return db.do(work)


def settle_abandoned(db: Database) -> int:
    """Count as spent what ended jobs were asking for when they were cut off; how many purchases that are."""

    def abandoned() -> list[tuple[Any, ...]]:
        now = db.now()
        gone = Purchase.lease_until.is_null() | (Purchase.lease_until <= now)
        gone |= Purchase.lease_until > now + 3 * _LEASE
        rows = (
            Purchase.select(Purchase.id, Purchase.workspace, Purchase.what)
            .join(JobRow, on=(JobRow.id == Purchase.job))
            .where((Purchase.state == str(PurchaseState.ASKED)) & gone & JobRow.state.in_([*map(str, OVER)]))
        )
        return tuples(rows)

    def settle(number: str, workspace: str, what: str) -> bool:
        db.alone(lock_of(workspace, what))
        if number not in [found for found, *_ in abandoned()]:
            return False
        _mark_unsure(db, Purchase.get_by_id(number))
        return True

    return sum(db.do(partial(settle, *one)) for one in db.do(abandoned))


def good_cents(job: str) -> int:
    """What the purchases of `job` cost that cost nothing when they are asked for again. Inside `do`."""
    again = (Purchase.state == str(PurchaseState.UNSURE)) & (Purchase.repeatable == True)  # noqa: E712 - SQL
    good = (Purchase.job == job) & ((Purchase.state == str(PurchaseState.BOUGHT)) | again)
    return int(Purchase.select(fn.SUM(Purchase.cents)).where(good).scalar() or 0)


def _mark_unsure(db: Database, row: Any) -> None:
    """It counts as spent: it may be."""
    Purchase.update(state=PurchaseState.UNSURE, owner=None, lease_until=None, updated_at=db.now()).where(
        Purchase.id == row.id
    ).execute()
    ledger.charge(db, job=row.job, purchase=row.id, cents=row.cents)


def put_aside(db: Database, row: Any, state: PurchaseState) -> None:
    """Inside `do`. Keep the row for the record under another name, so that its own is free."""
    Purchase.update(
        what=f"{row.what}#{row.id}", state=state, owner=None, lease_until=None, updated_at=db.now()
    ).where(Purchase.id == row.id).execute()


def lock_of(workspace: str, what: str) -> str:
    """What `Database.alone` is called with by whoever changes a purchase."""
    return f"purchase:{workspace}:{what}"


def _unsure() -> UnsurePurchaseError:
    return UnsurePurchaseError(
        "Something may have been bought from a provider just as the work was interrupted.",
        "Nothing is bought twice by itself: look at the provider’s account, then retry the job.",
    )
