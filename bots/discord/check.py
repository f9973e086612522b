"""`hidden-hill discord --check`: is everything set up in Discord that the app needs, and if not, what is to be done?"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

import aiohttp

from bots.discord.client import Api, api_session
from bots.discord.errors import port_errors
from bots.discord.grants import PERMISSIONS
from bots.discord.installation import Door, Installation
from bots.discord.invite import invitation
from bots.discord.service import who_we_are
from bots.finding import Finding
from bots.port import PortError, PortRefusedError
from settings import Settings

_WHERE: Final = "https://discord.com/developers/applications → your application →"
_TOKEN, _SERVERS, _ADMINISTRATOR = "bot token", "servers", 1 << 3
#: So many servers are looked at one by one.
_MOST: Final = 25


async def checked(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the settings and ask Discord, one after the other; what can't be asked is said."""
    if (found := _token(settings)) is not None:
        yield found
        return
    async with api_session() as session:
        api = Api.of(session, settings)
        try:
            installation = await who_we_are(api)
        except PortError as error:
            yield Finding(name=_TOKEN, well=False, text=_why(error))
            return
        yield Finding(name=_TOKEN, well=True, text=f"{installation.name} (application {installation.app})")
        yield _content(installation)
        async for found in _servers(api, settings, installation):
            yield found
        yield await _gateway(session, settings)
    yield Finding(name="file hosts", well=True, text=settings.discord_cdn_hosts)
    yield Finding(
        name="command",
        well=None,
        text=f"type {settings.command} help in Discord; it is there once the app has been connected. If it isn’t "
        "shown, restart Discord (Ctrl-R): it remembers commands",
    )


def _token(settings: Settings) -> Finding | None:
    """What is wrong with the token by its looks."""
    where = f"{_WHERE} Bot → Reset Token."
    if settings.discord_token is None:
        return Finding(name=_TOKEN, well=False, text=f"DISCORD_TOKEN is not set. {where}")
    token = settings.discord_token.get_secret_value().strip()
    head = token.partition(".")[0]
    try:
        number = base64.b64decode(head + "=" * (-len(head) % 4)).decode()
    except (binascii.Error, ValueError):
        number = ""
    if token.count(".") != 2 or not number.isdecimal():
        text = (
            f"DISCORD_TOKEN holds no bot’s token (nor is the client secret one, or the public key). {where}"
        )
        return Finding(name=_TOKEN, well=False, text=text)
    return None


def _content(installation: Installation) -> Finding:
    name = "Message Content Intent"
    if installation.content:
        return Finding(name=name, well=True, text="granted")
    text = (
        "is off: commands, mentions and direct messages work, but a PDF that is dropped in a channel is not seen. "
        f"{_WHERE} Bot → Privileged Gateway Intents → Message Content Intent."
    )
    return Finding(name=name, well=None, text=text)


async def _servers(api: Api, settings: Settings, installation: Installation) -> AsyncIterator[Finding]:
    door = Door.of(installation, settings.discord_allowed_guilds)
    try:
        with port_errors():
            guilds = await api.call("GET", "/users/@me/guilds")
    except PortError as error:
        yield Finding(name=_SERVERS, well=False, text=_why(error))
        return
    for found in _door(door, guilds, installation):
        yield found
    for guild in [one for one in guilds if door.open_to(one["id"])][:_MOST]:
        yield _rights(guild, installation)


def _door(door: Door, guilds: Sequence[Mapping[str, Any]], installation: Installation) -> Iterator[Finding]:
    address = invitation(installation.app)
    there = {str(one["id"]) for one in guilds}
    if not there:
        yield Finding(name=_SERVERS, well=False, text=f"the app is in none. Add it: {address}")
    elif door.allowed and not there & door.allowed:
        named = ", ".join(sorted(door.allowed))
        text = f"DISCORD_ALLOWED_GUILDS names {named}, and the app is in none of them. Add it: {address}"
        yield Finding(name=_SERVERS, well=False, text=text)
    else:
        yield Finding(name=_SERVERS, well=True, text=f"{len(there)}; more are added with {address}")
    if installation.public and not door.allowed:
        text = (
            "everybody who knows the application’s id may add it to a server of theirs, and use it there. Name "
            f"yours in DISCORD_ALLOWED_GUILDS, or {_WHERE} Bot → Public Bot: off."
        )
        yield Finding(name="strangers", well=None, text=text)


def _rights(guild: Mapping[str, Any], installation: Installation) -> Finding:
    """What the app's role may do; a channel may deny it all the same."""
    given = int(guild.get("permissions") or 0)
    missing = [
        f"{label} ({what})"
        for bit, label, what in PERMISSIONS.values()
        if not given & (1 << bit) and not given & _ADMINISTRATOR
    ]
    name = f"server {guild.get('name')}"
    if not missing:
        return Finding(name=name, well=True, text="all permissions are there; a channel may deny some")
    text = f"missing: {'; '.join(missing)}. Open {invitation(installation.app)} and add it once more."
    return Finding(name=name, well=False, text=text)


async def _gateway(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    """Whether the gateway greets us. Nothing is said to it."""
    where = settings.discord_gateway_url
    try:
        async with (
            asyncio.timeout(10),
            session.ws_connect(where, params={"v": "10", "encoding": "json"}) as ear,
        ):
            hello = await ear.receive_json()
    except (aiohttp.ClientError, OSError, TimeoutError, TypeError, ValueError) as error:
        text = f"doesn’t answer ({type(error).__name__}). Is DISCORD_GATEWAY_URL right, and the network?"
        return Finding(name="gateway", well=False, text=text)
    greeted = isinstance(hello, dict) and hello.get("op") == 10
    text = "greets us" if greeted else "says something else than hello"
    return Finding(name="gateway", well=greeted, text=text)


def _why(error: PortError) -> str:
    if isinstance(error, PortRefusedError):
        return f"Discord refuses DISCORD_TOKEN. {_WHERE} Bot → Reset Token, and copy it."
    return " ".join(filter(None, (error.sentence, "Is DISCORD_API_URL right, and the network?")))
