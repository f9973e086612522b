"""Discord's way of writing a message → the words that were meant. Nothing in them is ever obeyed but a command."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import discord

#: <@1>, <@!1>, <@&1>, <#1>, </paper make:1>, <t:1:R>, <:name:1>, <https://x>
_PERSON: Final = re.compile(r"<@!?(\d{5,25})>")
_ROLE: Final = re.compile(r"<@&(\d{5,25})>")
_COMMAND: Final = re.compile(r"</([^:<>]{1,100}):\d+>")
_EMOJI: Final = re.compile(r"<a?(:\w{1,40}:)\d+>")
_ADDRESS: Final = re.compile(r"<(https?://[^<>\s]{1,3000})>")
#: Marks that only make words look otherwise.
_MARKS: Final = re.compile(r"`{1,3}|\*{1,3}|\|\||~~|^>{1,3} ?", re.MULTILINE)


def plain_words(text: str) -> str:
    """`text` as a person would read it: people and channels as `@1` and `#1`, addresses bare, marks taken out."""
    words = _PERSON.sub(r"@\1", text)
    words = re.sub(r"<#(\d{5,25})>", r"#\1", words)
    for wrapped in (_COMMAND, _EMOJI, _ADDRESS):
        words = wrapped.sub(r"\1", words)
    return _MARKS.sub("", words).strip()


def mentions(text: str, us: int, roles: Collection[int] = ()) -> bool:
    """Whether a raw text names us, or our own role, which stands beside us in the list that people choose from."""
    return _first(text, us, roles) is not None


def after_mention(text: str, us: int, roles: Collection[int] = ()) -> str:
    """What was said after we were first named, raw; the whole text where we are not."""
    found = _first(text, us, roles)
    return text if found is None else text[found.end() :]


def thread_of(spoken: discord.Message) -> str | None:
    """The message that the words are about: the thread's, else the one that is replied to, or what that replies to."""
    if isinstance(spoken.channel, discord.Thread):
        return str(spoken.channel.id)
    told = spoken.reference
    if told is None or told.message_id is None:
        return None
    before = told.resolved
    if isinstance(before, discord.Message) and before.reference is not None and before.reference.message_id:
        return str(before.reference.message_id)
    return str(told.message_id)


def _first(text: str, us: int, roles: Collection[int]) -> re.Match[str] | None:
    ours = [found for found in _PERSON.finditer(text) if int(found[1]) == us]
    ours += [found for found in _ROLE.finditer(text) if int(found[1]) in roles]
    return min(ours, key=lambda found: found.start(), default=None)
