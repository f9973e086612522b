"""Who somebody is in Discord, which server they belong to when they write directly, and what a channel is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
import pytest

from bots.discord.client import Api, api_session
from bots.discord.connection import Connection
from bots.discord.directory import Directory
from bots.discord.installation import Door
from bots.discord.service import who_we_are
from tests.bots.discord.labs import ELSEWHERE, EVE, SECRET, populated
from tests.bots.discord.ports import ADA, BOB, LAB, WORKSPACE
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.discord_client import addressed

T = TypeVar("T")
OTHER = "1000000000000000007"
TALK, CLOSED = "3000000000000000005", "3000000000000000006"


def within(
    fake: FakeDiscord,
    work: Callable[[Directory], Awaitable[T]],
    *,
    allowed: str = "",
    last: str | None = None,
) -> T:
    """What `work` does with a directory; `last` is where everybody asked for a video last."""

    async def last_asked(user: str, workspaces: list[str]) -> str | None:
        return last if last in workspaces else None

    async def run() -> T:
        async with api_session() as session, Connection(content=False) as client:
            api = Api(session, fake.api_url, fake.bot_token)
            await client.login(fake.bot_token)
            stay = asyncio.create_task(client.stay())
            try:
                await client.wait_until_ready()
                return await work(Directory(client, Door.of(await who_we_are(api), allowed), last_asked))
            finally:
                stay.cancel()
                await asyncio.gather(stay, return_exceptions=True)

    with addressed(fake):
        return asyncio.run(run())


@pytest.fixture
def lab() -> FakeDiscord:
    fake = FakeDiscord()
    populated(fake)
    fake.add_guild(OTHER, "The other lab")
    return fake


def test_people_and_their_rights(lab: FakeDiscord) -> None:
    async def work(directory: Directory) -> None:
        ada = await directory.member(int(GUILD), int(ADA))
        assert (ada.requester.workspace, ada.requester.name) == (WORKSPACE, "Ada Hill")
        assert (ada.requester.admin, ada.ours, ada.gone, ada.program) == (True, True, False, False)
        assert not (await directory.member(int(GUILD), int(BOB))).requester.admin
        assert (await directory.member(int(GUILD), int(EVE))).gone
        assert (await directory.member(int(ELSEWHERE), int(EVE))).gone  # we aren't there

    with lab as fake:
        within(fake, work)
        assert len(fake.calls_of("GET /guilds/{guild_id}/members/{user_id}")) == 3


def test_the_home_of_who_writes_directly(lab: FakeDiscord) -> None:
    async def work(directory: Directory) -> int | None:
        await directory.home(int(BOB))
        return await directory.home(int(BOB))

    async def of_eve(directory: Directory) -> int | None:
        return await directory.home(int(EVE))

    with lab as fake:
        assert within(fake, work) == int(GUILD)
        assert within(fake, of_eve) is None
        fake.add_user(BOB, "Bob Vale", guild=OTHER)
        assert within(fake, work) in {int(GUILD), int(OTHER)}
        assert within(fake, work, last=f"discord:{OTHER}") == int(OTHER)
        assert within(fake, work, last=WORKSPACE) == int(GUILD)
        assert within(fake, work, allowed=OTHER, last=WORKSPACE) == int(OTHER)
        assert within(fake, work, allowed=ELSEWHERE) is None


def test_what_kind_of_place_a_channel_is(lab: FakeDiscord) -> None:
    async def work(directory: Directory) -> list[str]:
        client = directory._client
        rooms = [client.get_channel(int(one)) for one in (LAB, SECRET, TALK, CLOSED)]
        assert [type(room) for room in rooms] == 2 * [discord.TextChannel] + 2 * [discord.VoiceChannel]
        return [directory.kind(room) for room in rooms]

    with lab as fake:
        fake.add_channel(TALK, "talk", "voice")
        fake.add_channel(CLOSED, "closed talk", "voice")
        fake.deny(CLOSED, "CONNECT", who=GUILD)
        assert within(fake, work) == ["public", "private", "public", "private"]


def test_admins_are_the_owner_and_whoever_is_known_to_manage(lab: FakeDiscord) -> None:
    async def work(directory: Directory) -> tuple[str, ...]:
        assert directory.admins("discord:1") == directory.admins("slack:T1") == ()
        assert directory.admins(f"discord:{ELSEWHERE}") == ()
        return directory.admins(WORKSPACE)

    with lab as fake:
        assert within(fake, work)
