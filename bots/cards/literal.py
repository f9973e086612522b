"""Text without what can't be shown, and not too long: what the renderers of all platforms begin with.

Lengths are UTF-16 units, the larger of the ways in which platforms may count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

#: What a renderer can't show, what hides between letters, and what would turn round the text after it: controls,
#: spaces without width, bidi overrides, lone surrogates.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LINE_ENDS: Final = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
#: Marks above and below a letter; no language has more of them on one.
_MARKS: Final = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
#: A cut moves back to a space that is so near (characters).
_NEAR: Final = 40


def clean(text: str) -> str:
    """`text` without what can't be shown; every end of a line is a line feed, and no marks climb over other lines."""
    shown = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text.replace("\t", " ")))
    return _SURROGATES.sub("\ufffd", _MARKS.sub(r"\1", shown))


def one_line(text: str) -> str:
    """`text` cleaned, in one line."""
    return " ".join(clean(text).split())


def units(text: str) -> int:
    """How long a platform may take `text` to be."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def shortened(text: str, most: int, size: Callable[[str], int] = units) -> str:
    """`text` if its `size` is at most `most`, else its beginning with "…", cut between words where one ends near."""
    if size(text) <= most:
        return text
    return _beginning(text, most - 1, size).rstrip() + "…" if most > 0 else ""


def _beginning(text: str, most: int, size: Callable[[str], int]) -> str:
    """The longest beginning of `text` that fits and tears no word, if that doesn't cost much."""
    low, high = 0, min(len(text), max(most, 0))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= most else (low, middle - 1)
    fits = text[:low]
    if low == len(text) or text[low].isspace():
        return fits
    space = max(fits.rfind(" "), fits.rfind("\n"))
    return fits[:space] if space >= max(low - _NEAR, 1) else fits


def pieces(text: str, most: int) -> Iterator[str]:
    """`text` in pieces of at most `most`, torn between words where one ends near. Together they are the whole text."""
    while units(text) > most:
        piece = _beginning(text, most, units) or text[:1]
        yield piece
        text = text[len(piece) :]
    if text:
        yield text
