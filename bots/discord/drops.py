"""Files that are dropped where the app is."""

from __future__ import annotations

from dataclasses import replace

import discord

from bots.desk.making import MOST_FILES
from bots.discord.answers import Back, in_server
from bots.discord.files import files_in
from bots.discord.front import Front
from bots.discord.spoken import thread_of


async def drop(front: Front, spoken: discord.Message) -> None:
    """A message with files: each is made, offered, or none of our business."""
    guild = None if spoken.guild is None else spoken.guild.id
    back = Back(user=spoken.author.id, workspace=in_server(guild))
    if guild is None:
        back = replace(back, place=front.directory.placed(spoken.channel, ""))
    about = await front.job_at(spoken.channel.id, thread_of(spoken)) if guild is None else None
    person = await front.speaker(spoken.author, guild, back, job=about)
    if person is None:
        return
    back = back.at(front.placed(spoken.channel, person))
    assert back.place is not None
    ask = front.ask(person, back.place, thread_of=thread_of(spoken), origin=str(spoken.id))
    files = files_in(spoken)[: MOST_FILES + 1]
    async for reply in front.dropped(ask, files):
        await front.answers.give(back, reply)
