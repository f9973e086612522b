"""What Slack says of a manifest that is put in: everything that it would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.table import table


def refusals(manifest: Mapping[str, Any]) -> list[str]:
    """Why the manifest is refused, a line for each thing; `[]`: it is taken."""
    return [*_of_fields(manifest, ""), *_of_settings(manifest)]


def _of_fields(fields: Mapping[str, Any], place: str) -> Iterator[str]:
    known: dict[str, Any] = table()["manifest"]
    for name, value in fields.items():
        way = f"{place}{name}"
        if way in known:
            yield from _of_value(value, known[way], way)
        elif isinstance(value, Mapping) and any(one.startswith(f"{way}.") for one in known):
            yield from _of_fields(value, f"{way}.")
        else:
            yield f"{way}: no such field"
    for way, kind in known.items():
        above, _, name = way.rpartition(".")
        if kind.get("must") and f"{above}." == place and name not in fields:
            yield f"{way}: is missing"


def _of_value(value: Any, kind: Mapping[str, Any], way: str) -> Iterator[str]:
    match kind["type"], value:
        case "bool", bool():
            return
        case "str", str():
            if not kind["least"] <= len(value) <= kind["most"]:
                yield f"{way}: {len(value)} characters; {kind['least']} to {kind['most']} are taken"
            if kind["pattern"] and not re.fullmatch(kind["pattern"], value):
                yield f"{way}: {value!r} is not of the form {kind['pattern']}"
        case "list", list():
            if len(value) > kind["most"]:
                yield f"{way}: {len(value)} of them; {kind['most']} are taken"
            for one in value:
                yield from _of_value(one, kind["item"], way) if "item" in kind else _of_fields(one, f"{way}.")
        case _:
            yield f"{way}: {value!r} is no {kind['type']}"


def _of_settings(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Events that nobody knows; and without Socket Mode there must be addresses to post to."""
    settings = manifest.get("settings", {})
    events = settings.get("event_subscriptions", {})
    unknown = set(events.get("bot_events", [])) - set(table()["subscriptions"])
    if unknown:
        yield f"settings.event_subscriptions.bot_events: {sorted(unknown)} are not known"
    if settings.get("socket_mode_enabled"):
        return
    if events.get("bot_events") and not events.get("request_url"):
        yield "settings.event_subscriptions.request_url: is missing"
    if settings.get("interactivity", {}).get("is_enabled") and not settings["interactivity"].get(
        "request_url"
    ):
        yield "settings.interactivity.request_url: is missing"
    for command in manifest.get("features", {}).get("slash_commands", []):
        if not command.get("url"):
            yield "features.slash_commands.url: is missing"
