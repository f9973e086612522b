"""Words of papers and people → HTML that shows them as they are, and nothing more."""

from __future__ import annotations

import re
from html import escape
from typing import Final

#: What would turn the words around it, or is no text: overrides of direction, controls, halves of characters.
_NEVER: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: The only addresses that a page links to.
_WEB: Final = re.compile(r"https://[^\s\"'<>]+")


def text(words: str) -> str:
    """`words` escaped, for between tags and in quoted attributes."""
    return escape(_NEVER.sub("", words))


def tag(name: str, inner: str, **attributes: str | bool | None) -> str:
    """An element around `inner`, which is HTML. `class_` is class, `aria_label` aria-label; `None` is none."""
    return f"<{name}{_said(attributes)}>{inner}</{name}>"


def foreign(name: str, words: str, **attributes: str | bool | None) -> str:
    """An element around words of a paper or a person: read in their own direction, which ends with the element."""
    return tag(name, text(words), dir="auto", **attributes)


def link(address: str, inner: str, **attributes: str | bool | None) -> str:
    """A link to another site, which doesn't learn where it was followed; `inner` alone where `address` is none."""
    if not _WEB.fullmatch(address):
        return inner
    return tag("a", inner, href=address, rel="noopener noreferrer", **attributes)


def _said(attributes: dict[str, str | bool | None]) -> str:
    said = []
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        written = name.rstrip("_").replace("_", "-")
        said.append(f" {written}" if value is True else f' {written}="{text(str(value))}"')
    return "".join(said)
