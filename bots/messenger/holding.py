"""A job's message, held by a lease while it is written to, so that of several processes one speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bots.messenger.sight import Sight, take_and_look
from bots.messenger.threads import Threads
from jobs.office import Office
from storage import chat
from storage.errors import StorageError

#: How long a message is ours without a renewal (seconds): so long others wait when we vanish.
LEASE: Final = 15.0
#: How long giving it back may hold up whoever stops us (seconds).
_LAST_WORDS: Final = 1.0


class Holding:
    """Holds messages in the name of `owner`, which no other process has."""

    def __init__(self, office: Office, threads: Threads, owner: str, *, platform: str) -> None:
        self._office = office
        self._threads = threads
        self._owner = owner
        self._platform = platform

    @asynccontextmanager
    async def held(self, job: str) -> AsyncIterator[Sight | None]:
        """The job as it stands, its message being ours until the block ends. `None`: another has it, or it has none.

        Raises the storage's errors when it can't be taken.
        """
        sight = await self._taken(job)
        if sight is None:
            yield None
            return
        renewing = asyncio.create_task(self._renew(job))
        try:
            yield sight
        finally:
            renewing.cancel()
            await self._released(job)

    async def settle(self, sight: Sight, *names: str) -> None:
        """Write down that all of what was seen is shown and `names` are said, unless another shows the job now."""
        db, job, owner = self._office.database, sight.job.id, self._owner

        def work() -> None:
            if chat.take(db, job, owner, LEASE) is None:
                return
            chat.keep_shown(db, job, owner, shown_revision=sight.job.revision)
            for name in names:
                chat.note_said(db, job, owner, name)
            chat.release(db, job, owner)

        await self._threads.do(db.do, work)

    async def _taken(self, job: str) -> Sight | None:
        taking = asyncio.ensure_future(
            self._threads.do(
                take_and_look,
                self._office,
                job,
                self._owner,
                LEASE,
                platform=self._platform,
            )
        )
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # What is taken behind our back would stay taken until its lease ends.
            await asyncio.wait([taking], timeout=_LAST_WORDS)
            await self._released(job)
            raise

    async def _renew(self, job: str) -> None:
        """A lease that can't be renewed runs out: what is noted under it then says so."""
        db = self._office.database
        while True:
            await asyncio.sleep(LEASE / 3)
            with suppress(StorageError):
                await self._threads.do(chat.take, db, job, self._owner, LEASE)

    async def _released(self, job: str) -> None:
        """If it can't be told, the lease ends by itself."""
        with suppress(TimeoutError, StorageError):
            async with asyncio.timeout(_LAST_WORDS):
                await self._threads.do(chat.release, self._office.database, job, self._owner)
