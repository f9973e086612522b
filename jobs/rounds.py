"""A new round of a job: what is reserved for it, its place in line, its changed order. Inside `do`."""

from __future__ import annotations

import math
from typing import Final, Unpack

from jobs.deeds import PAUSED
from jobs.handed_in import replaced
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder, changed_sameness
from jobs.progress import overall, pace
from storage import jobs, ledger, purchases, stage_runs, workspaces
from storage.jobs import JobChanges
from storage.quotas import Refusal
from storage.records import Finished, Job, JobState, Waiting

_HOUR: Final = 3600.0


def reserve(office: Office, job: Job, *, videos: int, redone: int = 0, anew: bool = False) -> Refusal | None:
    """Reserve what is still to be bought; or the reason why not.

    For each scene that is `redone` its share of the estimate comes on top; of a job that is done that is all. `anew`:
    nothing that was bought is of use. No more is reserved than the job may still spend: what it buys beyond that is
    refused when it would be bought, for it may need nothing.
    """
    beside = jobs.entry(job.id)
    terms = workspaces.terms(office.database, job.workspace)
    if terms.paused:
        return PAUSED
    bought = 0 if anew else purchases.good_cents(job.id)
    left = 0 if redone and job.state is JobState.DONE else max(beside.estimate_cents - bought, 0)
    again = math.ceil(redone * beside.estimate_cents / max(job.scenes or 1, 1))
    cents, cap = left + again, terms.cents_per_job
    return ledger.reserve(
        office.database,
        workspace=job.workspace,
        user=beside.user,
        job=job.id,
        cents=cents if cap is None else min(cents, max(cap - job.spent_cents, 0)),
        videos=videos,
        caps=terms,
    )


def asked(office: Office) -> Waiting:
    """What a job says that waits to hear where its file may go."""
    until = office.database.now() + office.rules.consent_hours * _HOUR
    return Waiting(why="it asks where its file may go", until=until)


def queue(office: Office, job: Job, news: News, **more: Unpack[JobChanges]) -> None:
    """Put the job at the end of the line, with whatever `more` is changed of it; one whose owner was asked and said
    nothing waits for the answer first.

    One that was done remembers how it stood; one that was being made anew goes on remembering it.
    """
    db = office.database
    asks = JobOrder.model_validate_json(job.order).asks
    changes: JobChanges = {
        "state": JobState.AWAITING_CONSENT if asks else JobState.QUEUED,
        "fraction": job.fraction,
        "message": "",
        "failure": None,
        "waiting": asked(office) if asks else None,
        "follows": None,
        "queued_at": db.now(),
        "started_at": None,
        "finished_at": None,
        "told_end": None,
    }
    if job.state is JobState.DONE:
        changes["fraction"] = overall(stage_runs.of_job(job.id), job.scenes, pace(db))
        changes["finished"] = Finished(
            order=job.order,
            sameness=jobs.entry(job.id).sameness,
            started_at=job.started_at,
            finished_at=job.finished_at,
            approved_at=job.approved_at,
            paper=job.paper,
            scenes=job.scenes,
            seconds=job.seconds,
        )
    elif job.state not in jobs.UNFINISHED:
        changes["finished"] = None
    changes.update(more)
    jobs.change(db, job.id, [job.state], **changes)
    news.change(job.id)
    news.room = True


def reorder(office: Office, job: Job, order: JobOrder, change: dict[str, object]) -> None:
    """Write down what is asked for now, and that no order is the same but one that was changed alike.

    A file that was handed in and is not asked for any more goes.
    """
    sameness = changed_sameness(jobs.entry(job.id).sameness, change)
    written = order.model_dump_json()
    replaced(office, job.workspace, job.order, written)
    jobs.change(office.database, job.id, JobState, order=written, sameness=sameness)
