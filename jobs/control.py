"""What people may do with a job once it is there. Who may do it is decided above; `by` is who did.

Each answers with the job as it then stands, with a `Refusal` where a quota says no, or with
`NotPossible`: one sentence that says why not.
"""

from __future__ import annotations

import math

from jobs.deeds import PAUSED, STANDS, NotPossible, done_to
from jobs.deletion import delete
from jobs.ending import AFTER_SCENES, give_up, let_followers_go
from jobs.missing import video_is_gone
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder, changed_sameness
from jobs.progress import SCENES, overall, pace
from storage import jobs, ledger, purchases, stage_runs, workspaces
from storage.quotas import Refusal
from storage.records import Finished, Job, JobState, RunState

__all__ = ["NotPossible", "approve", "cancel", "delete", "keep", "rebuild", "redo", "retry"]


def cancel(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Stop the job. What was reserved is free; its video doesn't count, unless something was spent on it.

    A job whose video was being made anew is done as before.
    """

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state not in jobs.UNFINISHED:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; there is nothing to cancel.")
        free = job.spent_cents == 0
        give_up(office, job, JobState.CANCELLED, news, message=f"cancelled by {by}", give_back=free)
        return None

    return done_to(office, job_id, by, "cancel", work)


def retry(office: Office, job_id: str, *, by: str) -> Job | Refusal | NotPossible:
    """Go on where the job failed or was cancelled. It stands at the end of the line, and reserves anew.

    A done job whose file is gone is rebuilt. What may have been bought and is unsure may be bought anew:
    that is what a person says with a retry.
    """
    there = office.database.do(lambda: jobs.find(job_id))
    if there is not None and there.state is JobState.DONE and video_is_gone(office, there):
        return rebuild(office, job_id, by=by)

    def work(job: Job, news: News) -> NotPossible | Refusal | None:
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            return NotPossible(sentence=f"This job {STANDS[job.state]}; there is nothing to retry.")
        if no := _reserve(office, job, videos=0 if jobs.held_videos(job.id) > 0 else 1):
            return no
        purchases.allow_again(office.database, job.id)
        _queue(office, job, news)
        return None

    return done_to(office, job_id, by, "retry", work)


def redo(office: Office, job_id: str, scene: int, *, by: str) -> Job | Refusal | NotPossible:
    """Make one scene (0-based) anew with another picture, and the video with it. It counts as no video.

    If nothing comes of it, the job is done as before. What may have been bought and is unsure may be bought anew.
    """

    def work(job: Job, news: News) -> NotPossible | Refusal | None:
        if job.state not in (JobState.DONE, JobState.FAILED):
            return NotPossible(
                sentence=f"This job {STANDS[job.state]}; a scene can be redone once it has ended."
            )
        if not 0 <= scene < (job.scenes or 0):
            return NotPossible(sentence=f"There is no scene {scene + 1}: the video has {job.scenes or 0}.")
        videos = 0 if jobs.held_videos(job.id) > 0 or job.files else 1
        if no := _reserve(office, job, videos=videos, redone=1):
            return no
        order = JobOrder.model_validate_json(job.order)
        takes = {**order.takes, scene: order.takes.get(scene, 0) + 1}
        # Where other jobs hand out the same objects, the new ones go to a place of their own.
        shared = len(jobs.sole_keys(job.id)) < len(job.files)
        order = order.model_copy(update={"takes": takes, "edition": order.edition + shared})
        again = (*stage_runs.UNFINISHED, RunState.DONE, RunState.FAILED)
        if (run := stage_runs.find(job.id, SCENES, scene)) is not None:
            stage_runs.change(run.id, again, state=RunState.CANCELLED)
        stage_runs.cancel(job.id, AFTER_SCENES, among=again)
        purchases.allow_again(office.database, job.id)
        _queue(office, job, news)
        _reorder(office, job, order, {"take": [scene, takes[scene]]})
        return None

    return done_to(office, job_id, by, "redo", work, detail=f"scene {scene + 1}")


def rebuild(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Make a video whose file is gone again, free of charge, out of what is still there."""

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state is not JobState.DONE:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; only what was done can be rebuilt.")
        stage_runs.cancel(job.id, AFTER_SCENES, among=[RunState.DONE])
        _queue(office, job, news)
        return None

    return done_to(office, job_id, by, "rebuild", work)


def approve(office: Office, job_id: str, *, by: str, script: str | None = None) -> Job | NotPossible:
    """Let the job go on with its script, or with another: `script` is the object key of a script.json.

    It stands in line where it stood before, and begins when there is room.
    """

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state is not JobState.AWAITING_APPROVAL:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; nothing waits for approval.")
        now = office.database.now()
        jobs.change(
            office.database, job.id, [job.state], state=JobState.QUEUED, approved_at=now, waiting=None
        )
        if script is not None:
            # Those who wait for this video asked for another one.
            let_followers_go(office, jobs.locked_followers(office.database, job.id), news)
            order = JobOrder.model_validate_json(job.order).model_copy(update={"script": script})
            stage_runs.cancel(job.id, ["generate-script"], among=[RunState.DONE])
            _reorder(office, job, order, {"script": script})
        news.change(job.id)
        news.room = True
        return None

    return done_to(office, job_id, by, "approve", work, detail=script or "")


def keep(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Keep the video until a person deletes it."""

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state is not JobState.DONE:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; there is no video to keep.")
        jobs.change(office.database, job.id, [job.state], kept_at=office.database.now())
        news.change(job.id)
        return None

    return done_to(office, job_id, by, "keep", work)


def _reserve(office: Office, job: Job, *, videos: int, redone: int = 0) -> Refusal | None:
    """Reserve what is still to be bought, and for each scene that is `redone` its share of the estimate."""
    beside = jobs.entry(job.id)
    again = math.ceil(redone * beside.estimate_cents / max(job.scenes or 1, 1))
    terms = workspaces.terms(office.database, job.workspace)
    if terms.paused:
        return PAUSED
    return ledger.reserve(
        office.database,
        workspace=job.workspace,
        user=beside.user,
        job=job.id,
        cents=max(beside.estimate_cents - purchases.good_cents(job.id), 0) + again,
        videos=videos,
        caps=terms,
    )


def _queue(office: Office, job: Job, news: News) -> None:
    """Put an ended job at the end of the line. One that was done remembers how it stood."""
    db = office.database
    fraction, finished = job.fraction, None
    if job.state is JobState.DONE:  # a new round begins
        fraction = overall(stage_runs.of_job(job.id), job.scenes, pace(db))
        sameness = jobs.entry(job.id).sameness
        finished = Finished(
            order=job.order, sameness=sameness, started_at=job.started_at, finished_at=job.finished_at
        )
    jobs.change(
        db,
        job.id,
        [job.state],
        state=JobState.QUEUED,
        fraction=fraction,
        message="",
        failure=None,
        waiting=None,
        follows=None,
        queued_at=db.now(),
        started_at=None,
        finished_at=None,
        finished=finished,
        told_end=None,
    )
    news.change(job.id)
    news.room = True


def _reorder(office: Office, job: Job, order: JobOrder, change: dict[str, object]) -> None:
    sameness = changed_sameness(jobs.entry(job.id).sameness, change)
    written = order.model_dump_json()
    jobs.change(office.database, job.id, JobState, order=written, sameness=sameness)
