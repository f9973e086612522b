"""Telling Discord of the slash commands: only when they changed, for all servers or, in development, for one.

What was told last is kept, with where. When that is another place, it is taken back there: else whoever types would
be offered everything twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord.http import HTTPClient

from bots.discord.tree import digest

#: What was told last is kept under this key, for each application.
KEY: Final = "commands"

_log = logging.getLogger(__name__)

#: What is kept under a key; `None` for nothing.
Kept = Callable[[str], Awaitable[str | None]]
#: Keeps a value under a key.
Keep = Callable[[str, str], Awaitable[None]]


async def register(
    http: HTTPClient, application: int, guild: str, told: list[dict[str, Any]], *, kept: Kept, keep: Keep
) -> None:
    """Tell Discord of the commands if anything is new; `guild`: of that server alone, "" for all servers.

    What Discord refuses is logged: the commands of before go on, and it is tried again at the next start. What
    the way to Discord gets wrong is raised.
    """
    key = f"{KEY}:{application}"
    now = {"guild": guild, "digest": digest(told)}
    before = _read(await kept(key))
    if before == now:
        return
    try:
        await _put(http, application, guild, told)
        if before is not None and before["guild"] != guild:
            await _take_back(http, application, before["guild"])
    except (discord.HTTPException, discord.RateLimited) as error:
        _log.error("Discord doesn’t take our commands", extra={"error": str(error)[:1000]})
        return
    await keep(key, json.dumps(now))
    _log.info("Discord was told of the commands")


async def _put(http: HTTPClient, application: int, guild: str, told: list[dict[str, Any]]) -> None:
    payload: Any = told
    if guild:
        await http.bulk_upsert_guild_commands(application, int(guild), payload)
    else:
        await http.bulk_upsert_global_commands(application, payload)


async def _take_back(http: HTTPClient, application: int, guild: str) -> None:
    try:
        await _put(http, application, guild, [])
    except (discord.Forbidden, discord.NotFound):
        _log.info("the app is not in the server any more that had the commands")


def _read(kept: str | None) -> dict[str, str] | None:
    try:
        read = json.loads(kept or "")
        return {"guild": str(read["guild"]), "digest": str(read["digest"])}
    except (ValueError, KeyError, TypeError):
        return None
