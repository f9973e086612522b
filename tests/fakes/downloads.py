"""Files that people drop, and how their download misbehaves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import web

_PIECE: Final = 65_536


@dataclass
class Download:
    """A file. What is set of the last ones happens whenever it is fetched; `downloads` counts how often it was.

    `says_size` lies of its size, `redirect` leads elsewhere, `breaks_after` breaks the connection after so many
    bytes, `stall` never sends the last one, `status` is answered in place of 200.
    """

    id: str
    name: str
    user: str
    mimetype: str
    content: bytes
    alt_text: str = ""
    says_size: int | None = None
    redirect: str | None = None
    stall: bool = False
    breaks_after: int | None = None
    status: int = 200
    url: str | None = None
    deleted: bool = False
    downloads: int = 0

    @property
    def size(self) -> int:
        """Its size in bytes, as the platform says it."""
        return len(self.content) if self.says_size is None else self.says_size


async def stream(request: web.Request, file: Download, closing: asyncio.Event) -> web.StreamResponse:
    """Hand it out; one that stalls does so until the fake is closing."""
    breaks = file.breaks_after is not None or file.stall
    answer = web.StreamResponse(headers={"Content-Type": file.mimetype})
    if breaks:
        answer.content_length = len(file.content) + 1
    elif file.says_size is None:
        answer.content_length = len(file.content)
    await answer.prepare(request)
    most = len(file.content) if file.breaks_after is None else file.breaks_after
    try:
        for start in range(0, most, _PIECE):
            await answer.write(file.content[start : min(start + _PIECE, most)])
        if file.stall:
            await closing.wait()
        if breaks:
            if request.transport is not None:
                request.transport.abort()
            return answer
        await answer.write_eof()
    except ConnectionError:
        pass  # who reads has had enough
    return answer
