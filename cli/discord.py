"""`hidden-hill discord`: the Discord app, what it needs, and the address by which it is added to a server."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import Annotated

import typer

from cli.chats import IN_A_CHAT, until
from cli.chats import check as check_all
from cli.environment import read_settings
from cli.reporting import said
from cli.serve import Attached, process
from cli.up import stopping
from jobs.opening import opened
from pipeline.errors import UsageError
from settings import Settings


def discord(
    check: Annotated[
        bool, typer.Option("--check", help="Say what is set up and what is missing, and end.")
    ] = False,
    invite: Annotated[
        bool, typer.Option("--invite", help="Print the address that adds the app to a server, and end.")
    ] = False,
    attached: Attached = False,
) -> None:
    """Answer in Discord and keep each job's message up to date. It needs no public address: it calls Discord."""
    if invite:
        with said():
            settings = read_settings()
            _complete(settings)
            typer.echo(asyncio.run(_invitation(settings)))
        return
    if check:
        with said():
            _installed()
        from bots.discord.check import checked

        check_all(checked, platform="discord", served_by=lambda _: "discord")
        return
    with process(_complete) as settings, stopping(attached=attached) as stop:
        from bots.discord.service import DiscordService

        with opened(settings, patience=IN_A_CHAT) as office:
            asyncio.run(until(stop, DiscordService(settings, office)))


async def _invitation(settings: Settings) -> str:
    from bots.discord.client import Api, api_session
    from bots.discord.invite import invitation
    from bots.discord.service import who_we_are

    async with api_session() as session:
        return invitation((await who_we_are(Api.of(session, settings))).app)


def _complete(settings: Settings) -> None:
    """Raise `UsageError` for settings of Discord's, or packages, that are missing."""
    _installed()
    from bots.discord.service import refuse_half_settings

    refuse_half_settings(settings)


def _installed() -> None:
    if find_spec("discord") is None or find_spec("aiohttp") is None:
        raise UsageError(
            "The packages that speak to Discord are not installed.",
            "Install from requirements-production.txt: docs/discord.md says how.",
        )
