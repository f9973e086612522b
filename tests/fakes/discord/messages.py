"""The routes of messages and reactions."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.content import checked
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.permissions import may, need
from tests.fakes.discord.rest import Api, Ask, route
from tests.fakes.discord.state import BOT_USER, GUILD, SUPPRESS_EMBEDS, Channel, Json, Message, time_of
from tests.fakes.discord.table import limit

CHANNEL = "/channels/{channel_id}"
ONE = CHANNEL + "/messages/{message_id}"
REACTION = ONE + "/reactions/{emoji_name}"
#: Reactions of different kinds that a message may have.
REACTIONS = 20


def room_of(api: Api, ask: Ask) -> Channel:
    """The channel that the request names, if the app may look into it."""
    room = api.state.channels.get(ask["channel_id"])
    if room is None or room.deleted:
        raise RefusedError(10003)
    if room.guild is not None and not api.state.guilds[room.guild].bot_in:
        raise RefusedError(50001)
    parent = api.state.channels.get(room.parent or "")
    if parent is not None and parent.deleted:
        raise RefusedError(10003)
    need(api.state, room, BOT_USER)
    return room


def message_of(api: Api, ask: Ask, room: Channel) -> Message:
    """The message that the request names."""
    said = api.state.message(room.id, ask["message_id"])
    if said is None or said.seen_by:
        raise RefusedError(10008)
    return said


def most_of(api: Api, room: Channel) -> int:
    """The most that one file may have there (bytes)."""
    return api.state.guilds[room.guild or GUILD].upload_bytes


def check_awake(room: Channel) -> None:
    """Refuse to change anything in an archived thread."""
    if room.archived:
        raise RefusedError(50083)


@route(f"GET {CHANNEL}/messages")
def get_messages(api: Api, ask: Ask) -> list[Json]:
    room = room_of(api, ask)
    if not may(api.state, room, BOT_USER, "READ_MESSAGE_HISTORY"):
        return []
    said = [one for one in api.state.timeline.get(room.id, []) if not one.deleted and not one.seen_by]
    limit = int(ask.query.get("limit", 50))
    if not 1 <= limit <= 100:
        text = "int value should be between 1 and 100."
        raise RefusedError(
            50035, errors={"limit": {"_errors": [{"code": "NUMBER_TYPE_MAX", "message": text}]}}
        )
    said.sort(key=lambda one: int(one.ts), reverse=True)
    if "after" in ask.query:
        said = [one for one in said if int(one.ts) > int(ask.query["after"])][-limit:]
    elif "before" in ask.query:
        said = [one for one in said if int(one.ts) < int(ask.query["before"])][:limit]
    elif "around" in ask.query:
        middle = int(ask.query["around"])
        near = sorted(said, key=lambda one: abs(int(one.ts) - middle))[:limit]
        said = [one for one in said if one in near]
    else:
        said = said[:limit]
    return [_as_read(api, one, room) for one in said]


@route(f"GET {ONE}")
def get_message(api: Api, ask: Ask) -> Json:
    room = room_of(api, ask)
    need(api.state, room, BOT_USER, "READ_MESSAGE_HISTORY")
    return _as_read(api, message_of(api, ask, room), room)


def _as_read(api: Api, said: Message, room: Channel) -> Json:
    """A message as it is read: without its content, where the portal doesn't grant that."""
    shape = shapes.message(api.state, said)
    own = (
        said.user == BOT_USER or room.guild is None or any(one["id"] == BOT_USER for one in shape["mentions"])
    )
    return shape if own or "MESSAGE_CONTENT" in api.world.granted else shapes.without_content(shape)


@route(f"POST {CHANNEL}/messages")
def create_message(api: Api, ask: Ask) -> Json:
    room, body = room_of(api, ask), ask.form
    if room.kind == "forum":
        raise RefusedError(50008)
    if room.kind == "dm":
        (user,) = room.members - {BOT_USER}
        if api.state.users[user].closed or not _shares_a_guild(api, user):
            raise RefusedError(50007)
    _check_rights(api, room, ask, body)
    nonce = str(body["nonce"]) if body.get("nonce") is not None else None
    if nonce and body.get("enforce_nonce"):
        for one in reversed(api.state.timeline.get(room.id, [])):
            if one.nonce == nonce and one.user == BOT_USER and api.state.now() - one.said_at < 300:
                return shapes.message(api.state, one)
    reference = _reference(api, room, body)
    changes = checked(api.state, ask, body, before=None, most=most_of(api, room))
    said = Message(
        channel=room.parent or room.id,
        ts=api.state.id(),
        user=BOT_USER,
        thread_ts=room.id if room.parent else None,
        type=19 if reference else 0,
        reference=reference,
        by_app=True,
        nonce=nonce,
        allowed=body.get("allowed_mentions"),
        **changes,
    )
    return shapes.message(api.state, api.world.post(said))


def _shares_a_guild(api: Api, user: str) -> bool:
    return any(home.bot_in and user in home.members for home in api.state.guilds.values())


def _check_rights(api: Api, room: Channel, ask: Ask, body: Json) -> None:
    need(api.state, room, BOT_USER, "SEND_MESSAGES_IN_THREADS" if room.parent else "SEND_MESSAGES")
    if ask.files:
        need(api.state, room, BOT_USER, "ATTACH_FILES")
    if body.get("embeds"):
        need(api.state, room, BOT_USER, "EMBED_LINKS")
    if room.locked and not may(api.state, room, BOT_USER, "MANAGE_THREADS"):
        raise RefusedError(160005)


def _reference(api: Api, room: Channel, body: Json) -> str | None:
    referred = body.get("message_reference")
    if not referred:
        return None
    name = str(referred.get("message_id"))
    if api.state.message(room.id, name) is not None:
        if room.guild and not may(api.state, room, BOT_USER, "READ_MESSAGE_HISTORY"):
            text = "Cannot reply without permission to read message history"
            code = "REPLIES_CANNOT_REPLY_WITHOUT_READ_MESSAGE_HISTORY"
            raise RefusedError(
                50035, errors={"message_reference": {"_errors": [{"code": code, "message": text}]}}
            )
        return name
    if referred.get("fail_if_not_exists", True):
        wrong = [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]
        raise RefusedError(50035, errors={"message_reference": {"_errors": wrong}})
    return None


@route(f"PATCH {ONE}")
def edit_message(api: Api, ask: Ask) -> Json:
    room = room_of(api, ask)
    said, body = message_of(api, ask, room), ask.form
    if said.user != BOT_USER:
        if set(body) - {"flags", "tts"} or not may(api.state, room, BOT_USER, "MANAGE_MESSAGES"):
            raise RefusedError(50005)
        api.world.edit(
            said, flags=said.flags & ~SUPPRESS_EMBEDS | int(body.get("flags") or 0) & SUPPRESS_EMBEDS
        )
        return shapes.message(api.state, said)
    check_awake(room)
    if ask.files:
        need(api.state, room, BOT_USER, "ATTACH_FILES")
    changes = checked(api.state, ask, body, before=said, most=most_of(api, room))
    _check_age(api, room, said)
    api.world.edit(said, **changes)
    return shapes.message(api.state, said)


def _check_age(api: Api, room: Channel, said: Message) -> None:
    """Messages over an hour old may be edited seldom: so often in each channel in so many seconds."""
    now = api.state.now()
    if now - time_of(said.ts) <= limit("old_message_seconds"):
        return
    most, seconds = api.old_edits
    edited = api.old_edited.setdefault(room.id, deque())
    while edited and now - edited[0] >= seconds:
        edited.popleft()
    if len(edited) >= most:
        wait = edited[0] + seconds - now if edited else seconds
        refused = RefusedError(30046, retry_after=round(max(wait, 0.001), 3))
        refused.body["global"] = False
        raise refused
    edited.append(now)


@route(f"DELETE {ONE}")
def delete_message(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    if said.user != BOT_USER:
        if room.guild is None:
            raise RefusedError(50003)
        need(api.state, room, BOT_USER, "MANAGE_MESSAGES")
    check_awake(room)
    api.world.delete(said)


@route(f"POST {CHANNEL}/typing")
def typing(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    need(api.state, room, BOT_USER, "SEND_MESSAGES_IN_THREADS" if room.parent else "SEND_MESSAGES")


# -- reactions --


def _emoji(ask: Ask) -> str:
    """The emoji: a character, or `name:id`. A word is neither."""
    name = ask["emoji_name"]
    if re.fullmatch(r"\w+:\d+", name) or not re.search(r"[A-Za-z]", name):
        return name
    raise RefusedError(10014)


@route(f"PUT {REACTION}/@me")
def add_reaction(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    said, name = message_of(api, ask, room), _emoji(ask)
    check_awake(room)
    need(api.state, room, BOT_USER, "READ_MESSAGE_HISTORY")
    if name not in said.reactions:
        need(api.state, room, BOT_USER, "ADD_REACTIONS")
        if ":" in name:
            need(api.state, room, BOT_USER, "USE_EXTERNAL_EMOJIS")
            raise RefusedError(10014)  # the fake has no emoji of its own
        if len(said.reactions) >= REACTIONS:
            raise RefusedError(30010)
    api.world.react(said, name, BOT_USER)


@route(f"DELETE {REACTION}/@me")
def remove_own_reaction(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    said, name = message_of(api, ask, room), _emoji(ask)
    check_awake(room)
    api.world.unreact(said, name, BOT_USER)


@route(f"DELETE {REACTION}/{{user_id}}")
def remove_reaction(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    if room.guild is None:
        raise RefusedError(50003)
    need(api.state, room, BOT_USER, "MANAGE_MESSAGES")
    api.world.unreact(said, _emoji(ask), ask["user_id"])


@route(f"GET {REACTION}")
def get_reactions(api: Api, ask: Ask) -> list[Json]:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    users = sorted(said.reactions.get(_emoji(ask), []), key=int)
    users = [one for one in users if int(one) > int(ask.query.get("after", 0))]
    return [shapes.user(api.state.users[one]) for one in users[: int(ask.query.get("limit", 25))]]


@route(f"DELETE {ONE}/reactions")
def remove_all_reactions(api: Api, ask: Ask) -> None:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    need(api.state, room, BOT_USER, "MANAGE_MESSAGES")
    for name, users in list(said.reactions.items()):
        for user in list(users):
            api.world.unreact(said, name, user)


# -- pins --


@route(f"PUT {CHANNEL}/messages/pins/{{message_id}}")
def pin(api: Api, ask: Ask) -> None:
    _pin(api, ask, pinned=True)


@route(f"DELETE {CHANNEL}/messages/pins/{{message_id}}")
def unpin(api: Api, ask: Ask) -> None:
    _pin(api, ask, pinned=False)


def _pin(api: Api, ask: Ask, *, pinned: bool) -> None:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    if room.guild:
        need(api.state, room, BOT_USER, "PIN_MESSAGES")
    api.world.fill(said, pinned=pinned)


@route("POST /attachments/refresh-urls")
def refresh_urls(api: Api, ask: Ask) -> Json:
    """Good links in place of expired ones; what was never a link of ours is refused."""
    fresh: list[Json] = []
    for url in ask.form.get("attachment_urls") or ():
        found = re.search(r"/attachments/\d+/(\d+)/", str(url))
        kept: Any = api.state.files.get(found[1]) if found else None
        if kept is None:
            wrong = [{"code": "ATTACHMENT_URL_INVALID", "message": "Not a link to an attachment"}]
            raise RefusedError(50035, errors={"attachment_urls": {"_errors": wrong}})
        fresh.append({"original": url, "refreshed": shapes.signed(api.state, kept)})
    return {"refreshed_urls": fresh}
