"""What is offered while an option is typed: one's own videos by their titles, and the scenes of one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

import discord

from bots.cards.literal import one_line, shortened
from bots.cards.wording import title_of
from bots.commands import is_job_id
from bots.desk.desk import Reply
from bots.discord.front import Front
from bots.discord.installation import PLATFORM
from bots.discord.options import Typed
from bots.discord.tree import SCENE, VIDEO
from bots.people import Ask, Person
from jobs.privacy import is_open_to
from storage import catalogue, chat, jobs, members
from storage.catalogue import Filter
from storage.database import Database
from storage.jobs import UNFINISHED
from storage.records import Job, JobState, Requester

#: Choices at most, and characters of one.
MOST, LENGTH = 25, 100
#: Seconds in which they are found; people type on.
_WITHIN: Final = 2.0
_MOVING: Final = UNFINISHED
_ENDED: Final = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
#: The states in which something can be done to a video; of all others nothing is offered.
_STATES: Final[dict[str, tuple[JobState, ...]]] = {
    "approve": (JobState.AWAITING_APPROVAL,),
    "cancel": _MOVING,
    "retry": (JobState.FAILED, JobState.CANCELLED),
    "redo": (JobState.DONE, JobState.FAILED),
    "delete": _ENDED,
    "keep": (JobState.DONE,),
    "link": (JobState.DONE,),
}

_log = logging.getLogger(__name__)


async def offered(front: Front, interaction: discord.Interaction) -> list[dict[str, Any]]:
    """The choices; none where somebody has nothing to choose from, or they can't be found in time."""
    data: Mapping[str, Any] = interaction.data or {}
    typed = Typed.of(data)
    try:
        async with asyncio.timeout(_WITHIN):
            person = await _person(front, interaction)
            if person is None:
                return []
            if typed.focused == VIDEO:
                return await _videos(front, person.requester, typed)
            if typed.focused == SCENE:
                return await _scenes(front, interaction, person, typed)
    except TimeoutError:
        _log.info("nothing was offered in time")
    except Exception:  # noqa: BLE001 - people type on
        _log.exception("nothing could be offered")
    return []


async def _person(front: Front, interaction: discord.Interaction) -> Person | None:
    directory, user = front.directory, interaction.user
    if not isinstance(user, discord.Member):
        return await directory.direct(user.id)
    return directory.of_member(user) if front.door.open_to(user.guild.id) else None


async def _videos(front: Front, who: Requester, typed: Typed) -> list[dict[str, Any]]:
    words = str(typed.values.get(VIDEO) or "").strip()
    states = _STATES.get(typed.path[0] if typed.path else "", ())
    found = await front.work.call(_found, front.office.database, who, Filter(states=states, paper=words))
    return [{"name": _named(job), "value": job.id} for job in found[:MOST]]


def _found(database: Database, who: Requester, wanted: Filter) -> list[Job]:
    """Their own, newest first; for admins then those of others, but not what others asked for in private."""
    user = members.find(database, who)
    found: list[Job] = []
    if is_job_id(wanted.paper.casefold()):
        named = database.do(lambda: jobs.find(wanted.paper.casefold()))
        theirs = named is not None and named.workspace == who.workspace and is_open_to(named, who)
        return [named] if named is not None and theirs else []
    if user is not None:
        mine = wanted.model_copy(update={"user": user})
        found, _ = catalogue.page(database, who.workspace, mine, viewer=user, limit=MOST)
    if who.admin and len(found) < MOST:
        all_, _ = catalogue.page(database, who.workspace, wanted, viewer=user, limit=MOST)
        known = {job.id for job in found}
        found += [job for job in all_ if job.id not in known and is_open_to(job, who)]
    return found


async def _scenes(
    front: Front, interaction: discord.Interaction, person: Person, typed: Typed
) -> list[dict[str, Any]]:
    place = front.placed(interaction.channel, person)
    ask = front.ask(person, place, thread_of=place.thread)
    video = str(typed.values.get(VIDEO) or "").strip().casefold()
    database = front.office.database
    job = await front.work.call(_meant, database, ask, video)
    if job is None:
        return []
    form = await front.work.call(front.desk.redo_form, ask, job)
    if isinstance(form, Reply):
        return []
    words = str(typed.values.get(SCENE) or "").strip().casefold()
    named = (
        (number, f"{scene.label}: {scene.text}" if scene.text else scene.label)
        for number, scene in enumerate(form.scenes, start=1)
    )
    fit = [
        (number, name) for number, name in named if words in (name.casefold(), "") or words in name.casefold()
    ]
    return [{"name": shortened(one_line(name), LENGTH), "value": number} for number, name in fit[:MOST]]


def _meant(database: Database, ask: Ask, video: str) -> str | None:
    """The job that is named, else the thread's, else their latest of which a scene can be redone."""
    if is_job_id(video):
        return video
    if ask.thread_of is not None:
        there = database.do(lambda: chat.job_at(database, PLATFORM, ask.place.channel, str(ask.thread_of)))
        if there is not None:
            return there
    found = _found(database, ask.who.model_copy(update={"admin": False}), Filter(states=_STATES["redo"]))
    return found[0].id if found else None


def _named(job: Job) -> str:
    state = str(job.state).replace("-", " ")
    return f"{shortened(one_line(title_of(job)), LENGTH - len(state) - 3)} · {state}"
