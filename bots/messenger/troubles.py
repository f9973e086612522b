"""What is wrong in the house at this moment, as far as somebody who runs it must do something about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from jobs.office import Office
from jobs.progress import STAGES
from storage.attention import failures_since, workspaces_on
from storage.budgets import budgets
from storage.census import Census, census
from storage.quotas import Period
from storage.records import Record

#: A job in line for longer than this (seconds) stands still, or there is too little of everything.
LONG_QUEUED: Final = 600.0
#: So many tries of publishing that failed of late are no accident.
UPLOADS_FAILED: Final = 3
#: How far back failures count (seconds).
LATELY: Final = 3600.0
#: Codes of failures that mean a provider refuses us: nobody's retry helps.
_REFUSED: Final = frozenset({"provider", "provider-refused"})


#: What is said when a trouble of that name is over; of others nothing is said.
OVER: Final = {
    "no-worker": "A worker is running again, and what waited goes on.",
    "long-queue": "Nobody waits long in line any more.",
    "uploads": "Finished videos reach the object store again.",
    "provider": "No provider has refused a request in the last hour.",
}


class Trouble(Record):
    """Something to look at in a workspace. `name` is the same for as long as it lasts."""

    workspace: str
    name: str
    sentence: str
    advice: str


def troubles(office: Office, platform: str) -> tuple[list[str], list[Trouble]]:
    """The workspaces on the platform, and what is wrong with each. Reads rows."""
    db = office.database
    names = workspaces_on(db, platform)
    counted = census(db, alive_within=office.rules.worker_gone_after, stages=STAGES)
    house = [*_standing_still(counted), *_publishing(counted)]
    found = [trouble.model_copy(update={"workspace": name}) for name in names for trouble in house]
    return names, [*found, *_budgets(office, names), *_refusals(office, names)]


def _standing_still(counted: Census) -> Iterator[Trouble]:
    waiting = counted.jobs["queued"] + counted.jobs["running"]
    if not counted.workers and waiting:
        seen = counted.worker_seen
        since = "None was ever seen" if seen is None else f"The last was seen {_long(seen)} ago"
        videos = "1 video waits" if waiting == 1 else f"{waiting} videos wait"
        yield Trouble(
            workspace="",
            name="no-worker",
            sentence=f"No worker is running, and {videos}. {since}.",
            advice="Start `hidden-hill worker`, or look why it stopped. Nothing is lost: it goes on where it was.",
        )
    elif counted.oldest_queued is not None and counted.oldest_queued > LONG_QUEUED:
        yield Trouble(
            workspace="",
            name="long-queue",
            sentence=f"A video has stood in line for {_long(counted.oldest_queued)}.",
            advice="Run more workers if this happens often.",
        )


def _publishing(counted: Census) -> Iterator[Trouble]:
    publish = next(stage for stage in counted.stages if stage.stage == "publish")
    if publish.failing + publish.failed >= UPLOADS_FAILED:
        yield Trouble(
            workspace="",
            name="uploads",
            sentence="Finished videos can’t be put into the object store.",
            advice="Look at the bucket, its keys and PUBLIC_BASE_URL; the log says more.",
        )


def _budgets(office: Office, names: list[str]) -> Iterator[Trouble]:
    now = office.database.now()
    for budget in budgets(office.database):
        if budget.workspace not in names or budget.used < 0.8:
            continue
        period = Period(budget.span)
        begun = datetime.fromtimestamp(period.bounds(now)[0], UTC)
        which = f"{begun:%Y-%m}" if period is Period.MONTH else f"{begun:%Y-%m-%d}"
        when = "this month" if period is Period.MONTH else "today"
        whole = budget.used >= 1.0
        yield Trouble(
            workspace=budget.workspace,
            name=f"budget-{which}-{'100' if whole else '80'}",
            sentence=f"The budget for {when} is used up."
            if whole
            else f"{budget.used:.0%} of the budget for {when} is spent or reserved.",
            advice="Videos that cost money are refused until it begins anew, or somebody raises it."
            if whole
            else "At 100 % videos that cost money are refused.",
        )


def _refusals(office: Office, names: list[str]) -> Iterator[Trouble]:
    told = set()
    for workspace, failure in failures_since(office.database, office.database.now() - LATELY):
        if workspace not in names or workspace in told or failure.code not in _REFUSED:
            continue
        told.add(workspace)
        yield Trouble(
            workspace=workspace,
            name="provider",
            sentence="A provider refuses our requests.",  # of whose video, and what it said, may be private
            advice=f"Look at its key and at what is paid for there; the log says more at {failure.reference}.",
        )


def _long(seconds: float) -> str:
    minutes = max(round(seconds / 60), 1)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"
