"""Where people find the messages of jobs."""

from __future__ import annotations

from collections.abc import Iterable

from bots.cards.card import Button
from bots.desk.access import Standing
from bots.desk.replies import House
from bots.people import Place
from jobs.privacy import is_open_to
from storage import chat
from storage.chat import Chat
from storage.records import Job


def places_of(house: House, me: Standing, jobs: Iterable[Job]) -> dict[str, str]:
    """The addresses of the jobs' messages, for those that have one and are open to this person."""
    db = house.office.database
    ids = [job.id for job in jobs if is_open_to(job, me.who)]
    found = db.do(lambda: [at for job in ids if (at := chat.chat_of(db, job)) is not None])
    return {at.job: address for at in found if (address := _address(house, at)) is not None}


def open_it(house: House, me: Standing, job: Job) -> tuple[Button, ...]:
    """The button that opens the job's message, where there is one."""
    return tuple(
        Button(label="Open", deed="watch", value=job.id, url=address)
        for address in places_of(house, me, [job]).values()
    )


def _address(house: House, at: Chat) -> str | None:
    if at.message is None or at.gone:
        return None
    place = Place(
        platform=at.platform, workspace=at.workspace, channel=at.channel, kind=at.kind, thread=at.thread
    )
    return house.address(place, at.message)
