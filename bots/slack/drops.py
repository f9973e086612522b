"""Files that are dropped where the app is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bots.desk.making import MOST_FILES
from bots.fetching import FileNotFetchedError
from bots.people import DroppedFile
from bots.slack.answers import Back
from bots.slack.files import dropped
from bots.slack.reception import Reception


async def described(reception: Reception, files: Sequence[Mapping[str, Any]]) -> list[DroppedFile]:
    """What is known of a message's files; of one from another company Slack tells only when it is asked."""
    found = []
    for file in files[: MOST_FILES + 1]:
        if file.get("mode") in {"tombstone", "hidden_by_limit"} or not file.get("id"):
            continue
        if file.get("file_access") == "check_file_info" or not file.get("name"):
            with suppress(FileNotFetchedError):
                file = await reception.files.look(str(file["id"]))  # noqa: PLW2901 - the same file, in full
        found.append(dropped(file))
    return found


async def drop(reception: Reception, body: Mapping[str, Any]) -> None:
    """A message with files: each is made, offered, or none of our business."""
    event = body["event"]
    thread, ts = event.get("thread_ts"), event.get("ts")
    back = Back(user=str(event.get("user") or ""), channel=event.get("channel"), thread=thread or ts)
    person = await reception.speaker(body, back)
    if person is None:
        return
    files = await described(reception, event.get("files") or ())
    if not files:
        return
    place = await reception.directory.place(str(event["channel"]), thread)
    back = back.at(place.kind)
    ask = reception.ask(person, place, thread_of=thread, origin=ts)
    async for reply in reception.dropped(ask, files):
        await reception.give(back, reply)


async def dropped_in_channel(reception: Reception, body: Mapping[str, Any]) -> None:
    """A message with files in a channel or a group message."""
    event = body["event"]
    if await reception.first(message_key(event)):
        await drop(reception, body)


def message_key(event: Mapping[str, Any]) -> str:
    """A message with a mention and a file is told of twice, as two events: it is heard once."""
    return f"message:{event.get('channel')}:{event.get('ts')}"
