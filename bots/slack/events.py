"""What happens in Slack without words to us: reactions, deleted messages, people and workspaces that leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Literal

from bots.people import Ask
from bots.slack.answers import Back
from bots.slack.installation import PLATFORM
from bots.slack.reception import Reception
from storage import chat
from storage.chat import Chat
from storage.database import Database
from storage.errors import StorageError
from storage.records import Requester

_EMOJI: Final[dict[str, Literal["retry", "cancel", "delete"]]] = {
    "repeat": "retry",
    "arrows_counterclockwise": "retry",
    "arrows_clockwise": "retry",
    "x": "cancel",
    "negative_squared_cross_mark": "cancel",
    "wastebasket": "delete",
}
#: Seconds for which a message's row is held to write down that it is gone.
_HOLD: Final = 10.0
#: It is tried again after so many seconds each: whoever shows the job at this moment is done before that.
_PATIENCE: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

_log = logging.getLogger(__name__)


def is_ours(reception: Reception, body: Mapping[str, Any]) -> bool:
    """Whether a reaction means something and stands on a message of ours."""
    event = body["event"]
    item = event.get("item") or {}
    on_ours = item.get("type") == "message" and event.get("item_user") in (None, "", reception.us)
    return on_ours and event.get("reaction") in _EMOJI


async def reaction(reception: Reception, body: Mapping[str, Any]) -> None:
    """🔁, ❌ or 🗑️ was put on a message of ours."""
    event = body["event"]
    channel, message = str(event["item"]["channel"]), str(event["item"]["ts"])
    found = await reception.work.call(_about, reception.office.database, channel, message)
    if found is None or not await reception.first(f"event:{body.get('event_id')}"):
        return
    back = Back(user=str(event.get("user") or ""), channel=channel, thread=found.thread)
    person = await reception.speaker(body, back)
    if person is None:
        return
    place = await reception.directory.place(channel, found.thread)
    ask = reception.ask(person, place, thread_of=found.thread)
    emoji = _EMOJI[str(event["reaction"])]

    def react(ask: Ask) -> Any:
        return reception.desk.react(ask, emoji, message)

    reply = await reception.answered(ask, react)
    reception.hint(found.job)
    await reception.give(back.at(place.kind), reply)


async def deleted(reception: Reception, body: Mapping[str, Any]) -> None:
    """A message was deleted; if it was a job's, it is not put there again."""
    event = body["event"]
    channel, message = str(event.get("channel") or ""), str(event.get("deleted_ts") or "")
    for pause in _PATIENCE:
        if await reception.work.call(_note_gone, reception.office.database, channel, message):
            return
        await asyncio.sleep(pause)


async def person_changed(reception: Reception, body: Mapping[str, Any]) -> None:
    """A name, a right, an account changed: it is asked for anew, and what a closed account had made is stopped."""
    user = body["event"].get("user") or {}
    reception.directory.forget(str(user.get("id")))
    if user.get("deleted"):
        who = Requester(workspace=reception.directory.workspace, platform=PLATFORM, user=str(user["id"]))
        await _surely(lambda: reception.work.call(reception.desk.person_gone, who))


async def uninstalled(reception: Reception, body: Mapping[str, Any]) -> None:
    """The app was taken out of the workspace, or its bot's token was."""
    event = body["event"]
    if event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return
    # Both events come at once: the second finds nothing left to do.
    gone = reception.desk.workspace_gone
    await _surely(lambda: asyncio.shield(reception.work.call(gone, reception.directory.workspace)))


async def _surely(deed: Callable[[], Awaitable[object]]) -> None:
    """Do what Slack tells only once and may be done twice, also when the database is away for a while."""
    for pause in _PATIENCE:
        try:
            await deed()
        except StorageError as error:
            _log.warning("not done yet: %s", error.sentence)
            await asyncio.sleep(pause)
        else:
            return
    await deed()


def _about(database: Database, channel: str, message: str) -> Chat | None:
    job = chat.job_of(database, PLATFORM, channel, message)
    return None if job is None else chat.chat_of(database, job)


def _note_gone(database: Database, channel: str, message: str) -> bool:
    """Write it down; false while somebody shows the job."""
    found = _about(database, channel, message)
    if found is None or found.message != message or found.gone:
        return True
    owner = f"deleted:{message}"
    if chat.take(database, found.job, owner, _HOLD) is None:
        return False
    try:
        return chat.keep_shown(database, found.job, owner, gone=True)
    finally:
        chat.release(database, found.job, owner)
