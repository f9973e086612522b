"""What happens in the workspace, whoever does it: messages, edits, reactions, files, and the events they cause."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from tests.fakes.slack import shapes
from tests.fakes.slack.state import APP, BOT_USER, Channel, Json, Message, State, mrkdwn_of
from tests.fakes.slack.table import table

PLURAL = {"public": "channels", "private": "groups", "dm": "im", "mpim": "mpim"}


class Workspace:
    """The workspace with the app installed. `send` puts an envelope on its way: a kind and its payload.

    `scopes` are those of the bot token, `subscriptions` the events that the app asked for, `commands` and
    `shortcuts` what it registered; in the words of `escaped_commands` people, channels and links are marked.
    `refusal` is the error that every token gets, once it is revoked. `withheld` are events that the app
    subscribed to and lacks the scope for.
    """

    def __init__(self, state: State, send: Callable[[str, Json], Any]) -> None:
        self.state, self.send = state, send
        self.scopes: set[str] = set()
        self.subscriptions: set[str] = set()
        self.commands: set[str] | None = None
        self.escaped_commands: set[str] = set()
        self.shortcuts: set[str] | None = None
        self.home_tab = self.messages_tab = self.interactive = True
        self.refusal = ""
        self.withheld: list[str] = []

    # -- the envelope of an event --

    def emit(self, event: Json, room: Channel | None = None) -> str:
        """Tell the app of an event, if it asked for it and may know: the event's id, else empty."""
        name = event["type"]
        if name == "message" and room is not None:
            name = f"message.{PLURAL[room.kind]}"
        known = table()["subscriptions"].get(name)
        if known is None or name not in self.subscriptions:
            return ""
        if known["scope"] and known["scope"] not in self.scopes:
            self.withheld.append(f"{name} needs {known['scope']}")
            return ""
        if room is not None and not room.bot_in and name not in {"channel_left", "group_left"}:
            return ""
        envelope = self.envelope(event, room)
        self.send("events_api", envelope)
        return str(envelope["event_id"])

    def envelope(self, event: Json, room: Channel | None) -> Json:
        """The outer part of an event."""
        state = self.state
        return {
            "token": "verification-token",
            "team_id": room.made_by if room and room.made_by else state.team,
            "context_team_id": state.team,
            "context_enterprise_id": state.enterprise,
            "api_app_id": APP,
            "event": copy.deepcopy(event),
            "type": "event_callback",
            "event_id": state.id("Ev"),
            "event_time": int(float(event.get("event_ts") or state.ts())),
            "authorizations": [
                {
                    "enterprise_id": state.enterprise,
                    "team_id": state.team,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": state.org,
                }
            ],
            "is_ext_shared_channel": bool(room and room.shared),
            "event_context": f"4-context-{state.number('context')}",
        } | ({"enterprise_id": state.enterprise} if state.enterprise else {})

    # -- messages --

    def post(self, said: Message) -> Message:
        """Put a message into its conversation and tell the app."""
        state = self.state
        state.timeline.setdefault(said.channel, []).append(said)
        room = state.channels[said.channel]
        self.emit(self.message_event(said), room)
        if said.user != BOT_USER and room.kind != "dm" and f"<@{BOT_USER}>" in said.text:
            self.emit(self._mention_event(said), room)
        state.changed.notify_all()
        return said

    def message_event(self, said: Message) -> Json:
        """A message as the event `message` carries it."""
        room = self.state.channels[said.channel]
        event = shapes.message(self.state, said, metadata=True)
        for name in (
            "reply_count",
            "reply_users",
            "reply_users_count",
            "latest_reply",
            "is_locked",
            "subscribed",
        ):
            event.pop(name, None)
        event |= {"channel": said.channel, "event_ts": said.ts, "channel_type": room.type}
        return event | self._foreign(said.user)

    def _mention_event(self, said: Message) -> Json:
        event = self.message_event(said) | {"type": "app_mention"}
        for name in ("channel_type", "parent_user_id", "metadata"):
            event.pop(name, None)
        return event

    def _foreign(self, user: str) -> Json:
        person = self.state.users.get(user)
        if person is None or person.team == self.state.team:
            return {}
        return {"team": person.team, "user_team": person.team, "source_team": person.team}

    def edit(self, said: Message, *, text: str, blocks: list[Json]) -> None:
        """Change a message; the app hears of it."""
        state, before = self.state, shapes.message(self.state, said)
        said.edits.append({"text": said.text, "blocks": said.blocks})
        said.text, said.blocks = text, blocks
        self._changed(said, "message_changed", before, message=shapes.message(state, said))

    def delete(self, said: Message) -> None:
        """Delete a message. A root with replies stays as a tombstone, and is told as a change, as on the platform."""
        before = shapes.message(self.state, said)
        said.deleted = True
        if said.thread_ts in (None, said.ts) and self.state.replies(said.channel, said.ts):
            said.subtype = "tombstone"
            self._changed(said, "message_changed", before, message=shapes.tombstone(self.state, said))
        else:
            self._changed(said, "message_deleted", before, deleted_ts=said.ts)

    def _changed(self, said: Message, subtype: str, before: Json, **more: Any) -> None:
        room, ts = self.state.channels[said.channel], self.state.ts()
        event = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": said.channel,
            "previous_message": _without_metadata(before),
            "ts": ts,
            "event_ts": ts,
            "channel_type": room.type,
            **more,
        }
        self.emit(event, room)
        self.state.changed.notify_all()

    def react(self, said: Message, name: str, user: str, *, added: bool) -> None:
        """Put a reaction on a message or take it away; it is checked by the caller."""
        users = said.reactions.setdefault(name, [])
        users.append(user) if added else users.remove(user)
        if not users:
            del said.reactions[name]
        event = {
            "type": "reaction_added" if added else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": said.channel, "ts": said.ts},
            "item_user": said.user,
            "event_ts": self.state.ts(),
        }
        self.emit(event, self.state.channels[said.channel])
        self.state.changed.notify_all()

    def share(self, names: list[str], said: Message) -> Message:
        """Post a message with files; the app hears `file_shared` for each."""
        state = self.state
        said.files, said.subtype = names, "file_share"
        for name in names:
            state.files[name].shares[said.channel] = said.ts
        self.post(said)
        for name in names:
            event = {
                "type": "file_shared",
                "file_id": name,
                "user_id": said.user,
                "file": {"id": name},
                "channel_id": said.channel,
                "event_ts": state.ts(),
            }
            self.emit(event, state.channels[said.channel])
        return said

    # -- who is told --

    def notified(self, user: str) -> list[Message]:
        """The messages of the app that rang at that person: those that mention them when they were posted."""
        found = []
        for room in self.state.channels.values():
            for said in self.state.timeline.get(room.id, []):
                words = _first_words(said)
                everyone = user in room.members and re.search(r"<!(channel|here|everyone)[|>]", words)
                if said.by_app and (everyone or re.search(rf"<@{user}[|>]", words)):
                    found.append(said)
        return found


def _without_metadata(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "metadata"}


def _first_words(said: Message) -> str:
    """What could mention somebody when the message was posted: its blocks, else its text."""
    before = said.edits[0] if said.edits else {"text": said.text, "blocks": said.blocks}
    return "\n".join(mrkdwn_of(before["blocks"])) if before["blocks"] else str(before["text"])
