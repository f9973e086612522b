"""Methods of the Web API: messages."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from tests.fakes.slack import shapes
from tests.fakes.slack.blocks import BlocksError, check_message
from tests.fakes.slack.errors import RefusedError, invalid
from tests.fakes.slack.rooms import dm_with, message_of, permalink, room_of
from tests.fakes.slack.state import BOT_USER, Channel, Json, Message
from tests.fakes.slack.table import limit
from tests.fakes.slack.web_api import Api, method


def check_content(args: Json, most: str = "message_text") -> tuple[str, list[Json]]:
    """The text and the blocks, if a message may hold them.

    Raises:
        RefusedError: nothing to say, too long, or bad blocks.
    """
    text, blocks = str(args.get("text") or ""), args.get("blocks") or []
    if args.get("markdown_text") and (text or blocks):
        raise RefusedError("markdown_text_conflict")
    text = text or str(args.get("markdown_text") or "")
    if not text.strip() and not blocks and not args.get("attachments"):
        raise RefusedError("no_text")
    if len(text) > limit(most):
        raise RefusedError("msg_too_long")
    if blocks:
        try:
            check_message(blocks)
        except BlocksError as wrong:
            raise refused_blocks(wrong) from wrong
    return text, with_block_ids(blocks)


def refused_blocks(wrong: BlocksError) -> RefusedError:
    """How the Web API refuses blocks."""
    if wrong.code == "msg_blocks_too_long":
        return RefusedError(wrong.code)
    error = invalid(wrong.code, *wrong.complaints)
    error.more["errors"] = wrong.complaints
    return error


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as they are kept: each with an id, each element with an action id where it needs one."""
    kept: list[Json] = json.loads(json.dumps(blocks))
    for number, block in enumerate(kept):
        block.setdefault("block_id", f"b{number}")
        elements = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        for place, element in enumerate(elements):
            if isinstance(element, dict) and element.get("type") == "button":
                element.setdefault("action_id", f"a{number}-{place}")
    return kept


def _writable(api: Api, name: str) -> Channel:
    if name in api.state.users:
        return dm_with(api, name)
    room = room_of(api, name)
    if room.archived:
        raise RefusedError("is_archived")
    if not room.bot_in and "chat:write.public" not in api.workspace.scopes:
        raise RefusedError("not_in_channel")
    return room


def _metadata(args: Json) -> Json | None:
    given = args.get("metadata")
    if not given:
        return None
    if set(given) - {"event_type", "event_payload", "entities"} or not isinstance(
        given.get("event_type"), str
    ):
        raise invalid("invalid_metadata_format", "event_type and event_payload")
    if not isinstance(given.get("event_payload"), dict):
        raise invalid("invalid_metadata_format", "event_payload must be an object")
    if len(json.dumps(given)) > limit("metadata_bytes"):
        raise RefusedError("metadata_too_large")
    kept: Json = json.loads(json.dumps(given))
    return kept


@method("chat.postMessage")
def post_message(api: Api, args: Json) -> Json:
    room = _writable(api, args["channel"])
    text, blocks = check_content(args)
    metadata = _metadata(args)
    thread = args.get("thread_ts")
    if thread and not re.fullmatch(r"\d{10}\.\d{6}", thread):
        raise RefusedError("invalid_thread_ts")
    said = Message(
        channel=room.id,
        ts=api.state.ts(),
        user=BOT_USER,
        text=text,
        blocks=blocks,
        thread_ts=_root(api, room, thread),
        metadata=metadata,
        by_app=True,
        broadcast=bool(thread and args.get("reply_broadcast")),
        orphan=bool(thread and api.state.message(room.id, thread) is None),
        unfurls=args.get("unfurl_links", False) or args.get("unfurl_media", True),
    )
    api.workspace.post(said)
    return {"channel": room.id, "ts": said.ts, "message": shapes.message(api.state, said, metadata=True)}


def _root(api: Api, room: Channel, thread: str | None) -> str | None:
    """A reply to a reply hangs under the root, as on the platform."""
    said = api.state.message(room.id, thread) if thread else None
    return said.thread_ts if said and said.thread_ts else thread


@method("chat.postEphemeral")
def post_ephemeral(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    if not room.bot_in:
        raise RefusedError("not_in_channel")
    if room.archived:
        raise RefusedError("is_archived")
    if args["user"] not in room.members:
        raise RefusedError("user_not_in_channel")
    text, blocks = check_content(args)
    said = Message(
        channel=room.id,
        ts=api.state.ts(),
        user=BOT_USER,
        text=text,
        blocks=blocks,
        thread_ts=args.get("thread_ts"),
        by_app=True,
        seen_by=args["user"],
    )
    api.state.ephemeral.append(said)
    return {"message_ts": said.ts}


def _own(api: Api, args: Json, refusal: str) -> Message:
    room = room_of(api, args["channel"])
    said = message_of(api, room, args["ts"])
    if not said.by_app:
        raise RefusedError(refusal)
    return said


@method("chat.update")
def update(api: Api, args: Json) -> Json:
    if api.state.channels.get(args["channel"], Channel("", "", "public", set())).archived:
        raise RefusedError("is_archived")
    said = _own(api, args, "cant_update_message")
    if said.subtype == "tombstone":
        raise RefusedError("message_not_found")
    text, blocks = check_content(args, "update_text")
    if "metadata" in args:
        said.metadata = _metadata(args)
    if not _same(said, text, blocks):
        api.workspace.edit(said, text=text, blocks=blocks)
        said.edited_at = time.monotonic()
    return {
        "channel": said.channel,
        "ts": said.ts,
        "text": text,
        "message": shapes.message(api.state, said, metadata=True),
    }


def _same(said: Message, text: str, blocks: list[Any]) -> bool:
    return said.text == text and said.blocks == blocks


@method("chat.delete")
def delete(api: Api, args: Json) -> Json:
    said = _own(api, args, "cant_delete_message")
    api.workspace.delete(said)
    return {"channel": said.channel, "ts": said.ts}


@method("chat.getPermalink")
def get_permalink(api: Api, args: Json) -> Json:
    room = room_of(api, args["channel"])
    return {"channel": room.id, "permalink": permalink(message_of(api, room, args["message_ts"]))}
