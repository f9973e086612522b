"""A person asks for a video: it is refused, made, found ready, or followed while it is made for another."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from typing import Final

from jobs.admission import admit, as_it_stands, concluded, place_in_line
from jobs.deeds import PAUSED
from jobs.ending import following, hand_on
from jobs.handed_in import GOING, going, keys_of, not_taken
from jobs.missing import newest_whole, video_key
from jobs.news import News
from jobs.office import Office
from jobs.order import JobOrder
from jobs.rounds import asked
from jobs.same_paper import known_as
from storage import jobs, ledger, workspaces
from storage.job_ids import random_id
from storage.jobs import NewJob
from storage.quotas import Refusal
from storage.records import Job, JobState, Requester, Waiting

__all__ = ["admit", "place_in_line", "submit"]


#: States of a job that another may follow.
_LED: Final = frozenset(jobs.UNFINISHED) - {JobState.AWAITING_CONSENT}


def _nothing(_: str) -> None:
    pass


def submit(
    office: Office,
    requester: Requester,
    order: JobOrder,
    *,
    private: bool = False,
    estimate_cents: int = 0,
    needs_approval: bool | None = None,
    versions: tuple[str, ...] = (),
    along: Callable[[str], None] = _nothing,
    repeat_within: float = 0.0,
) -> Job | Refusal:
    """Take an order. A `Refusal` leaves no job behind.

    The same order, done before and open to this person, is handed out at once, free. One that is being
    made is followed; not so where the owner of a file has yet to say where it may go: that is asked first.
    `estimate_cents` is what it may cost at most; `needs_approval` is as the workspace
    says when `None`; `versions` are those of the providers at work, part of what makes orders the same.

    `along` is called with the new job's id in the transaction that writes it down, so what it writes stands
    there if and only if the job does. Somebody who asks for the same twice within `repeat_within` seconds
    meant it once: the job that is there is answered, and `along` is not called.
    """
    paper = known_as(office, requester.workspace, order)
    sameness = order.sameness(requester.workspace, versions, known_as=paper)
    spoilt = set() if order.asks else unfit(office, requester, sameness)

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
            state=JobState.AWAITING_CONSENT if order.asks else JobState.QUEUED,
            waiting=asked(office) if order.asks else None,
            stage="fetch-paper",
            needs_approval=terms.approval if needs_approval is None else needs_approval,
            estimate_cents=estimate_cents,
            token=secrets.token_hex(16),
        )
        if again := _asked_just_now(office, new, repeat_within):
            return again
        if going(office, keys_of(order)):
            return GOING
        leader = None if order.asks else leading(office, new)
        made = None if order.asks else made_before(new, spoilt)
        if made is not None:
            jobs.add(office.database, new)
            hand_on(office, made, _written(new.id), news)
            along(new.id)
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
        along(new.id)
        news.change(new.id)
        if leader is None:
            news.room = True
        else:
            follow(office, _written(new.id), leader)
        return new.id

    answer = concluded(office, work)
    if isinstance(answer, Refusal):
        office.database.do(lambda: not_taken(office, requester.workspace, keys_of(order)))
        return answer
    return as_it_stands(office, answer)


def _asked_just_now(office: Office, new: NewJob, within: float) -> str | None:
    """The job that this person's same order began less than `within` seconds ago, unless it came to nothing."""
    since = office.database.now() - within
    alike = (new.private, *_asks(new))
    for job in jobs.equal(new.workspace, new.sameness, [*jobs.UNFINISHED, JobState.DONE], user=new.user):
        mine = jobs.entry(job.id).user == new.user
        if mine and job.created_at > since and (job.private, *_asks(job)) == alike:
            return job.id
    return None


def leading(office: Office, new: NewJob) -> Job | None:
    """The job that is making the same video, held: it can't end without seeing whoever follows it.

    Nobody waits for an approval that he didn't ask for, or gets a script unapproved who did. Nobody waits for
    another's answer.
    """
    for job in jobs.equal(new.workspace, new.sameness, jobs.UNFINISHED, user=new.user, leading=True):
        if _asks(job) != _asks(new) or job.state is JobState.AWAITING_CONSENT or job.id == new.id:
            continue
        held = jobs.locked(office.database, job.id)
        if held is not None and held.state in _LED and held.follows is None:
            return held
    return None


def _asks(job: Job | NewJob) -> tuple[bool, bool]:
    """Whether its requester is asked before the video is made: always, or where only the abstract can be read."""
    return job.needs_approval, JobOrder.model_validate_json(job.order).offer_closed


def follow(office: Office, job: Job, leader: Job) -> None:
    """Let the job, which stands in line, wait for the video that another is making. Inside `do`."""
    waiting = Waiting(why=following(job, leader))
    jobs.change(
        office.database,
        job.id,
        [JobState.QUEUED],
        state=JobState.WAITING,
        follows=leader.id,
        waiting=waiting,
    )


def made_before(new: NewJob, spoilt: Collection[str]) -> Job | None:
    """The latest job that is done and makes the same video, whose file is there."""
    done = jobs.equal(new.workspace, new.sameness, [JobState.DONE], user=new.user)
    return next((job for job in reversed(done) if video_key(job) and job.id not in spoilt), None)


def unfit(office: Office, requester: Requester, sameness: str) -> set[str]:
    """The jobs that made the same video, but for the latest that still has it. Asks the store, so not inside `do`."""

    def made() -> list[Job]:
        user = workspaces.user_id(office.database, requester)
        return jobs.equal(requester.workspace, sameness, [JobState.DONE], user=user)

    done = office.database.do(made)
    whole = newest_whole(office, [job for job in reversed(done) if video_key(job)])
    return {job.id for job in done if whole is None or job.id != whole.id}


def _written(job_id: str) -> Job:
    job = jobs.find(job_id)
    assert job is not None
    return job


def _new_id() -> str:
    while True:
        job_id = random_id()
        if jobs.find(job_id) is None:
            return job_id
