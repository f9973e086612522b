"""The routes of channels, threads and direct messages."""

from __future__ import annotations

from tests.fakes.discord import shapes
from tests.fakes.discord.content import checked
from tests.fakes.discord.errors import Form, RefusedError
from tests.fakes.discord.messages import CHANNEL, ONE, message_of, most_of, room_of
from tests.fakes.discord.permissions import may, need
from tests.fakes.discord.rest import Api, Ask, route
from tests.fakes.discord.state import BOT_USER, Channel, Json, Message

ARCHIVES = (60, 1440, 4320, 10080)


@route(f"GET {CHANNEL}")
def get_channel(api: Api, ask: Ask) -> Json:
    return shapes.channel(api.state, room_of(api, ask))


@route(f"PATCH {CHANNEL}")
def change_channel(api: Api, ask: Ask) -> Json:
    room, body = room_of(api, ask), ask.form
    form = Form()
    if "name" in body:
        form.length("name", body["name"], 100, 1)
    form.done()
    if room.parent is None:
        if room.guild is None:
            raise RefusedError(50003)
        need(api.state, room, BOT_USER, "MANAGE_CHANNELS")
        room.name, room.topic = body.get("name", room.name), body.get("topic", room.topic)
        api.world.tell("CHANNEL_UPDATE", shapes.channel(api.state, room), room)
        return shapes.channel(api.state, room)
    _check_change(api, room, body)
    changes: Json = {name: body[name] for name in ("name", "archived", "locked") if name in body}
    if "auto_archive_duration" in body:
        changes["auto_archive"] = body["auto_archive_duration"]
    api.world.change_thread(room, **changes)
    return shapes.channel(api.state, room)


def _check_change(api: Api, room: Channel, body: Json) -> None:
    """Whoever may write may wake a thread; the rest is for its owner, or for who manages threads."""
    manages = may(api.state, room, BOT_USER, "MANAGE_THREADS")
    if room.archived and body.get("archived") is not False:
        raise RefusedError(50083)
    if room.archived and not room.locked and set(body) <= {"archived", "auto_archive_duration"}:
        need(api.state, room, BOT_USER, "SEND_MESSAGES_IN_THREADS")
    elif not manages and (room.owner != BOT_USER or "locked" in body or room.locked):
        raise RefusedError(50013)


@route(f"DELETE {CHANNEL}")
def delete_channel(api: Api, ask: Ask) -> Json:
    room = room_of(api, ask)
    if room.guild is not None:
        need(api.state, room, BOT_USER, "MANAGE_THREADS" if room.parent else "MANAGE_CHANNELS")
    shape = shapes.channel(api.state, room)
    if room.guild is not None:
        api.world.tell("THREAD_DELETE" if room.parent else "CHANNEL_DELETE", shape, room)
        room.deleted = True
    return shape


# -- threads --


@route(f"POST {ONE}/threads", status=201)
def thread_under(api: Api, ask: Ask) -> Json:
    room = room_of(api, ask)
    said = message_of(api, ask, room)
    _check_thread(room, ask.form)
    need(api.state, room, BOT_USER, "CREATE_PUBLIC_THREADS", "READ_MESSAGE_HISTORY")
    archive = ask.form.get("auto_archive_duration") or 1440
    thread = api.world.start_thread(room, ask.form["name"], BOT_USER, under=said, archive=archive)
    return shapes.thread(api.state, thread)


@route(f"POST {CHANNEL}/threads", status=201)
def thread_alone(api: Api, ask: Ask) -> Json:
    room, body = room_of(api, ask), ask.form
    _check_thread(room, body, forum=room.kind == "forum")
    private = body.get("type", 12) == 12 and room.kind != "forum"
    right = (
        "SEND_MESSAGES" if room.kind == "forum" else f"CREATE_{'PRIVATE' if private else 'PUBLIC'}_THREADS"
    )
    need(api.state, room, BOT_USER, right)
    archive = body.get("auto_archive_duration") or 1440
    if room.kind != "forum":
        thread = api.world.start_thread(room, body["name"], BOT_USER, private=private, archive=archive)
        return shapes.thread(api.state, thread)
    first = body.get("message") or {}
    changes = checked(api.state, ask, first, before=None, most=most_of(api, room), way="message")
    thread = api.world.start_thread(room, body["name"], BOT_USER, archive=archive)
    said = Message(room.id, thread.id, BOT_USER, thread_ts=thread.id, by_app=True, **changes)
    said.allowed = first.get("allowed_mentions")
    api.world.post(said)
    return shapes.thread(api.state, thread) | {"message": shapes.message(api.state, said)}


def _check_thread(room: Channel, body: Json, *, forum: bool = False) -> None:
    if room.kind == "dm":
        raise RefusedError(50003)
    if room.parent is not None or room.kind == "voice" or (room.kind == "forum") != forum:
        raise RefusedError(50024)
    form = Form()
    form.length("name", body.get("name"), 100, 1)
    if body.get("auto_archive_duration") not in (None, *ARCHIVES):
        text = f"Value must be one of {ARCHIVES}."
        form.wrong("auto_archive_duration", "BASE_TYPE_CHOICES", text)
    if forum and not body.get("message"):
        form.required("message")
    form.done()


@route(f"GET {CHANNEL}/thread-members")
def thread_members(api: Api, ask: Ask) -> list[Json]:
    room = _thread_of(api, ask)
    if "GUILD_MEMBERS" not in api.world.granted:
        raise RefusedError(50001)
    return [shapes.thread_member(api.state, room, one) for one in sorted(room.members)]


@route(f"PUT {CHANNEL}/thread-members/@me")
def join_thread(api: Api, ask: Ask) -> None:
    api.world.join_thread(_thread_of(api, ask), BOT_USER)


@route(f"DELETE {CHANNEL}/thread-members/@me")
def leave_thread(api: Api, ask: Ask) -> None:
    _thread_of(api, ask).members.discard(BOT_USER)


@route(f"GET {CHANNEL}/thread-members/{{user_id}}")
def thread_member(api: Api, ask: Ask) -> Json:
    room = _thread_of(api, ask)
    if ask["user_id"] not in room.members:
        raise RefusedError(10007)
    return shapes.thread_member(api.state, room, ask["user_id"])


@route(f"PUT {CHANNEL}/thread-members/{{user_id}}")
def add_to_thread(api: Api, ask: Ask) -> None:
    room = _thread_of(api, ask)
    need(api.state, room, BOT_USER, "SEND_MESSAGES_IN_THREADS")
    if ask["user_id"] not in api.state.guilds[str(room.guild)].members:
        raise RefusedError(10007)
    if not may(api.state, room, ask["user_id"], "VIEW_CHANNEL"):
        raise RefusedError(50001)
    api.world.join_thread(room, ask["user_id"])


def _thread_of(api: Api, ask: Ask) -> Channel:
    room = room_of(api, ask)
    if room.parent is None:
        raise RefusedError(50024)
    return room


@route("GET /guilds/{guild_id}/threads/active")
def active_threads(api: Api, ask: Ask) -> Json:
    rooms = [
        room
        for room in api.state.channels.values()
        if room.guild == ask["guild_id"] and room.parent and not room.archived and not room.deleted
    ]
    seen = [room for room in rooms if may(api.state, room, BOT_USER, "VIEW_CHANNEL")]
    joined = [room for room in seen if BOT_USER in room.members]
    return {
        "threads": [shapes.thread(api.state, room) for room in seen],
        "members": [shapes.thread_member(api.state, room, BOT_USER) for room in joined],
        "has_more": False,
    }


# -- direct messages --


@route("POST /users/@me/channels")
def open_dm(api: Api, ask: Ask) -> Json:
    user = str(ask.form.get("recipient_id"))
    if user not in api.state.users:
        raise RefusedError(10013)
    if api.state.users[user].bot:
        raise RefusedError(50007)
    return shapes.channel(api.state, api.state.dm_of(user))
