"""What happens in Discord without words to us: reactions, deleted messages, servers that take us out."""

from __future__ import annotations

import time
from typing import Any, Final, Literal

import discord

from bots.discord.answers import Back, in_server
from bots.discord.front import Front
from bots.discord.installation import PLATFORM, workspace_of
from bots.gone import about, message_gone, workspace_gone
from bots.people import Ask, Person, Place

_EMOJI: Final[dict[str, Literal["retry", "cancel", "delete"]]] = {
    "🔁": "retry",
    "🔄": "retry",
    "❌": "cancel",
    "❎": "cancel",
    "🗑": "delete",
}
#: Whether an emoji is drawn in colours is no part of what it means.
_COLOURED: Final = "\ufe0f"
#: Reactions have no number of their own: the same one within so long (seconds) is the same one, told to two of us.
_SAME_WITHIN: Final = 5


def is_ours(front: Front, told: discord.RawReactionActionEvent) -> bool:
    """Whether a reaction of a person means something, and may stand on a message of ours."""
    if told.user_id == front.us or _meant(told) is None:
        return False
    if told.member is not None and told.member.bot:
        return False
    return told.message_author_id in (None, front.us)


async def reaction(front: Front, told: discord.RawReactionActionEvent) -> None:
    """🔁, ❌ or 🗑️ was put on a message of ours."""
    channel = await _channel(front, told.channel_id)
    where, message = _parent(channel, told.channel_id), str(told.message_id)
    found = await front.work.call(about, front.office.database, PLATFORM, where, message)
    emoji = _meant(told)
    if found is None or emoji is None:
        return
    moment = int(time.time()) // _SAME_WITHIN
    if not await front.first(f"reaction:{message}:{told.user_id}:{emoji}:{moment}"):
        return
    person = await _who(front, told, found.job)
    if person is None or person.gone or not person.ours:
        return
    place = _place(front, told, channel, person)
    back = Back(user=told.user_id, workspace=in_server(told.guild_id)).at(place)
    ask = front.ask(person, place, thread_of=place.thread or found.thread)

    def react(ask: Ask) -> Any:
        return front.desk.react(ask, emoji, message)

    reply = await front.answered(ask, react)
    front.hint(found.job)
    await front.answers.give(back, reply)


async def deleted(front: Front, channel_id: int, message_id: int) -> None:
    """A message was deleted; if it was a job's, it is not put there again."""
    known = front.client.get_channel(channel_id)
    where = _parent(known, channel_id)
    await message_gone(front, where, str(message_id))


async def server_left(front: Front, guild: int) -> None:
    """The app was taken out of a server."""
    await workspace_gone(front, workspace_of(guild))


async def _who(front: Front, told: discord.RawReactionActionEvent, job: str) -> Person | None:
    directory = front.directory
    if told.guild_id is None:
        return await front.direct(told.user_id, job)
    if not front.door.open_to(told.guild_id):
        return None
    if told.member is not None:
        return directory.of_member(told.member)
    return await directory.member(told.guild_id, told.user_id)


def _place(front: Front, told: discord.RawReactionActionEvent, channel: Any, person: Person) -> Place:
    if told.guild_id is not None:
        return front.placed(channel, person)
    return Place(
        platform=PLATFORM, workspace=person.requester.workspace, channel=str(told.channel_id), kind="dm"
    )


async def _channel(front: Front, channel_id: int) -> Any:
    known = front.client.get_channel(channel_id)
    return known if known is not None else await front.client.fetch_channel(channel_id)


def _parent(channel: Any, channel_id: int) -> str:
    """The channel that a thread is of: there its messages are remembered."""
    return str(channel.parent_id if isinstance(channel, discord.Thread) else channel_id)


def _meant(told: discord.RawReactionActionEvent) -> Literal["retry", "cancel", "delete"] | None:
    name = told.emoji.name if told.emoji.is_unicode_emoji() else ""
    return _EMOJI.get((name or "").replace(_COLOURED, ""))
