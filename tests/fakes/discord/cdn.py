"""The host that hands files out: by signed links that expire, and with the accidents of `File`.

A link that is wrong or too old is answered with 404, as on the platform. `says_size` lies in the API only,
`breaks_after` breaks the connection after so many bytes, `stall` sends nothing until the fake closes.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.fakes.discord import shapes
from tests.fakes.discord.state import File, State

GONE = "This content is no longer available."


class Cdn:
    """All files. `asked` are the requests: path and the token that was shown with it, which should be none."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.asked: list[tuple[str, str]] = []
        self.closing = asyncio.Event()

    async def give(self, request: web.Request) -> web.StreamResponse:
        """One file."""
        path = request.raw_path.partition("?")[0]
        with self.state.changed:
            self.asked.append((path, request.headers.get("Authorization", "")))
            kept = self.state.files.get(request.match_info["file"])
            good = kept is not None and not kept.deleted and self._signed(path, request)
            self.state.changed.notify_all()
        if kept is None or not good:
            return web.Response(status=404, text=GONE)
        kept.downloads += 1
        if kept.redirect:
            return web.Response(status=302, headers={"Location": kept.redirect})
        if kept.status != 200:
            return web.Response(status=kept.status, text=GONE)
        return await self._send(request, kept)

    def _signed(self, path: str, request: web.Request) -> bool:
        try:
            until, start = int(request.query["ex"], 16), int(request.query["is"], 16)
        except (KeyError, ValueError):
            return False
        return until > self.state.now() and request.query.get("hm") == shapes.signature(path, until, start)

    async def _send(self, request: web.Request, kept: File) -> web.StreamResponse:
        headers = {"Content-Type": kept.mimetype}
        if kept.says_size is None:
            headers["Content-Length"] = str(len(kept.content))
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        if kept.stall:
            await self.closing.wait()
            return response
        most = len(kept.content) if kept.breaks_after is None else kept.breaks_after
        try:
            for place in range(0, most, 65_536):
                await response.write(kept.content[place : min(place + 65_536, most)])
            if kept.breaks_after is not None:
                if request.transport is not None:
                    request.transport.abort()
                return response
            await response.write_eof()
        except ConnectionError:
            pass  # who reads has had enough
        return response
