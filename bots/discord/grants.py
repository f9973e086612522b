"""What the app may do where, what for, and what is said, once, where it may not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp

from bots.discord.client import Api
from bots.discord.components import COMPONENTS_V2
from bots.discord.errors import ApiError
from bots.people import Place
from bots.port import BusyError
from storage.errors import StorageError

#: A permission's bit, its name in the server's settings, and what it is for.
PERMISSIONS: Final[dict[str, tuple[int, str, str]]] = {
    "ADD_REACTIONS": (6, "Add Reactions", "to put 🔁 on the message of a job that failed"),
    "VIEW_CHANNEL": (10, "View Channels", "to hear its name and see dropped PDFs in a channel"),
    "SEND_MESSAGES": (11, "Send Messages", "to post a video’s message, and keep it up to date"),
    "EMBED_LINKS": (14, "Embed Links", "to show a video’s cover in lists, from its address"),
    "ATTACH_FILES": (15, "Attach Files", "to post the finished video and its captions"),
    "READ_MESSAGE_HISTORY": (
        16,
        "Read Message History",
        "to reply to a message, begin its thread, and post nothing twice",
    ),
    "CREATE_PUBLIC_THREADS": (35, "Create Public Threads", "to begin the thread of a video’s message"),
    "SEND_MESSAGES_IN_THREADS": (
        38,
        "Send Messages in Threads",
        "to post the script and the video in that thread",
    ),
}

#: Flag of a message that rings at nobody.
_SILENT: Final = 1 << 12
#: So often, and for so many seconds each, it is waited until Discord has time for it.
_TRIES, _A_WHILE = 2, 5.0
#: So many jobs without a channel are remembered.
_MOST: Final = 500

#: Whether this was never asked about before, by any process.
FirstTime = Callable[[str], Awaitable[bool]]

_log = logging.getLogger(__name__)


class Grants:
    """Says in a channel what is to be granted there; once for each permission and channel.

    Where nothing can be said in the channel itself, it is said to whoever the job goes on with.
    """

    def __init__(self, api: Api, first_time: FirstTime) -> None:
        self._api = api
        self._first_time = first_time
        #: Jobs whose channel we may not write in → that channel, and what is missing there.
        self._shut_out: dict[str, tuple[str, str]] = {}

    def shut_out(self, place: Place, job: str, name: str) -> None:
        """The job's message can't stand where it was asked for, for want of that permission."""
        if place.kind == "dm" or not job:
            return
        if len(self._shut_out) >= _MOST:
            del self._shut_out[next(iter(self._shut_out))]
        self._shut_out[job] = (place.channel, name)

    async def explain(self, place: Place, job: str) -> None:
        """The job goes on in this direct message: say why, if that is new. What goes wrong is logged."""
        channel, name = self._shut_out.pop(job, ("", ""))
        if not channel or place.kind != "dm":
            return
        text = (
            f"-# It is here because I may not write in <#{channel}>: whoever looks after that server can grant me "
            f"**{PERMISSIONS[name][1]}** there, {PERMISSIONS[name][2]}."
        )
        await self._once(f"grant:{channel}:{name}", place.channel, text, COMPONENTS_V2 | _SILENT)

    async def miss(self, place: Place, *names: str) -> None:
        """Something is done without these permissions; whoever is there is told. What goes wrong is logged."""
        if place.kind == "dm":
            return
        listed = " and ".join(f"**{PERMISSIONS[name][1]}**" for name in names)
        purpose = "; ".join(PERMISSIONS[name][2] for name in names)
        who = "if whoever looks after this server granted me"
        text = f"-# I go on without, but it would be better {who} {listed} here: {purpose}."
        await self._once(f"grant:{place.channel}:{','.join(names)}", place.channel, text, COMPONENTS_V2)

    async def _once(self, event: str, channel: str, text: str, flags: int) -> None:
        body = {
            "flags": flags,
            "components": [{"type": 10, "content": text}],
            "allowed_mentions": {"parse": []},
        }
        try:
            if await self._first_time(event):
                await self._posted(f"/channels/{channel}/messages", body)
        except (ApiError, BusyError, StorageError, aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.info("what to grant is not said: %s", type(error).__name__)

    async def _posted(self, path: str, body: Mapping[str, object]) -> None:
        """Post it, also where Discord has no time at this moment: it was noted that it is said."""
        for _ in range(_TRIES):
            try:
                await self._api.call("POST", path, body)
            except BusyError as error:
                await asyncio.sleep(min(error.retry_after, _A_WHILE))
            else:
                return
        await self._api.call("POST", path, body)
