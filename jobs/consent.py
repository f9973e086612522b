"""Where a file may go that was handed in: its owner, or an admin, answers the question that its job waits for."""

from __future__ import annotations

from typing import Final

from jobs.deeds import STANDS, NotPossible, done_to
from jobs.ending import hand_on
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder, agreed_sameness
from jobs.submission import follow, leading, made_before, unfit
from storage import jobs, ledger, purchases, workspaces
from storage.jobs import NewJob
from storage.quotas import Refusal
from storage.records import Job, JobState

#: Said where the workspace's admins keep all files.
KEPT: Final = "Files stay on our own machines here: an admin decided so."


def answer(
    office: Office, job_id: str, *, cloud: bool, by: str, estimate_cents: int = 0
) -> Job | Refusal | NotPossible:
    """Let the job go on; with `cloud` its file may go to the providers that the question named.

    What they take at most (`estimate_cents`) is reserved now: nothing was before. If the same was made, or is being
    made, for somebody who answered alike, the job is handed that.
    """
    there = office.database.do(lambda: jobs.find(job_id))
    if there is None:
        return NotPossible(sentence=f"There is no job {job_id}.")
    alike = office.database.do(lambda: _alike(there, cloud=cloud))
    spoilt = unfit(office, there.requester, alike.sameness)

    def work(job: Job, news: News) -> NotPossible | Refusal | None:
        if job.state is not JobState.AWAITING_CONSENT:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; it asks nothing of its file.")
        terms = workspaces.terms(office.database, job.workspace)
        if cloud and terms.uploads == "local":
            return NotPossible(sentence=KEPT)
        new = _alike(job, cloud=cloud)
        fresh = not job.files
        if fresh and (made := made_before(new, spoilt)) is not None:
            settle_consent(office, job, news, cloud=cloud)
            hand_on(office, made, job, news)
            ledger.release(office.database, job=job.id, give_back=True)
            return None
        leader = leading(office, new) if fresh else None
        reserved, _ = ledger.of_job(office.database, job.id)
        more = max(estimate_cents - purchases.good_cents(job.id) - reserved, 0)
        no = ledger.reserve(
            office.database,
            workspace=job.workspace,
            user=new.user,
            job=job.id,
            cents=more,
            videos=0,
            caps=terms,
        )
        if no is not None:
            return no
        settle_consent(office, job, news, cloud=cloud, estimate_cents=estimate_cents)
        if leader is not None:
            follow(office, job, leader)
        return None

    order = JobOrder.model_validate_json(there.order)
    told = ", ".join(order.leaving.to) if order.leaving is not None and cloud else ""
    return done_to(office, job_id, by, "send-out" if cloud else "keep-local", work, detail=told)


def settle_consent(office: Office, job: Job, news: News, *, cloud: bool, estimate_cents: int = 0) -> None:
    """Write the answer into the order; the job stands in line where it stood. Inside `do`, with the job held."""
    order = JobOrder.model_validate_json(job.order).model_copy(update={"cloud": cloud})
    jobs.change(
        office.database,
        job.id,
        [JobState.AWAITING_CONSENT],
        state=JobState.QUEUED,
        order=order.model_dump_json(),
        sameness=_alike(job, cloud=cloud).sameness,
        estimate_cents=estimate_cents,
        waiting=None,
    )
    news.change(job.id)
    news.room = True


def _alike(job: Job, *, cloud: bool) -> NewJob:
    """The job as it would be written down with that answer. Inside `do`."""
    entry = jobs.entry(job.id)
    order = JobOrder.model_validate_json(job.order).model_copy(update={"cloud": cloud})
    return NewJob(
        id=job.id,
        workspace=job.workspace,
        user=entry.user,
        private=job.private,
        order=order.model_dump_json(),
        source=job.source,
        sameness=agreed_sameness(entry.sameness) if cloud else entry.sameness,
        state=JobState.QUEUED,
        stage=job.stage,
        needs_approval=job.needs_approval,
        estimate_cents=entry.estimate_cents,
        token=job.token,
    )
