"""What happens in Slack without words to us: reactions, deleted messages, people and workspaces that leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from bots.gone import about, message_gone, person_gone, workspace_gone
from bots.people import Ask
from bots.slack.answers import Back
from bots.slack.installation import PLATFORM
from bots.slack.reception import Reception
from storage.records import Requester

_EMOJI: Final[dict[str, Literal["retry", "cancel", "delete"]]] = {
    "repeat": "retry",
    "arrows_counterclockwise": "retry",
    "arrows_clockwise": "retry",
    "x": "cancel",
    "negative_squared_cross_mark": "cancel",
    "wastebasket": "delete",
}


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
    found = await reception.work.call(about, reception.office.database, PLATFORM, channel, message)
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
    await message_gone(reception, str(event.get("channel") or ""), str(event.get("deleted_ts") or ""))


async def person_changed(reception: Reception, body: Mapping[str, Any]) -> None:
    """A name, a right, an account changed: it is asked for anew, and what a closed account had made is stopped."""
    user = body["event"].get("user") or {}
    reception.directory.forget(str(user.get("id")))
    if user.get("deleted"):
        who = Requester(workspace=reception.directory.workspace, platform=PLATFORM, user=str(user["id"]))
        await person_gone(reception, who)


async def uninstalled(reception: Reception, body: Mapping[str, Any]) -> None:
    """The app was taken out of the workspace, or its bot's token was."""
    event = body["event"]
    if event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return
    # Both events come at once: the second finds nothing left to do.
    await workspace_gone(reception, reception.directory.workspace)
