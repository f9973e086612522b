"""Whom and what an admin's words mention, as the platform knows them: rights are given to people, not to names."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bots.commands import Command, Verb, parse
from bots.people import Mention

#: Somebody or a channel in the words: "@U0ADA", "#C0LAB".
_NAMED: Final = re.compile(r"(?<!\S)([@#])(\S{1,40})(?!\S)")
#: So many are looked up at most.
_MOST: Final = 5

#: What the platform knows of an id; `None` for what is no id, or is nobody's.
Look = Callable[[str], Awaitable[Mention | None]]


async def mentions(words: str, person: Look, channel: Look) -> tuple[Mention, ...]:
    """The people and channels of an admin's words that the platform knows; of other words nobody is looked up."""
    asked = parse(words)
    if not isinstance(asked, Command) or asked.verb is not Verb.ADMIN:
        return ()
    named = list(dict.fromkeys(_NAMED.findall(words)))[:_MOST]
    found = [await (person if sign == "@" else channel)(name) for sign, name in named]
    return tuple(one for one in found if one is not None)
