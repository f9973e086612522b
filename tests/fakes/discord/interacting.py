"""What people do with the app: commands, presses, choices, forms, entries of a message's menu."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from tests.fakes.discord import shapes, window
from tests.fakes.discord.drawn import INPUT, LABEL, SELECTS, UPLOAD, every, find
from tests.fakes.discord.permissions import may, permissions
from tests.fakes.discord.reading import Reading
from tests.fakes.discord.state import APP, BOT_USER, GUILD, NO_ANSWER, Channel, Json, Message, Modal, Sent


class Interacting(Reading):
    """All of it may be called from any thread.

    Each gives a `Sent`; with `wait` it is given once the app answered or the platform gave up waiting, three
    seconds later (`answer_within`).
    """

    answer_within: float
    _loop: asyncio.AbstractEventLoop

    def command(
        self,
        user: str,
        channel: str,
        name: str,
        /,
        *,
        thread: str | None = None,
        wait: bool = True,
        **options: Any,
    ) -> Sent:
        """Type a slash command: `paper make` with its options. A file is the id of one (`add_file`)."""
        with self.state.changed:
            first, *path = name.split()
            room = self._seen_by(user, thread or channel)
            known = window.find_command(self.state, room, user, first)
            data = window.fill(self.state, room, known, path, options)
            sent = self._send("command", 2, user, room, data)
        return self._answered(sent, wait=wait)

    def autocomplete(
        self, user: str, channel: str, name: str, focused: str, /, *, wait: bool = True, **typed: Any
    ) -> Sent:
        """Be in the middle of typing the option `focused`; what is offered is `choices`."""
        with self.state.changed:
            first, *path = name.split()
            room = self._seen_by(user, channel)
            known = window.find_command(self.state, room, user, first)
            data = window.fill(self.state, room, known, path, {focused: "", **typed}, focused)
            sent = self._send("autocomplete", 4, user, room, data)
        return self._answered(sent, wait=wait)

    def shortcut(self, user: str, channel: str, ts: str, name: str, *, wait: bool = True) -> Sent:
        """Choose an app's entry in a message's menu."""
        with self.state.changed:
            said = self.state.messages[ts]
            room = self._seen_by(user, said.place)
            known = window.find_command(self.state, room, user, name, 3)
            data = {"id": known["id"], "name": name, "type": 3, "target_id": ts}
            data["resolved"] = {"messages": {ts: shapes.message(self.state, said)}}
            sent = self._send("shortcut", 2, user, room, data)
        return self._answered(sent, wait=wait)

    def press(
        self, user: str, on: Message, action_id: str, value: str | None = None, *, wait: bool = True
    ) -> Sent:
        """Press a button, or choose `value` from a menu. See `drawn.find` for how it is named."""
        found = find(on.blocks, action_id, value)
        assert found is not None, f"nothing is called {action_id!r} ({value!r}) there: {on.shown!r}"
        if found["type"] in SELECTS:
            return self.choose(user, on, found["custom_id"], *([] if value is None else [value]), wait=wait)
        with self.state.changed:
            assert not found.get("disabled"), f"{action_id!r} can't be pressed"
            assert found.get("style") not in (5, 6), f"{action_id!r} is a link"
            data = {"component_type": 2, "custom_id": found["custom_id"], "id": found.get("id")}
            sent = self._send_of(user, on, "press", data)
        return self._answered(sent, wait=wait)

    def choose(self, user: str, on: Message, action_id: str, *values: str, wait: bool = True) -> Sent:
        """Choose entries of a menu, by their values (or ids of users, channels, roles)."""
        with self.state.changed:
            found = find(on.blocks, action_id)
            if found is None or found["type"] not in SELECTS:
                raise AssertionError(f"no menu is called {action_id!r}")
            room, data = self.state.channels[on.place], self._chosen(found, list(values))
            if found["type"] != 3:
                data["resolved"] = self._resolved(room, found["type"], list(values))
            sent = self._send_of(user, on, "choose", data)
        return self._answered(sent, wait=wait)

    def _chosen(self, menu: Json, values: list[str]) -> Json:
        assert not menu.get("disabled"), f"{menu['custom_id']} can't be chosen from"
        least, most = menu.get("min_values", 1), menu.get("max_values", 1)
        assert least <= len(values) <= most, f"the window wants {least} to {most} entries"
        known = {one["value"] for one in menu.get("options") or ()}
        assert menu["type"] != 3 or set(values) <= known, f"choose of {sorted(known)}"
        return {
            "component_type": menu["type"],
            "custom_id": menu["custom_id"],
            "id": menu.get("id"),
            "values": values,
        }

    def _resolved(self, room: Channel, kind: int, values: list[str]) -> Json:
        resolved: Json = {}
        for value in values:
            if value in self.state.users:
                window.resolve_user(self.state, room, value, resolved)
            elif kind == 8:
                window.resolve_channel(self.state, value, resolved)
            else:
                roles = self.state.guilds[str(room.guild)].roles
                resolved.setdefault("roles", {})[value] = shapes.role(roles[value])
        return resolved

    def submit(self, user: str, view_id: str, values: Json | None = None, *, wait: bool = True) -> Sent:
        """Fill in a modal and submit it. `values`: by custom id, what is typed or chosen, or ids of files.

        It closes once the app answered; if it does not, it stays open with an error.
        """
        with self.state.changed:
            modal = self.state.modals[view_id]
            assert modal.user == user, "that modal is somebody else's"
            assert modal.open, "that modal is not open"
            room = self.state.channels[modal.origin.payload["channel_id"]]
            resolved: Json = {}
            rows = self._filled(modal, dict(values or {}), room, resolved)
            data: Json = {"custom_id": modal.body["custom_id"], "components": rows}
            if resolved:
                data["resolved"] = resolved
            sent = self._send("submit", 5, user, room, data, on=modal.origin.on, origin=modal.origin)
        self._answered(sent, wait=wait)
        modal.open = sent.acked_at is None
        return sent

    def close_view(self, user: str, view_id: str) -> None:
        """Close a modal; the app never hears of it."""
        assert self.state.modals[view_id].user == user
        self.state.modals[view_id].open = False

    def _filled(self, modal: Modal, values: Json, room: Channel, resolved: Json) -> list[Json]:
        rows: list[Json] = []
        for row in modal.body["components"]:
            inner = row.get("component") or next(iter(row.get("components") or ()), None)
            if inner is None:
                continue  # a text to read
            name = inner["custom_id"]
            given = values.pop(name, None)
            field: Json = {"type": inner["type"], "id": inner["id"], "custom_id": name}
            if inner["type"] == INPUT:
                field["value"] = self._typed(inner, given)
                modal.values[name] = field["value"]
            else:
                chosen = [given] if isinstance(given, str) else list(given or ())
                least = inner.get("min_values", 1) if inner.get("required", True) else 0
                assert least <= len(chosen) <= inner.get("max_values", 1), f"the window wants more in {name}"
                field["values"] = modal.values[name] = chosen
                for one in chosen if inner["type"] == UPLOAD else ():
                    window.resolve_file(self.state, one, resolved)
                if inner["type"] in SELECTS - {3}:
                    resolved |= self._resolved(room, inner["type"], chosen)
            wrap = {"type": row["type"], "id": row["id"]}
            rows.append(wrap | ({"component": field} if row["type"] == LABEL else {"components": [field]}))
        assert not values, f"the modal has no such fields: {sorted(values)}"
        return rows

    def _typed(self, field: Json, given: Any) -> str:
        text = str(field.get("value") or "") if given is None else str(given)
        name = field["custom_id"]
        assert text or field.get("required") is False, f"the window asks to fill in {name}"
        least, most = field.get("min_length") or 0, field.get("max_length") or 4000
        assert not text or least <= len(text) <= most, (
            f"{name}: the window wants {least} to {most} characters"
        )
        return text

    # -- the payload --

    def _seen_by(self, user: str, place: str) -> Channel:
        room = self.state.channels[place]
        assert may(self.state, room, user, "VIEW_CHANNEL"), f"{user} does not see {place}"
        assert may(self.state, room, user, "USE_APPLICATION_COMMANDS"), (
            f"{user} may use no commands in {place}"
        )
        return room

    def _send_of(self, user: str, on: Message, kind: str, data: Json) -> Sent:
        room = self.state.channels[on.place]
        assert may(self.state, room, user, "VIEW_CHANNEL"), f"{user} does not see that message"
        assert on.seen_by in ("", user), f"{user} does not see that message"
        assert not on.deleted, "that message is gone"
        known = [one for one in every(on.blocks) if one.get("custom_id") == data["custom_id"]]
        assert known, "that is not there any more"
        return self._send(kind, 3, user, room, data, on=on)

    def _send(
        self,
        kind: str,
        number: int,
        user: str,
        room: Channel,
        data: Json,
        *,
        on: Message | None = None,
        origin: Sent | None = None,
    ) -> Sent:
        """Put an interaction on its way."""
        payload = self._payload(number, user, room, data, on)
        sent = Sent(
            kind, payload, payload["id"], user, token=payload["token"], created=self.state.now(), on=on
        )
        sent.origin = origin
        self.state.sent.append(sent)
        self.state.tokens[sent.token] = sent
        self.gateway.emit("INTERACTION_CREATE", payload, room.guild)
        self._loop.call_soon_threadsafe(self._loop.call_later, self.answer_within, self._give_up, sent)
        self.state.changed.notify_all()
        return sent

    def _payload(self, number: int, user: str, room: Channel, data: Json, on: Message | None) -> Json:
        state = self.state
        payload: Json = {
            "id": state.id(),
            "application_id": APP,
            "type": number,
            "data": data,
            "token": secrets.token_urlsafe(96),
            "version": 1,
            "channel_id": room.id,
            "channel": shapes.channel(state, room) | {"permissions": str(permissions(state, room, user))},
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": room.guild or "0"},
            "context": 0 if room.guild else 1,
            "attachment_size_limit": state.guilds[room.guild or GUILD].upload_bytes,
            "app_permissions": str(self._app_permissions(room)),
        }
        if room.guild:
            member = shapes.member(state, state.guilds[room.guild].members[user])
            payload["member"] = member | {"permissions": str(permissions(state, room, user))}
            payload["guild_id"], payload["guild_locale"] = room.guild, "en-US"
            payload["guild"] = {"id": room.guild, "locale": "en-US", "features": []}
        else:
            payload["user"] = shapes.user(state.users[user])
        if on is not None:
            payload["message"] = shapes.message(state, on)
        return payload

    def _app_permissions(self, room: Channel) -> int:
        home = self.state.guilds.get(room.guild or "")
        return permissions(self.state, room, BOT_USER) if home is None or home.bot_in else 0

    def _give_up(self, sent: Sent) -> None:
        with self.state.changed:
            if sent.acked_at is None:
                sent.error = NO_ANSWER
                sent.done.set()
            self.state.changed.notify_all()

    def _answered(self, sent: Sent, *, wait: bool) -> Sent:
        return self._waited(sent) if wait else sent
