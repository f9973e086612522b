"""Whom and what words mention, as Slack knows them: an admin gives rights to people, not to names."""

from __future__ import annotations

import re
from typing import Final

from bots.commands import Command, Verb, parse
from bots.people import Mention
from bots.slack.directory import Directory

#: Somebody or a channel in `plain_words`: "@U0ADA", "#C0LAB".
_NAMED: Final = re.compile(r"(?<!\S)([@#])([A-Z][A-Z0-9]{2,20})(?!\S)")
#: So many are looked up at most.
_MOST: Final = 5


async def mentions(directory: Directory, words: str) -> tuple[Mention, ...]:
    """The people and channels of an admin's words that Slack knows; of other words nobody is looked up."""
    asked = parse(words)
    if not isinstance(asked, Command) or asked.verb is not Verb.ADMIN:
        return ()
    found = [
        await (_person if sign == "@" else _channel)(directory, name)
        for sign, name in list(dict.fromkeys(_NAMED.findall(words)))[:_MOST]
    ]
    return tuple(one for one in found if one is not None)


async def _person(directory: Directory, user: str) -> Mention | None:
    person = await directory.person(user)
    if not person.requester.name:
        return None
    outsider = not person.ours or person.gone or person.program
    return Mention(kind="person", id=user, name=person.requester.name, guest=person.guest, outsider=outsider)


async def _channel(directory: Directory, channel: str) -> Mention | None:
    room = await directory.room(channel)
    if not room.name:
        return None
    return Mention(kind="channel", id=channel, name=room.name, present=room.present)
