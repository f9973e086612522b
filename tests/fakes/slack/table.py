"""The contract table, read once, and how a value is held against a type of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "contracts" / "slack.json"


@cache
def table() -> dict[str, Any]:
    """`tests/contracts/slack.json`."""
    read: dict[str, Any] = json.loads(FILE.read_text())
    return read


def limit(name: str) -> int:
    """One number of the table's limits."""
    number: int = table()["limits"][name]
    return number


def definition(name: str) -> dict[str, Any]:
    """The fields of one of the table's definitions, those that its samples lack among them."""
    return {**table()["definitions"].get(name, {}), **table()["added"].get(name, {})}


def reply_type(method: str) -> dict[str, Any]:
    """The fields of a method's answer; `{}` where nobody has said."""
    sampled = table()["replies"].get(method, {})
    added = table()["added"].get(f"reply:{method}", {})
    return {**sampled, **added, **table()["refusal"]} if sampled or added else {}


def event_type(event: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What the table calls this event, and its fields (`{}`: not known)."""
    name = event["type"] + (
        f"/{event['subtype']}" if event.get("subtype") and event["type"] == "message" else ""
    )
    fields = {**table()["events"].get(name, {}), **table()["unsampled"].get(name, {})}
    return f"event:{name}", {**fields, **table()["added"].get(f"event:{name}", {})} if fields else {}


def payload_type(name: str) -> dict[str, Any]:
    """The fields of an interaction or a command."""
    known: dict[str, Any] = _with(
        table()["payloads"].get(name, {}), table()["added"].get(f"payload:{name}", {})
    )
    return known


def _with(sampled: Any, added: Any) -> Any:
    """What the samples say and what was added to it, at whatever depth."""
    match sampled, added:
        case dict(), dict():
            return {**sampled, **{name: _with(sampled.get(name), kind) for name, kind in added.items()}}
        case [one], [other]:
            return [_with(one, other)]
    return added


def complaints(value: Any, kind: Any, way: str) -> Iterator[str]:
    """Where `value` is not of the type `kind`: fields that nobody knows, values of another type."""
    if isinstance(kind, str) and kind.startswith("$"):
        name = kind.removeprefix("$")
        yield from lacking(value, name, way)
        kind = definition(name)
    match kind, value:
        case _, None:
            return
        case dict(), dict():
            for name, inner in value.items():
                if name not in kind:
                    yield f"{way}.{name}: no such field"
                else:
                    yield from complaints(inner, kind[name], f"{way}.{name}")
        case [inner_kind], list():
            for number, inner in enumerate(value):
                yield from complaints(inner, inner_kind, f"{way}[{number}]")
        case str(), _:
            if not any(_fits(value, name) for name in kind.split("|")):
                yield f"{way}: {value!r} is not {kind}"
        case _:
            yield f"{way}: {value!r} is not {kind}"


def lacking(value: Any, name: str, way: str) -> Iterator[str]:
    """The required fields that `value` lacks, by the table's name of the thing."""
    for field in table()["required"].get(name, []):
        if not isinstance(value, dict) or value.get(field) is None:
            yield f"{way}.{field}: is missing"


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "any":
            return True
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "num":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
    return False
