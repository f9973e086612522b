"""Who left without our hearing of it.

Discord tells who leaves a server only to apps with a privilege (the Server Members Intent), which this one doesn't ask
for; and of a server that took the app out while no process was connected nobody tells later. So it is looked now
and then: are those for whom something is being made still there, and are we still in the servers that we know?
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bots.discord.front import Front
from bots.discord.installation import PLATFORM, guild_of
from bots.gone import person_gone, workspace_gone
from storage import jobs, removed
from storage.database import Database
from storage.errors import StorageError
from storage.records import Requester

#: Seconds between two looks.
EVERY = 1_800.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def looking_who_left(front: Front) -> AsyncIterator[None]:
    """While the block lasts, what is being made for those who left is stopped."""
    looking = asyncio.create_task(_now_and_then(front))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _now_and_then(front: Front) -> None:
    while True:
        if front.client.is_ready():
            try:
                await _look(front)
            except (discord.DiscordException, StorageError, OSError, TimeoutError) as error:
                _log.warning("who left is looked for later: %s", type(error).__name__)
            except Exception:  # noqa: BLE001 - everything else goes on
                _log.exception("who left could not be looked for")
        await asyncio.sleep(EVERY)


async def _look(front: Front) -> None:
    for workspace in await front.work.call(removed.present, front.office.database, PLATFORM):
        guild = guild_of(workspace)
        if guild is not None and front.client.get_guild(guild) is None:
            _log.info("a server that we knew is left")
            await workspace_gone(front, workspace)
    for who in await front.work.call(_waiting, front.office.database):
        guild = guild_of(who.workspace)
        if guild is None or front.client.get_guild(guild) is None:
            continue
        front.directory.forget(int(who.user), guild)
        if (await front.directory.member(guild, int(who.user))).gone:
            await person_gone(front, who)


def _waiting(database: Database) -> list[Requester]:
    """Those for whom something is being made, each once."""
    going_on = database.do(lambda: jobs.several(jobs.ids_in(jobs.UNFINISHED)))
    found = {
        (job.workspace, job.requester.user): job.requester
        for job in going_on
        if job.requester.platform == PLATFORM and job.requester.user.isdecimal()
    }
    return list(found.values())
