"""What people do so that another story is told: hand in the paper's file, or ask for a shorter script."""

from __future__ import annotations

from typing import Final

from jobs.closed import is_told_from_abstract
from jobs.deeds import STANDS, NotPossible, done_to
from jobs.ending import let_followers_go
from jobs.handed_in import GOING, going, not_taken
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder, Leaving
from jobs.rounds import asked, queue, reorder, reserve
from pipeline.errors import RetractedError, WithdrawnError
from storage import jobs, purchases, stage_runs
from storage.quotas import Refusal
from storage.records import Job, JobState, PaperCard, RunState

#: A script is shortened to this part of its length, in whole steps, and not under the shortest (seconds).
SHORTER: Final = 0.8
STEP: Final = 5
SHORTEST: Final = 30


def attach(
    office: Office,
    job_id: str,
    upload: str,
    name: str,
    *,
    by: str,
    cloud: bool | None = False,
    leaving: Leaving | None = None,
) -> Job | Refusal | NotPossible:
    """Go on with the paper's own file, kept as `upload` and called `name`, in place of its abstract.

    Possible where only the abstract was had, or reading failed. Everything is made anew, the script is approved
    anew where that was asked for. A video that is there stays until the new one is done; if that comes to
    nothing, the job is done as before. Reserves as a retry and a redo of the whole do. A file that is not taken
    goes after a day. `cloud` and `leaving` are as in `JobOrder`: a file whose owner was not heard waits for them.
    """

    def work(job: Job, news: News) -> NotPossible | Refusal | None:
        order = JobOrder.model_validate_json(job.order)
        if no := GOING if going(office, [upload]) else _free_to_read(office, job, order, news):
            not_taken(office, job.workspace, [upload])
            return no
        stage_runs.cancel(job.id, among=RunState)
        queue(
            office,
            job,
            news,
            stage="fetch-paper",
            fraction=0.0,
            paper=_not_of_its_abstract(job.paper),
            approved_at=None,
            scenes=None,
            seconds=None,
            state=JobState.AWAITING_CONSENT if cloud is None else JobState.QUEUED,
            waiting=asked(office) if cloud is None else None,
        )
        changed: dict[str, object] = {
            "upload": upload,
            "upload_name": name,
            "script": None,
            "takes": {},
            "redone": None,
            "cloud": cloud,
            "leaving": leaving,
        }
        order = order.model_copy(update={**changed, "edition": job.revision})
        reorder(office, job, order, {"upload": upload, **({"cloud": True} if cloud else {})})
        return None

    return done_to(office, job_id, by, "attach", work, detail=name)


def shorten(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Have a script that waits for approval written anew, `SHORTER`; it waits for approval again."""

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state is not JobState.AWAITING_APPROVAL:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; no script waits for approval.")
        order = JobOrder.model_validate_json(job.order)
        if order.script is not None:
            return NotPossible(sentence="This script was written by hand; edit it to make it shorter.")
        seconds = max(round(order.seconds * SHORTER / STEP) * STEP, SHORTEST)
        if seconds >= order.seconds:
            return NotPossible(sentence=f"A video has {SHORTEST} seconds at least; this one has no more.")
        # Those who wait for this video asked for a longer one.
        let_followers_go(office, jobs.locked_followers(office.database, job.id), news)
        stage_runs.cancel(job.id, ["generate-script"], among=[RunState.DONE])
        queue(office, job, news, approved_at=None)
        reorder(office, job, order.model_copy(update={"seconds": seconds}), {"seconds": seconds})
        return None

    return done_to(office, job_id, by, "shorten", work)


def _free_to_read(office: Office, job: Job, order: JobOrder, news: News) -> NotPossible | Refusal | None:
    """See to it that the job can be made anew from a file; or the reason why not."""
    if why := _not_wanted(job, order):
        return NotPossible(sentence=why)
    if job.state in jobs.UNFINISHED:
        # Those who wait for this video asked for what the record says.
        let_followers_go(office, jobs.locked_followers(office.database, job.id), news)
        return None
    videos = 0 if jobs.held_videos(job.id) > 0 or job.files else 1
    no = reserve(office, job, videos=videos, anew=True)
    if no is None:
        purchases.allow_again(office.database, job.id)
    return no


def _not_of_its_abstract(paper: PaperCard) -> PaperCard:
    from pipeline.paper.jats import ABSTRACT_ONLY

    return paper.model_copy(update={"notes": tuple(note for note in paper.notes if note != ABSTRACT_ONLY)})


def _not_wanted(job: Job, order: JobOrder) -> str | None:
    """Why no file can be attached to the job; `None` when one can."""
    failure = job.failure
    if job.state is JobState.DELETED:
        return "This job was deleted."
    if failure is not None and failure.code in {RetractedError.code, WithdrawnError.code}:
        return f"This paper was {failure.code}; its file changes nothing about that."
    unread = job.state is JobState.FAILED and failure is not None and failure.stage == "fetch-paper"
    if not unread and not is_told_from_abstract(job.paper):
        if not job.paper.title:
            return f"This job {STANDS[job.state]}; its paper has not been read yet."
        return "This video is told from the whole paper already."
    if order.force:
        return (
            "Only the record says whether a paper was retracted; this one is told from its record on purpose."
        )
    return None
