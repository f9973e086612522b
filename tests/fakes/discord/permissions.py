"""What somebody may do where: roles, then what a channel grants and denies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord.errors import RefusedError

if TYPE_CHECKING:
    from tests.fakes.discord.state import Channel, State

NAMES = {
    "ADMINISTRATOR": 3,
    "MANAGE_CHANNELS": 4,
    "MANAGE_GUILD": 5,
    "ADD_REACTIONS": 6,
    "VIEW_CHANNEL": 10,
    "SEND_MESSAGES": 11,
    "MANAGE_MESSAGES": 13,
    "EMBED_LINKS": 14,
    "ATTACH_FILES": 15,
    "READ_MESSAGE_HISTORY": 16,
    "MENTION_EVERYONE": 17,
    "USE_EXTERNAL_EMOJIS": 18,
    "CONNECT": 20,
    "USE_APPLICATION_COMMANDS": 31,
    "MANAGE_THREADS": 34,
    "CREATE_PUBLIC_THREADS": 35,
    "CREATE_PRIVATE_THREADS": 36,
    "SEND_MESSAGES_IN_THREADS": 38,
    "PIN_MESSAGES": 51,
}
ALL = sum(1 << bit for bit in NAMES.values())
#: What @everyone may do in a new guild.
MEMBERS = ALL & ~sum(
    1 << NAMES[name]
    for name in (
        "ADMINISTRATOR",
        "MANAGE_CHANNELS",
        "MANAGE_GUILD",
        "MANAGE_MESSAGES",
        "MANAGE_THREADS",
        "PIN_MESSAGES",
    )
)
DM = sum(
    1 << NAMES[name]
    for name in (
        "ADD_REACTIONS",
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "EMBED_LINKS",
        "ATTACH_FILES",
        "READ_MESSAGE_HISTORY",
        "USE_EXTERNAL_EMOJIS",
        "USE_APPLICATION_COMMANDS",
    )
)


def bits(*names: str) -> int:
    """The permissions of these names as one number."""
    return sum(1 << NAMES[name] for name in names)


def guild_permissions(state: State, guild: str, user: str) -> int:
    """What somebody may do in the guild, before any channel has its say."""
    home = state.guilds[guild]
    if home.owner == user:
        return ALL
    member = home.members.get(user)
    if member is None:
        return 0
    granted = home.roles[guild].permissions
    for role in member.roles:
        granted |= home.roles[role].permissions
    return ALL | granted if granted & bits("ADMINISTRATOR") else granted


def permissions(state: State, channel: Channel, user: str) -> int:
    """What somebody may do in the channel; a thread has those of its parent."""
    if channel.kind == "dm":
        return DM if user in channel.members else 0
    if channel.parent is not None:
        return permissions(state, state.channels[channel.parent], user)
    guild = str(channel.guild)
    base = guild_permissions(state, guild, user)
    if base & bits("ADMINISTRATOR"):
        return base
    member = state.guilds[guild].members.get(user)
    if member is None:
        return 0
    allow, deny = channel.overwrites.get(guild, (0, 0))
    base = base & ~deny | allow
    allow = deny = 0
    for role in member.roles:
        more, less = channel.overwrites.get(role, (0, 0))
        allow, deny = allow | more, deny | less
    base = base & ~deny | allow
    allow, deny = channel.overwrites.get(user, (0, 0))
    base = base & ~deny | allow
    return base if base & bits("VIEW_CHANNEL") else 0


def may(state: State, channel: Channel, user: str, *names: str) -> bool:
    """Whether somebody has all these permissions in the channel."""
    wanted = bits(*names)
    return permissions(state, channel, user) & wanted == wanted


def need(state: State, channel: Channel, user: str, *names: str) -> None:
    """Refuse what the user may not do: 50001 where they can't even look, else 50013."""
    if not may(state, channel, user, "VIEW_CHANNEL"):
        raise RefusedError(50001)
    if not may(state, channel, user, *names):
        raise RefusedError(50013)
