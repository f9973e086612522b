"""Who we are by the word of our token, and which servers are listened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bots.people import Place
from storage.records import Record

PLATFORM: Final = "discord"
#: Flags of an application whose messages come with their words: after a review by Discord, or in few servers.
_CONTENT: Final = (1 << 18) | (1 << 19)


class Installation(Record):
    """The application and its bot. `content`: the portal lets it read messages that don't mention it.

    `public`: everybody may add it to their server.
    """

    app: str
    user: str
    name: str = ""
    content: bool = False
    public: bool = True

    @classmethod
    def of(cls, me: Mapping[str, Any], application: Mapping[str, Any]) -> Installation:
        """What `/users/@me` and `/applications/@me` answered."""
        return cls(
            app=str(application.get("id") or ""),
            user=str(me.get("id") or ""),
            name=str(me.get("username") or ""),
            content=bool(int(application.get("flags") or 0) & _CONTENT),
            public=bool(application.get("bot_public")),
        )


@dataclass(frozen=True)
class Door:
    """Lets in what comes from the servers that the app is for; an empty list means all that it is in."""

    installation: Installation
    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, installation: Installation, allowed_guilds: str) -> Door:
        """The door for DISCORD_ALLOWED_GUILDS (ids with commas)."""
        return cls(installation, ids_in(allowed_guilds))

    def open_to(self, guild: int | str) -> bool:
        """Whether people of this server may use the app."""
        return not self.allowed or str(guild) in self.allowed


def address(place: Place, message: str) -> str | None:
    """Where people find a message. A thread is a channel of its own, with the id of the message that it hangs under."""
    alone = place.kind == "dm"
    guild = None if alone else guild_of(place.workspace)
    thread = None if alone or place.thread == message else place.thread
    return f"https://discord.com/channels/{guild or '@me'}/{thread or place.channel}/{message}"


def ids_in(text: str) -> frozenset[str]:
    """The ids in a setting, which are separated by commas."""
    return frozenset(filter(None, (name.strip() for name in text.split(","))))


def workspace_of(guild: int | str) -> str:
    """A server's id in our database."""
    return f"{PLATFORM}:{guild}"


def guild_of(workspace: str) -> int | None:
    """The server of a workspace; `None` for a workspace of another platform."""
    platform, _, guild = workspace.partition(":")
    return int(guild) if platform == PLATFORM and guild.isdecimal() else None
