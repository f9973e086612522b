"""The contract table, read once, and how a value is held against a type of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "contracts" / "discord.json"


@cache
def table() -> dict[str, Any]:
    """`tests/contracts/discord.json`."""
    read: dict[str, Any] = json.loads(FILE.read_text())
    return read


def limit(name: str) -> int:
    """One number of the table's limits."""
    number: int = table()["limits"][name]
    return number


@cache
def routes() -> dict[str, Any]:
    """All routes that the table knows."""
    return {**table()["routes"], **table()["added_routes"]}


@cache
def definition(name: str) -> Any:
    """One of the table's definitions, with the fields that the document lacks."""
    kind = table()["definitions"][name]
    return {**kind, **table()["added"].get(name, {})} if isinstance(kind, dict) else kind


def complaints(value: Any, kind: Any, way: str) -> Iterator[str]:
    """Where `value` is not of the type `kind`: unknown fields, missing ones, other types, too long, too many."""
    match kind:
        case str():
            yield from _of_word(value, kind, way)
        case [inner, *limits]:
            yield from _of_list(value, inner, limits, way)
        case {"=": values}:
            if value not in values:
                yield f"{way}: {value!r} is not one of {values}"
        case {"|": kinds}:
            yield from _of_union(value, kinds, way)
        case {"*": inner}:
            for name, one in value.items() if isinstance(value, dict) else ():
                yield from complaints(one, inner, f"{way}.{name}")
            if not isinstance(value, dict):
                yield f"{way}: {value!r} is no object"
        case dict():
            yield from _of_object(value, kind, way)


def _of_word(value: Any, kind: str, way: str) -> Iterator[str]:
    word = kind.removesuffix("?")
    if value is None and (word != kind or word in {"null", "any"}):
        return
    if word.startswith("$"):
        yield from complaints(value, definition(word.removeprefix("$")), way)
        return
    name, _, limits = word.partition(":")
    if not _fits(value, name):
        yield f"{way}: {value!r} is not {kind}"
    elif limits:
        least, _, most = limits.partition(":")
        size = len(value) if isinstance(value, str) else value
        if size < float(least or 0) or (most and size > float(most)):
            yield f"{way}: {size} is not from {least} to {most}"


def _of_list(value: Any, inner: Any, limits: list[int], way: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{way}: {value!r} is no list"
        return
    least, most = limits or (0, 0)
    if len(value) < least or (most and len(value) > most):
        yield f"{way}: has {len(value)}, not {least} to {most}"
    for number, one in enumerate(value):
        yield from complaints(one, inner, f"{way}[{number}]")


def _of_object(value: Any, kind: dict[str, Any], way: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{way}: {value!r} is no object"
        return
    known = {name.removesuffix("!"): inner for name, inner in kind.items()}
    for name, one in value.items():
        if name not in known:
            yield f"{way}.{name}: no such field"
        else:
            yield from complaints(one, known[name], f"{way}.{name}")
    for name in kind:
        if name.endswith("!") and name.removesuffix("!") not in value:
            yield f"{way}.{name.removesuffix('!')}: is missing"


def _of_union(value: Any, kinds: list[Any], way: str) -> Iterator[str]:
    """None of the types fits: the complaints of the one that comes nearest."""
    best: tuple[tuple[bool, int], list[str]] | None = None
    for kind in kinds:
        found = list(complaints(value, kind, way))
        if not found:
            return
        strange = any(one.startswith(f"{way}.type:") for one in found)
        if best is None or (strange, len(found)) < best[0]:
            best = (strange, len(found)), found
    yield from best[1] if best else ()


def _fits(value: Any, name: str) -> bool:
    match name:
        case "any":
            return True
        case "null":
            return value is None
        case "str":
            return isinstance(value, str)
        case "snowflake":
            return (isinstance(value, str) and value.isdecimal()) or type(value) is int
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "num":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
    return False
