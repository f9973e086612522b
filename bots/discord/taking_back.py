"""Somebody is forgotten: what the app said to them in their direct messages is deleted."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import discord

from bots.work import Work

#: Messages that are looked at in one go; Discord lets us delete about one a second.
_PAGE: Final = 100


async def take_back(work: Work, client: discord.Client, user: int, before: int) -> None:
    """Delete every message of ours in the direct messages with `user` that is older than the id `before`.

    Uploads go with the jobs that they belong to. After a page another task begins, so that none takes too long.
    """
    channel = await client.create_dm(discord.Object(user))
    page = [one async for one in channel.history(limit=_PAGE, before=discord.Object(before))]
    for message in page:
        if client.user is not None and message.author.id == client.user.id and not message.attachments:
            with suppress(discord.NotFound, discord.Forbidden):  # gone already, or no more ours to delete
                await message.delete()
    if len(page) == _PAGE:
        work.start(take_back(work, client, user, page[-1].id))
