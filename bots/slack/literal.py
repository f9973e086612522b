"""Text that Slack shows exactly as it is: nothing in it mentions, links or formats, and nothing in it is too long."""

from __future__ import annotations

import re
from typing import Final

from bots.cards.literal import clean, one_line, shortened, units

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: What Slack's markup would take for formatting, or for an emoji.
_MARKUP: Final = re.compile(r"[*_~`\n]|:[A-Za-z0-9_+'-]+:")
#: Characters that would format, and those that look like them and don't.
_LOOKALIKES: Final = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})


def _escaped_units(text: str) -> int:
    return units(escaped(text))


def escaped(text: str) -> str:
    """`text` for where Slack parses its own markup: it can neither mention nor link there, but `*` still formats."""
    return "".join(_ESCAPES.get(char, char) for char in text)


def is_harmless(text: str) -> bool:
    """Whether `text`, once escaped, stands literally in Slack's markup (with `verbatim`, in one line)."""
    return _MARKUP.search(text) is None and text == text.strip() and bool(text)


def unescaped(text: str) -> str:
    """What was meant: Slack sends the values of what was pressed back escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fallback(text: str, most: int) -> str:
    """`text` in one line for a message's `text`, where markup is parsed: signs that format become their likes."""
    return escaped(shortened(one_line(text).translate(_LOOKALIKES), most, _escaped_units))


def markup(text: str) -> dict[str, object]:
    """The text object that Slack parses: `text` must be made of what is escaped and harmless."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, most: int) -> dict[str, object]:
    """The text object that shows `text` literally, emoji codes too; "–" where there is none, as Slack wants one."""
    return {"type": "plain_text", "text": shortened(clean(text), most).strip() or "–", "emoji": False}
