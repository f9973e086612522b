"""Deleting a job: what it said, its files, and all that was made for it alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog

from jobs.deeds import STANDS, NotPossible, done_to
from jobs.handed_in import keys_of
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder
from storage import artefact_uses, doomed, jobs, kept, stage_runs
from storage.errors import StorageError
from storage.records import Job, JobState, PaperCard

_log = structlog.get_logger(__name__)


def delete(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Delete an ended job: its words in the database, then its files, artefacts and uploads.

    What another job refers to stays. What can't be deleted at this moment is logged, and deleted by
    the sweeper.
    """
    forgotten: list[Callable[[], object]] = []

    def work(job: Job, news: News) -> NotPossible | None:
        forgotten.clear()
        if job.state in jobs.UNFINISHED:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; cancel it first.")
        if job.state is JobState.DELETED:
            return NotPossible(sentence="This job was deleted before.")
        forgotten.extend(_forget(office, job))
        news.change(job.id)
        return None

    answer = done_to(office, job_id, by, "delete", work)
    try:
        for forget in forgotten:
            forget()
    except (StorageError, OSError) as error:
        _log.warning("not deleted, left to the sweeper", job=job_id, error=str(error))
    return answer


def _forget(office: Office, job: Job) -> list[Callable[[], object]]:
    """Blank the rows; returns what is to be deleted after the commit."""
    order = JobOrder.model_validate_json(job.order)
    keys = jobs.sole_keys(job.id)
    keys += [key for key in keys_of(order) if not jobs.is_ordered(job.workspace, key, besides=job.id)]
    artefacts = artefact_uses.forget(job.workspace, job.id)
    keys += [f"artefacts/{job.workspace}/{stage}/{key}.tar" for stage, key in artefacts]
    jobs.unpublish(job.id)
    stage_runs.blank(job.id)
    kept.let_go(office.database, job.workspace, f"{kept.DRAFT}:{job.id}:")
    jobs.change(
        office.database,
        job.id,
        [job.state],
        state=JobState.DELETED,
        order=JobOrder(source="").model_dump_json(),
        source="",
        sameness="",
        paper=PaperCard(),
        message="",
        failure=None,
        waiting=None,
        link=None,
    )
    doomed.doom(office.database, job.workspace, keys)
    return [
        *(_artefact(office, job.workspace, stage, key) for stage, key in artefacts),
        *(partial(doomed.carry_out, office.database, office.objects, key) for key in keys),
    ]


def _artefact(office: Office, workspace: str, stage: str, key: str) -> Callable[[], None]:
    def forget() -> None:
        if office.local_artefacts is not None:
            office.local_artefacts(workspace).remove(stage, key)

    return forget
