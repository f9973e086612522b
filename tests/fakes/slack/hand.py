"""The test's hand in the workspace: what people do there, and what they see."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.fakes.slack import shapes
from tests.fakes.slack.payloads import action_of, escaped, find_element, typed
from tests.fakes.slack.reading import Reading
from tests.fakes.slack.state import BOT_USER, Channel, File, Json, Kind, Message, Sent, User, View
from tests.fakes.slack.views import STATELESS, field_value


class Hand(Reading):
    """What people do. All of it may be called from any thread.

    What goes to the app and can be answered gives a `Sent`; with `wait` it is given once the app answered or
    the platform gave up waiting, three seconds later.
    """

    # -- people and places --

    def add_user(
        self,
        user: str,
        name: str = "",
        *,
        admin: bool = False,
        guest: bool = False,
        deleted: bool = False,
        team: str | None = None,
        bot: bool = False,
        org_admin: bool = False,
    ) -> User:
        """Somebody joins; a `team` other than the workspace's makes them a stranger from outside."""
        with self.state.changed:
            person = User(user, name or user, admin, guest, deleted, team or self.state.team, bot, org_admin)
            self.state.users[user] = person
            return person

    def add_channel(
        self,
        channel: str,
        name: str = "",
        kind: Kind = "public",
        members: list[str] | None = None,
        *,
        bot_in: bool = True,
        shared: bool | None = None,
        archived: bool = False,
        made_by: str = "",
    ) -> Channel:
        """A conversation; `shared` with another organisation by default if one of its people is in it."""
        with self.state.changed:
            who = set(members or ())
            if shared is None:
                shared = any(
                    self.state.users[one].team != self.state.team for one in who if one in self.state.users
                )
            room = Channel(channel, name or channel.lower(), kind, who, bot_in, shared, archived, made_by)
            self.state.channels[channel] = room
            return room

    def dm(self, user: str) -> str:
        """The id of the conversation between that person and the app."""
        with self.state.changed:
            return self.state.dm_of(user).id

    def change_user(self, user: str, **changes: Any) -> None:
        """Change somebody's name or flags; the app hears `user_change`."""
        with self.state.changed:
            person = self.state.users[user]
            for name, value in changes.items():
                setattr(person, name, value)
            ts = self.state.ts()
            event = {
                "type": "user_change",
                "user": shapes.user(self.state, person),
                "cache_ts": int(float(ts)),
                "event_ts": ts,
            }
            self.workspace.emit(event)

    def archive(self, channel: str, by: str = "U0ADMIN") -> None:
        """Archive a channel; the app hears of it."""
        with self.state.changed:
            room = self.state.channels[channel]
            room.archived = True
            name = "channel_archive" if room.kind == "public" else "group_archive"
            event = {"type": name, "channel": channel, "user": by, "is_moved": 0, "event_ts": self.state.ts()}
            self.workspace.emit(event, room)

    def kick(self, channel: str, by: str = "U0ADMIN") -> None:
        """Take the app out of a channel; it hears of it."""
        with self.state.changed:
            room = self.state.channels[channel]
            name = "channel_left" if room.kind == "public" else "group_left"
            room.bot_in = False
            event = {"type": name, "channel": channel, "actor_id": by, "event_ts": self.state.ts()}
            self.workspace.emit(event, room)

    def invite(self, channel: str) -> None:
        """Put the app into a channel; it hears that it joined."""
        with self.state.changed:
            room = self.state.channels[channel]
            room.bot_in = True
            event = {
                "type": "member_joined_channel",
                "user": BOT_USER,
                "channel": channel,
                "channel_type": "C" if room.kind == "public" else "G",
                "team": self.state.team,
                "event_ts": self.state.ts(),
            }
            self.workspace.emit(event, room)

    def uninstall(self) -> None:
        """Remove the app: its tokens die, and it hears `app_uninstalled`."""
        self.revoke("account_inactive", event="app_uninstalled")

    def revoke(self, error: str = "token_revoked", *, event: str = "tokens_revoked") -> None:
        """The bot's token is good no more; every call answers `error`."""
        with self.state.changed:
            told: Json = {"type": event}
            if event == "tokens_revoked":
                told["tokens"] = {"oauth": [], "bot": [BOT_USER]}
            self.workspace.emit(told)
            self.workspace.refusal = error

    # -- commands, presses, forms --

    def command(
        self, user: str, channel: str, text: str = "", command: str = "/paper", *, wait: bool = True
    ) -> Sent:
        """Type a slash command. The app need not be in the channel."""
        with self.state.changed:
            known = self.workspace.commands
            if known is not None and command not in known:
                raise AssertionError(f"{command} is not a command of the app's manifest: {sorted(known)}")
            room, person = self.state.channels[channel], self.state.users[user]
            words = typed(text) if command in self.workspace.escaped_commands else escaped(text)
            payload = self.payloads.command(person, room, words.strip(), command)
            sent = self.send("slash_commands", payload)
        return self._answered(sent, wait=wait, channel=channel, user=user)

    def press(
        self, user: str, on: Message | View, action_id: str, value: Any = None, *, wait: bool = True
    ) -> Sent:
        """Press a button, choose from a menu or tick boxes. `value` tells buttons apart, and is what is chosen.

        What was chosen in a view goes along with every later press there, as on the platform.
        """
        with self.state.changed:
            blocks = on.blocks if isinstance(on, Message) else on.body["blocks"]
            found = find_element(blocks, action_id, value)
            if found is None:
                raise AssertionError(
                    f"nothing with the action id {action_id!r} and the value {value!r} is there"
                )
            assert self.workspace.interactive, "the manifest has interactivity off"
            action = action_of(*found, value, field_value)
            person, (block, element) = self.state.users[user], found
            if isinstance(on, Message):
                payload = self.payloads.press(person, on, action)
            else:
                if element["type"] not in STATELESS:
                    on.values[block["block_id"]][action_id] = field_value(element, value)
                payload = self.payloads.press_in_view(person, on, action)
            sent = self.send("interactive", payload)
        return self._answered(sent, wait=wait)

    def shortcut(self, user: str, channel: str, ts: str, callback_id: str, *, wait: bool = True) -> Sent:
        """Choose a shortcut from a message's menu."""
        with self.state.changed:
            known = self.workspace.shortcuts
            if known is not None and callback_id not in known:
                raise AssertionError(
                    f"{callback_id} is not a shortcut of the app's manifest: {sorted(known)}"
                )
            said = self._message(channel, ts)
            sent = self.send("interactive", self.payloads.shortcut(self.state.users[user], said, callback_id))
        return self._answered(sent, wait=wait)

    def submit(self, user: str, view_id: str, values: Json | None = None, *, wait: bool = True) -> Sent:
        """Fill in a modal and submit it. `values`: by block id or action id, what is typed or chosen.

        The answer's `response_action` is carried out: errors are shown, the view changes, closes or stays.
        """
        with self.state.changed:
            view = self.state.views[view_id]
            assert view.open, "that modal is closed"
            assert "submit" in view.body, "that modal has no submit button"
            self._fill(view, dict(values or {}))
            sent = self.send("interactive", self.payloads.submission(self.state.users[user], view))
            if wait:
                sent.on_answer = partial(self.take_answer, view)
        return self._answered(sent, wait=wait)

    def close_view(self, user: str, view_id: str) -> Sent | None:
        """Close a modal; the app hears of it if it asked to."""
        with self.state.changed:
            view = self.state.views[view_id]
            view.open = False
            self.state.changed.notify_all()
            if not view.body.get("notify_on_close"):
                return None
            sent = self.send("interactive", self.payloads.closing(self.state.users[user], view))
        return self._answered(sent, wait=True)

    def open_home(self, user: str) -> None:
        """Look at the App Home."""
        with self.state.changed:
            room = self.state.dm_of(user)
            event: Json = {
                "type": "app_home_opened",
                "user": user,
                "channel": room.id,
                "tab": "home",
                "event_ts": self.state.ts(),
            }
            home = self.state.homes.get(user)
            if home:
                event["view"] = shapes.view(self.state, home)
            self.workspace.emit(event)

    def _fill(self, view: View, values: Json) -> None:
        for block in view.body["blocks"]:
            if block.get("type") != "input":
                continue
            element = block["element"]
            for name in (block["block_id"], element["action_id"]):
                if name in values:
                    given = values.pop(name)
                    view.values[block["block_id"]] = {element["action_id"]: field_value(element, given)}
            self._check_field(block, element, view.values[block["block_id"]][element["action_id"]])
        assert not values, f"the modal has no such fields: {sorted(values)}"

    def _check_field(self, block: Json, element: Json, state: Json) -> None:
        """What the platform's own window does not let through."""
        filled = next((value for name, value in state.items() if name != "type"), None)
        assert filled or block.get("optional"), f"the window asks to fill in {block['block_id']}"
        if element["type"] == "plain_text_input" and filled:
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            assert least <= len(filled) <= most, f"the window wants {least} to {most} characters"

    # -- messages --

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: list[str] | None = None,
    ) -> str:
        """Write a message, as typed (the platform escapes and links it); its `ts`."""
        with self.state.changed:
            if self.state.channels[channel].kind == "dm":
                assert self.workspace.messages_tab, "the manifest lets nobody write to the app"
            said = self._typed(user, channel, text, thread_ts)
            return (self.workspace.share(files, said) if files else self.workspace.post(said)).ts

    def integration(self, channel: str, text: str, username: str = "ci") -> str:
        """An incoming webhook of old writes a message (`bot_message`, without a user); its `ts`."""
        with self.state.changed:
            said = Message(channel, self.state.ts(), username, text, subtype="bot_message")
            return self.workspace.post(said).ts

    def mention(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, files: list[str] | None = None
    ) -> str:
        """Write a message that begins with the app's name; its `ts`."""
        return self.say(user, channel, f"<@{BOT_USER}> {text}", thread_ts, files)

    def drop(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes,
        mimetype: str = "application/pdf",
        thread_ts: str | None = None,
        text: str = "",
        **oddities: Any,
    ) -> str:
        """Drop a file, with words if `text` is given; the message's `ts`. Oddities: the fields of `File`."""
        with self.state.changed:
            file = self.add_file(user, name, content, mimetype, **oddities)
            return self.workspace.share([file], self._typed(user, channel, text, thread_ts)).ts

    def add_file(
        self, user: str, name: str, content: bytes, mimetype: str = "application/pdf", **oddities: Any
    ) -> str:
        """A file that no message shows yet; its id."""
        with self.state.changed:
            file = File(self.state.id("F"), name, user, mimetype, content, created=shapes.now(), **oddities)
            self.state.files[file.id] = file
            return file.id

    def _typed(self, user: str, channel: str, text: str, thread_ts: str | None) -> Message:
        words = typed(text)
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        block = {"type": "rich_text", "block_id": self.state.id("blk"), "elements": [section]}
        return Message(
            channel=self.state.channels[channel].id,
            ts=self.state.ts(),
            user=user,
            text=words,
            blocks=[block] if text else [],
            thread_ts=thread_ts,
        )

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put a reaction on a message."""
        with self.state.changed:
            self.workspace.react(self._message(channel, ts), name, user, added=True)

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take one's reaction away."""
        with self.state.changed:
            self.workspace.react(self._message(channel, ts), name, user, added=False)

    def edit_message(self, channel: str, ts: str, text: str) -> None:
        """Somebody changes their own message."""
        with self.state.changed:
            self.workspace.edit(self._message(channel, ts), text=typed(text), blocks=[])

    def delete_message(self, channel: str, ts: str) -> None:
        """Somebody deletes a message: their own, or (an admin) the app's."""
        with self.state.changed:
            self.workspace.delete(self._message(channel, ts))

    def _message(self, channel: str, ts: str) -> Message:
        said = self.state.message(channel, ts)
        if said is None:
            raise AssertionError(f"there is no message {ts} in {channel}")
        return said
