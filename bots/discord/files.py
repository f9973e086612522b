"""Files that somebody dropped in Discord: their links expire, so the message is asked for a fresh one.

A file's id says where it hangs, "channel/message/attachment"; that of a file which came with a command is its
link, which is fresh. Files are fetched without our token.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import discord

from bots.discord.options import attached
from bots.fetching import FileHost, FileNotFetchedError, named_hosts
from bots.people import DroppedFile

_ADVICE: Final = "Drop it again."


@dataclass(frozen=True)
class Files:
    """Discord's files, on the hosts that are named."""

    client: discord.Client
    host: FileHost

    @classmethod
    def of(cls, client: discord.Client, session: aiohttp.ClientSession, hosts: str) -> Files:
        """The files of DISCORD_CDN_HOSTS (hosts with commas)."""
        return cls(client, FileHost("Discord", session, named_hosts(hosts), _ADVICE))

    @asynccontextmanager
    async def fetched(self, file: str) -> AsyncIterator[DroppedFile]:
        """The file, on this machine until the block ends.

        Raises `FileNotFetchedError` and `FileAwayError` with what is to be told, and `discord.HTTPException`.
        """
        address, about = await self._fresh(file)
        if not self.host.holds(address):
            raise FileNotFetchedError(
                "The file is not on a host that I fetch files from.",
                "Whoever runs Hidden Hill can name Discord’s file hosts in DISCORD_CDN_HOSTS.",
            )
        async with self.host.fetched(address, about) as fetched:
            yield fetched

    async def _fresh(self, file: str) -> tuple[str, DroppedFile]:
        """Where the file is now, and what it is."""
        if "://" in file:
            name = file.partition("?")[0].rpartition("/")[2]
            return file, DroppedFile(id=file, name=name, bytes=0)
        channel, message, attachment = file.split("/")
        try:
            said = await self.client.http.get_message(int(channel), int(message))
        except (discord.NotFound, discord.Forbidden) as error:
            raise FileNotFetchedError("The message with the file is gone.", "Drop it again.") from error
        for one in said.get("attachments") or ():
            if str(one["id"]) == attachment:
                return str(one["url"]), attached(one, file)
        raise FileNotFetchedError("The file is not in that message any more.", "Drop it again.")


def files_in(message: discord.Message) -> list[DroppedFile]:
    """The files of a message that was said."""
    said = [one.to_dict() | {"title": one.title} for one in message.attachments]
    return list(_named(message.channel.id, message.id, said))


def files_of_payload(message: dict[str, Any]) -> list[DroppedFile]:
    """The files of a message as an interaction shows it."""
    return list(_named(int(message["channel_id"]), int(message["id"]), message.get("attachments") or ()))


def _named(channel: int, message: int, said: Sequence[Any]) -> Iterator[DroppedFile]:
    for one in said:
        yield attached(one, f"{channel}/{message}/{one['id']}")
