"""What phones and chats put into words, taken out again."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: More than this is not read (characters): no command is so long.
_MOST: Final = 4_000

#: How the text of chats writes an address, a person, a channel, a group: <address|label>, <@U1|name>, <#C1|name>.
_WRAPPED: Final = re.compile(r"<([^<>|\s]{1,2000})(?:\|[^<>]{0,500})?>")
#: The entities that chats write, and no others: "&copy=1" in an address is none.
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_QUOTES: Final = dict.fromkeys(map(ord, "“”„‟«»\uff02"), '"') | dict.fromkeys(map(ord, "‘’‚‛"), "'")


def tidied(text: str) -> str:
    """The text with what phones and chats put into it taken out: wrapped addresses, entities, curly quotes, dashes.

    `<@U1|ada>` becomes `@U1`, `<#C1|lab>` becomes `#C1`.
    """
    bare = _WRAPPED.sub(_unwrapped, text[:_MOST])
    for written, meant in _ENTITIES:
        bare = bare.replace(written, meant)
    bare = unicodedata.normalize("NFKC", bare).translate(_DASHES | _QUOTES)
    return "".join(
        " " if char.isspace() else char
        for char in bare
        if char.isspace() or unicodedata.category(char) not in {"Cf", "Cc", "Cs", "Co", "Cn"}
    ).strip()


def _unwrapped(found: re.Match[str]) -> str:
    inside = found[1]
    if inside.startswith("!"):
        return " "
    return inside.removeprefix("mailto:").removeprefix("tel:")
