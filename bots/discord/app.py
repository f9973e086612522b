"""What people do in Discord: each kind of event is answered at once and then done, by the function that it belongs to.

What is typed, pressed or filled in must be answered within three seconds: it is, before anything else is looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bots.discord import events, presses, shortcuts, typed
from bots.discord.answers import Back, in_server
from bots.discord.autocomplete import offered
from bots.discord.front import Front
from bots.discord.installation import PLATFORM
from bots.discord.registering import register
from bots.discord.ticket import Ticket
from bots.discord.tree import commands
from storage import kept

_log = logging.getLogger(__name__)

_Doing = Callable[[Front, discord.Interaction, Back], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class App:
    """The listeners of one process. `begin` is awaited once, after the login and before the first event."""

    front: Front

    async def begin(self) -> None:
        """Tell Discord of the commands, if they changed since anybody told it."""
        front = self.front
        settings, work, database = front.settings, front.work, front.office.database
        application = front.client.application_id
        assert application is not None

        async def kept_before(key: str) -> str | None:
            return await work.call(kept.kept, database, PLATFORM, key)

        async def keep(key: str, value: str) -> None:
            await work.call(kept.keep, database, PLATFORM, {key: value})

        told = commands(settings.command.removeprefix("/"), front.desk.offered)
        guild, http = settings.discord_dev_guild, front.client.http
        await register(http, application, guild, told, kept=kept_before, keep=keep)

    # What is heard.

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Something was typed, pressed, chosen or filled in."""
        match interaction.type:
            case discord.InteractionType.application_command:
                data: Mapping[str, Any] = interaction.data or {}
                of_a_message = data.get("type") == 3
                await self._thought(interaction, shortcuts.make_of_message if of_a_message else typed.command)
            case discord.InteractionType.autocomplete:
                ticket = self.front.ticket(interaction)
                await ticket.offer(await offered(self.front, interaction))
            case discord.InteractionType.component:
                if presses.opens(interaction.data or {}):
                    await presses.open_form(self.front, interaction, self.front.ticket(interaction))
                else:
                    await self._noted(interaction, presses.press)
            case discord.InteractionType.modal_submit:
                await self._noted(interaction, presses.form)
            case _:
                pass

    async def message(self, spoken: discord.Message) -> None:
        """Something was said."""
        front = self.front
        guild = None if spoken.guild is None else spoken.guild.id
        if guild is not None and not front.door.open_to(guild):
            return  # what is said there can't be answered to one person alone
        if typed.is_for_us(spoken, front.us):
            place = front.directory.placed(spoken.channel, in_server(guild))
            back = Back(user=spoken.author.id, place=place, workspace=in_server(guild))
            front.begin(typed.message(front, spoken), back)

    async def reaction(self, told: discord.RawReactionActionEvent) -> None:
        """An emoji was put on a message."""
        if events.is_ours(self.front, told):
            back = Back(user=told.user_id, workspace=in_server(told.guild_id))
            self.front.begin(events.reaction(self.front, told), back)

    async def deleted(self, told: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        self.front.begin(events.deleted(self.front, told.channel_id, told.message_id), None)

    async def deleted_together(self, told: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        for message in told.message_ids:
            self.front.begin(events.deleted(self.front, told.channel_id, message), None)

    async def server_left(self, guild: discord.Guild) -> None:
        """The app was taken out of a server."""
        self.front.begin(events.server_left(self.front, guild.id), None)

    async def _thought(self, interaction: discord.Interaction, do: _Doing) -> None:
        ticket = self.front.ticket(interaction)
        if await ticket.think():
            self._begin(interaction, ticket, do)

    async def _noted(self, interaction: discord.Interaction, do: _Doing) -> None:
        ticket = self.front.ticket(interaction)
        if await ticket.note():
            self._begin(interaction, ticket, do)

    def _begin(self, interaction: discord.Interaction, ticket: Ticket, do: _Doing) -> None:
        back = self.front.back(interaction, ticket)

        async def once() -> None:
            if await self.front.first(f"interaction:{interaction.id}"):
                await do(self.front, interaction, back)
            else:
                ticket.leave()

        self.front.begin(once(), back)


def discord_app(front: Front) -> App:
    """Let the listeners hear what `front.client` hears."""
    app, client = App(front), front.client
    client.listen("interaction", app.interaction)
    client.listen("message", app.message)
    client.listen("raw_reaction_add", app.reaction)
    client.listen("raw_message_delete", app.deleted)
    client.listen("raw_bulk_message_delete", app.deleted_together)
    client.listen("guild_remove", app.server_left)
    return app
