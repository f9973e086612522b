"""A file's way to Slack: ask for an address, put the bytes there, then show all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bots.port import Attachment, PortAwayError

#: Seconds that one file's way may take.
_PATIENCE: Final = 900.0
#: What Slack takes at most of words for those who can't see a picture (characters).
_ALT: Final = 1_000


async def upload(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    channel: str,
    files: Sequence[Attachment],
    *,
    thread: str | None = None,
) -> list[str]:
    """Post the files as one message; returns their ids.

    Raises `SlackApiError`, `PortAwayError` and what the way to Slack raises.
    """
    sent: list[dict[str, str | None]] = [
        {"id": await _put(client, session, file), "title": file.title} for file in files
    ]
    more: Any = {"thread_ts": thread} if thread is not None else {}
    await client.files_completeUploadExternal(files=sent, channel_id=channel, **more)
    return [str(file["id"]) for file in sent]


async def _put(client: AsyncWebClient, session: aiohttp.ClientSession, file: Attachment) -> str:
    """One file, not shown anywhere yet; returns its id."""
    size = file.path.stat().st_size
    alt = {"alt_txt": file.alt[:_ALT]} if file.alt else {}
    ticket = await client.files_getUploadURLExternal(filename=file.name, length=size, **alt)
    with file.path.open("rb") as content:
        async with session.post(
            str(ticket["upload_url"]),
            data=content,
            headers={"Content-Type": "application/octet-stream"},
            timeout=aiohttp.ClientTimeout(total=_PATIENCE, connect=10),
            allow_redirects=False,
            proxy=client.proxy,
        ) as answer:
            if answer.status != 200:
                raise PortAwayError(f"Slack didn’t take a file (status {answer.status}).")
    return str(ticket["file_id"])
