"""The things of the workspace as the wire shows them."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from tests.fakes.slack.state import APP, BOT_ID, BOT_USER, Channel, File, Json, Message, State, User, View

BOT_NAME = "hiddenhill"


def user(state: State, person: User) -> Json:
    """A user as `users.info` gives it."""
    known: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name.lower().replace(" ", "."),
        "deleted": person.deleted,
        "real_name": person.name,
        "profile": {
            "real_name": person.name,
            "real_name_normalized": person.name,
            "display_name": person.name.split()[0],
            "display_name_normalized": person.name.split()[0],
            "team": person.team,
            "avatar_hash": "g0",
        },
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if person.bot and person.id == BOT_USER:
        known["profile"] |= {"bot_id": BOT_ID, "api_app_id": APP}
    if person.team not in (state.team, *state.teams):
        # A person of another organisation is shown without roles.
        return known | {"is_stranger": True}
    if not person.deleted:
        known |= {
            "color": "9f69e7",
            "tz": "Europe/Berlin",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "is_admin": person.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": person.guest,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
        }
    if state.enterprise:
        known["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": state.enterprise,
            "enterprise_name": "Hill Org",
            "is_admin": person.org_admin,
            "is_owner": False,
            "teams": [person.team],
        }
    return known


def channel(state: State, room: Channel, *, members: bool = False) -> Json:
    """A conversation as `conversations.info` gives it."""
    if room.kind == "dm":
        return {
            "id": room.id,
            "created": 1_700_000_000,
            "is_archived": room.archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": state.team,
            "updated": 1_700_000_000,
            "user": next(iter(room.members), ""),
            "is_user_deleted": False,
        }
    known: Json = {
        "id": room.id,
        "name": room.name,
        "is_channel": room.kind == "public",
        "is_group": room.kind == "private",
        "is_im": False,
        "is_mpim": room.kind == "mpim",
        "is_private": room.kind != "public",
        "created": 1_700_000_000,
        "is_archived": room.archived,
        "is_general": False,
        "unlinked": 0,
        "name_normalized": room.name,
        "is_shared": room.shared,
        "is_ext_shared": room.shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": sorted({state.team} | _teams(state, room)),
        "context_team_id": state.team,
        "creator": next(iter(sorted(room.members)), BOT_USER),
        "is_member": room.bot_in,
        "updated": 1_700_000_000,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if room.shared:
        known["connected_team_ids"] = sorted(_teams(state, room) - {state.team})
    if members:
        known["num_members"] = len(room.members)
    return known


def _teams(state: State, room: Channel) -> set[str]:
    return {state.users[member].team for member in room.members if member in state.users}


def message(state: State, said: Message, *, metadata: bool = False, thread: bool = True) -> Json:
    """A message as histories, events and interactions give it."""
    if said.seen_by:
        return {"type": "message", "text": said.text, "ts": said.ts, "user": said.user, "is_ephemeral": True}
    if said.deleted:
        return tombstone(state, said)
    known: Json = {"type": "message", "ts": said.ts, "text": said.text} | _author(state, said)
    if said.subtype:
        known["subtype"] = said.subtype
    if said.blocks:
        known["blocks"] = said.blocks
    if said.files:
        known["files"] = [file(state, state.files[name], at=said) for name in said.files]
        known |= {"upload": False, "display_as_bot": False}
    if said.edits and not said.blocks:
        known["edited"] = {"user": BOT_ID if said.by_app else said.user, "ts": said.ts}
    if said.metadata and metadata:
        known["metadata"] = said.metadata
    if said.reactions:
        known["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in said.reactions.items()
        ]
    return known | said.extra | (_threading(state, said) if thread else {})


def _author(state: State, said: Message) -> Json:
    if said.subtype == "bot_message":
        return {"bot_id": "B0HOOK", "username": said.user}
    known: Json = {"user": said.user}
    person = state.users.get(said.user)
    if said.by_app and said.files:
        return known  # the samples show no bot on a message with files
    if said.by_app:
        return known | {
            "bot_id": BOT_ID,
            "app_id": APP,
            "team": state.team,
            "bot_profile": bot_profile(state),
        }
    if person is None:
        return known
    mark = {"bot_id": f"B{person.id[1:]}"} if person.bot else {"client_msg_id": f"client-{said.ts}"}
    return known | {"team": person.team} | mark


def tombstone(state: State, said: Message) -> Json:
    """What is left of a deleted message with replies."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
        "ts": said.ts,
    } | _threading(state, said)


def _threading(state: State, said: Message) -> Json:
    if said.thread_ts and said.thread_ts != said.ts:
        root = state.message(said.channel, said.thread_ts)
        return {"thread_ts": said.thread_ts} | ({"parent_user_id": root.user} if root else {})
    replies = state.replies(said.channel, said.ts)
    if not replies:
        return {}
    who = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": said.ts,
        "reply_count": len(replies),
        "reply_users_count": len(who),
        "latest_reply": replies[-1].ts,
        "reply_users": who,
        "is_locked": False,
        "subscribed": True,
    }


def bot_profile(state: State) -> Json:
    """The app as messages show it."""
    return {
        "id": BOT_ID,
        "app_id": APP,
        "name": BOT_NAME,
        "deleted": False,
        "updated": 1_700_000_000,
        "icons": {},
        "team_id": state.team,
    }


FILE_TYPES = {
    "application/pdf": ("pdf", "PDF"),
    "video/mp4": ("mp4", "MPEG 4 Video"),
    "image/jpeg": ("jpg", "JPEG"),
    "image/png": ("png", "PNG"),
    "text/plain": ("text", "Plain Text"),
    "text/vtt": ("vtt", "VTT"),
    "application/x-subrip": ("srt", "SRT"),
    "application/xml": ("xml", "XML"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", "Word Document"),
}


def file(state: State, kept: File, *, full: bool = False, at: Message | None = None) -> Json:
    """A file as messages give it, or (`full`) as `files.info` does.

    A file that is not to be had is shown as the platform shows it: by its id and the reason.
    """
    bare: Json = {"id": kept.id, "created": kept.created, "timestamp": kept.created}
    if kept.deleted or kept.mode == "tombstone":
        return {"id": kept.id, "mode": "tombstone"} | {"created": kept.created, "timestamp": kept.created}
    if kept.mode == "hidden_by_limit":
        return bare | {"mode": "hidden_by_limit"}
    if kept.file_access == "check_file_info" and not full:
        return bare | {"mode": "file_access", "file_access": "check_file_info", "user": kept.user}
    if kept.file_access == "access_denied":
        return bare | {"mode": "file_access", "file_access": "access_denied"}
    filetype, pretty = FILE_TYPES.get(kept.mimetype, ("binary", "Binary"))
    external = kept.mode == "external"
    team = state.users[kept.user].team if kept.user in state.users else state.team
    address = kept.url or f"{kept_host(state)}/files-pri/{state.team}-{kept.id}/{quote(kept.name)}"
    download = kept.url or f"{kept_host(state)}/files-pri/{state.team}-{kept.id}/download/{quote(kept.name)}"
    known: Json = bare | {
        "name": kept.name,
        "title": kept.title or kept.name,
        "mimetype": kept.mimetype,
        "filetype": filetype,
        "pretty_type": pretty,
        "user": kept.user,
        "user_team": team,
        "editable": False,
        "size": 0 if external else kept.size,
        "mode": kept.mode,
        "is_external": external,
        "external_type": "gdrive" if external else "",
        "is_public": at is not None and state.channels[at.channel].kind == "public",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "permalink": f"https://lab.slack.example/files/{kept.user}/{kept.id}/{quote(kept.name)}",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    if not external:
        known["url_private_download"] = download
    if kept.alt_text:
        known["alt_txt"] = kept.alt_text
    if full:
        known["shares"] = {"public": {room: [{"ts": ts}] for room, ts in kept.shares.items()}}
    return known


def kept_host(state: State) -> str:
    """The address of the file host, without a slash at its end."""
    return state.file_address


def view(state: State, shown: View) -> Json:
    """A view as answers and interactions give it: what was sent, with what the platform adds."""
    body: dict[str, Any] = {"private_metadata": "", "callback_id": "", "external_id": ""} | shown.body
    body |= {
        "id": shown.id,
        "team_id": state.team,
        "type": shown.type,
        "state": {"values": shown.values},
        "hash": shown.hash,
        "clear_on_close": shown.body.get("clear_on_close", False),
        "notify_on_close": shown.body.get("notify_on_close", False),
        "root_view_id": shown.root,
        "previous_view_id": shown.previous,
        "app_id": APP,
        "app_installed_team_id": state.team,
        "bot_id": BOT_ID,
    }
    if shown.type == "home":
        body.setdefault("title", {"type": "plain_text", "text": "View Title", "emoji": True})
    return body


def now() -> int:
    """The time in whole seconds, as files carry it."""
    return int(time.time())
