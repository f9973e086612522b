"""What stands in brackets: a citation, a pointer to a figure, a statistic, or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Content = Literal["citation", "pointer", "statistic", "marker", "words"]

_YEAR = r"(?:19|20)\d{2}[a-z]?"
_CITATION = re.compile(
    rf"""
    [\d\s,;–-]+                                              # [12, 14-16]
    | (?:see\s|e\.g\.,?\s|reviewed\s(?:in|by)\s|cf\.?\s|and\sreferences\stherein)*
      [^\d()]*\b[A-Z][^()]*?(?:et\sal\.?|,|\sand\s[\w’'-]+|&\s[\w’'-]+|[A-Z][\w’'-]+)?,?\s\(?{_YEAR}\)?(?:[;,\s].*)?
    | (?:refs?\.?|references?)\s.*
    """,
    re.VERBOSE,
)
_POINTER = re.compile(
    r"(?:see|as in|cf\.?|shown in|data not shown|not shown|and|also|[;,\s])*"
    r"(?:(?:supplement\w*|additional|extended|online|source|main)\s+)*(?:data\s+)?"
    r"(?:fig(?:ure)?s?|tables?|files?|movies?|videos?|appendi(?:x|ces)|sections?|eqs?|equations?|box|scheme|text|above|below"
    r"|information|notes?|materials?|methods)\b.*|data not shown|not shown|see (?:above|below|text|later).*",
    re.IGNORECASE,
)
_STATISTIC = re.compile(
    r"""[=<>≤≥±∼~%°]|\b(?:p|n|r|t|f|df|ci|sd|se|sem|or|rr|hr|auc|mean|median|range|iqr|ppb|ppm|mg|µm|μm|nm|kg|ml|g/l)\b.*\d
    |\d.*\b(?:confidence|interval|vs\.?|versus|respectively|mg|kg|ml|nm|µm|μm|h|min|ppb|ppm)\b|^[\s\d.,–−-]+$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Bracket:
    """A bracketed stretch of a text: `start` and `end` include its signs, `inside` does not."""

    start: int
    end: int
    inside: str
    content: Content
    attached: bool


def brackets(text: str) -> Iterator[Bracket]:
    """The outermost (…) and […] of `text`, in order; what is opened and never closed is no bracket."""
    depth, start = 0, 0
    for position, sign in enumerate(text):
        if sign in "([":
            if depth == 0:
                start = position
            depth += 1
        elif sign in ")]" and depth:
            depth -= 1
            if depth == 0:
                inside = text[start + 1 : position]
                attached = (
                    text[start - 1 : start].strip() != "" or text[position + 1 : position + 2].isalnum()
                )
                yield Bracket(start, position + 1, inside, _content(inside, text[start]), attached)


def _content(inside: str, sign: str) -> Content:
    if re.fullmatch(r"[ivx]{1,4}|[a-h]|\d{1,2}", inside) and sign == "(":
        return "marker"
    if _POINTER.fullmatch(inside):
        return "pointer"
    if _CITATION.fullmatch(inside) and not re.search(r"[=<>%]", inside):
        return "citation"
    if _STATISTIC.search(inside):
        return "statistic"
    return "words"
