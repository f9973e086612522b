"""What stands under a posted link: the page of a finished video, the video itself, and the files beside it.

The page and the small files are handed out from here, so that they are of one origin; for a video in a bucket whoever
asks is sent on to an address that is signed anew each time, and the store answers with whole or part.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bots.web.pages import page
from jobs.ending import VIDEO, shown_of
from pipeline.publish.page.page import PAGE
from pipeline.publish.page.policy import served
from storage.database import Database
from storage.errors import ObjectMissingError
from storage.jobs import by_token
from storage.objects import Objects
from storage.records import Job, JobState, PublishedFile

#: A signed address works for so long (seconds): longer than the longest video is watched or downloaded.
SIGNED_FOR = 6 * 3600

#: What a token may look like at most: nothing else is looked up.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")

_HEADERS = {
    # The token is the key to the video: it must not travel on to other sites, nor into a search engine.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'"


def videos(database: Database, objects: Objects) -> Callable[[Request], object]:
    """The endpoint of /v/{token} and /v/{token}/{name}. Who has no token learns nothing, not even what was deleted."""

    def answer(request: Request) -> Response:
        token, name = request.path_params["token"], request.path_params.get("name")
        job = database.do(lambda: by_token(token)) if _TOKEN.fullmatch(token) else None
        if job is None or job.state is JobState.DELETED:
            return said(404, "There is no such video.", "Check that the whole link was copied.")
        file = _file_of(job, name or "")
        if file is None:
            return said(404, "There is no such file.", "The video itself may not be finished yet.")
        if name is None and file.name == PAGE:  # what it names beside itself is beside this
            return RedirectResponse(f"{token}/", status_code=307, headers={"Cache-Control": "no-store"})
        return _hand_over(objects, job, file, save="download" in request.query_params)

    async def endpoint(request: Request) -> Response:
        response = await run_in_threadpool(answer, request)
        response.headers.update(_HEADERS)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        return response

    return endpoint


def said(status: int, sentence: str, advice: str) -> Response:
    """A plain page in place of what was asked for."""
    return HTMLResponse(page(sentence, advice), status_code=status)


def _file_of(job: Job, name: str) -> PublishedFile | None:
    """The file of that name; without one what the link shows. `None` when there is none."""
    if not name:
        return shown_of(job.files) if any(file.name == VIDEO for file in job.files) else None
    return next((file for file in job.files if file.name == name), None)


def _hand_over(objects: Objects, job: Job, file: PublishedFile, *, save: bool) -> Response:
    """The file; `save`: to be kept and not shown."""
    filename = file.name if save else None
    if file.content_type.startswith("video/"):
        address = objects.address(file.key, seconds=SIGNED_FOR, filename=filename)
        if address is not None:
            if objects.head(file.key) is None:
                return _gone()
            return RedirectResponse(address, status_code=307, headers={"Cache-Control": "no-store"})
    path = objects.path(file.key)
    if file.name == PAGE:
        return _page(objects, job, file)
    if path is not None:
        headers = {"Cache-Control": "private, max-age=300"}
        return FileResponse(path, media_type=file.content_type, headers=headers, filename=filename)
    content = _content(objects, file)
    if content is None:
        return _gone()
    return Response(content, media_type=file.content_type, headers={"Cache-Control": "private, max-age=300"})


def _page(objects: Objects, job: Job, file: PublishedFile) -> Response:
    content = _content(objects, file)
    if content is None:
        return _gone()
    video = next((one for one in job.files if one.name == VIDEO), None)
    address = None if video is None else objects.address(video.key, seconds=SIGNED_FOR)
    host = None if address is None else "{0.scheme}://{0.netloc}".format(urlsplit(address))
    html, policy = served(content.decode("utf-8", errors="replace"), host)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "private, no-cache"}
    return HTMLResponse(html, headers=headers)


def _content(objects: Objects, file: PublishedFile) -> bytes | None:
    """What the store holds of a small file; `None` when it is gone. Raises the store's other errors."""
    with tempfile.TemporaryDirectory(prefix="hidden-hill-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, "copy")
        try:
            objects.get(file.key, copy)
        except ObjectMissingError:
            return None
        return copy.read_bytes()


def _gone() -> Response:
    return said(404, "The file of this video is missing.", "Its requester can have it made again, for free.")
