"""The platform's JSON: how users, members, channels, messages and files look on the wire."""

from __future__ import annotations

import copy
import hashlib
import hmac
from typing import Any
from urllib.parse import quote

from tests.fakes.discord.drawn import CONTAINER, SELECTS, every
from tests.fakes.discord.pings import mentioned
from tests.fakes.discord.state import (
    APP,
    BOT_USER,
    Channel,
    File,
    Guild,
    Json,
    Member,
    Message,
    Role,
    State,
    User,
    stamp,
)

#: How long a link to a file is good (seconds).
LINK_LIVES = 24 * 3600
_SECRET = b"the signatures of links"


def user(person: User) -> Json:
    return {
        "id": person.id,
        "username": person.handle,
        "discriminator": "0",
        "global_name": person.name,
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        **({"bot": True} if person.bot else {}),
    }


def member(state: State, one: Member, *, full: bool = True) -> Json:
    shape: Json = {
        "roles": list(one.roles),
        "nick": one.nick,
        "avatar": None,
        "banner": None,
        "joined_at": stamp(one.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return shape | ({"user": user(state.users[one.user])} if full else {})


def role(one: Role) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "description": None,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.managed,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": {"bot_id": BOT_USER}} if one.managed else {}),
    }


def channel(state: State, room: Channel) -> Json:
    if room.kind == "dm":
        others = [state.users[one] for one in sorted(room.members) if one != BOT_USER]
        return {
            "id": room.id,
            "type": 1,
            "flags": 0,
            "last_message_id": _last(state, room),
            "recipients": [user(one) for one in others],
        }
    if room.parent is not None:
        return thread(state, room)
    return {
        "id": room.id,
        "type": room.type,
        "name": room.name,
        "guild_id": room.guild,
        "position": room.position,
        "topic": room.topic,
        "nsfw": False,
        "parent_id": None,
        "flags": 0,
        "last_message_id": _last(state, room),
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {"id": who, "type": 0 if who in state.guilds[str(room.guild)].roles else 1}
            | {"allow": str(allow), "deny": str(deny)}
            for who, (allow, deny) in room.overwrites.items()
        ],
        **({"available_tags": [], "default_reaction_emoji": None} if room.kind == "forum" else {}),
        **({"bitrate": 64000, "user_limit": 0, "rtc_region": None} if room.kind == "voice" else {}),
    }


def thread(state: State, room: Channel) -> Json:
    said = [one for one in state.timeline.get(room.id, []) if not one.system and not one.deleted]
    return {
        "id": room.id,
        "type": room.type,
        "name": room.name,
        "guild_id": room.guild,
        "parent_id": room.parent,
        "owner_id": room.owner,
        "flags": 0,
        "last_message_id": _last(state, room),
        "rate_limit_per_user": 0,
        "message_count": len(said),
        "total_message_sent": len(said),
        "member_count": len(room.members),
        "thread_metadata": {
            "archived": room.archived,
            "archive_timestamp": stamp(room.created_at),
            "auto_archive_duration": room.auto_archive,
            "locked": room.locked,
            "create_timestamp": stamp(room.created_at),
        },
        **({"member": thread_member(state, room, BOT_USER)} if BOT_USER in room.members else {}),
    }


def thread_member(state: State, room: Channel, who: str) -> Json:
    return {"id": room.id, "user_id": who, "join_timestamp": stamp(room.created_at), "flags": 0}


def _last(state: State, room: Channel) -> str | None:
    said = state.timeline.get(room.id)
    return said[-1].ts if said else None


def guild(state: State, home: Guild) -> Json:
    """A guild as REST gives it."""
    nothing = (
        "icon",
        "description",
        "home_header",
        "splash",
        "discovery_splash",
        "banner",
        "application_id",
        "afk_channel_id",
        "system_channel_id",
        "widget_channel_id",
        "vanity_url_code",
        "public_updates_channel_id",
        "rules_channel_id",
        "safety_alerts_channel_id",
        "incidents_data",
    )
    return dict.fromkeys(nothing) | {
        "id": home.id,
        "name": home.name,
        "owner_id": home.owner,
        "roles": [role(one) for one in home.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "region": "us-west",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "nsfw": False,
        "nsfw_level": 0,
    }


# -- files --


def signed(state: State, kept: File) -> str:
    """The address of a file, good for a day from now on."""
    if kept.url is not None:
        return kept.url
    kind = "ephemeral-attachments" if kept.ephemeral else "attachments"
    path = f"/{kind}/{kept.channel or '0'}/{kept.id}/{quote(kept.name)}"
    start = int(state.now())
    until = start + LINK_LIVES
    return f"{state.cdn_address}{path}?ex={until:x}&is={start:x}&hm={signature(path, until, start)}&"


def signature(path: str, until: int, start: int) -> str:
    """What signs a link."""
    return hmac.new(_SECRET, f"{path}{until}{start}".encode(), hashlib.sha256).hexdigest()


def attachment(state: State, kept: File) -> Json:
    url = signed(state, kept)
    return {
        "id": kept.id,
        "filename": kept.name,
        "size": kept.size,
        "url": url,
        "proxy_url": url,
        "content_type": kept.mimetype,
        **({"description": kept.alt_text} if kept.alt_text else {}),
        **({"ephemeral": True} if kept.ephemeral else {}),
    }


# -- messages --


def message(state: State, said: Message, *, reply: bool = True) -> Json:
    shape: Json = {
        "id": said.ts,
        "type": said.type,
        "channel_id": said.place,
        "content": said.text,
        "author": user(state.users[said.user]),
        "attachments": [attachment(state, state.files[name]) for name in said.files],
        "embeds": [{"type": "rich", **_embed(one)} for one in said.embeds],
        "components": _components(state, said),
        "mentions": _mentions(state, said),
        "mention_roles": [],
        "mention_everyone": "@everyone" in said.pinged,
        "pinned": said.pinned,
        "tts": False,
        "flags": said.flags,
        "timestamp": stamp(said.said_at),
        "edited_timestamp": stamp(said.edited) if said.edited else None,
    }
    if said.reactions:
        shape["reactions"] = [_reaction(name, users) for name, users in said.reactions.items()]
    if said.webhook:
        shape |= {"webhook_id": APP, "application_id": APP}
    if said.nonce:
        shape["nonce"] = said.nonce
    if said.interaction is not None:
        shape["interaction_metadata"] = said.interaction
    if said.ts in state.channels:
        shape["thread"] = thread(state, state.channels[said.ts])
    if said.reference:
        shape |= _referred(state, said, reply=reply)
    return shape


def _referred(state: State, said: Message, *, reply: bool) -> Json:
    other = state.messages.get(str(said.reference))
    place = other.place if other else said.place
    room = state.channels[place]
    shape: Json = {"message_reference": {"type": 0, "channel_id": place, "message_id": said.reference}}
    if room.guild:
        shape["message_reference"]["guild_id"] = room.guild
    if reply and said.type in (19, 21):
        there = other is not None and not other.deleted
        shape["referenced_message"] = None
        if there and other:
            shape["referenced_message"] = message(state, other, reply=False)
            shape["referenced_message"].pop("reactions", None)
    return shape


def _embed(embed: Json) -> Json:
    shape = {name: value for name, value in embed.items() if value is not None}
    if isinstance(shape.get("fields"), list):
        shape["fields"] = [{"inline": False, **one} for one in shape["fields"]]
    return shape


def _reaction(name: str, users: list[str]) -> Json:
    return {
        "emoji": emoji(name),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": BOT_USER in users,
    }


def emoji(name: str) -> Json:
    """An emoji: a character, or `name:id` for one of a guild's own."""
    if ":" in name:
        word, _, number = name.rpartition(":")
        return {"id": number, "name": word}
    return {"id": None, "name": name}


def _mentions(state: State, said: Message) -> list[Json]:
    return [user(state.users[one]) for one in mentioned(said.text) if one in state.users]


def _components(state: State, said: Message) -> list[Json]:
    """The components with what the platform adds to pictures, videos and files, and the addresses that they have."""
    blocks = copy.deepcopy(said.blocks)
    by_name = {state.files[name].name: state.files[name] for name in said.files}
    for one in every(blocks):
        if one.get("type") == CONTAINER:
            one.setdefault("spoiler", False)
            one.setdefault("accent_color", None)
        if one.get("type") in SELECTS:
            one.setdefault("min_values", 1)
            one.setdefault("max_values", 1)
        for media in (one, *(one.get("items") or ())):
            name = "file" if "file" in media else "media"
            if not isinstance(media.get(name), dict):
                continue
            kept = by_name.get(str(media[name].get("url", "")).removeprefix("attachment://"))
            media.setdefault("spoiler", False)
            if name == "media":
                media.setdefault("description", None)
            else:
                media |= {"name": kept.name if kept else None, "size": kept.size if kept else None}
            media[name] = _unfurled(state, media[name], kept)
    return blocks


def _unfurled(state: State, media: Json, kept: File | None) -> Json:
    url = signed(state, kept) if kept is not None else media["url"]
    known = {} if kept is None else {"attachment_id": kept.id, "content_type": kept.mimetype}
    return {"id": kept.id if kept is not None else "1", "url": url, "proxy_url": url, **known}


def without_content(shape: dict[str, Any]) -> Json:
    """A message as it comes to an app that may not read messages."""
    return shape | {"content": "", "embeds": [], "attachments": [], "components": []}
