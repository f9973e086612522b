"""The words of a card as Discord's markdown, no longer than there is room."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bots.cards.card import (
    Facts,
    Heading,
    Option,
    Paragraph,
    Preformatted,
    Quote,
    Rich,
    Small,
    Title,
    bold,
    plain,
)
from bots.cards.literal import clean, one_line, shortened, units
from bots.discord.literal import escaped, fenced
from bots.discord.spans import linked, marked, prefixed

#: The blocks that are nothing but words.
WordBlock = Heading | Title | Paragraph | Small | Quote | Preformatted | Facts
#: What a heading, a title, and the lines of a list hold before they are cut (characters).
HEADING, TITLE, NAME, ABOUT = 150, 400, 110, 120
_CHANNEL: Final = re.compile(r"[1-9]\d{16,19}")
#: Less room than this is none.
LEAST: Final = 24


def in_words(block: WordBlock, room: int) -> str:
    """The block as markdown of at most `room` characters, cut with "…" where it must be; "" for a block of nothing."""
    match block:
        case Heading():
            return _fitted(lambda most: _headed("##", escaped(_line(block.text, most))), room, HEADING)
        case Title():
            return _fitted(
                lambda most: _headed("###", linked(_line(block.text, most), block.url)), room, TITLE
            )
        case Paragraph():
            return _spans(block.spans, room, "")
        case Small():
            return _spans(block.spans, room, "-# ")
        case Quote():
            return _spans(block.spans, room, "> ")
        case Facts():
            return _spans(_facts(block), room, "")
        case Preformatted():
            text = clean(block.text)
            return (
                _fitted(lambda most: fenced(shortened(text, most)), room, units(text)) if text.strip() else ""
            )


def in_a_list(name: str, about: str, url: str, room: int, *, channel: str = "") -> str:
    """One thing of a list: its name in bold, which leads to `url`, over a small line about it.

    A `channel` (its id) is shown in place of the name, as Discord names it.
    """

    def drawn(most: int) -> str:
        line = _line(about, min(max(most - units(name), 0), ABOUT))
        small = f"\n-# {escaped(line)}" if line else ""
        if _CHANNEL.fullmatch(channel):
            return f"<#{channel}>{small}"
        return f"**{linked(_line(name, min(most, NAME)) or '–', url)}**{small}"

    return _fitted(drawn, room, units(name) + units(about))


def options_in_words(options: tuple[Option, ...], room: int) -> str:
    """The options as a list with air between them, each with as much room as the others."""
    each = room // max(len(options), 1) - 2
    lines = (in_a_list(option.label, option.about, "", each) for option in options)
    return "\n\n".join(filter(None, lines))


def _facts(facts: Facts) -> Rich:
    lines = [(bold(f"{name}:"), plain(" "), *spans, plain("\n")) for name, spans in facts.pairs]
    whole = tuple(span for line in lines for span in line)
    return whole[:-1]


def _spans(spans: Rich, room: int, prefix: str) -> str:
    def drawn(most: int) -> str:
        said = marked(_cut(spans, most))
        return prefixed(said, prefix) if prefix else said.strip("\n").rstrip()

    if not any(span.text.strip() or span.style in ("person", "moment") for span in spans):
        return ""
    return _fitted(drawn, room, sum(units(span.text) for span in spans))


def _cut(spans: Rich, most: int) -> Rich:
    """The beginning of the spans, of at most `most` characters; "…" stands for the rest."""
    if sum(units(span.text) for span in spans) <= most:
        return spans
    kept: Rich = ()
    for span in spans:
        if units(span.text) > most:
            text = shortened(clean(span.text), max(most, 1))
            # Half a moment or half a person says nothing.
            left = (
                span.model_copy(update={"text": text})
                if span.style not in ("moment", "person")
                else plain("…")
            )
            return (*kept, left)
        kept = (*kept, span)
        most -= units(span.text)
    return kept


def _fitted(drawn: Callable[[int], str], room: int, longest: int) -> str:
    """What `drawn` makes of as many characters as fit into `room` once they are markdown; "" where too few do."""
    whole = drawn(longest)
    if units(whole) <= room:
        return whole
    if room < LEAST:
        return ""
    low, high = 1, min(longest, room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if units(drawn(middle)) <= room else (low, middle - 1)
    said = drawn(low)
    return said if units(said) <= room else ""


def _headed(mark: str, text: str) -> str:
    return f"{mark} {text}" if text else ""


def _line(text: str, most: int) -> str:
    return shortened(one_line(text), most)
