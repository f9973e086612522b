"""Methods of the Web API: who am I, conversations, people, reactions."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack import shapes
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.state import APP, BOT_ID, BOT_USER, Channel, Json, Message
from tests.fakes.slack.web_api import Api, method


def room_of(api: Api, name: Any) -> Channel:
    """The conversation, if the app may see it.

    Raises:
        RefusedError: it does not exist, or it is private and the app is not in it.
    """
    room = api.state.channels.get(str(name))
    if room is None or (room.kind != "public" and not room.bot_in):
        raise RefusedError("channel_not_found")
    return room


def message_of(api: Api, room: Channel, ts: str) -> Message:
    """The message there.

    Raises:
        RefusedError: there is none, or it was deleted.
    """
    said = api.state.message(room.id, ts)
    if said is None:
        raise RefusedError("message_not_found")
    return said


@method("api.test")
def api_test(api: Api, args: Json) -> Json:
    return {"args": args}


@method("auth.test")
def auth_test(api: Api, args: Json) -> Json:
    known = {
        "url": "https://lab.slack.example/",
        "team": "The Lab",
        "user": shapes.BOT_NAME,
        "team_id": api.state.team,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": api.state.org,
    }
    return known | ({"enterprise_id": api.state.enterprise} if api.state.enterprise else {})


@method("apps.connections.open")
def connections_open(api: Api, args: Json) -> Json:
    address = api.state.address.replace("http://", "ws://")
    return {"url": f"{address}/link/?ticket={api.sockets.ticket()}&app_id={APP}"}


@method("conversations.info")
def conversations_info(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    return {"channel": shapes.channel(api.state, room, members=args.get("include_num_members", False))}


@method("conversations.open")
def conversations_open(api: Api, args: Json) -> Json:
    users = args.get("users") or []
    if args.get("channel"):
        return {"channel": {"id": room_of(api, args["channel"]).id}}
    if not users:
        raise RefusedError("users_list_not_supplied")
    if len(users) > 1:
        raise RefusedError("method_not_supported_for_channel_type")
    room = dm_with(api, users[0])
    known = {"id": room.id}
    return {"no_op": False, "already_open": False, "channel": known}


def dm_with(api: Api, user: str) -> Channel:
    """The conversation with that person.

    Raises:
        RefusedError: nobody to write to.
    """
    person = api.state.users.get(user)
    if person is None:
        raise RefusedError("user_not_found")
    if person.deleted:
        raise RefusedError("user_disabled")
    if person.bot:
        raise RefusedError("cannot_dm_bot")
    return api.state.dm_of(user)


@method("conversations.members")
def conversations_members(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    members = sorted(room.members | ({BOT_USER} if room.bot_in else set()))
    page, more = _paged(members, args, 100)
    return {"members": page, "response_metadata": {"next_cursor": more}}


def _paged(found: list[Any], args: Json, usual: int) -> tuple[list[Any], str]:
    try:
        start = int(args.get("cursor") or 0)
    except ValueError:
        raise RefusedError("invalid_cursor") from None
    size = min(int(args.get("limit") or usual), 1000)
    end = start + size
    return found[start:end], str(end) if end < len(found) else ""


@method("conversations.history")
def conversations_history(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    if not room.bot_in:
        raise RefusedError("not_in_channel")
    roots = [
        said
        for said in api.state.timeline.get(room.id, [])
        if _stands(said) and (said.thread_ts in (None, said.ts) or said.broadcast)
    ]
    return _history(api, [said for said in reversed(roots) if _within(said, args)], args)


@method("conversations.replies")
def conversations_replies(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    if not room.bot_in:
        raise RefusedError("not_in_channel")
    replies = api.state.replies(room.id, args["ts"])
    root = next(
        (one for one in api.state.timeline.get(room.id, []) if one.ts == args["ts"] and _stands(one)), None
    )
    if root is None:
        raise RefusedError("thread_not_found")
    found = [root] + [said for said in replies if _within(said, args)]
    return _history(api, found, args)


def _stands(said: Message) -> bool:
    return not said.deleted or said.subtype == "tombstone"


def _within(said: Message, args: Json) -> bool:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    at = float(said.ts)
    return oldest <= at <= latest if args.get("inclusive") else oldest < at < latest


def _history(api: Api, found: list[Message], args: Json) -> Json:
    page, more = _paged(found, args, 100)
    metadata = args.get("include_all_metadata", False)
    return {
        "messages": [shapes.message(api.state, said, metadata=metadata) for said in page],
        "has_more": bool(more),
        "response_metadata": {"next_cursor": more},
    }


@method("users.info")
def users_info(api: Api, args: Json) -> Json:
    person = api.state.users.get(args["user"])
    if person is None:
        raise RefusedError("user_not_found")
    return {"user": shapes.user(api.state, person)}


@method("auth.teams.list")
def auth_teams_list(api: Api, args: Json) -> Json:
    if not api.state.org:
        raise RefusedError("not_allowed_token_type")
    page, more = _paged(
        [{"id": name, "name": name} for name in (api.state.team, *api.state.teams)], args, 100
    )
    return {"teams": page, "response_metadata": {"next_cursor": more}}


@method("users.list")
def users_list(api: Api, args: Json) -> Json:
    if api.state.org and not args.get("team_id"):
        raise RefusedError("missing_argument")
    team = args.get("team_id") if api.state.org else None
    there = [one for one in api.state.users.values() if team in (None, one.team)]
    page, more = _paged([shapes.user(api.state, one) for one in there], args, 200)
    return {"members": page, "cache_ts": shapes.now(), "response_metadata": {"next_cursor": more}}


@method("bots.info")
def bots_info(api: Api, args: Json) -> Json:
    if args.get("bot") not in (None, BOT_ID):
        raise RefusedError("bot_not_found")
    known = shapes.bot_profile(api.state) | {"user_id": BOT_USER}
    known.pop("team_id")
    return {"bot": known}


@method("team.info")
def team_info(api: Api, args: Json) -> Json:
    if args.get("team") not in (None, api.state.team):
        raise RefusedError("team_not_found")
    return {
        "team": {"id": api.state.team, "name": "The Lab", "domain": "lab", "email_domain": "", "icon": {}}
    }


def _reacted(api: Api, args: Json) -> Message:
    if not args.get("channel") or not args.get("timestamp"):
        raise RefusedError("no_item_specified")
    room = room_of(api, args["channel"])
    if not room.bot_in:
        raise RefusedError("not_in_channel")
    if room.archived:
        raise RefusedError("is_archived")
    return message_of(api, room, args["timestamp"])


@method("reactions.add")
def reactions_add(api: Api, args: Json) -> Json:
    said, name = _reacted(api, args), args["name"].strip(":")
    if not name.replace("_", "").replace("-", "").replace("+", "").replace("'", "").isalnum():
        raise RefusedError("invalid_name")
    if BOT_USER in said.reactions.get(name, []):
        raise RefusedError("already_reacted")
    api.workspace.react(said, name, BOT_USER, added=True)
    return {}


@method("reactions.remove")
def reactions_remove(api: Api, args: Json) -> Json:
    said, name = _reacted(api, args), args["name"].strip(":")
    if BOT_USER not in said.reactions.get(name, []):
        raise RefusedError("no_reaction")
    api.workspace.react(said, name, BOT_USER, added=False)
    return {}


@method("reactions.get")
def reactions_get(api: Api, args: Json) -> Json:
    said = _reacted(api, args)
    return {
        "type": "message",
        "channel": said.channel,
        "message": shapes.message(api.state, said) | {"permalink": permalink(said)},
    }


def permalink(said: Message) -> str:
    """The address of a message."""
    way = f"https://lab.slack.example/archives/{said.channel}/p{said.ts.replace('.', '')}"
    return f"{way}?thread_ts={said.thread_ts}&cid={said.channel}" if said.thread_ts else way
