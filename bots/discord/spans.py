"""Words in styles, as Discord's markdown: lines that mention whom the card mentions and show all else literally."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

from bots.cards.card import Card, Facts, Paragraph, Quote, Rich, Small, Span
from bots.cards.literal import clean
from bots.discord.literal import APART, escaped, is_code, plain_lines

#: The longest address that a picture has, and a button.
ADDRESS, BUTTON_ADDRESS = 2_048, 512
_MOMENTS: Final = {"time": "t", "day": "D", "both": "f"}
_PERSON: Final = re.compile(r"[1-9]\d{16,19}")
_MOMENT: Final = re.compile(r"(time|day|both):(\d{1,12})")
_MARKS: Final = {"bold": "**", "italic": "*", "strike": "~~"}
#: What Discord does not take in the words of a link, or not on every device.
_NO_LABEL: Final = re.compile(r"[\[\]`\\]|://|\n")
#: The words of a link whose own words can't be linked.
_LEADS: Final = "↗"


def marked(spans: Rich) -> str:
    """The spans as lines of markdown. Blank lines stay, styles don't reach over the end of a line."""
    said = ""
    for span in _together(spans):
        piece = _marked(span)
        # Two styles that touch would be read as one.
        if said and piece and said[-1] in "*~`" and piece[0] in "*~`":
            said += APART
        said += piece
    return plain_lines(said)


def prefixed(text: str, prefix: str) -> str:
    """Each line of markdown that says something, with `prefix` before it."""
    return "\n".join(prefix + line.strip() for line in text.split("\n") if line.strip())


def linked(text: str, url: str) -> str:
    """One line of clean words that lead to `url`, as markdown; the words alone where nothing may be led to."""
    address = safe_address(url)
    if address is None:
        return escaped(text)
    if _NO_LABEL.search(text) or not text.strip():
        return f"{escaped(text)} [{_LEADS}]({address})".strip()
    return f"[{escaped(text)}]({address})"


def safe_address(url: str, most: int = ADDRESS) -> str | None:
    """`url` if a browser may go there, as Discord reads addresses, else `None`."""
    bare = quote(clean(url).strip(), safe=":/?#@!$&+,;=%~-._")
    # No address ends with one of these, as Discord reads them.
    address = bare[:-1] + f"%{ord(bare[-1]):02X}" if bare and bare[-1] in ".,:;" else bare
    return address if re.match(r"https?://[^/?#]", address, re.IGNORECASE) and len(address) <= most else None


def given_address(url: str, most: int = ADDRESS) -> str | None:
    """`url` if Discord takes it for a button or a picture: it refuses messages with hosts that have no dot."""
    address = safe_address(url, most)
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return None
    return address if "." in host.strip(".") else None


def people_in(card: Card) -> tuple[str, ...]:
    """The ids of those whom the card mentions, as they may be notified when it is posted anew; each once."""
    found = [
        span.target
        for block in card.blocks
        for spans in _rich_of(block)
        for span in spans
        if span.style == "person" and _PERSON.fullmatch(span.target)
    ]
    return tuple(dict.fromkeys(found))


def _rich_of(block: object) -> Iterable[Rich]:
    match block:
        case Paragraph() | Small() | Quote():
            return (block.spans,)
        case Facts():
            return (spans for _, spans in block.pairs)
        case _:
            return ()


def _together(spans: Rich) -> list[Span]:
    """The spans, with neighbours of the same style as one."""
    joined: list[Span] = []
    for span in spans:
        style = "plain" if span.style == "muted" else span.style
        text, last = clean(span.text), joined[-1] if joined else None
        if last is not None and last.style == style and style not in ("person", "moment", "link"):
            joined[-1] = last.model_copy(update={"text": last.text + text})
        else:
            joined.append(span.model_copy(update={"text": text, "style": style}))
    return joined


def _marked(span: Span) -> str:
    if span.style == "person" and _PERSON.fullmatch(span.target):
        return f"<@{span.target}>"
    if span.style == "moment" and (at := _MOMENT.fullmatch(span.target)):
        return f"<t:{at[2]}:{_MOMENTS[at[1]]}>"
    if span.style == "link" and "\n" not in span.text:
        return linked(span.text, span.target) if span.text else ""
    if span.style == "code" and is_code(span.text):
        return f"`{span.text}`"
    if mark := _MARKS.get(span.style):
        return "\n".join(_styled(line, mark) for line in span.text.split("\n"))
    return escaped(span.text)


def _styled(line: str, mark: str) -> str:
    """One line between marks; the spaces at its ends stand outside."""
    core = line.strip()
    if not core:
        return line
    before, _, after = line.partition(core)
    # A mark after one of these would not be read as the end.
    end = APART if core[-1] in "\\~" else ""
    return f"{before}{mark}{escaped(core)}{end}{mark}{after}"
