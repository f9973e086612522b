"""Which job is meant, who may do something to it, and how it stands for whoever looks."""

from __future__ import annotations

from typing import Final

from bots.cards.job import View
from bots.desk.access import Standing
from bots.desk.replies import House
from bots.people import Ask
from jobs.admission import in_order
from jobs.missing import video_is_gone
from jobs.privacy import is_open_to, seen_by
from jobs.progress import with_remaining
from storage import chat, jobs, workers
from storage.line import line
from storage.records import Job, JobState, Requester

#: States in which a job goes on only if a worker lives.
_NEEDS_A_WORKER = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.WAITING})
#: States in which there is something of a person's own to speak of.
_THERE = tuple(state for state in JobState if state is not JobState.DELETED)
#: How jobs stand that wait for such a deed: of them, the one that is not named must be told from the others.
_FIT: Final = {
    "approve": (JobState.AWAITING_APPROVAL,),
    "cancel": tuple(jobs.UNFINISHED),
    "retry": (JobState.FAILED, JobState.CANCELLED),
}
#: So many of them are shown at most.
_SEVERAL: Final = 10


def meant(
    house: House, me: Standing, ask: Ask, named: str | None, deed: str = ""
) -> Job | tuple[Job, ...] | str:
    """The job of that id (or failure's reference), else the thread's, else their latest; or why there is none.

    For its link it is the latest that has one. Where several wait for a `deed` of theirs, it is all of these: nobody
    guesses. A job of another workspace doesn't exist.
    """
    db = house.office.database

    def look() -> Job | tuple[Job, ...] | None:
        if named is not None:
            return jobs.by_reference(named) if "-" in named else jobs.find(named)
        if ask.thread_of is not None:
            job = chat.job_at(db, ask.place.platform, ask.place.channel, ask.thread_of)
            if job is not None:
                return jobs.find(job)
        if deed == "link" and (linked := jobs.latest_linked(me.who.workspace, me.user)) is not None:
            return linked
        fit = jobs.recent(me.who.workspace, user=me.user, states=_FIT.get(deed, _THERE), limit=_SEVERAL)
        if deed in _FIT and len(fit) > 1:
            return tuple(fit)
        latest = fit or jobs.recent(me.who.workspace, user=me.user, states=_THERE, limit=1)
        return latest[0] if latest else None

    found = db.do(look)
    if isinstance(found, tuple):
        return found
    if found is not None and found.workspace == me.who.workspace:
        return found
    if named is not None:
        return f"There is no video {named}. {house.tongue.say('list')} shows yours."
    return f"You have no videos yet. {house.tongue.say('32296183')} makes one: give a PMID, or drop a PDF."


def of_id(house: House, me: Standing, job_id: str) -> Job | str:
    """The job that a button names; or that there is none."""
    found = house.office.database.do(lambda: jobs.find(job_id))
    if found is None or found.workspace != me.who.workspace:
        return "This video is not there any more."
    return found


def is_theirs(job: Job, who: Requester) -> bool:
    """Whether `who` asked for the job."""
    asked = job.requester
    return (asked.workspace, asked.platform, asked.user) == (who.workspace, who.platform, who.user)


def may_see(me: Standing, job: Job) -> str | None:
    """Why this person can't see the job, in a sentence; `None` when they can."""
    return None if is_open_to(job, me.who) else "This video is private: only whoever asked for it sees it."


def may_do(me: Standing, job: Job, what: str, *, blindly: bool = False) -> str | None:
    """Why this person can't do `what` ("cancel") to the job, in a sentence; `None` when they can.

    Its requester and the admins can. What needs no look at it (`blindly`), an admin can do to a private one too.
    """
    if is_theirs(job, me.who):
        return None
    whose = (job.requester.name or "whoever asked for it") if is_open_to(job, me.who) else "its owner"
    if not me.who.admin:
        return f"Only {whose} or an admin can {what} this video."
    if blindly or not job.private:
        return None
    return f"This video is private: only {whose} can {what} it. You can cancel or delete it."


def views(house: House, me: Standing, found: list[Job], *, ask_store: bool = False) -> list[View]:
    """The jobs as this person may see them now. With `ask_store`, it is asked whether their videos are there."""
    db, rules = house.office.database, house.office.rules
    places: dict[str, int] = {}
    if any(job.state is JobState.QUEUED for job in found):
        places = {job: place for place, job in enumerate(db.do(lambda: list(in_order(line()))), 1)}
    needing = {job.id for job in found if job.state in _NEEDS_A_WORKER}
    alone = bool(needing) and not workers.living(db, rules.worker_gone_after)
    timed = db.do(lambda: [with_remaining(db, job) for job in found])
    return [
        View(
            job=seen_by(job, me.who),
            alone=alone and job.id in needing,
            place=places.get(job.id),
            now=db.now(),
            missing=ask_store and job.state is JobState.DONE and video_is_gone(house.office, job),
        )
        for job in timed
    ]
