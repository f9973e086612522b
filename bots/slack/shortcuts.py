"""“Make video of this paper”, in the menu of any message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bots.desk.making import unreadable
from bots.desk.replies import said
from bots.papers import sources_in
from bots.slack.answers import Back
from bots.slack.drops import described
from bots.slack.reception import Reception
from bots.slack.typed import not_here
from bots.slack.words import plain_words

#: The shortcut's name in the manifest.
MAKE: Final = "make_video"
_NOTHING: Final = (
    "I find no paper in this message: it needs a PDF, a PMID, a PMCID, a DOI or an address at PubMed."
)
_SEVERAL: Final = "There are several papers in this message. Name the one you mean, or drop its PDF."


def back_of_shortcut(body: Mapping[str, Any]) -> Back:
    """Where the shortcut is answered."""
    return Back(
        user=str((body.get("user") or {}).get("id") or ""),
        channel=(body.get("channel") or {}).get("id"),
        response=body.get("response_url"),
        trigger=body.get("trigger_id"),
    )


async def make_of_message(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """Make the video of the paper that the message holds, in that message's thread."""
    if not await reception.first(f"shortcut:{body.get('trigger_id')}"):
        return
    person = await reception.speaker(body, back)
    channel = back.channel
    if person is None or channel is None:
        return
    message = body.get("message") or {}
    room = await reception.directory.room(channel)
    back = back.at(room.kind)
    sources = sources_in(" ".join(_texts(message)))
    source = sources[0] if len(sources) == 1 else None
    if not room.present:
        await reception.give(back, not_here(reception, f"make {source}" if source else ""))
        return
    ts = str(message.get("ts") or body.get("message_ts") or "")
    root = str(message.get("thread_ts") or ts)
    place = reception.directory.placed(channel, room.kind, root)
    ask = reception.ask(person, place, thread_of=root, origin=ts)
    files = [one for one in await described(reception, message.get("files") or ()) if not unreadable(one)]
    if len(files) == 1:
        ask = ask.model_copy(update={"file": files[0]})
        reply = await reception.answered(ask, lambda ask: reception.desk.command(ask, "make"))
    elif not files and source:
        reply = await reception.answered(ask, lambda ask: reception.desk.command(ask, f"make {source}"))
    else:
        reply = said(_SEVERAL if len(files) > 1 or sources else _NOTHING)
    await reception.give(back, reply)


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    """The words of the message; of what it links to only the addresses."""
    yield plain_words(str(message.get("text") or ""))
    if not message.get("text"):
        for attachment in message.get("attachments") or ():
            yield str(attachment.get("from_url") or attachment.get("title_link") or "")
