"""Whom and what an admin's words mention, as Discord knows them."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bots import mentioned
from bots.discord.directory import Directory
from bots.discord.installation import guild_of
from bots.people import Mention

_ID: Final = re.compile(r"\d{5,25}")


async def mentions(directory: Directory, workspace: str, words: str) -> tuple[Mention, ...]:
    """The people and channels of an admin's words that Discord knows in that server."""
    guild = guild_of(workspace)
    if guild is None:
        return ()
    person, channel = partial(_person, directory, guild), partial(_channel, directory, guild)
    return await mentioned.mentions(words, person, channel)


async def _person(directory: Directory, guild: int, user: str) -> Mention | None:
    if not _ID.fullmatch(user):
        return None
    person = await directory.member(guild, int(user))
    if not person.gone:
        return Mention(
            kind="person",
            id=user,
            name=person.requester.name,
            guest=person.guest,
            outsider=person.program or not person.ours,
        )
    name = await directory.name(int(user))
    return None if name is None else Mention(kind="person", id=user, name=name, outsider=True)


async def _channel(directory: Directory, guild: int, channel: str) -> Mention | None:
    if not _ID.fullmatch(channel):
        return None
    room = directory.room(guild, int(channel))
    return None if room is None else Mention(kind="channel", id=channel, name=room.name, present=room.present)
