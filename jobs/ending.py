"""How a job ends: delivered, failed, cancelled; and what becomes of the jobs that follow it. Inside `do`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jobs.news import News
from jobs.office import Office
from storage import jobs, ledger, stage_runs, workspaces
from storage.records import Failure, Job, JobState, PublishedFile, Waiting

_DAY: Final = 24 * 3600.0
#: The file that a link leads to.
VIDEO: Final = "video.mp4"


def video_of(files: Sequence[PublishedFile]) -> PublishedFile:
    """The video among finished files. Raises `ValueError` when there is none: nothing may be called done then."""
    for file in files:
        if file.name == VIDEO:
            return file
    raise ValueError(f"published without {VIDEO}: {[file.name for file in files]}")


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
    keep = workspaces.terms(office.database, to.workspace).retention_days
    jobs.publish(to.id, files)
    jobs.change(
        office.database,
        to.id,
        jobs.UNFINISHED,
        state=JobState.DONE,
        stage="publish",
        fraction=1.0,
        message=message,
        link=office.links.link(to.token, video_of(files)),
        paper=made.paper,
        scenes=made.scenes,
        seconds=made.seconds,
        approved_at=made.approved_at,
        waiting=None,
        failure=None,
        follows=None,
        finished_at=now,
        expires_at=None if keep is None else now + keep * _DAY,
    )


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

    `give_back`: its video doesn't count for its requester's quota.
    """
    followers = jobs.locked_followers(office.database, job.id)
    stage_runs.cancel(job.id)
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
    return "the same video is being made for somebody else in this workspace"
