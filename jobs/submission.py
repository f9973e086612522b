"""A person asks for a video: it is refused, made, found ready, or followed while it is made for another."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Final

from jobs.admission import admit, as_it_stands, concluded, place_in_line
from jobs.deeds import PAUSED
from jobs.ending import following, hand_on
from jobs.missing import video_is_gone, video_key
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder
from storage import doomed, jobs, ledger, workspaces
from storage.job_ids import random_id
from storage.jobs import NewJob
from storage.quotas import Refusal
from storage.records import Job, JobState, Requester, Waiting

__all__ = ["admit", "place_in_line", "submit"]

#: What was handed in with an order that was refused goes after so long, unless it is ordered again (seconds).
_REFUSED_FOR: Final = 24 * 3600.0


def submit(
    office: Office,
    requester: Requester,
    order: JobOrder,
    *,
    private: bool = False,
    estimate_cents: int = 0,
    needs_approval: bool | None = None,
    versions: tuple[str, ...] = (),
) -> Job | Refusal:
    """Take an order. A `Refusal` leaves no job behind.

    The same order, done before and open to this person, is handed out at once, free. One that is being
    made is followed. `estimate_cents` is what it may cost at most; `needs_approval` is as the workspace
    says when `None`; `versions` are those of the providers at work, part of what makes orders the same.
    """
    sameness = order.sameness(requester.workspace, versions)
    gone = _gone(office, requester, sameness)

    def work(news: News) -> str | Refusal:
        office.database.alone(f"workspace:{requester.workspace}")
        user = workspaces.user_id(office.database, requester)
        terms = workspaces.terms(office.database, requester.workspace)
        if terms.paused:
            return PAUSED
        new = NewJob(
            id=_new_id(),
            workspace=requester.workspace,
            user=user,
            private=private,
            order=order.model_dump_json(),
            source=order.source,
            sameness=sameness,
            state=JobState.QUEUED,
            stage="fetch-paper",
            needs_approval=terms.approval if needs_approval is None else needs_approval,
            estimate_cents=estimate_cents,
            token=secrets.token_hex(16),
        )
        leader = _leader(office, new)
        made = _made_before(new, gone)
        if made is not None:
            jobs.add(office.database, new)
            hand_on(office, made, _written(new.id), news)
            return new.id
        refused = ledger.reserve(
            office.database,
            workspace=requester.workspace,
            user=user,
            job=new.id,
            cents=estimate_cents,
            caps=terms,
        )
        if refused is not None:
            return refused
        jobs.add(office.database, new)
        news.change(new.id)
        if leader is None:
            news.room = True
        else:
            _follow(office, _written(new.id), leader)
        return new.id

    answer = concluded(office, work)
    if isinstance(answer, Refusal):
        handed_in = [key for key in (order.upload, order.script) if key]
        db = office.database
        db.do(lambda: doomed.doom(db, requester.workspace, handed_in, after=_REFUSED_FOR))
        return answer
    return as_it_stands(office, answer)


def _leader(office: Office, new: NewJob) -> Job | None:
    """The job that is making the same video, held: it can't end without seeing whoever follows it.

    Nobody waits for an approval that he didn't ask for, or gets a script unapproved who did.
    """
    for job in jobs.equal(new.workspace, new.sameness, jobs.UNFINISHED, user=new.user, leading=True):
        if job.needs_approval != new.needs_approval:
            continue
        held = jobs.locked(office.database, job.id)
        if held is not None and held.state in jobs.UNFINISHED and held.follows is None:
            return held
    return None


def _follow(office: Office, job: Job, leader: Job) -> None:
    waiting = Waiting(why=following(job, leader))
    jobs.change(
        office.database,
        job.id,
        [JobState.QUEUED],
        state=JobState.WAITING,
        follows=leader.id,
        waiting=waiting,
    )


def _made_before(new: NewJob, gone: Collection[str]) -> Job | None:
    """The latest job that is done and makes the same video, whose file is there."""
    done = jobs.equal(new.workspace, new.sameness, [JobState.DONE], user=new.user)
    return next((job for job in reversed(done) if video_key(job) and job.id not in gone), None)


def _gone(office: Office, requester: Requester, sameness: str) -> set[str]:
    """The jobs that make the same video and have lost it. Asks the store, so not inside `do`."""

    def done() -> list[Job]:
        user = workspaces.user_id(office.database, requester)
        return jobs.equal(requester.workspace, sameness, [JobState.DONE], user=user)

    return {job.id for job in office.database.do(done) if video_is_gone(office, job)}


def _written(job_id: str) -> Job:
    job = jobs.find(job_id)
    assert job is not None
    return job


def _new_id() -> str:
    while True:
        job_id = random_id()
        if jobs.find(job_id) is None:
            return job_id
