"""What the platform sends when a person types a command, presses, picks a shortcut or submits a form."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from tests.fakes.slack import shapes
from tests.fakes.slack.state import APP, Channel, Json, Message, User, View
from tests.fakes.slack.table import limit
from tests.fakes.slack.views import initial_values
from tests.fakes.slack.web_api import Api, Hook


def typed(text: str) -> str:
    """What a person typed, as the platform hands it on: `& < >` escaped, mentions kept, addresses linked."""
    kept = re.split(r"(<[@#!][^>]*>)", text)
    return "".join(part if number % 2 else _linked(escaped(part)) for number, part in enumerate(kept))


def escaped(text: str) -> str:
    """The text with the platform's three characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linked(text: str) -> str:
    return re.sub(r"https?://[^\s<>|]+", lambda found: f"<{found[0]}>", text)


class Payloads:
    """Makes payloads, and remembers the triggers and answering addresses that are in them."""

    def __init__(self, api: Api) -> None:
        self.api, self.state = api, api.state

    def trigger(self, user: str) -> str:
        """A trigger id, good for three seconds."""
        name = f"{self.state.number('trigger')}.{self.state.team}.{secrets.token_hex(16)}"
        self.api.triggers[name] = (time.monotonic() + limit("trigger_seconds"), user)
        return name

    def response_url(self, user: str, channel: str, said: Message | None = None) -> str:
        """An address to answer at."""
        key = f"hook-{self.state.number('hook')}"
        until = time.monotonic() + limit("response_url_seconds")
        self.api.hooks[key] = Hook(user, channel, until, said)
        return f"{self.state.address}/commands/{key}"

    def command(self, person: User, room: Channel, text: str, command: str) -> Json:
        """A slash command."""
        named = {"dm": "directmessage", "private": "privategroup"}.get(room.kind, room.name)
        payload = {
            "token": "verification-token",
            "team_id": person.team,
            "team_domain": "lab" if person.team == self.state.team else "elsewhere",
            "channel_id": room.id,
            "channel_name": named,
            "user_id": person.id,
            "user_name": person.name.lower().replace(" ", "."),
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": self.state.org,
            "response_url": self.response_url(person.id, room.id),
            "trigger_id": self.trigger(person.id),
        }
        if self.state.enterprise:
            payload |= {"enterprise_id": self.state.enterprise, "enterprise_name": "Hill Org"}
        return payload

    def _common(self, kind: str, person: User) -> Json:
        state = self.state
        return {
            "type": kind,
            "team": {"id": state.team, "domain": "lab"}
            | (
                {"enterprise_id": state.enterprise, "enterprise_name": "Hill Org"} if state.enterprise else {}
            ),
            "user": {
                "id": person.id,
                "username": person.name.lower().replace(" ", "."),
                "name": person.name.lower().replace(" ", "."),
                "team_id": person.team,
            },
            "api_app_id": APP,
            "token": "verification-token",
            "trigger_id": self.trigger(person.id),
            "enterprise": {"id": state.enterprise, "name": "Hill Org"} if state.enterprise else None,
            "is_enterprise_install": self.state.org,
        }

    def press(self, person: User, said: Message, action: Json) -> Json:
        """A press on an element of a message."""
        container: Json = {
            "type": "message",
            "message_ts": said.ts,
            "channel_id": said.channel,
            "is_ephemeral": bool(said.seen_by),
        }
        if said.thread_ts:
            container["thread_ts"] = said.thread_ts
        room = self.state.channels[said.channel]
        payload = self._common("block_actions", person) | {
            "container": container,
            "channel": {"id": room.id, "name": "directmessage" if room.kind == "dm" else room.name},
            "state": {"values": initial_values({"blocks": said.blocks})},
            "response_url": self.response_url(person.id, room.id, said),
            "actions": [action | {"action_ts": self.state.ts()}],
        }
        if not said.seen_by:
            payload["message"] = shapes.message(self.state, said, metadata=True)
        return payload

    def press_in_view(self, person: User, view: View, action: Json) -> Json:
        """A press on an element of a modal or of the App Home."""
        return self._common("block_actions", person) | {
            "container": {"type": "view", "view_id": view.id},
            "view": shapes.view(self.state, view),
            "actions": [action | {"action_ts": self.state.ts()}],
        }

    def shortcut(self, person: User, said: Message, callback_id: str) -> Json:
        """A shortcut on a message."""
        room = self.state.channels[said.channel]
        payload = self._common("message_action", person) | {
            "action_ts": self.state.ts(),
            "callback_id": callback_id,
            "channel": {"id": room.id, "name": "directmessage" if room.kind == "dm" else room.name},
            "message_ts": said.ts,
            "message": shapes.message(self.state, said, metadata=True),
            "response_url": self.response_url(person.id, room.id),
        }
        payload.pop("api_app_id")
        payload["user"].pop("username")
        return payload

    def submission(self, person: User, view: View) -> Json:
        """A modal that is submitted."""
        return self._common("view_submission", person) | {"view": shapes.view(self.state, view)}

    def closing(self, person: User, view: View) -> Json:
        """A modal that is closed."""
        payload = self._common("view_closed", person) | {
            "view": shapes.view(self.state, view),
            "is_cleared": False,
        }
        payload.pop("trigger_id")
        return payload


def find_element(blocks: list[Json], action_id: str, value: Any) -> tuple[Json, Json] | None:
    """The block and its element with that action id (and that value, where one is given)."""
    for block in blocks:
        for element in [*(block.get("elements") or []), block.get("accessory"), block.get("element")]:
            if not isinstance(element, dict) or element.get("action_id") != action_id:
                continue
            if element["type"] != "button" or value is None or element.get("value") == value:
                return block, element
    return None


def action_of(block: Json, element: Json, value: Any, state_of: Any) -> Json:
    """What the platform says of the element that was used."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
    }
    for name in ("text", "value", "style", "url", "placeholder", "confirm"):
        if name in element:
            action[name] = element[name]
    if element["type"] == "overflow":
        chosen = next(option for option in element["options"] if option["value"] == value)
        return action | {"selected_option": chosen}
    if element["type"] != "button":
        action |= {name: found for name, found in state_of(element, value).items() if name != "type"}
    return action
