"""A deed: what a person does to a job, done while nobody else touches it, and noted with who did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, overload

from jobs.admission import as_it_stands, concluded
from jobs.news import News
from jobs.office import Office
from storage import audit, jobs
from storage.quotas import Refusal
from storage.records import Job, JobState, Record

#: How a job stands, as in "This job …".
STANDS: Final = {
    JobState.QUEUED: "stands in line",
    JobState.RUNNING: "is being made",
    JobState.WAITING: "is being made and waits",
    JobState.AWAITING_CONSENT: "waits to hear where its file may go",
    JobState.AWAITING_APPROVAL: "waits for its script to be approved",
    JobState.DONE: "is done",
    JobState.FAILED: "has failed",
    JobState.CANCELLED: "was cancelled",
    JobState.DELETED: "was deleted",
}

PAUSED: Final = Refusal(
    sentence="Paused: no videos are made here for now. Ask whoever looks after the app.",
    possible_at=None,
    limit="paused",
)


class NotPossible(Record):
    """Why something can't be done with a job, in one sentence."""

    sentence: str


@overload
def done_to(
    office: Office,
    job_id: str,
    by: str,
    action: str,
    work: Callable[[Job, News], NotPossible | None],
    *,
    detail: str = "",
) -> Job | NotPossible: ...


@overload
def done_to(
    office: Office,
    job_id: str,
    by: str,
    action: str,
    work: Callable[[Job, News], NotPossible | Refusal | None],
    *,
    detail: str = "",
) -> Job | NotPossible | Refusal: ...


def done_to(
    office: Office,
    job_id: str,
    by: str,
    action: str,
    work: Callable[[Job, News], NotPossible | Refusal | None],
    *,
    detail: str = "",
) -> Job | NotPossible | Refusal:
    """Do `work` with the job held; returns the job as it then stands, or the "no" that `work` returns."""

    def whole(news: News) -> NotPossible | Refusal | None:
        job = jobs.find(job_id)
        if job is not None:
            office.database.alone(f"workspace:{job.workspace}")
            job = jobs.locked(office.database, job_id)
        if job is None:
            return NotPossible(sentence=f"There is no job {job_id}.")
        no = work(job, news)
        if no is None:
            audit.note(office.database, job.workspace, by, action, job_id, detail)
        return no

    no = concluded(office, whole)
    return as_it_stands(office, job_id) if no is None else no
