"""Text that Discord shows exactly as it is: nothing in it mentions, links or formats.

Discord's own sign for "as it is" is a backslash before the sign that would mean something. What needs one:
`*_~|` and backquotes (styles), `<` (mentions, emoji, moments, commands), `[` (links), `@` (everyone, here),
a colon (addresses, emoji by name), and at the start of a line `#`, `-#`, `-`, `+`,
`>` and `1.` (headings, small print, lists, quotes).
"""

from __future__ import annotations

import re
from typing import Final

_ANYWHERE: Final = re.compile(r"[\\*_~|`<>\[\]@]|:(?!\s)")
#: Spaces may stand before these. What follows doesn't matter: small print is none that begins as small print does.
_AT_LINE_START: Final = re.compile(r"^( *)(?:(?P<sign>[-+#])|(?P<number>\d{1,20})\.)", re.MULTILINE)
#: A line as it is sent that Discord would take for a heading, small print, a list or a quote.
_TAKEN: Final = re.compile(r"^( *)(?:(#{1,3}|-#|[-+>]|>>>)|(\d{1,20})(\.))(?= )", re.MULTILINE)
#: Nothing wide, nothing said: it keeps two signs apart that would be read as one.
APART: Final = "\u200b"


def escaped(text: str) -> str:
    """`text`, which must be clean (`bots.cards.literal.clean`), so that Discord shows just that."""
    return _AT_LINE_START.sub(_defused, _ANYWHERE.sub(lambda found: "\\" + found[0], text))


def plain_lines(marked: str) -> str:
    """What was put together of escaped pieces, so that no line begins as if it were a heading, a list or a quote."""
    return _TAKEN.sub(_defused_line, marked)


def fenced(text: str) -> str:
    """`text` in a block of code that it can't end: three backquotes in it are kept apart."""
    return f"```\n{re.sub(r'(?<=``)(?=`)', APART, text).strip(chr(10))}\n```"


def is_code(text: str) -> bool:
    """Whether `text` can stand between two backquotes."""
    return bool(text.strip()) and "`" not in text and "\n" not in text


def _defused(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found[1]}{found['number']}\\."
    return f"{found[1]}\\{found['sign']}"


def _defused_line(found: re.Match[str]) -> str:
    if found[3]:
        return f"{found[1]}{found[3]}\\."
    return f"{found[1]}\\{found[2]}"
