"""The gateway: Discord tells what happens over a connection that discord.py keeps, and makes again when it breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bots.discord.errors import as_port_error
from bots.port import PortAwayError, PortRefusedError
from settings import Settings

#: Close codes of the gateway after which coming back is no use: a wrong token, and what only we can mend.
_REFUSED: Final = frozenset({4004, 4010, 4011, 4012, 4013})
#: Seconds without a word, an answered heartbeat included, after which a connection is taken for dead. Discord wants a
#: heartbeat every 41 s.
SILENCE: Final = 60.0
#: Seconds between two tries to connect, at most.
_LONGEST_PAUSE: Final = 30.0

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here

Listener = Callable[..., Coroutine[Any, Any, None]]

_log = logging.getLogger(__name__)


def intents_of(*, content: bool) -> discord.Intents:
    """What the gateway is asked for; `content`: the words of messages that don't mention us, a privilege."""
    return discord.Intents(guilds=True, messages=True, reactions=True, message_content=content)


def address(settings: Settings) -> None:
    """Lead discord.py to the addresses of the settings: it has them in two classes, for the whole process."""
    Route.BASE = settings.discord_api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


class Connection(discord.Client):
    """discord.py's client; any number of listeners hear an event, and nobody is ever mentioned by itself."""

    def __init__(self, *, content: bool) -> None:
        super().__init__(
            intents=intents_of(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=1.0,
            max_messages=None,
            heartbeat_timeout=SILENCE,
            assume_unsync_clock=True,
            max_ratelimit_timeout=60.0,
        )
        self._heard: dict[str, list[Listener]] = {}

    def listen(self, event: str, listener: Listener) -> None:
        """Call `listener` with what discord.py gives for the event, such as "message" or "raw_reaction_add"."""
        self._heard.setdefault(event, []).append(listener)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """See discord.py."""
        super().dispatch(event, *args, **kwargs)
        for listener in self._heard.get(event, ()):
            self._schedule_event(listener, f"on_{event}", *args, **kwargs)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """What a listener got wrong is logged, without what people said."""
        _log.exception("a listener of %s broke", event_method)

    async def is_connected(self) -> bool:
        """Whether Discord's words reach us at this moment."""
        return self.is_ready() and not self.is_closed() and self.ws is not None and self.ws.open

    async def stay(self) -> None:
        """Be connected until cancelled.

        Raises `PortRefusedError` when it is no use, `PortAwayError` when another client must be made for it.
        """
        pause = 1.0
        while True:
            try:
                await self.connect(reconnect=True)
            except discord.PrivilegedIntentsRequired as error:
                raise ContentRefusedError from error
            except discord.ConnectionClosed as error:
                if error.code in _REFUSED:
                    raise _refused(error.code) from error
                _log.warning("the gateway closed the connection (%s)", error.code)
            except discord.LoginFailure as error:
                raise as_port_error(error) from error
            except (discord.DiscordException, OSError, TimeoutError) as error:
                _log.warning("no connection to Discord (%s); again in %.0f s", type(error).__name__, pause)
            if self.is_closed():
                raise PortAwayError("The connection to Discord ended.", "It is made anew.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


class ContentRefusedError(PortRefusedError):
    """Raised when the portal doesn't grant the words of messages after all."""

    def __init__(self) -> None:
        super().__init__(
            "Discord doesn’t grant the Message Content Intent.", "Switch it on in the portal, under Bot."
        )


def _refused(code: int) -> PortRefusedError:
    why = "DISCORD_TOKEN" if code == 4004 else f"our connection (code {code})"
    return PortRefusedError(
        f"Discord refuses {why}.", "Run `hidden-hill discord --check` and do what it says."
    )
