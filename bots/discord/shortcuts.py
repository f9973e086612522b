"""“Make a video”, in the menu of any message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord

from bots.desk.making import unreadable
from bots.desk.replies import said
from bots.discord.answers import Back
from bots.discord.files import files_of_payload
from bots.discord.front import Front
from bots.discord.spoken import plain_words
from bots.discord.typed import may_post, not_here
from bots.papers import source_in

_NOTHING: Final = (
    "I find no paper in this message, or several. It needs one PDF, PMID, PMCID, DOI or PubMed address."
)


async def make_of_message(front: Front, interaction: discord.Interaction, back: Back) -> None:
    """Make the video of the paper that the message holds, in that message's thread."""
    person = await front.speaker(interaction.user, interaction.guild_id, back)
    if person is None:
        return
    data: Mapping[str, Any] = interaction.data or {}
    target = str(data.get("target_id") or "")
    message = dict((data.get("resolved") or {}).get("messages", {}).get(target) or {})
    place = front.placed(interaction.channel, person)
    root = place.thread or target
    back = back.at(place)
    source = source_in(" ".join(_texts(message)))
    if not may_post(interaction):
        await front.answers.give(back, not_here(f"make {source}" if source else ""))
        return
    ask = front.ask(person, place.model_copy(update={"thread": root}), thread_of=root, origin=target)
    files = [one for one in files_of_payload(message) if not unreadable(one)] if message else []
    if len(files) == 1:
        ask = ask.model_copy(update={"file": files[0]})
        reply = await front.answered(ask, lambda ask: front.desk.command(ask, "make"))
    elif not files and source:
        reply = await front.answered(ask, lambda ask: front.desk.command(ask, f"make {source}"))
    else:
        reply = said(_NOTHING)
    await front.answers.give(back, reply)


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    """The words of the message; of what it links to only the addresses."""
    yield plain_words(str(message.get("content") or ""))
    if not message.get("content"):
        for embed in message.get("embeds") or ():
            yield str(embed.get("url") or "")
