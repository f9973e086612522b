"""What people do in Discord: each event is answered at once and then done, by the function that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from bots.discord.reception import Reception


@dataclass(frozen=True)
class App:
    """The listeners of one process. `begin` is awaited once, after the login and before the first event."""

    reception: Reception

    async def begin(self) -> None:
        """Tell Discord of the commands, if they changed."""


def discord_app(reception: Reception) -> App:
    """Let the listeners hear what `reception.client` hears."""
    return App(reception)
