"""The real discord.py on real sockets against the fake Discord."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
import httpx
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord


@contextmanager
def addressed(fake: FakeDiscord) -> Iterator[None]:
    """discord.py has its addresses in two classes; they are put back afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = fake.environment["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.environment["DISCORD_GATEWAY_URL"])
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def bot_of(*, content: bool = True, members: bool = False, heartbeat_timeout: float = 60.0) -> commands.Bot:
    """A bot that asks for what ours asks for, and pings nobody by itself."""
    intents = discord.Intents(
        guilds=True, messages=True, reactions=True, message_content=content, members=members
    )
    return commands.Bot(
        command_prefix=commands.when_mentioned,
        intents=intents,
        allowed_mentions=discord.AllowedMentions.none(),
        guild_ready_timeout=0.05,
        heartbeat_timeout=heartbeat_timeout,
        help_command=None,
    )


def with_bot(fake: FakeDiscord, bot: commands.Bot, hand: Callable[[], object], *, sync: bool = True) -> None:
    """Run the bot on real sockets while `hand` acts in a thread of its own."""

    async def run() -> None:
        async with bot:
            await bot.login(fake.bot_token)
            if sync:
                await bot.tree.sync()
            at_work = asyncio.create_task(bot.connect())
            try:
                ready = asyncio.create_task(bot.wait_until_ready())
                await asyncio.wait({ready, at_work}, return_when=asyncio.FIRST_COMPLETED)
                if at_work.done():
                    ready.cancel()
                    await at_work
                await asyncio.to_thread(hand)
            finally:
                await bot.close()
                await asyncio.gather(at_work, return_exceptions=True)

    with addressed(fake):
        asyncio.run(run())


def ask(fake: FakeDiscord, route: str, body: Any = None, **files: bytes) -> httpx.Response:
    """One request as the API gets it, `METHOD /path`; `files` by name, without their suffix `.bin`."""
    method, path = route.split(" ")
    headers = {"Authorization": f"Bot {fake.bot_token}"}
    more: dict[str, Any] = {} if body is None else {"json": body}
    if files:
        parts = {f"files[{number}]": (f"{name}.bin", files[name]) for number, name in enumerate(files)}
        more = {"files": {"payload_json": (None, json.dumps(body or {})), **parts}}
    return httpx.request(method, fake.api_url + path, headers=headers, timeout=20, verify=False, **more)


def noting(bot: commands.Bot, *names: str) -> list[Any]:
    """What the bot hears of these events."""
    heard: list[Any] = []

    def listener(name: str) -> Any:
        async def note(*args: Any) -> None:
            heard.append((name, *args))

        return note

    for name in names:
        bot.add_listener(listener(name), f"on_{name}")
    return heard


def does(bot: commands.Bot, work: Any) -> Any:
    """Run a coroutine in the bot's loop, from the hand's thread."""
    return asyncio.run_coroutine_threadsafe(work, bot.loop).result(20)


def channel_of(bot: commands.Bot, channel: str) -> discord.TextChannel:
    """The channel as the bot knows it."""
    found = bot.get_channel(int(channel))
    assert isinstance(found, discord.TextChannel)
    return found
