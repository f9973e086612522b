"""A port on a wire-level Discord, with the connection that it knows servers and people from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bots.discord.client import Api, api_session
from bots.discord.connection import Connection
from bots.discord.directory import Directory
from bots.discord.grants import Grants
from bots.discord.installation import Door
from bots.discord.port import DiscordPort, Keep
from bots.discord.service import who_we_are
from bots.people import Place
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.discord_client import addressed

T = TypeVar("T")

ADA, BOB = "2000000000000000001", "2000000000000000002"
LAB = "3000000000000000001"
WORKSPACE = f"discord:{GUILD}"


def at(channel: str = LAB, thread: str | None = None) -> Place:
    """A place in the guild."""
    return Place(platform="discord", workspace=WORKSPACE, channel=channel, kind="public", thread=thread)


async def forgotten(workspace: str, values: Mapping[str, str]) -> None:
    """Nothing is kept."""


def through(fake: FakeDiscord, work: Callable[[DiscordPort], Awaitable[T]], keep: Keep = forgotten) -> T:
    """What `work` does with a port of its own, which remembers nothing of others."""

    async def run() -> T:
        async with api_session() as session, Connection(content=False) as client:
            api = Api(session, fake.api_url, fake.bot_token)
            await client.login(fake.bot_token)
            stay = asyncio.create_task(client.stay())
            try:
                await client.wait_until_ready()
                directory = Directory(client, Door.of(await who_we_are(api), ""), nowhere)
                return await work(DiscordPort(api, directory, Grants(api, Once()), keep))
            finally:
                stay.cancel()
                await asyncio.gather(stay, return_exceptions=True)

    with addressed(fake):
        return asyncio.run(run())


class Once:
    """Says of an event whether it is asked about for the first time."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def __call__(self, event: str) -> bool:
        new = event not in self._seen
        self._seen.add(event)
        return new


async def nowhere(user: str, workspaces: list[str]) -> str | None:
    """Nobody asked for a video anywhere."""
    return None
