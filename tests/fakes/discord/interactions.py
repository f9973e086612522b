"""How the app answers an interaction: its callback, and what follows over the interaction's webhook."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.components import check_modal
from tests.fakes.discord.content import checked
from tests.fakes.discord.errors import Form, RefusedError
from tests.fakes.discord.messages import most_of
from tests.fakes.discord.registry import check_choices
from tests.fakes.discord.rest import Api, Ask, route
from tests.fakes.discord.state import APP, BOT_USER, EPHEMERAL, LOADING, Channel, Json, Message, Modal, Sent
from tests.fakes.discord.table import limit

HOOK = "/webhooks/{webhook_id}/{webhook_token}"
#: How long the app may speak by an interaction's token (seconds).
TOKEN_LIVES = limit("token_seconds")
#: What may answer what.
_ANSWERS = {
    "command": {4, 5, 9},
    "shortcut": {4, 5, 9},
    "press": {4, 5, 6, 7, 9},
    "choose": {4, 5, 6, 7, 9},
    "autocomplete": {8},
    "submit": {4, 5, 6, 7},
}


@route("POST /interactions/{interaction_id}/{interaction_token}/callback")
def callback(api: Api, ask: Ask) -> Json | None:
    sent = api.state.tokens.get(ask["interaction_token"])
    if sent is None or sent.id != ask["interaction_id"] or (sent.error and sent.acked_at is None):
        if sent is not None:
            sent.late = True
        raise RefusedError(10062)
    if sent.acked_at is not None:
        raise RefusedError(40060)
    kind, data = ask.form.get("type"), dict(ask.form.get("data") or {})
    if kind not in _ANSWERS[sent.kind]:
        text = f"Value must be one of {sorted(_ANSWERS[sent.kind])}."
        raise RefusedError(
            50035, errors={"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": text}]}}
        )
    _carry_out(api, ask, sent, int(kind), data)
    sent.acked_at, sent.body = time.monotonic(), ask.form
    sent.done.set()
    if ask.query.get("with_response", "").lower() not in {"true", "1"}:
        return None
    told: Json = {"interaction": _interaction(sent, int(kind))}
    if sent.message is not None and kind in (4, 7):
        told["resource"] = {"type": int(kind), "message": shapes.message(api.state, sent.message)}
    return told


def _interaction(sent: Sent, kind: int) -> Json:
    number = sent.payload["type"]
    shape: Json = {"id": sent.id, "type": number, "response_message_loading": kind == 5}
    if sent.message is not None:
        shape["response_message_id"] = sent.message.ts
        shape["response_message_ephemeral"] = bool(sent.message.seen_by)
    return shape


def _carry_out(api: Api, ask: Ask, sent: Sent, kind: int, data: Json) -> None:
    match kind:
        case 4:
            sent.message = _say(api, ask, sent, data, way="data")
        case 5:
            sent.message = _think(api, sent, int(data.get("flags") or 0))
        case 6 | 7 if sent.on is None:
            raise RefusedError(
                50035, errors={"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": "…"}]}}
            )
        case 6:
            sent.message = sent.on
        case 7:
            sent.message = _update(api, ask, sent, data, sent.on)
        case 8:
            form = Form()
            check_choices(form, "data.choices", data.get("choices") or [])
            form.done()
        case 9:
            form = Form()
            body = check_modal(form, data)
            form.done()
            modal = Modal(f"modal-{sent.id}", sent.user, body, sent)
            api.state.modals[modal.id] = modal


def _room(api: Api, sent: Sent) -> Channel:
    return api.state.channels[sent.payload["channel_id"]]


def _blank(api: Api, sent: Sent, flags: int) -> Message:
    room = _room(api, sent)
    return Message(
        channel=room.parent or room.id,
        ts=api.state.id(),
        user=BOT_USER,
        thread_ts=room.id if room.parent else None,
        flags=flags,
        by_app=True,
        seen_by=sent.user if flags & EPHEMERAL else "",
        webhook=True,
        interaction=_metadata(sent),
    )


def _metadata(sent: Sent) -> Json:
    """What a message tells of the interaction that it answers."""
    shape: Json = {
        "id": sent.id,
        "type": sent.payload["type"],
        "user": sent.payload.get("member", sent.payload)["user"],
        "authorizing_integration_owners": sent.payload["authorizing_integration_owners"],
    }
    if sent.payload["type"] == 3 and sent.on is not None:
        shape["interacted_message_id"] = sent.on.ts
    if sent.origin is not None:
        shape["triggering_interaction_metadata"] = _metadata(sent.origin)
    return shape


def _say(api: Api, ask: Ask, sent: Sent, data: Json, *, way: str = "") -> Message:
    changes = checked(api.state, ask, data, before=None, most=most_of(api, _room(api, sent)), way=way)
    said = _blank(api, sent, changes.pop("flags"))
    for name, value in changes.items():
        setattr(said, name, value)
    said.allowed = data.get("allowed_mentions")
    _answers(sent, said)
    for name in said.files:
        api.state.files[name].ephemeral = bool(said.seen_by)
    return api.world.post(said)


def _think(api: Api, sent: Sent, flags: int) -> Message:
    said = _blank(api, sent, flags & EPHEMERAL | LOADING)
    _answers(sent, said)
    return api.world.post(said)


def _answers(sent: Sent, said: Message) -> None:
    """A command's first answer shows what it answers; a press's replies to the message that was pressed."""
    if sent.message is not None:
        return
    if sent.payload["type"] == 2:
        said.type = 23 if sent.kind == "shortcut" else 20
    elif sent.on is not None and not sent.on.seen_by:
        said.type, said.reference = 19, sent.on.ts


def _update(api: Api, ask: Ask, sent: Sent, data: Json, on: Message | None) -> Message:
    if on is None or on.deleted:
        raise RefusedError(10008)
    api.world.edit(
        on, **checked(api.state, ask, data, before=on, most=most_of(api, _room(api, sent)), way="data")
    )
    return on


# -- the webhook --


def _sent(api: Api, ask: Ask) -> Sent:
    sent = api.state.tokens.get(ask["webhook_token"])
    if sent is None or ask["webhook_id"] != APP:
        raise RefusedError(10015 if ask["webhook_id"] != APP else 50027)
    if api.state.now() - sent.created > TOKEN_LIVES:
        raise RefusedError(50027)
    if sent.acked_at is None:
        raise RefusedError(10015)
    return sent


@route(f"POST {HOOK}")
def follow_up(api: Api, ask: Ask) -> Json:
    """A further message. The first after a deferred answer takes that one's place, and is as private as it."""
    sent = _sent(api, ask)
    first = sent.message
    if first is not None and first.loading and not first.deleted:
        return shapes.message(api.state, _fill(api, ask, sent, first))
    return shapes.message(api.state, _say(api, ask, sent, ask.form))


def _fill(api: Api, ask: Ask, sent: Sent, said: Message) -> Message:
    body = {name: value for name, value in ask.form.items() if name != "allowed_mentions"}
    blank = Message(said.channel, said.ts, said.user, flags=said.flags & ~LOADING)
    changes = checked(api.state, ask, body, before=blank, most=most_of(api, _room(api, sent)))
    changes["flags"] = changes.get("flags", blank.flags) & ~LOADING
    api.world.fill(said, **changes)
    return said


def _named(api: Api, sent: Sent, name: str) -> Message:
    if name == "@original":
        said = sent.message
    else:
        said = api.state.messages.get(name)
        told: Any = said.interaction if said is not None else None
        said = said if (told is not None and told["id"] == sent.id) or said is sent.on else None
    if said is None or said.deleted:
        raise RefusedError(10008)
    return said


def _get(api: Api, ask: Ask) -> Json:
    return shapes.message(api.state, _named(api, _sent(api, ask), ask.params.get("message_id", "@original")))


def _patch(api: Api, ask: Ask) -> Json:
    sent = _sent(api, ask)
    said = _named(api, sent, ask.params.get("message_id", "@original"))
    if said.loading:
        return shapes.message(api.state, _fill(api, ask, sent, said))
    changes = checked(api.state, ask, ask.form, before=said, most=most_of(api, _room(api, sent)))
    api.world.edit(said, **changes)
    return shapes.message(api.state, said)


def _delete(api: Api, ask: Ask) -> None:
    sent = _sent(api, ask)
    api.world.delete(_named(api, sent, ask.params.get("message_id", "@original")))


for _path in (f"{HOOK}/messages/@original", f"{HOOK}/messages/{{message_id}}"):
    route(f"GET {_path}")(_get)
    route(f"PATCH {_path}")(_patch)
    route(f"DELETE {_path}", status=204)(_delete)
