"""Somebody is forgotten: what the app said to them in their direct messages is deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

#: So many pages of 200 messages are read at most.
_PAGES: Final = 25

Message = Mapping[str, Any]


async def take_back(client: AsyncWebClient, channel: str, *, us: str, but: str | None) -> None:
    """Delete every message of ours in `channel`, in threads too, except for `but`.

    Uploads go with the jobs that they belong to.
    """
    found = [message async for message in _messages(client, channel)]
    for message in found:
        if message.get("user") == us and message.get("ts") != but and not message.get("files"):
            with suppress(SlackApiError):  # gone already, or no more ours to delete
                await client.chat_delete(channel=channel, ts=str(message["ts"]))


async def _messages(client: AsyncWebClient, channel: str) -> AsyncIterator[Message]:
    async for message in _pages(client.conversations_history, channel=channel):
        yield message
        if message.get("reply_count"):
            async for reply in _pages(client.conversations_replies, channel=channel, ts=message["ts"]):
                if reply.get("ts") != message["ts"]:
                    yield reply


async def _pages(ask: Any, **where: Any) -> AsyncIterator[Message]:
    cursor = ""
    for _ in range(_PAGES):
        page = await ask(limit=200, **where, **({"cursor": cursor} if cursor else {}))
        for message in page.get("messages") or ():
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
