"""Messages, people and workspaces that are gone: a platform tells it once, so it is written down for certain."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bots.reception import Reception
from storage import chat
from storage.chat import Chat
from storage.database import Database
from storage.errors import StorageError
from storage.records import Requester

#: Seconds for which a message's row is held to write down that it is gone.
_HOLD: Final = 10.0
#: It is tried again after so many seconds each: whoever shows the job at this moment is done before that.
_PATIENCE: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

_log = logging.getLogger(__name__)


def about(database: Database, platform: str, channel: str, message: str) -> Chat | None:
    """The place of the job whose own message this is; `None` for a message that is no job's."""
    job = chat.job_of(database, platform, channel, message)
    return None if job is None else chat.chat_of(database, job)


async def message_gone(reception: Reception, channel: str, message: str) -> None:
    """A message was deleted; if it was a job's, it is not put there again."""
    database, platform = reception.office.database, reception.platform
    for pause in _PATIENCE:
        if await reception.work.call(_note_gone, database, platform, channel, message):
            return
        await asyncio.sleep(pause)


async def person_gone(reception: Reception, who: Requester) -> None:
    """Somebody is not there any more: what is being made for them is stopped."""
    await _surely(lambda: reception.work.call(reception.desk.person_gone, who))


async def workspace_gone(reception: Reception, workspace: str) -> None:
    """The app was taken out of a workspace. To be told of it twice does no harm."""
    await _surely(lambda: asyncio.shield(reception.work.call(reception.desk.workspace_gone, workspace)))


async def _surely(deed: Callable[[], Awaitable[object]]) -> None:
    """Do what may be done twice, also when the database is away for a while."""
    for pause in _PATIENCE:
        try:
            await deed()
        except StorageError as error:
            _log.warning("not done yet: %s", error.sentence)
            await asyncio.sleep(pause)
        else:
            return
    await deed()


def _note_gone(database: Database, platform: str, channel: str, message: str) -> bool:
    """Write it down; false while somebody shows the job."""
    found = about(database, platform, channel, message)
    if found is None or found.message != message or found.gone:
        return True
    owner = f"deleted:{message}"
    if chat.take(database, found.job, owner, _HOLD) is None:
        return False
    try:
        return chat.keep_shown(database, found.job, owner, gone=True)
    finally:
        chat.release(database, found.job, owner)
