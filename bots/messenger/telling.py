"""Each step of the plan, carried out at the platform: shown or said at most once, whatever dies in between.

Before something is posted, that it is about to be is written down; if it then isn't known whether it got
out, the platform is asked. Edits may be done twice.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Unpack

import structlog

from bots.cards.card import Card
from bots.cards.results import below_card, moved_card
from bots.messenger import thread_cards
from bots.messenger.handing_over import fetched, names
from bots.messenger.plan import MOVED, UNREACHABLE, Kind, Step, answered, removed, undone
from bots.messenger.said import meaning, standing
from bots.messenger.sight import Sight
from bots.messenger.threads import Threads
from bots.people import Place
from bots.port import (
    MessageGoneError,
    MessageOldError,
    PlaceGoneError,
    Port,
    PortAwayError,
    PortRefusedError,
    PostRefusedError,
    Tag,
    UploadRefusedError,
)
from jobs.kit import Kit
from jobs.office import Office
from storage import chat
from storage.chat import ChatChanges
from storage.errors import StorageError
from storage.records import Job, JobState

#: What the tag of a job's own message says.
MESSAGE: Final = "message"
#: The platform's clock and ours differ by less than this (seconds).
_CLOCKS: Final = 300.0
#: How often what isn't taken is tried: then what comes after it goes out without.
_TRIES: Final = 5
#: How long a platform that is away is waited for (seconds): while it is, nothing else could be said either.
_PATIENCE: Final = 600.0
#: How many jobs' scripts are kept at hand.
_AT_HAND: Final = 16

_log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """Raised when another process shows the job now: what was about to be done is its business."""


@dataclass
class Teller:
    """Carries out steps for jobs whose messages `owner` holds. `files` are threads for what the store is asked for."""

    office: Office
    kit: Kit
    port: Port
    threads: Threads
    files: Threads
    owner: str
    #: How often a step of a job failed in a way that must not keep the result back.
    _tries: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    _scripts: dict[tuple[str, str], list[Card]] = field(default_factory=dict)

    async def carry_out(self, sight: Sight, step: Step) -> None:
        """Do the step. Raises the port's and the storage's errors, and `LeaseLostError`.

        That the message or its place is gone is dealt with: it is told elsewhere from then on.
        """
        do: dict[Kind, Callable[[Sight, Step], Awaitable[None]]] = {
            "post": self._post,
            "edit": self._edit,
            "moved": self._say_moved,
            "script": self._say_script,
            "approval": self._ask,
            "answered": self._close,
            "upload": self._upload,
            "end": self._say_end,
            "react": self._react,
            "unreact": self._unreact,
            "remove": self._remove,
        }
        try:
            await do[step.kind](sight, step)
        except MessageGoneError:
            await self._without_message(sight, step)
        except MessageOldError:
            await self._go_on_below(sight)
        except PlaceGoneError:
            await self._move(sight)
        except PostRefusedError as error:
            await self._not_taken(sight, step, error)
        except PortAwayError as error:
            # The script stands before the question, the video and the end.
            if step.kind != "script" or not self._enough(sight.job, step, error):
                raise
            await self._note(sight.job.id, step.name)

    def forget(self, job: str) -> None:
        """Nothing more will be said of this job for now."""
        for one in [one for one in self._tries if one[0] == job]:
            del self._tries[one]
        for one in [one for one in self._scripts if one[0] == job]:
            del self._scripts[one]

    # The job's own message.

    async def _post(self, sight: Sight, _: Step) -> None:
        at, tag = sight.chat, Tag(job=sight.job.id, what=MESSAGE)
        message = None
        if at.posted_at is None:
            await self._keep(sight.job.id, posted_at=sight.whole.now)
        else:
            message = await self.port.find(sight.place, tag, since=at.posted_at - _CLOCKS)
        digest = ""
        if message is None:
            message = await self.port.post(sight.place, sight.card, tag=tag)
            digest = sight.card.digest()
        await self._keep(sight.job.id, message=message, shown_digest=digest)

    async def _edit(self, sight: Sight, _: Step) -> None:
        tag = Tag(job=sight.job.id, what=MESSAGE)
        assert sight.chat.message is not None
        await self.port.edit(sight.place, sight.chat.message, sight.card, tag=tag)
        await self._keep(sight.job.id, shown_digest=sight.card.digest())

    # What is said once.

    async def _say_moved(self, sight: Sight, step: Step) -> None:
        await self._say(sight, step.name, moved_card(sight.whole, ""), place=sight.place)

    async def _say_script(self, sight: Sight, step: Step) -> None:
        """One part of it; the step is done once all are there."""
        for number, card in enumerate(await self._script(sight, step)):
            name = f"{step.name}/{number}"
            if not sight.said.has(name):
                await self._say(sight, name, card)
                return
        self._scripts.pop((sight.job.id, step.name), None)
        await self._note(sight.job.id, step.name)

    async def _script(self, sight: Sight, step: Step) -> list[Card]:
        known = self._scripts.get((sight.job.id, step.name))
        if known is not None:
            return known
        try:
            parts = await self.files.do(thread_cards.script_parts, self.office, self.kit, sight)
        except (StorageError, OSError) as error:
            if not self._enough(sight.job, step, error):
                raise
            parts = []
        while len(self._scripts) >= _AT_HAND:
            del self._scripts[next(iter(self._scripts))]
        self._scripts[sight.job.id, step.name] = parts
        return parts

    async def _ask(self, sight: Sight, step: Step) -> None:
        card = await self.files.do(thread_cards.question, self.office, self.kit, sight)
        if card is None:  # it will be written again once somebody goes on with the job
            await self._note(sight.job.id, step.name)
        else:
            await self._say(sight, step.name, card)

    async def _close(self, sight: Sight, step: Step) -> None:
        spot = sight.said.spot(step.name)
        if spot is not None:
            place = sight.thread.model_copy(update={"channel": spot.channel})
            tag = Tag(job=sight.job.id, what=step.name)
            card = await self.threads.do(thread_cards.answer, self.office, sight)
            await self._if_it_is_there(self.port.edit(place, spot.handle, card, tag=tag))
        await self._note(sight.job.id, answered(step.name))

    async def _say_end(self, sight: Sight, step: Step) -> None:
        said, where = "", None
        if sight.job.state is JobState.DONE and not sight.came_to_nothing:
            where = await self._where(sight)
            uploads = self.port.uploads(where)
            said = thread_cards.about_files(sight, uploads, kept_back=sight.said.has(_kept_back(sight)))
        try:
            card = await self.files.do(thread_cards.ending, self.office, self.kit, sight, of_files=said)
        except (StorageError, OSError) as error:
            if not self._enough(sight.job, step, error):
                raise
            card = thread_cards.bare_ending(sight, of_files=said)
        if card is None:
            await self._note(sight.job.id, step.name)
        else:
            await self._say(sight, step.name, card, place=where)

    async def _say(self, sight: Sight, name: str, card: Card, *, place: Place | None = None) -> None:
        where = place or await self._where(sight)
        tag = Tag(job=sight.job.id, what=name)
        await self._once(sight, name, where, tag, lambda: self.port.post(where, card, tag=tag))

    async def _once(
        self, sight: Sight, name: str, where: Place, tag: Tag, say: Callable[[], Awaitable[str]]
    ) -> None:
        handle = None
        if sight.said.meant(name):
            since = (sight.chat.posted_at or sight.job.created_at) - _CLOCKS
            handle = await self.port.find(where, tag, since=since)
        else:
            await self._note(sight.job.id, meaning(name))
        if handle is None:
            handle = await say()
        await self._note(sight.job.id, standing(name, where.channel, handle), name)

    # Files.

    async def _upload(self, sight: Sight, step: Step) -> None:
        job = sight.job
        edition = len([name for name in sight.said.begun("video:") if name != step.name]) + 1
        where = await self._where(sight)
        uploads = self.port.uploads(where)
        tag = Tag(job=job.id, what=step.name, files=names(job, edition, uploads))
        if not tag.files:
            await self._note(job.id, *([_kept_back(sight)] if job.files else []), step.name)
            return

        async def hand_over() -> str:
            folder = Path(tempfile.mkdtemp(prefix="hidden-hill-"))
            try:
                files = await self.files.do(fetched, self.office, job, edition, uploads, folder)
                return await self.port.upload(where, files, tag=tag)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        try:
            await self._once(sight, step.name, where, tag, hand_over)
        except (UploadRefusedError, PostRefusedError, PortRefusedError) as error:
            _log.warning("files not uploaded", job=job.id, error=error.sentence)
        except (PortAwayError, StorageError, OSError) as error:
            if not self._enough(job, step, error):
                raise
        else:
            return
        await self._note(job.id, _kept_back(sight), step.name)

    # Reactions, and taking away.

    async def _react(self, sight: Sight, step: Step) -> None:
        assert sight.chat.message is not None
        await self._if_it_is_there(self.port.react(sight.place, sight.chat.message, "retry"))
        await self._note(sight.job.id, step.name)

    async def _unreact(self, sight: Sight, step: Step) -> None:
        assert sight.chat.message is not None
        await self._if_it_is_there(self.port.unreact(sight.place, sight.chat.message, "retry"))
        await self._note(sight.job.id, undone(step.name))

    async def _remove(self, sight: Sight, step: Step) -> None:
        spot = sight.said.spot(step.name)
        if spot is not None:
            place = sight.thread.model_copy(update={"channel": spot.channel})
            await self._if_it_is_there(self.port.remove(place, spot.handle))
        await self._note(sight.job.id, removed(step.name))

    async def _if_it_is_there(self, deed: Awaitable[object]) -> None:
        """What is no more, or what we may not touch, stays as it is."""
        try:
            await deed
        except (MessageGoneError, MessageOldError, PlaceGoneError):
            return
        except (PostRefusedError, PortRefusedError) as error:
            _log.warning("not done", error=error.sentence)

    # When something is gone.

    async def _where(self, sight: Sight) -> Place:
        """Where what is said beside the message goes: its thread, or to the requester alone."""
        rootless = sight.chat.gone and sight.chat.thread is None
        if rootless or not sight.is_open:
            return await self.port.dm(sight.job.requester.user)
        return sight.thread

    async def _without_message(self, sight: Sight, step: Step) -> None:
        """A person deleted our message, or the one that the thread hangs under: neither is put there again."""
        if step.kind == "edit":
            await self._keep(sight.job.id, gone=True)
        elif sight.chat.gone and sight.chat.thread is None:
            raise PortAwayError("The platform misses a message that nothing hangs under.")
        else:
            await self._keep(sight.job.id, gone=True, thread=None)
        _log.info("the message is gone", job=sight.job.id, step=step.kind)

    async def _not_taken(self, sight: Sight, step: Step, error: PostRefusedError) -> None:
        """After a few tries, what must be heard is said elsewhere, and the rest is left out."""
        if not self._enough(sight.job, step, error):
            raise error
        if step.kind == "edit":
            await self._keep(sight.job.id, shown_digest=sight.card.digest())
        elif step.kind in ("post", "moved", "approval", "end"):
            await self._move(sight)
        else:
            await self._note(sight.job.id, step.name)

    async def _go_on_below(self, sight: Sight) -> None:
        """Our message can't be kept up to date any more: one in its thread takes its place, with the next step.

        Of a deleted job nothing is to go on: its message goes.
        """
        at, job = sight.chat, sight.job
        assert at.message is not None
        if job.state is JobState.DELETED:
            await self._if_it_is_there(self.port.remove(sight.place, at.message))
            await self._keep(job.id, gone=True)
            return
        tag = Tag(job=job.id, what=f"{MESSAGE}:old")
        await self._if_it_is_there(self.port.edit(sight.place, at.message, below_card(), tag=tag))
        await self._keep(
            job.id, message=None, thread=at.thread or at.message, posted_at=None, shown_digest=""
        )

    async def _move(self, sight: Sight) -> None:
        """Nothing can be written there any more: from now on it goes to the requester alone; once."""
        job = sight.job
        to = None
        if sight.chat.kind != "dm" and not sight.said.has(MOVED):
            try:
                to = await self.port.dm(job.requester.user)
            except PlaceGoneError:
                to = None
        if to is None:
            _log.warning("nobody can be told", job=job.id, workspace=job.workspace)
            await self._note(job.id, UNREACHABLE, sight.end)
            return
        _log.info("the place is gone, moved to a direct message", job=job.id)
        await self._note(
            job.id,
            MOVED,
            channel=to.channel,
            kind="dm",
            message=None,
            thread=None,
            posted_at=None,
            shown_digest="",
        )

    # Rows.

    async def _keep(self, job: str, **changes: Unpack[ChatChanges]) -> None:
        await self._note(job, **changes)

    async def _note(self, job: str, *names: str, **changes: Unpack[ChatChanges]) -> None:
        """Write down what was said and what is shown, in one transaction. Raises `LeaseLostError`."""
        db, owner = self.office.database, self.owner

        def work() -> bool:
            held = chat.keep_shown(db, job, owner, **changes)
            return held and all(chat.note_said(db, job, owner, name) for name in names)

        if not await self.threads.do(db.do, work):
            raise LeaseLostError(job)

    def _enough(self, job: Job, step: Step, error: Exception) -> bool:
        """Whether trying this again is no use, or what comes after it must not wait any longer."""
        passes = not isinstance(error, StorageError) or error.transient
        now = time.monotonic()
        before, since = self._tries.get((job.id, step.name), (0, now))
        times, lasts = before + 1, now - since
        self._tries[job.id, step.name] = times, since
        patient = isinstance(error, PortAwayError) and lasts < _PATIENCE
        enough = (times >= _TRIES and not patient) or not passes
        if enough:
            _log.warning("given up", job=job.id, step=step.kind, times=times, error=repr(error))
        return enough


def _kept_back(sight: Sight) -> str:
    """Said when the files of this video don't stand in the thread."""
    return f"not-{sight.video}"
