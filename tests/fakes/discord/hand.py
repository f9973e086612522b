"""The test's hand on the platform: people, places, messages, reactions."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.discord import shapes
from tests.fakes.discord.content import clean_name
from tests.fakes.discord.interacting import Interacting
from tests.fakes.discord.permissions import MEMBERS, bits, may
from tests.fakes.discord.state import (
    BOT_ROLE,
    BOT_USER,
    GUILD,
    Channel,
    File,
    Guild,
    Kind,
    Member,
    Message,
    Role,
    User,
)


class Hand(Interacting):
    """What people do. All of it may be called from any thread. Ids are digits; left out, they are made up."""

    #: What the invitation gave the app, and what @everyone may do, in every guild.
    permissions: int
    everyone: int

    # -- people and places --

    def add_guild(self, guild: str = "", name: str = "", *, bot_in: bool = True) -> Guild:
        """Another guild, with or without the app in it."""
        with self.state.changed:
            guild = guild or self.state.id()
            home = Guild(guild, name or f"guild {guild}", "", bot_in=bot_in)
            home.roles[guild] = Role(guild, "@everyone", self.everyone, 0)
            role = Role(
                BOT_ROLE if guild == GUILD else self.state.id(), "Hidden Hill", self.permissions, managed=True
            )
            home.roles[role.id] = role
            if bot_in:
                home.members[BOT_USER] = Member(BOT_USER, [role.id], joined_at=self.state.now())
            self.state.guilds[guild] = home
            if bot_in:
                self.world.tell("GUILD_CREATE", self.world.guild_event(home, joined=True), guild=guild)
            return home

    def add_user(
        self,
        user: str = "",
        name: str = "",
        *,
        admin: bool = False,
        bot: bool = False,
        guild: str | None = GUILD,
        roles: list[str] | None = None,
    ) -> User:
        """Somebody joins a guild (none: a stranger). `admin`: a role that may manage it;

        Add the same user once more to let them join another guild.
        """
        with self.state.changed:
            person = self.state.users.get(user) or User(user or self.state.id(), name or user, bot)
            self.state.users[person.id] = person
            if guild is not None:
                home = self.state.guilds[guild]
                one = Member(person.id, list(roles or ()), joined_at=self.state.now())
                if self.everyone != MEMBERS and not bot:
                    one.roles.append(self.add_role("People", MEMBERS, guild=guild).id)
                if admin:
                    one.roles.append(self.add_role("Admins", bits("ADMINISTRATOR"), guild=guild).id)
                home.members[person.id] = one
                home.owner = home.owner or person.id if admin else home.owner
                data = shapes.member(self.state, one) | {"guild_id": guild}
                self.world.tell("GUILD_MEMBER_ADD", data, guild=guild)
            return person

    def add_role(
        self, name: str, permissions: int = 0, *, guild: str = GUILD, mentionable: bool = False
    ) -> Role:
        """A role of the guild; the one of that name if there is one."""
        with self.state.changed:
            home = self.state.guilds[guild]
            for known in home.roles.values():
                if known.name == name:
                    return known
            role = Role(self.state.id(), name, permissions, len(home.roles), mentionable)
            home.roles[role.id] = role
            data = {"guild_id": guild, "role": shapes.role(role)}
            self.world.tell("GUILD_ROLE_CREATE", data, guild=guild)
            return role

    def add_channel(
        self,
        channel: str = "",
        name: str = "",
        kind: Kind = "public",
        members: list[str] | None = None,
        *,
        bot_in: bool = True,
        guild: str = GUILD,
    ) -> Channel:
        """A channel; a private one is seen by its members alone, and without `bot_in` not by the app."""
        with self.state.changed:
            room = Channel(
                channel or self.state.id(), name or "room", kind, guild, created_at=self.state.now()
            )
            seen = bits("VIEW_CHANNEL")
            if kind == "private":
                room.overwrites[guild] = (0, seen)
                room.overwrites |= dict.fromkeys(members or (), (seen, 0))
            if kind == "private" or not bot_in:
                room.overwrites[BOT_USER] = (seen, 0) if bot_in else (0, seen)
            room.position = len(self.state.channels)
            self.state.channels[room.id] = room
            self.world.tell("CHANNEL_CREATE", shapes.channel(self.state, room), room)
            return room

    def dm(self, user: str) -> str:
        """The id of the conversation between that person and the app."""
        with self.state.changed:
            return self.state.dm_of(user).id

    def change_user(self, user: str, **changes: Any) -> None:
        """Change somebody: `name`, `closed` (takes no direct messages)."""
        with self.state.changed:
            for name, value in changes.items():
                setattr(self.state.users[user], name, value)
            for home in self.state.guilds.values():
                if user in home.members:
                    data = shapes.member(self.state, home.members[user]) | {"guild_id": home.id}
                    self.world.tell("GUILD_MEMBER_UPDATE", data, guild=home.id)

    def leave(self, user: str, guild: str = GUILD) -> None:
        """Somebody leaves the guild."""
        with self.state.changed:
            del self.state.guilds[guild].members[user]
            data = {"guild_id": guild, "user": shapes.user(self.state.users[user])}
            self.world.tell("GUILD_MEMBER_REMOVE", data, guild=guild)

    def kick(self, channel: str) -> None:
        """Take the app out of a channel (it sees it no more), or out of a guild if that is what the id names."""
        with self.state.changed:
            if channel in self.state.guilds:
                self.world.uninstall(self.state.guilds[channel])
                return
            self.deny(channel, "VIEW_CHANNEL")

    def invite(self, channel: str) -> None:
        """Let the app see a channel, or put it into a guild."""
        with self.state.changed:
            if channel not in self.state.guilds:
                self.allow(channel, "VIEW_CHANNEL")
                return
            home = self.state.guilds[channel]
            home.bot_in = True
            role = next(one.id for one in home.roles.values() if one.managed)
            home.members[BOT_USER] = Member(BOT_USER, [role], joined_at=self.state.now())
            self.world.tell("GUILD_CREATE", self.world.guild_event(home, joined=True), guild=channel)

    def authorize(self, address: str, guild: str = GUILD) -> None:
        """Open an invitation's address and choose a guild: the app is there, with the permissions that it names."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == BOT_USER, "there is no such application"
        assert set(asked["scope"].split()) == {"bot", "applications.commands"}
        with self.state.changed:
            role = next(one for one in self.state.guilds[guild].roles.values() if one.managed)
            role.permissions = int(asked["permissions"])
            self.invite(guild)

    def uninstall(self, guild: str = GUILD) -> None:
        """Take the app out of a guild; it hears `GUILD_DELETE`."""
        self.kick(guild)

    def allow(self, channel: str, *rights: str, who: str = BOT_USER) -> None:
        """Grant permissions by name in a channel, to the app or to a role or person."""
        self._overwrite(channel, who, bits(*rights), 0)

    def deny(self, channel: str, *rights: str, who: str = BOT_USER) -> None:
        """Deny permissions by name in a channel, to the app or to a role or person."""
        self._overwrite(channel, who, 0, bits(*rights))

    def _overwrite(self, channel: str, who: str, granted: int, denied: int) -> None:
        with self.state.changed:
            room = self.state.channels[channel]
            before = may(self.state, room, BOT_USER, "VIEW_CHANNEL")
            allow, deny = room.overwrites.get(who, (0, 0))
            allow, deny = (allow | granted) & ~denied, (deny | denied) & ~granted
            told = shapes.channel(self.state, room)
            if before:  # it hears even of what it will not see any more
                self.world.tell("CHANNEL_UPDATE", told | self._overwritten(room, who, allow, deny), room)
            room.overwrites[who] = (allow, deny)
            if not before:
                self.world.tell("CHANNEL_UPDATE", shapes.channel(self.state, room), room)

    def _overwritten(self, room: Channel, who: str, allow: int, deny: int) -> dict[str, Any]:
        kept = room.overwrites
        room.overwrites = {**kept, who: (allow, deny)}
        shape = shapes.channel(self.state, room)["permission_overwrites"]
        room.overwrites = kept
        return {"permission_overwrites": shape}

    def grant(self, *rights: str, guild: str = GUILD) -> None:
        """Give the app's role permissions by name in the whole guild."""
        self._change_roles(guild, bits(*rights), 0)

    def withdraw(self, *rights: str, guild: str = GUILD) -> None:
        """Take permissions by name away from the app's role and from @everyone in the whole guild."""
        self._change_roles(guild, 0, bits(*rights))

    def _change_roles(self, guild: str, granted: int, withdrawn: int) -> None:
        with self.state.changed:
            roles = self.state.guilds[guild].roles
            own = next(one for one in roles.values() if one.managed)
            own.permissions = (own.permissions | granted) & ~withdrawn
            roles[guild].permissions &= ~withdrawn
            for one in (own, roles[guild]):
                data = {"guild_id": guild, "role": shapes.role(one)}
                self.world.tell("GUILD_ROLE_UPDATE", data, guild=guild)

    def archive(self, thread: str, *, locked: bool = False) -> None:
        """Close a thread."""
        with self.state.changed:
            self.world.change_thread(self.state.channels[thread], archived=True, locked=locked)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel or a thread; the app hears of it."""
        with self.state.changed:
            room = self.state.channels[channel]
            name = "THREAD_DELETE" if room.parent else "CHANNEL_DELETE"
            self.world.tell(name, shapes.channel(self.state, room), room)
            room.deleted = True

    # -- messages --

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: list[str] | None = None,
        *,
        reply_to: str | None = None,
    ) -> str:
        """Write a message; its `ts`. `thread_ts` is a thread, or a message: then a thread is begun under it.

        Direct messages have no threads: there `thread_ts` is what is replied to.
        """
        with self.state.changed:
            room = self.state.channels[channel]
            if room.kind == "dm":
                reply_to, thread_ts = reply_to or thread_ts, None
            elif room.parent is not None:
                channel, thread_ts = room.parent, channel
            if thread_ts is not None and thread_ts not in self.state.channels:
                self.thread(user, channel, thread_ts)
            place = self.state.channels[thread_ts or channel]
            assert may(self.state, place, user, "VIEW_CHANNEL", "SEND_MESSAGES"), (
                f"{user} may not write there"
            )
            said = Message(channel, self.state.id(), user, text, thread_ts=thread_ts, files=list(files or ()))
            if reply_to is not None:
                said.type, said.reference = 19, reply_to
            said.by_app = user == BOT_USER
            return self.world.post(said).ts

    def thread(self, user: str, channel: str, ts: str, name: str = "thread") -> str:
        """Begin a thread under a message; its id, which is the message's."""
        with self.state.changed:
            return self.world.start_thread(
                self.state.channels[channel], name, user, under=self._message(ts)
            ).id

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
            return self.say(user, channel, text, thread_ts, [file])

    def add_file(
        self, user: str, name: str, content: bytes, mimetype: str = "application/pdf", **oddities: Any
    ) -> str:
        """A file that no message shows yet, for a command or a form; its id."""
        with self.state.changed:
            file = File(self.state.id(), clean_name(name), user, mimetype, content, **oddities)
            self.state.files[file.id] = file
            return file.id

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put a reaction on a message: an emoji's character."""
        with self.state.changed:
            self.world.react(self._message(ts, channel), name, user)

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take one's reaction away."""
        with self.state.changed:
            self.world.unreact(self._message(ts, channel), name, user)

    def edit_message(self, channel: str, ts: str, text: str) -> None:
        """Somebody changes their own message."""
        with self.state.changed:
            self.world.edit(self._message(ts, channel), text=text)

    def delete_message(self, channel: str, ts: str) -> None:
        """Somebody deletes a message: their own, or (an admin) the app's."""
        with self.state.changed:
            self.world.delete(self._message(ts, channel))

    def _message(self, ts: str, channel: str | None = None) -> Message:
        said = self.state.messages.get(ts)
        there = said is not None and not said.deleted and channel in (None, said.channel, said.place)
        if said is None or not there:
            raise AssertionError(f"there is no message {ts} in {channel}")
        return said
