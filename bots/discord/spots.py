"""Where in Discord a place is: its thread, which may have to be begun or woken first, or the channel itself.

The thread of a message has the message's own id. Direct messages have no threads: there, what belongs to a message
replies to it. The same is done where we may not begin a thread.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bots.discord.client import Api
from bots.discord.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_ARCHIVED,
    THREAD_IS_THERE,
    THREAD_LOCKED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    ApiError,
)
from bots.discord.grants import Grants
from bots.people import Place

#: Minutes without a word after which Discord puts a thread away; whoever writes in it wakes it.
_PUT_AWAY_AFTER: Final = 1_440
#: Seconds that a thread which we could not begin is not tried again.
_NOT_AGAIN: Final = 600.0
#: A thread can't be begun there: not allowed; or, which no permission mends, no kind of channel for it, too many.
_DENIED: Final = frozenset({MISSING_ACCESS, MISSING_PERMISSIONS})
_NO_THREAD: Final = frozenset({50024, 30033, 160006})
_SHUT: Final = frozenset({MISSING_PERMISSIONS, THREAD_LOCKED})

Body = Mapping[str, Any]
#: Sends the body to the channel of that id.
Send = Callable[[str, Body], Awaitable[Any]]


class Spots:
    """Finds the way to a place. Raises what `Api.call` raises."""

    def __init__(self, api: Api, grants: Grants) -> None:
        self._api = api
        self._grants = grants
        #: Threads that can't be, by the id of the message that they would hang under, and until when that is believed.
        self._threadless: dict[str, float] = {}

    async def send(self, place: Place, body: Body, send: Send, *, title: str) -> Any:
        """Send something new to the place; `title` is the name of a thread that is begun for it."""
        root = place.thread
        if root is None:
            return await send(place.channel, body)
        if place.kind != "dm" and self._threadless.get(root, 0.0) < time.monotonic():
            try:
                return await self._in_thread(place.channel, root, body, send, title)
            except _NoThread as reason:
                self._threadless = {key: at for key, at in self._threadless.items() if at > time.monotonic()}
                self._threadless[root] = time.monotonic() + _NOT_AGAIN
                if reason.missing:
                    await self._grants.miss(place, *reason.missing)
        return await self._reply(place, root, body, send)

    async def each(self, place: Place, deed: Callable[[str], Awaitable[Any]]) -> Any:
        """Do it to something that stands in the place: in its thread, or where a thread couldn't be, in the channel.

        A thread that was put away is woken for it.
        """
        channels = [place.channel] if place.kind == "dm" else [*filter(None, [place.thread]), place.channel]
        for channel in channels:
            try:
                return await self._awake(channel, deed)
            except ApiError as error:
                elsewhere = channel != channels[-1] and error.code in {UNKNOWN_CHANNEL, UNKNOWN_MESSAGE}
                if not elsewhere:
                    raise
        raise AssertionError("there is always a channel")

    async def _in_thread(self, channel: str, root: str, body: Body, send: Send, title: str) -> Any:
        try:
            return await self._awake(root, lambda thread: send(thread, body))
        except ApiError as error:
            if error.code in _SHUT and await self._is_readable(root):
                raise _shut(error) from error
            if error.code != UNKNOWN_CHANNEL:
                raise
        try:
            await self._api.call(
                "POST",
                f"/channels/{channel}/messages/{root}/threads",
                {"name": title, "auto_archive_duration": _PUT_AWAY_AFTER},
                bucket=f"/channels/{channel}/messages/-/threads",
            )
        except ApiError as error:
            if error.code in _DENIED:
                raise _NoThread("CREATE_PUBLIC_THREADS", "READ_MESSAGE_HISTORY") from error
            if error.code in _NO_THREAD:
                raise _NoThread from error
            if error.code != THREAD_IS_THERE:
                raise
        try:
            return await send(root, body)
        except ApiError as error:
            if error.code in _SHUT:
                raise _shut(error) from error
            raise

    async def _is_readable(self, channel: str) -> bool:
        try:
            await self._api.call("GET", f"/channels/{channel}")
        except ApiError:
            return False
        return True

    async def _reply(self, place: Place, root: str, body: Body, send: Send) -> Any:
        replying = {**body, "message_reference": {"message_id": root, "fail_if_not_exists": True}}
        try:
            return await send(place.channel, replying)
        except ApiError as error:
            if "WITHOUT_READ_MESSAGE_HISTORY" not in str(error.errors):
                raise
        await self._grants.miss(place, "READ_MESSAGE_HISTORY")
        return await send(place.channel, body)

    async def _awake(self, channel: str, deed: Callable[[str], Awaitable[Any]]) -> Any:
        try:
            return await deed(channel)
        except ApiError as error:
            if error.code != THREAD_ARCHIVED:
                raise
        await self._api.call("PATCH", f"/channels/{channel}", {"archived": False})
        return await deed(channel)


def _shut(error: ApiError) -> _NoThread:
    """We may not write in the thread: a permission mends it, unless somebody locked the thread."""
    return _NoThread() if error.code == THREAD_LOCKED else _NoThread("SEND_MESSAGES_IN_THREADS")


class _NoThread(Exception):  # noqa: N818 - no error: it is done without one
    """Raised when there can be no thread, or we may not write in it; `missing` may be what we lack for it."""

    def __init__(self, *missing: str) -> None:
        super().__init__(*missing)
        self.missing = missing
