"""What happens on the platform, whoever does it: messages, edits, reactions, threads, and the events they cause."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.permissions import may
from tests.fakes.discord.pings import pinged
from tests.fakes.discord.state import (
    BOT_USER,
    HAS_THREAD,
    Channel,
    Guild,
    Json,
    Member,
    Message,
    State,
    stamp,
)

#: Takes an event, its data, and the guild it belongs to (none: direct messages).
Emit = Callable[[str, Json, str | None], None]


class World:
    """The platform with the app on it. `emit` tells the app of an event.

    `granted` are the privileged intents that are switched on in the portal: `MESSAGE_CONTENT`, `GUILD_MEMBERS`.
    """

    def __init__(self, state: State, emit: Emit) -> None:
        self.state, self._emit = state, emit
        self.granted: set[str] = set()

    # -- events --

    def tell(self, name: str, data: Json, room: Channel | None = None, guild: str | None = None) -> None:
        """Tell the app, if it is in that guild and sees that channel."""
        state = self.state
        if room is not None:
            guild = room.guild
            if not may(state, room, BOT_USER, "VIEW_CHANNEL"):
                return
        if guild is not None and not state.guilds[guild].bot_in:
            return
        self._emit(name, data, guild)
        state.changed.notify_all()

    def place(self, said: Message) -> Channel:
        """The channel or thread that the message stands in."""
        return self.state.channels[said.place]

    # -- messages --

    def post(self, said: Message) -> Message:
        """Put a message where it belongs, ring at people, tell the app. An archived thread wakes up."""
        state, room = self.state, self.place(said)
        if room.parent is not None and room.archived and not said.system:
            self.change_thread(room, archived=False)
        said.said_at = said.said_at or state.now()
        state.messages[said.ts] = said
        state.timeline.setdefault(said.place, []).append(said)
        said.pinged = pinged(state, room, said)
        for name in said.files:
            state.files[name].channel, state.files[name].message = said.place, said.ts
        if room.parent is not None and not said.seen_by:
            room.members |= {said.user} | {one for one in said.pinged if one != "@everyone"}
        if not said.seen_by:
            self.tell("MESSAGE_CREATE", self._event(said, room), room)
        state.changed.notify_all()
        return said

    def _event(self, said: Message, room: Channel) -> Json:
        data = shapes.message(self.state, said)
        if room.guild is None:
            return data | {"channel_type": 1}
        data |= {"guild_id": room.guild, "channel_type": room.type}
        member = self.state.guilds[room.guild].members.get(said.user)
        if member is not None and not said.webhook:
            data["member"] = shapes.member(self.state, member, full=False)
        for one in data["mentions"]:
            there = self.state.guilds[room.guild].members.get(one["id"])
            if there is not None:
                one["member"] = shapes.member(self.state, there, full=False)
        return data

    def edit(self, said: Message, **changes: Any) -> None:
        """Change a message: `text`, `embeds`, `blocks`, `files`, `flags`."""
        said.keep()
        for name, value in changes.items():
            setattr(said, name, value)
        for name in said.files:
            self.state.files[name].channel, self.state.files[name].message = said.place, said.ts
        said.edited = self.state.now()
        self._changed(said)

    def fill(self, said: Message, **changes: Any) -> None:
        """Put into a message that was announced what it says: no edit, and rings at nobody."""
        for name, value in changes.items():
            setattr(said, name, value)
        for one in said.files:
            self.state.files[one].channel, self.state.files[one].message = said.place, said.ts
        self._changed(said)

    def _changed(self, said: Message) -> None:
        said.edited_at = time.monotonic()
        room = self.place(said)
        if not said.seen_by:
            self.tell("MESSAGE_UPDATE", self._event(said, room), room)
        self.state.changed.notify_all()

    def delete(self, said: Message) -> None:
        """Delete a message. A thread that hangs under it stays."""
        said.deleted = True
        for name in said.files:
            self.state.files[name].deleted = True
        room = self.place(said)
        data = {"id": said.ts, "channel_id": said.place} | ({"guild_id": room.guild} if room.guild else {})
        if not said.seen_by:
            self.tell("MESSAGE_DELETE", data, room)
        self.state.changed.notify_all()

    # -- reactions --

    def react(self, said: Message, name: str, user: str) -> None:
        """Put a reaction on a message; nothing if it is there."""
        users = said.reactions.setdefault(name, [])
        if user in users:
            return
        users.append(user)
        data = self._reaction(said, name, user) | {"message_author_id": said.user, "burst": False, "type": 0}
        room = self.place(said)
        if room.guild and user in self.state.guilds[room.guild].members:
            data["member"] = shapes.member(self.state, self.state.guilds[room.guild].members[user])
        self.tell("MESSAGE_REACTION_ADD", data, room)
        self.state.changed.notify_all()

    def unreact(self, said: Message, name: str, user: str) -> None:
        """Take a reaction away; nothing if it isn't there."""
        users = said.reactions.get(name, [])
        if user not in users:
            return
        users.remove(user)
        if not users:
            del said.reactions[name]
        data = self._reaction(said, name, user) | {"burst": False, "type": 0}
        self.tell("MESSAGE_REACTION_REMOVE", data, self.place(said))
        self.state.changed.notify_all()

    def _reaction(self, said: Message, name: str, user: str) -> Json:
        guild = self.place(said).guild
        shape = {
            "user_id": user,
            "channel_id": said.place,
            "message_id": said.ts,
            "emoji": shapes.emoji(name),
        }
        return shape | ({"guild_id": guild} if guild else {})

    # -- threads --

    def start_thread(
        self,
        parent: Channel,
        name: str,
        by: str,
        *,
        under: Message | None = None,
        private: bool = False,
        archive: int = 1440,
    ) -> Channel:
        """A new thread, under a message or by itself."""
        state = self.state
        if under is not None and under.ts in state.channels:
            raise RefusedError(160004)
        thread = Channel(
            under.ts if under else state.id(),
            name,
            "private-thread" if private else "thread",
            parent.guild,
            {by},
            parent=parent.id,
            owner=by,
            auto_archive=archive,
            created_at=state.now(),
        )
        state.channels[thread.id] = thread
        data = shapes.thread(state, thread) | {"newly_created": True}
        self.tell("THREAD_CREATE", data, thread)
        if under is not None:
            under.flags |= HAS_THREAD
            self._told_of_thread(parent, under)
            self._first_line(thread, by, under)
        state.changed.notify_all()
        return thread

    def _told_of_thread(self, parent: Channel, under: Message) -> None:
        if not under.seen_by:
            self.tell("MESSAGE_UPDATE", self._event(under, parent), parent)

    def _first_line(self, thread: Channel, by: str, under: Message) -> None:
        line = Message(
            str(thread.parent), self.state.id(), by, thread_ts=thread.id, type=21, reference=under.ts
        )
        self.post(line)

    def change_thread(self, thread: Channel, **changes: Any) -> None:
        """Archive a thread, wake it, lock it, rename it."""
        for name, value in changes.items():
            setattr(thread, name, value)
        self.tell("THREAD_UPDATE", shapes.thread(self.state, thread), thread)
        self.state.changed.notify_all()

    def join_thread(self, thread: Channel, user: str) -> None:
        """Put somebody into a thread."""
        if user in thread.members:
            return
        thread.members.add(user)
        data: Json = {
            "id": thread.id,
            "guild_id": thread.guild,
            "member_count": len(thread.members),
            "added_members": [shapes.thread_member(self.state, thread, user)],
        }
        self.tell("THREAD_MEMBERS_UPDATE", data, thread)

    # -- guilds --

    @property
    def application_flags(self) -> int:
        """The privileged intents of the portal, as the application's flags (those of a small app)."""
        flags = {"GUILD_PRESENCES": 1 << 13, "GUILD_MEMBERS": 1 << 15, "MESSAGE_CONTENT": 1 << 19}
        return sum(bit for name, bit in flags.items() if name in self.granted)

    def uninstall(self, home: Guild) -> None:
        """Take the app out of a guild; it hears of it."""
        self.tell("GUILD_DELETE", {"id": home.id}, guild=home.id)
        home.bot_in = False
        home.members.pop(BOT_USER, None)
        self.state.commands.pop(home.id, None)
        self.state.changed.notify_all()

    def guild_event(self, home: Guild, *, joined: bool = False) -> Json:
        """A guild as `GUILD_CREATE` carries it; where the app just `joined`, it doesn't say `unavailable`."""
        state = self.state
        rooms = [room for room in state.channels.values() if room.guild == home.id and not room.deleted]
        seen = [room for room in rooms if may(state, room, BOT_USER, "VIEW_CHANNEL")]
        everybody = "GUILD_MEMBERS" in self.granted
        members = [one for one in home.members.values() if everybody or one.user == BOT_USER]
        return shapes.guild(state, home) | {
            "joined_at": stamp_of(home.members.get(BOT_USER)),
            "large": False,
            **({} if joined else {"unavailable": False}),
            "member_count": len(home.members),
            "voice_states": [],
            "members": [shapes.member(state, one) for one in members],
            "channels": [shapes.channel(state, room) for room in rooms if room.parent is None],
            "threads": [
                shapes.thread(state, room) for room in seen if room.parent is not None and not room.archived
            ],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def stamp_of(member: Member | None) -> str:
    """When somebody joined."""
    return stamp(member.joined_at if member else 0)
