"""What a person does to a job from a chat: each is one short answer, for the job's own message shows the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from bots.cards import buttons
from bots.cards.wording import title_of
from bots.desk.access import Standing, barred
from bots.desk.choosing import may_do, may_see
from bots.desk.replies import House, Reply, said
from jobs import control, rewriting
from jobs.deeds import STANDS, NotPossible
from jobs.privacy import seen_by
from storage.quotas import Refusal
from storage.records import Job, JobState

#: What is answered to each deed that succeeded.
_DONE: Final = {
    "cancel": "Cancelled.",
    "discard": "Discarded. No video is made of this script.",
    "retry": "It goes on from where it stopped.",
    "approve": "Approved: it goes on.",
    "shorter": "The script is written anew, a fifth shorter. You are asked again.",
    "rebuild": "The video is made again, free of charge.",
    "keep": "Kept until somebody deletes it.",
    "delete": "Deleted.",
}
#: Deeds for which nobody needs to know what the video is about.
_BLIND: Final = frozenset({"cancel", "delete", "discard"})
#: Deeds that make something, and are for those who may have videos made.
_MAKING: Final = frozenset({"retry", "approve", "shorter", "rebuild", "redo", "edit"})
#: How each is said in "Only Ada can … this video."
_WORDS: Final = {"shorter": "shorten", "redo": "redo a scene of", "edit": "edit the script of"}


def is_deed(name: str) -> bool:
    """Whether `do` knows it."""
    return name in _DONE


def do(house: House, me: Standing, job: Job, deed: str) -> Reply:
    """Do it, if this person may and the job allows it."""
    if no := refused(house, me, job, deed):
        return said(no)
    if deed == "discard" and job.state is not JobState.AWAITING_APPROVAL:
        return said(f"This job {STANDS[job.state]}; there is no script to discard.")
    return _answered(_deeds(house, me, job.id)[deed](), _DONE[deed])


def redo(house: House, me: Standing, job: Job, scene: int | None) -> Reply:
    """Make scene `scene` (from 1) anew; without one the platform asks which, by the form "redo:<job>"."""
    if no := refused(house, me, job, "redo"):
        return said(no)
    if scene is None:
        return said(
            not_redoable(job)
            or f"Which scene? Say {house.command} redo SCENE {job.id}, from 1 to {job.scenes}.",
            modal=None if not_redoable(job) else f"redo:{job.id}",
        )
    answer = control.redo(house.office, job.id, scene - 1, by=me.by)
    return _answered(answer, f"Scene {scene} is made anew; the video stays as it is until that is done.")


def not_redoable(job: Job) -> str | None:
    """Why no scene of the job can be made anew now; `None` when one can."""
    if job.state not in (JobState.DONE, JobState.FAILED):
        return f"This job {STANDS[job.state]}; a scene can be redone once it has ended."
    return None if job.scenes else "It failed before its scenes were made: retry it instead."


def ask_to_delete(house: House, me: Standing, job: Job) -> Reply:
    """The question before a job is deleted, with the button that does it."""
    if no := refused(house, me, job, "delete"):
        return said(no)
    if job.state is JobState.DELETED:
        return said("This video was deleted before.")
    if job.state not in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        return said("This video is still being made: cancel it first.", buttons.cancel(job))
    title = title_of(seen_by(job, me.who))
    question = f"Delete {_quoted(title)}? Its video, its script and its link are gone for good then."
    return said(question, buttons.delete(job).model_copy(update={"confirm": None}))


def link(me: Standing, job: Job) -> Reply:
    """Where the job's video is."""
    if no := may_see(me, job):
        return said(no)
    if job.state is not JobState.DONE:
        return said("This video is not finished, so it has no link yet.")
    if job.link is None:
        return said("This video has no link here: the file itself is in its thread.")
    return said(f"{title_of(job)}: {job.link}")


def refused(house: House, me: Standing, job: Job, deed: str) -> str | None:
    """Why this person can't do it to this job; `None` when they can."""
    if no := may_do(me, job, _WORDS.get(deed, deed), blindly=deed in _BLIND):
        return no
    return barred(me, house.command) if deed in _MAKING else None


def _deeds(house: House, me: Standing, job: str) -> dict[str, Callable[[], Job | Refusal | NotPossible]]:
    office, by = house.office, me.by
    return {
        "cancel": partial(control.cancel, office, job, by=by),
        "discard": partial(control.cancel, office, job, by=by),
        "retry": partial(control.retry, office, job, by=by),
        "approve": partial(control.approve, office, job, by=by),
        "shorter": partial(rewriting.shorten, office, job, by=by),
        "rebuild": partial(control.rebuild, office, job, by=by),
        "keep": partial(control.keep, office, job, by=by),
        "delete": partial(control.delete, office, job, by=by),
    }


def _answered(answer: Job | Refusal | NotPossible, done: str) -> Reply:
    return said(done if isinstance(answer, Job) else answer.sentence)


def _quoted(title: str) -> str:
    return f"“{title if len(title) <= 120 else title[:119] + '…'}”"
