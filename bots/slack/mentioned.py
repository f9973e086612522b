"""Whom and what an admin's words mention, as Slack knows them."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bots import mentioned
from bots.people import Mention
from bots.slack.directory import Directory

_ID: Final = re.compile(r"[A-Z][A-Z0-9]{2,20}")


async def mentions(directory: Directory, words: str) -> tuple[Mention, ...]:
    """The people and channels of an admin's words that Slack knows."""
    return await mentioned.mentions(words, partial(_person, directory), partial(_channel, directory))


async def _person(directory: Directory, user: str) -> Mention | None:
    if not _ID.fullmatch(user):
        return None
    person = await directory.person(user)
    if not person.requester.name:
        return None
    outsider = not person.ours or person.gone or person.program
    return Mention(kind="person", id=user, name=person.requester.name, guest=person.guest, outsider=outsider)


async def _channel(directory: Directory, channel: str) -> Mention | None:
    if not _ID.fullmatch(channel):
        return None
    room = await directory.room(channel)
    if not room.name:
        return None
    return Mention(kind="channel", id=channel, name=room.name, present=room.present)
