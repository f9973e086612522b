"""Who somebody is and what kind of place a channel is, as Discord says; what was asked is believed for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import discord

from bots.discord.installation import PLATFORM, Door, guild_of, workspace_of
from bots.people import Person, Place, PlaceKind
from bots.remembered import Remembered
from storage.records import Record, Requester

#: Seconds that it is believed who belongs to a server, and who may do what there.
BELIEVED: Final = 300.0
#: What one file may have in a server without boosts, and in a direct message (bytes).
UPLOAD: Final = 10 * 1024 * 1024
#: So many servers are asked at most whether somebody is there: whoever writes to us directly says nothing of theirs.
_ASKED: Final = 200
#: Channels in which people say something.
_SPOKEN_IN: Final = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel)

#: Says in which of these workspaces somebody asked for a video last.
LastAsked = Callable[[str, list[str]], Awaitable[str | None]]


class Room(Record):
    """A channel's name, and whether we may read and write in it."""

    name: str
    present: bool


class Directory:
    """Knows what the gateway told, and asks Discord for the rest. Raises `discord.DiscordException`."""

    def __init__(self, client: discord.Client, door: Door, last_asked: LastAsked) -> None:
        self._client = client
        self._door = door
        self._last_asked = last_asked
        # Somebody who isn't there may join the next moment.
        self._members = Remembered(self._ask_member, seconds=BELIEVED, lasts=lambda person: not person.gone)
        self._homes = Remembered(self._ask_home, seconds=BELIEVED, lasts=lambda home: home is not None)
        self._names = Remembered(self._ask_name, seconds=BELIEVED)

    @property
    def us(self) -> int:
        """Our own user id."""
        return int(self._door.installation.user)

    def of_member(self, member: discord.Member) -> Person:
        """Somebody whom an event of a server came with."""
        rights = member.guild_permissions
        admin = rights.administrator or rights.manage_guild or member.guild.owner_id == member.id
        return Person(
            requester=_requester(member.guild.id, member, admin=admin),
            ours=self._door.open_to(member.guild.id),
            program=member.bot,
        )

    async def member(self, guild: int, user: int) -> Person:
        """Who this is in the server; `gone` when they aren't there."""
        known = self._client.get_guild(guild)
        cached = known.get_member(user) if known is not None else None
        return self.of_member(cached) if cached is not None else await self._members.get(f"{guild}:{user}")

    async def home(self, user: int) -> int | None:
        """The server that somebody who writes to us directly belongs to; `None` when it is none of ours.

        Of several, the one where they asked for a video last.
        """
        return await self._homes.get(str(user))

    async def direct(self, user: int, workspace: str = "") -> Person | None:
        """Who somebody is who writes to us directly; `None` for one without a home.

        In the `workspace` that it is about, if they are there, else at home.
        """
        about = guild_of(workspace)
        if about is not None and self._door.open_to(about):
            person = await self.member(about, user)
            if not person.gone:
                return person
        home = await self.home(user)
        return None if home is None else await self.member(home, user)

    async def name(self, user: int) -> str | None:
        """What somebody is called who is in no server that we ask about; `None` when there is nobody of that id."""
        return await self._names.get(str(user))

    def room(self, guild: int, channel: int) -> Room | None:
        """A channel of the server in which words are said; `None` for one that is hidden from all but some, us too."""
        known = self._client.get_guild(guild)
        there = known.get_channel(channel) if known is not None else None
        if known is None or not isinstance(there, _SPOKEN_IN):
            return None
        ours = there.permissions_for(known.me)
        if self.kind(there) != "public" and not ours.view_channel:
            return None
        return Room(name=there.name, present=ours.view_channel and ours.send_messages)

    def placed(self, channel: discord.abc.Messageable | discord.abc.GuildChannel, workspace: str) -> Place:
        """The place of that channel, or of that thread in its channel."""
        if isinstance(channel, discord.Thread):
            return Place(
                platform=PLATFORM,
                workspace=workspace,
                channel=str(channel.parent_id),
                kind=self.kind(channel),
                thread=str(channel.id),
            )
        name = str(getattr(channel, "id", ""))
        return Place(platform=PLATFORM, workspace=workspace, channel=name, kind=self.kind(channel))

    def kind(self, channel: object) -> PlaceKind:
        """A channel that everybody of the server may read is public; what isn't known counts as private."""
        if isinstance(channel, discord.DMChannel):
            return "dm"
        if isinstance(channel, discord.Thread):
            return "private" if channel.is_private() or channel.parent is None else self.kind(channel.parent)
        if isinstance(channel, discord.abc.GuildChannel):
            everyone = channel.permissions_for(channel.guild.default_role)
            # What is written in a voice channel is read by those who may go in.
            spoken = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
            reads = everyone.view_channel and (everyone.connect or not spoken)
            return "public" if reads else "private"
        return "private"

    def admins(self, workspace: str) -> tuple[str, ...]:
        """Those who look after the server, as far as they are known: Discord lists nobody without a privilege."""
        number = guild_of(workspace)
        guild = self._client.get_guild(number) if number is not None else None
        if guild is None or not self._door.open_to(guild.id):
            return ()
        known = [one.id for one in guild.members if not one.bot and one.guild_permissions.manage_guild]
        owner = [] if guild.owner_id is None else [guild.owner_id]
        return tuple(str(one) for one in dict.fromkeys([*owner, *known]))

    def upload_limit(self, workspace: str) -> int:
        """The most that one file may have there (bytes); what every server takes where none is known."""
        number = guild_of(workspace)
        guild = self._client.get_guild(number) if number is not None else None
        return UPLOAD if guild is None else guild.filesize_limit

    def forget(self, user: int, guild: int | None = None) -> None:
        """Ask anew about this person: something changed."""
        self._homes.forget(str(user))
        if guild is not None:
            self._members.forget(f"{guild}:{user}")

    async def _ask_name(self, user: str) -> str | None:
        try:
            return (await self._client.fetch_user(int(user))).display_name
        except discord.NotFound:
            return None

    async def _ask_member(self, key: str) -> Person:
        number, _, user = key.partition(":")
        guild = self._client.get_guild(int(number))
        if guild is None:
            return _nobody(number, user)
        try:
            return self.of_member(await guild.fetch_member(int(user)))
        except discord.NotFound:
            return _nobody(number, user)

    async def _ask_home(self, user: str) -> int | None:
        guilds = [one for one in self._client.guilds if self._door.open_to(one.id)][:_ASKED]
        there = [one.id for one in guilds if not (await self.member(one.id, int(user))).gone]
        if len(there) < 2:
            return there[0] if there else None
        last = await self._last_asked(user, [workspace_of(one) for one in there])
        return guild_of(last) if last is not None else there[0]


def _nobody(guild: str, user: str) -> Person:
    return Person(
        requester=Requester(workspace=workspace_of(guild), platform=PLATFORM, user=user),
        ours=False,
        gone=True,
    )


def _requester(guild: int, member: discord.Member, *, admin: bool) -> Requester:
    return Requester(
        workspace=workspace_of(guild),
        platform=PLATFORM,
        user=str(member.id),
        name=member.display_name,
        admin=admin,
    )
