"""The host that hands files out: by signed links that expire, and with the accidents of `Download`.

A link that is wrong or too old is answered with 404, as on the platform.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.fakes.discord import shapes
from tests.fakes.discord.state import State
from tests.fakes.downloads import stream

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
        return await stream(request, kept, self.closing)

    def _signed(self, path: str, request: web.Request) -> bool:
        try:
            until, start = int(request.query["ex"], 16), int(request.query["is"], 16)
        except (KeyError, ValueError):
            return False
        return until > self.state.now() and request.query.get("hm") == shapes.signature(path, until, start)
