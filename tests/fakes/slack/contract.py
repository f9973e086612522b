"""What the fake said, held against the contract table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.state import Call, Sent, State
from tests.fakes.slack.table import (
    complaints,
    definition,
    event_type,
    lacking,
    payload_type,
    reply_type,
    table,
)


def off_contract(state: State) -> list[str]:
    """Every field that the table does not know, of another type than it says, or missing: [] is right."""
    found: list[str] = []
    for call in list(state.calls):
        found += _of_call(call)
    for sent in list(state.sent):
        found += _of_sent(sent)
    return sorted(set(found))


def _of_call(call: Call) -> Iterator[str]:
    if call.method not in table()["methods"]:
        return
    reply = call.reply
    if not reply.get("ok"):
        yield from complaints(reply, table()["refusal"] | {"req_method": "str"}, f"{call.method} (refused)")
        return
    kind = reply_type(call.method)
    if not kind:
        yield f"{call.method}: the table has no reply"
        return
    yield from complaints(reply, kind, call.method)
    yield from lacking(reply, f"reply:{call.method}", call.method)


def _of_sent(sent: Sent) -> Iterator[str]:
    payload = sent.payload
    if sent.kind == "events_api":
        event: dict[str, Any] = payload["event"]
        outer = {name: value for name, value in payload.items() if name != "event"}
        yield from complaints(outer, definition("envelope"), "envelope")
        yield from lacking(payload, "envelope", "envelope")
        name, kind = event_type(event)
    else:
        event, name = payload, payload.get("type", "slash_command")
        kind, name = payload_type(name), f"payload:{name}"
    if not kind:
        yield f"{name}: the table does not know it"
        return
    yield from complaints(event, kind, name)
    yield from lacking(event, name, name)
