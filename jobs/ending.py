"""How a job ends: delivered, failed, cancelled; and what becomes of the jobs that follow it. Inside `do`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jobs.handed_in import replaced
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder
from jobs.progress import SCENES
from pipeline.publish.page.page import PAGE
from storage import doomed, jobs, ledger, stage_runs, unwanted
from storage.jobs import JobChanges
from storage.links import leads_to
from storage.records import Failure, Finished, Job, JobState, PublishedFile, RunState, Waiting

#: The stages that every scene goes into.
AFTER_SCENES: Final = ("add-captions", "publish")
#: The finished video.
VIDEO: Final = "video.mp4"
#: The same video, small. Videos that were made before there were any have none.
PREVIEW: Final = "preview.mp4"
#: How the last words on a finished video end that was to be made anew, or again as its file was gone, and wasn't.
AS_IT_WAS: Final = "the video is as it was"
STILL_MISSING: Final = "the video's file is still missing"
DAY: Final = 24 * 3600.0


def video_of(files: Sequence[PublishedFile]) -> PublishedFile:
    """The video among finished files. Raises `ValueError` when there is none: nothing may be called done then."""
    for file in files:
        if file.name == VIDEO:
            return file
    raise ValueError(f"published without {VIDEO}: {[file.name for file in files]}")


def shown_of(files: Sequence[PublishedFile]) -> PublishedFile:
    """What a posted link leads to: the page, or the video itself where there is none. Raises as `video_of` does."""
    return next((file for file in files if file.name == PAGE), None) or video_of(files)


def video_link(job: Job) -> str | None:
    """Where the video itself is to be had, for whoever wants the file; `None` for a job without a link."""
    page = next((file for file in job.files if file.name == PAGE), None)
    if job.link is None or page is None:
        return job.link
    if leads_to(job.link, page.key):
        return job.link.removesuffix(PAGE) + VIDEO
    return job.link if leads_to(job.link, video_of(job.files).key) else f"{job.link}/{VIDEO}"


def deliver(office: Office, job: Job, files: Sequence[PublishedFile], news: News, *, message: str) -> None:
    """The job is done, and so are those that follow it, which pay nothing."""
    followers = jobs.locked_followers(office.database, job.id)
    stage_runs.cancel(job.id)
    _hand_over(office, job, job, files, message)
    ledger.release(office.database, job=job.id, give_back=False)
    news.change(job.id)
    made = jobs.find(job.id)
    assert made is not None
    for follower in followers:
        hand_on(office, made, follower, news)
        ledger.release(office.database, job=follower.id, give_back=True)
    news.room = True


def hand_on(office: Office, made: Job, to: Job, news: News) -> None:
    """Give the video of `made`, which is done, to a job that asks for the same: the same objects, a link of its own."""
    _hand_over(office, to, made, made.files, "made before")
    news.change(to.id)


def _hand_over(office: Office, to: Job, made: Job, files: Sequence[PublishedFile], message: str) -> None:
    now = office.database.now()
    if before := jobs.entry(to.id).finished:
        replaced(office, to.workspace, before.order, to.order)
    _publish(office, to, files)
    jobs.change(
        office.database,
        to.id,
        jobs.UNFINISHED,
        state=JobState.DONE,
        stage="publish",
        fraction=1.0,
        message=message,
        link=office.links.link(to.token, shown_of(files)),
        paper=made.paper,
        scenes=made.scenes,
        seconds=made.seconds,
        approved_at=made.approved_at,
        waiting=None,
        failure=None,
        follows=None,
        finished=None,
        finished_at=now,
    )


def _publish(office: Office, job: Job, files: Sequence[PublishedFile]) -> None:
    """These are the job's files now. What a posted link leads to of those that it had stays with the job.

    If that is a page, so does what lies beside it: the page shows it.
    """
    new = {file.key for file in files}
    old = {file.key: file.name for file in job.files if file.key not in new}
    linked = {key for key in old if leads_to(job.link, key)}
    if any(old[key] == PAGE for key in linked):
        linked = set(old)
    jobs.publish(job.id, files, beside=linked)
    # The rest goes later: somebody may still be watching it by a signed address.
    doomed.doom(office.database, job.workspace, old.keys() - linked, after=DAY)


def give_up(
    office: Office,
    job: Job,
    state: JobState,
    news: News,
    *,
    failure: Failure | None = None,
    message: str = "",
    give_back: bool,
) -> None:
    """The job failed or was cancelled: nobody works on it, its money is free, its followers go their own way.

    One that has a finished video is done as before. `give_back`: its video doesn't count for its requester's quota.
    """
    followers = jobs.locked_followers(office.database, job.id)
    stage_runs.cancel(job.id)
    if state is JobState.CANCELLED:
        unwanted.no_longer_wanted(office.database, job.id)
    finished = jobs.entry(job.id).finished
    if finished is not None:
        _done_as_before(office, job, finished, failure, message)
    else:
        jobs.change(
            office.database,
            job.id,
            jobs.UNFINISHED,
            state=state,
            failure=failure,
            message=message,
            waiting=None,
            follows=None,
            finished_at=office.database.now(),
        )
    let_followers_go(office, followers, news)
    ledger.release(office.database, job=job.id, give_back=give_back)
    news.change(job.id)
    news.room = True


def _done_as_before(
    office: Office, job: Job, finished: Finished, failure: Failure | None, message: str
) -> None:
    """Files and link are those that it has had all the time. What was made for the other takes is not used again."""
    replaced(office, job.workspace, job.order, finished.order)
    before, wanted = (JobOrder.model_validate_json(order) for order in (finished.order, job.order))
    takes = wanted.takes
    if wanted.upload != before.upload:  # another paper was read
        stage_runs.cancel(job.id, among=RunState)
    for scene in takes:
        run = stage_runs.find(job.id, SCENES, scene)
        if run is not None and takes[scene] != before.takes.get(scene, 0):
            stage_runs.change(run.id, RunState, state=RunState.CANCELLED)
    stage_runs.cancel(job.id, AFTER_SCENES, among=RunState)
    to: JobChanges = {
        "state": JobState.DONE,
        "stage": "publish",
        "fraction": 1.0,
        "message": _came_to_nothing(failure, message, rebuilt=job.order == finished.order),
        "order": finished.order,
        "sameness": finished.sameness,
        "waiting": None,
        "failure": None,
        "finished": None,
        "started_at": finished.started_at,
        "finished_at": finished.finished_at,
        "approved_at": finished.approved_at,
        "paper": finished.paper,
        "scenes": finished.scenes,
        "seconds": finished.seconds,
    }
    if failure is not None:
        to["reference"] = failure.reference
    jobs.change(office.database, job.id, jobs.UNFINISHED, **to)


def came_to_nothing(job: Job) -> bool:
    """Whether a finished video was last to be made anew, or its lost file again, and all is as before."""
    return job.state is JobState.DONE and _last_words(job).endswith((AS_IT_WAS, STILL_MISSING))


def is_still_missing(job: Job) -> bool:
    """Whether a finished video's lost file was last to be made again, and wasn't."""
    return job.state is JobState.DONE and _last_words(job).endswith(STILL_MISSING)


def _last_words(job: Job) -> str:
    return job.message.lower().rstrip(".")


def _came_to_nothing(failure: Failure | None, message: str, *, rebuilt: bool) -> str:
    """What is said of a video that is as it was; `rebuilt`: it was to be made again as its file is gone."""
    how = STILL_MISSING if rebuilt else AS_IT_WAS
    if failure is None:
        return f"{message}; {how}"
    what = "Making it again" if rebuilt else "Making it anew"
    return f"{what} failed ({failure.reference}): {failure.sentence.rstrip('.')}. {how.capitalize()}."


def let_followers_go(office: Office, followers: Sequence[Job], news: News) -> None:
    """The first stands in line itself, the rest follow it, as far as they may know of it."""
    leaders: list[Job] = []
    for follower in followers:
        leader = next((job for job in leaders if may_know(follower, job)), None)
        if leader is None:
            leaders.append(follower)
            jobs.change(
                office.database,
                follower.id,
                [JobState.WAITING],
                state=JobState.QUEUED,
                follows=None,
                waiting=None,
            )
        else:
            why = following(follower, leader)
            jobs.change(
                office.database, follower.id, [JobState.WAITING], follows=leader.id, waiting=Waiting(why=why)
            )
        news.change(follower.id)
    news.room = news.room or bool(leaders)


def may_know(job: Job, other: Job) -> bool:
    """Whether the requester of `job` may know that `other` exists."""
    return not other.private or other.requester == job.requester


def following(job: Job, leader: Job) -> str:
    """Why `job` waits while `leader` is made."""
    if job.requester == leader.requester:
        return "this video is already being made for you"
    return "the same video is being made for somebody else here"
