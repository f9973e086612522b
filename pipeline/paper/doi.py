"""DOIs as people paste them: bare, with a name before them, as an address of doi.org, in brackets, percent-encoded."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

_BEFORE: Final = re.compile(
    r"[\s<(\[{\"'“‘«]*(?:(?:info:|urn:)?doi[:\s/]\s*)?"
    r"(?P<address>(?:https?://)?(?:www\.|dx\.)?doi\.org/+(?:doi:\s*)?)?",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_ENCODED: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*%2F", re.IGNORECASE)
_CLOSING: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_PUNCTUATION: Final = ".,;:!?'\"’”»*_/"
#: Longer than any DOI that is registered (characters).
_LONGEST: Final = 400


def doi_of(text: str) -> str | None:
    """The DOI that the whole of `text` is, in lower case (case does not count in DOIs); `None` for all else.

    An address counts where its host is doi.org: elsewhere, what looks like a DOI may be part of another name.
    """
    seen = _printed(text)
    before = _BEFORE.match(seen)
    assert before is not None
    rest = seen[before.end() :]
    if before["address"]:
        rest = re.split(r"[?#|]", rest, maxsplit=1)[0]
    if before["address"] or _ENCODED.match(rest):
        rest = _printed(unquote(rest))
    doi = without_punctuation(rest.strip())
    return doi.lower() if _BARE.fullmatch(doi) and len(doi) <= _LONGEST else None


def _printed(text: str) -> str:
    """`text` without control characters and marks that take no room, which are pasted along."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Cc"})


def without_punctuation(name: str) -> str:
    """`name` without what a sentence put behind it: full stops, quotes, and brackets that it does not open itself."""
    while name:
        last = name[-1]
        opening = _CLOSING.get(last)
        if last not in _PUNCTUATION and (opening is None or name.count(opening) >= name.count(last)):
            break
        name = name[:-1]
    return name


def same(one: str | None, other: str) -> bool:
    """Whether two DOIs, in whatever case, are one."""
    return one is not None and one.strip().lower() == other.strip().lower()
