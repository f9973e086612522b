"""What the rows say of a job and of its message, at one moment, and the card that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bots.cards.card import Card
from bots.cards.job import View, job_card
from bots.messenger.said import Said
from bots.people import Place
from jobs.admission import in_order
from jobs.ending import came_to_nothing, is_still_missing
from jobs.office import Office
from jobs.privacy import seen_by
from jobs.progress import with_remaining
from jobs.script_names import script_name
from storage import chat, workers
from storage import jobs as rows
from storage.chat import Chat
from storage.line import line
from storage.records import Job, JobState, Requester, Waiting

#: States in which a job goes on only if a worker lives.
_NEEDS_A_WORKER: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.WAITING})


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A job and its message. `view` is what the message's readers may see, `whole` what its requester may.

    `script` names the script that is ready; another one has another name.
    """

    chat: Chat
    view: View
    whole: View
    card: Card
    script: str | None

    @property
    def job(self) -> Job:
        """The job, unveiled."""
        return self.whole.job

    @property
    def said(self) -> Said:
        """What was said of it."""
        return Said(self.chat.said)

    @property
    def is_open(self) -> bool:
        """Whether those who read the message may know what the job is about."""
        return self.view.job == self.job

    @property
    def is_over(self) -> bool:
        """Whether nothing is to come by itself."""
        return self.job.state not in rows.UNFINISHED

    @property
    def came_to_nothing(self) -> bool:
        """Whether a finished video was to be made anew, or its lost file again, and all is as before."""
        return came_to_nothing(self.job)

    @property
    def end(self) -> str:
        """The name of what is said at the end of this round."""
        return f"end:{self.chat.round}"

    @property
    def video(self) -> str:
        """The name of the upload of this video."""
        return f"video:{self.job.finished_at:.3f}"

    @property
    def approval(self) -> str | None:
        """The name of the question whether this script may be used, while it is open."""
        if self.job.state is not JobState.AWAITING_APPROVAL or self.script is None:
            return None
        return f"approval:{self.chat.round}:{self.script}"

    @property
    def place(self) -> Place:
        """Where the message stands, or will."""
        return self._place(self.chat.thread)

    @property
    def thread(self) -> Place:
        """Where what is said beside the message goes."""
        return self._place(self.chat.thread or self.chat.message)

    def _place(self, thread: str | None) -> Place:
        at = self.chat
        return Place(
            platform=at.platform, workspace=at.workspace, channel=at.channel, kind=at.kind, thread=thread
        )


def look(office: Office, ids: Iterable[str], *, platform: str) -> dict[str, Sight]:
    """The jobs of `ids` that have a message on `platform`, as they stand now. Reads rows only."""
    db = office.database

    def work() -> dict[str, Sight]:
        chats = {job: chat.chat_of(db, job) for job in ids}
        ours = {job: at for job, at in chats.items() if at is not None and at.platform == platform}
        return _seen(office, ours)

    return db.do(work)


def take_and_look(office: Office, job: str, owner: str, seconds: float, *, platform: str) -> Sight | None:
    """The same for one job, whose message is `owner`'s for so many seconds. `None`: another has it."""
    db = office.database

    def work() -> Sight | None:
        held = chat.take(db, job, owner, seconds)
        if held is None or held.platform != platform:
            return None
        return _seen(office, {job: held}).get(job)

    return db.do(work)


def _seen(office: Office, chats: Mapping[str, Chat]) -> dict[str, Sight]:
    db = office.database
    found = [with_remaining(db, job) for job in rows.several(list(chats))]
    places: dict[str, int] = {}
    if any(job.state is JobState.QUEUED for job in found):
        places = {job: place for place, job in enumerate(in_order(line()), 1)}
    needing = any(job.state in _NEEDS_A_WORKER for job in found)
    alone = needing and not workers.living(db, office.rules.worker_gone_after)
    now = db.now()
    sights: dict[str, Sight] = {}
    for job in found:
        script = script_name(job)
        whole = View(
            job=_placed(job, places.get(job.id)),
            alone=alone and job.state in _NEEDS_A_WORKER,
            place=places.get(job.id) if job.state is JobState.QUEUED else None,
            now=now,
            missing=is_still_missing(job),
            script_ready=script is not None,
            script=script or "",
        )
        sights[job.id] = _sight(chats[job.id], whole, script)
    return sights


def _sight(at: Chat, whole: View, script: str | None) -> Sight:
    view = whole
    if at.kind == "public" and whole.job.private:
        nobody = Requester(workspace=at.workspace, platform=at.platform, user="")
        view = whole.model_copy(update={"job": seen_by(whole.job, nobody), "script_ready": False})
    return Sight(chat=at, view=view, whole=whole, card=job_card(view), script=script)


def _placed(job: Job, place: int | None) -> Job:
    if job.state is not JobState.QUEUED or place is None:
        return job
    return job.model_copy(update={"waiting": Waiting(why="in line", place=place)})
