"""Slack's way of writing a message → the words that were meant. Nothing in them is ever obeyed but a command."""

from __future__ import annotations

import re
from typing import Final

#: <https://x|label>, <@U1|ada>, <#C1|lab>, <!here>, <!subteam^S1|@team>, <!date^1^{date}|yesterday>
_WRAPPED: Final = re.compile(r"<([^<>|\s][^<>|]{0,3000})(?:\|([^<>]{0,3000}))?>")
#: Slack writes these three as entities, and no others.
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain_words(text: str) -> str:
    """`text` as a person would read it: addresses bare, entities undone, people and channels as `@U1` and `#C1`."""
    words = _WRAPPED.sub(_unwrapped, text)
    for written, meant in _ENTITIES:
        words = words.replace(written, meant)
    return words.strip()


def after_mention(text: str, user: str) -> str:
    """What was said after the first mention of `user`, raw; the whole text where they are not mentioned."""
    found = re.search(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", text)
    return text if found is None else text[found.end() :]


def mentions(text: str, user: str) -> bool:
    """Whether `user` is mentioned in a raw text."""
    return re.search(rf"<@{re.escape(user)}[|>]", text) is not None


def _unwrapped(found: re.Match[str]) -> str:
    inside, label = found[1], found[2]
    if inside[0] in "@#":
        return inside
    if inside.startswith("!"):
        return label or ""
    if inside.startswith(("mailto:", "tel:")):
        return label or inside.partition(":")[2]
    return inside
