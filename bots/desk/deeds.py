"""What a person does to a job from a chat: each is one short answer, for the job's own message shows the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bots.cards import buttons
from bots.cards.lists import which_card
from bots.cards.wording import is_veiled, title_of
from bots.desk.access import Standing, barred
from bots.desk.choosing import may_do, may_see
from bots.desk.places import open_it, places_of
from bots.desk.replies import House, Reply, said
from bots.desk.sending import answered_for
from jobs import control, rewriting
from jobs.deeds import STANDS, NotPossible
from jobs.ending import video_link
from jobs.privacy import seen_by
from storage import jobs
from storage.quotas import Refusal
from storage.records import Job, JobState

#: What is answered to each deed that succeeded, with the title of what it was done to.
_DONE: Final = {
    "cancel": "Cancelled: {title}.",
    "discard": "Discarded: no video is made of this script of {title}.",
    "retry": "{title} goes on from where it stopped.",
    "approve": "Approved: {title} goes on.",
    "send-out": "{title} goes on, with what was named.",
    "keep-local": "{title} goes on here: nothing of its file leaves.",
    "shorter": "The script of {title} is written anew, a fifth shorter. You are asked again.",
    "rebuild": "{title} is made again, free of charge.",
    "keep": "{title} is kept until somebody deletes it.",
    "delete": "Deleted: {title}.",
}
#: What is answered when the making of a video stops that is there already.
_STOPPED: Final = "No longer made anew: {title}. The video stays as it was."
#: Deeds for which nobody needs to know what the video is about.
_BLIND: Final = frozenset({"cancel", "delete", "discard"})
#: Deeds that make something, and are for those who may have videos made.
_MAKING: Final = frozenset(
    {"retry", "approve", "send-out", "keep-local", "shorter", "rebuild", "redo", "edit"}
)
#: What is asked when a word could mean several jobs.
_WHICH: Final = {
    "approve": "Several of your scripts wait for approval. Which one goes on?",
    "cancel": "Several of your videos are being made. Which one stops?",
    "retry": "Several of your videos came to nothing. Which one goes on?",
}
#: How each is said in "Only Ada can … this video."
_WORDS: Final = {
    "shorter": "shorten",
    "redo": "redo a scene of",
    "edit": "edit the script of",
    "send-out": "answer for",
    "keep-local": "answer for",
}


def is_deed(name: str) -> bool:
    """Whether `do` knows it."""
    return name in _DONE


def do(house: House, me: Standing, job: Job, deed: str, *, script: str | None = None) -> Reply:
    """Do it, if this person may and the job allows it. `script` names the one that they approve."""
    if no := refused(house, me, job, deed):
        return said(no)
    if deed == "discard" and job.state is not JobState.AWAITING_APPROVAL:
        return _not_now(me, job, f"This job {STANDS[job.state]}; there is no script to discard.")
    done = _STOPPED if deed in ("cancel", "discard") and is_made_anew(job) else _DONE[deed]
    return _answered(me, job, _deeds(house, me, job.id, script)[deed](), done)


def redo(house: House, me: Standing, job: Job, scene: int | None) -> Reply:
    """Make scene `scene` (from 1) anew; without one the platform asks which, by the form "redo:<job>"."""
    if no := refused(house, me, job, "redo"):
        return said(no)
    if scene is None:
        if no := not_redoable(job):
            return _not_now(me, job, no)
        how = house.tongue.say(f"redo SCENE {job.id}")
        which = f"Which scene of {named(me, job)}? Say {how}, from 1 to {job.scenes}."
        return said(which, modal=f"redo:{job.id}")
    answer = control.redo(house.office, job.id, scene - 1, by=me.by)
    stays = "the video stays as it is until that is done" if job.files else "the rest is kept"
    return _answered(me, job, answer, f"Scene {scene} of {{title}} is made anew; {stays}.")


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
    title = named(me, job)
    if is_made_anew(job):
        return said(f"{title} is being made anew: cancel that first.", buttons.cancel(job))
    if job.state not in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        return said(f"{title} is still being made: cancel it first.", buttons.cancel(job))
    question = f"Delete {title}? Its video, its script and its link are gone for good then."
    return said(question, buttons.delete(job).model_copy(update={"confirm": None}))


def link(house: House, me: Standing, job: Job) -> Reply:
    """Where the job's video is: its link, and the message that it hangs under."""
    if no := may_see(me, job):
        return said(no)
    title, opening = named(me, job), open_it(house, me, job)
    if is_made_anew(job):
        there = f"the old video is at {job.link}" if job.link else "the old video is in its thread"
        return said(f"{title} is being made anew; until that is done, {there}", *opening)
    if job.state is not JobState.DONE:
        return said(f"{title} {STANDS[job.state]}: it has no link.", *opening)
    if job.link is None:
        return said(f"{title} has no link here: the video itself is in its thread.", *opening)
    file = video_link(job)
    download = f"\nTo download: {file}" if file != job.link else ""
    return said(f"{title}: {job.link}{download}", *opening)


def which(house: House, me: Standing, several: Sequence[Job], deed: str) -> Reply:
    """Asks which of several jobs the word was about; each button does it."""
    choose = {"approve": buttons.approve, "cancel": buttons.cancel, "retry": buttons.retry}[deed]
    card = which_card(_WHICH[deed], several, [choose(job) for job in several], places_of(house, me, several))
    return Reply(card=card)


def is_made_anew(job: Job) -> bool:
    """Whether the job has a video that is there while another takes its place."""
    return job.state in jobs.UNFINISHED and bool(job.files)


def named(me: Standing, job: Job) -> str:
    """The job's title in quotes, as this person may know it; cut where it is long."""
    job = seen_by(job, me.who)
    if is_veiled(job):
        return "a private video"
    title = title_of(job)
    return f"“{title if len(title) <= 120 else title[:119] + '…'}”"


def refused(house: House, me: Standing, job: Job, deed: str) -> str | None:
    """Why this person can't do it to this job; `None` when they can."""
    if no := may_do(me, job, _WORDS.get(deed, deed), blindly=deed in _BLIND):
        return no
    return barred(me, house.tongue) if deed in _MAKING else None


def _deeds(
    house: House, me: Standing, job: str, script: str | None
) -> dict[str, Callable[[], Job | Refusal | NotPossible]]:
    office, by = house.office, me.by
    return {
        "cancel": partial(control.cancel, office, job, by=by),
        "discard": partial(control.cancel, office, job, by=by),
        "retry": partial(control.retry, office, job, by=by),
        "approve": partial(control.approve, office, job, by=by, seen=script),
        "send-out": partial(answered_for, house, job, cloud=True, by=by),
        "keep-local": partial(answered_for, house, job, cloud=False, by=by),
        "shorter": partial(rewriting.shorten, office, job, by=by),
        "rebuild": partial(control.rebuild, office, job, by=by),
        "keep": partial(control.keep, office, job, by=by),
        "delete": partial(control.delete, office, job, by=by),
    }


def _answered(me: Standing, job: Job, answer: Job | Refusal | NotPossible, done: str) -> Reply:
    if isinstance(answer, NotPossible):
        return _not_now(me, job, answer.sentence)
    return said(done.format(title=named(me, job)) if isinstance(answer, Job) else answer.sentence)


def _not_now(me: Standing, job: Job, sentence: str) -> Reply:
    """Why something can't be done with the job, whose title is said too."""
    return said(f"{named(me, job)}: {sentence[:1].lower()}{sentence[1:]}")
