"""Where an exception comes from, without what it says: a text may hold a title, or a passage of a private paper."""

from __future__ import annotations

import re
import traceback

#: What a traceback in words says of places and kinds. What a process of ours ran into travels as such words.
_PLACE = re.compile(r'^\s*File "[^"\n]+", line \d+, in \S+$', re.MULTILINE)
_KIND = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)(?=:|$)", re.MULTILINE)


def trace(error: BaseException) -> str:
    """The kinds of `error` and its causes, each after the places it came by, a line each. None of their texts."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines = [*_of(current), *lines]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


def _of(error: BaseException) -> list[str]:
    here = [
        f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    words = "\n".join([str(error), *getattr(error, "__notes__", ())])
    there = [match.group() for match in re.finditer(f"{_PLACE.pattern}|{_KIND.pattern}", words, re.MULTILINE)]
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return [*there, *here, name]
