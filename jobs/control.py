"""What people may do with a job once it is there. Who may do it is decided above; `by` is who did.

Each answers with the job as it then stands, with a `Refusal` where a quota says no, or with
`NotPossible`: one sentence that says why not.
"""

from __future__ import annotations

from jobs.deeds import STANDS, NotPossible, done_to
from jobs.deletion import delete
from jobs.ending import AFTER_SCENES, give_up, let_followers_go
from jobs.handed_in import GOING, going, not_taken
from jobs.missing import video_is_gone
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder
from jobs.progress import SCENES
from jobs.rewriting import attach, shorten
from jobs.rounds import queue, reorder, reserve
from jobs.script_names import script_name
from storage import jobs, purchases, references, stage_runs
from storage.quotas import Refusal
from storage.records import Job, JobState, RunState

__all__ = [
    "NotPossible",
    "approve",
    "attach",
    "cancel",
    "delete",
    "keep",
    "rebuild",
    "redo",
    "retry",
    "shorten",
]

#: Said to whoever approves a script that another took the place of.
CHANGED = "The script was changed meanwhile: look at the new one."


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
        if no := reserve(office, job, videos=0 if jobs.held_videos(job.id) > 0 else 1):
            return no
        purchases.allow_again(office.database, job.id)
        queue(office, job, news)
        return None

    return done_to(office, job_id, by, "retry", work)


def redo(
    office: Office, job_id: str, scene: int, *, by: str, footage: bool = False
) -> Job | Refusal | NotPossible:
    """Make one scene (0-based) anew with another picture, and the video with it. It counts as no video.

    With `footage` another clip is bought for it, which costs what its share of the estimate is; without, the scene
    shows what is the paper's own and nothing is bought.

    The new files go to a place of their own: if nothing comes of it, the job is done as before. What may
    have been bought and is unsure may be bought anew.
    """

    def work(job: Job, news: News) -> NotPossible | Refusal | None:
        if job.state not in (JobState.DONE, JobState.FAILED):
            return NotPossible(
                sentence=f"This job {STANDS[job.state]}; a scene can be redone once it has ended."
            )
        if references.is_imported(job.id):
            return NotPossible(
                sentence="This video was imported as it is: it has no scenes to redo. Ask for a new video of the paper."
            )
        if not 0 <= scene < (job.scenes or 0):
            return NotPossible(sentence=f"There is no scene {scene + 1}: the video has {job.scenes or 0}.")
        videos = 0 if jobs.held_videos(job.id) > 0 or job.files else 1
        if no := reserve(office, job, videos=videos, redone=1):
            return no
        order = JobOrder.model_validate_json(job.order)
        takes = {**order.takes, scene: order.takes.get(scene, 0) + 1}
        filmed = {**order.footage_takes, scene: takes[scene]} if footage else order.footage_takes
        order = order.model_copy(
            update={
                "takes": takes,
                "footage_takes": filmed,
                "redone": scene if job.files else None,
                "edition": job.revision,
            }
        )
        again = (*stage_runs.UNFINISHED, RunState.DONE, RunState.FAILED)
        if (run := stage_runs.find(job.id, SCENES, scene)) is not None:
            stage_runs.change(run.id, again, state=RunState.CANCELLED)
        stage_runs.cancel(job.id, AFTER_SCENES, among=again)
        purchases.allow_again(office.database, job.id)
        queue(office, job, news)
        reorder(office, job, order, {"take": [scene, takes[scene], *(["footage"] if footage else [])]})
        return None

    return done_to(office, job_id, by, "redo", work, detail=f"scene {scene + 1}")


def rebuild(office: Office, job_id: str, *, by: str) -> Job | NotPossible:
    """Make a video whose file is gone again, free of charge, out of what is still there."""

    def work(job: Job, news: News) -> NotPossible | None:
        if job.state is not JobState.DONE:
            return NotPossible(sentence=f"This job {STANDS[job.state]}; only what was done can be rebuilt.")
        if references.is_imported(job.id):
            return NotPossible(
                sentence="This video was imported: it can't be made again from here. Import it once more."
            )
        stage_runs.cancel(job.id, AFTER_SCENES, among=[RunState.DONE])
        queue(office, job, news)
        return None

    return done_to(office, job_id, by, "rebuild", work)


def approve(
    office: Office, job_id: str, *, by: str, script: str | None = None, seen: str | None = None
) -> Job | NotPossible:
    """Let the job go on with its script, or with another: `script` is the object key of a script.json.

    `seen` is the name of the script that was read (`jobs.script_names`): if it is another by now, nothing is approved.
    It stands in line where it stood before, and begins when there is room. A script that is not taken goes
    after a day, one that it replaces with the next sweep.
    """

    def work(job: Job, news: News) -> NotPossible | None:
        new = [] if script is None else [script]
        if job.state is not JobState.AWAITING_APPROVAL:
            not_taken(office, job.workspace, new)
            return NotPossible(sentence=f"This job {STANDS[job.state]}; nothing waits for approval.")
        if seen is not None and seen != script_name(job):
            not_taken(office, job.workspace, new)
            return NotPossible(sentence=CHANGED)
        if going(office, new):
            not_taken(office, job.workspace, new)
            return NotPossible(sentence=GOING.sentence)
        now = office.database.now()
        jobs.change(
            office.database, job.id, [job.state], state=JobState.QUEUED, approved_at=now, waiting=None
        )
        if script is not None:
            # Those who wait for this video asked for another one.
            let_followers_go(office, jobs.locked_followers(office.database, job.id), news)
            order = JobOrder.model_validate_json(job.order).model_copy(update={"script": script})
            stage_runs.cancel(job.id, ["generate-script"], among=[RunState.DONE])
            reorder(office, job, order, {"script": script})
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
