"""What was said, held against the contract table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.fakes.discord.gateway import Session
from tests.fakes.discord.state import Call, Json, Sent
from tests.fakes.discord.table import complaints, definition, routes, table

#: How the API refuses.
REFUSAL = {"code!": "int", "message!": "str", "errors": "any", "retry_after": "num", "global": "bool"}
LIMITED = {"message!": "str", "retry_after!": "num", "global!": "bool", "code": "int"}


def off_contract(calls: Sequence[Call], sent: Sequence[Sent], sessions: Sequence[Session]) -> list[str]:
    """Every field that the table does not know, of another type than it says, or missing: [] is right.

    What the app sent is held against it only where it was taken: a refusal is the answer to the rest.
    """
    found: set[str] = set()
    for call in calls:
        found |= set(_of_call(call))
    for one in sent:
        found |= set(complaints(one.payload, table()["payload"], f"interaction ({one.kind})"))
    for session in sessions:
        for said in session.log:
            found |= set(_of_event(said))
    return sorted(found)


def _of_call(call: Call) -> Iterator[str]:
    known = routes().get(call.method)
    if known is None:
        yield f"{call.method}: the table does not know it"
        return
    if call.status == 429:
        yield from complaints(call.reply, LIMITED, f"{call.method} (limited)")
    elif call.status >= 400:
        yield from complaints(call.reply, REFUSAL, f"{call.method} (refused)")
    else:
        yield from _of_request(call, known)
        if str(call.status) not in known["reply"]:
            yield f"{call.method}: answered with {call.status}, not {sorted(known['reply'])}"
        else:
            yield from complaints(call.reply, known["reply"][str(call.status)], f"{call.method} → ")


def _of_request(call: Call, known: Json) -> Iterator[str]:
    body = call.args.get("", call.args or None)
    if "body" in known:
        yield from complaints(body if body is not None else {}, known["body"], f"{call.method} ←")
    elif body is not None:
        yield f"{call.method}: takes no body"
    for name in call.query:
        if name not in [*known.get("query", []), *table()["added_query"].get(call.method, [])]:
            yield f"{call.method}: takes no {name} in the query"


def _of_event(said: Json) -> Iterator[str]:
    known = table()["events"].get(said["t"])
    if known is None:
        return
    kind = definition(known["is"].removeprefix("$")) if "is" in known else {}
    yield from complaints(said["d"], {**kind, **known.get("and", {})}, said["t"])
