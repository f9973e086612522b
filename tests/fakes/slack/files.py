"""Files: the methods of the Web API, and the host that hands them out and takes them in.

The host asks for the bearer token and, as the platform's does, answers a wrong one with a page to log in at,
status 200. A file's oddities make its download misbehave.
"""

from __future__ import annotations

import asyncio
import mimetypes
from typing import Any

from aiohttp import web

from tests.fakes.downloads import stream
from tests.fakes.slack import shapes
from tests.fakes.slack.blocks import BlocksError, check_message
from tests.fakes.slack.chat import refused_blocks
from tests.fakes.slack.errors import RefusedError, invalid
from tests.fakes.slack.rooms import room_of
from tests.fakes.slack.state import BOT_USER, Channel, File, Json, Message
from tests.fakes.slack.table import limit
from tests.fakes.slack.web_api import Api, method

LOGIN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head>"
    "<body><h1>Sign in to your workspace</h1></body></html>"
)


@method("files.info")
def files_info(api: Api, args: Json) -> Json:
    kept = api.state.files.get(args["file"])
    if kept is None:
        raise RefusedError("file_not_found")
    if kept.deleted:
        raise RefusedError("file_deleted")
    if kept.file_access == "access_denied":
        raise RefusedError("access_denied")
    return {
        "file": shapes.file(api.state, kept, full=True),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


@method("files.delete")
def files_delete(api: Api, args: Json) -> Json:
    kept = api.state.files.get(args["file"])
    if kept is None:
        raise RefusedError("file_not_found")
    if kept.deleted:
        raise RefusedError("file_deleted")
    if kept.user != BOT_USER:
        raise RefusedError("cant_delete_file")
    kept.deleted = True
    return {}


@method("files.getUploadURLExternal")
def get_upload_url(api: Api, args: Json) -> Json:
    if args["length"] < 1:
        raise invalid("invalid_arguments", "must be greater than 0: length")
    if args["length"] > limit("upload_bytes"):
        raise RefusedError("file_upload_size_restricted")
    name = api.state.id("F")
    kind = mimetypes.guess_type(args["filename"])[0] or "application/octet-stream"
    api.state.uploads[name] = File(
        name,
        args["filename"],
        BOT_USER,
        {"text/vtt": "text/vtt"}.get(kind, kind),
        b"",
        alt_text=args.get("alt_txt", ""),
        created=shapes.now(),
        says_size=args["length"],
    )
    return {"upload_url": f"{api.state.file_address}/upload/v1/{name}", "file_id": name}


@method("files.completeUploadExternal")
def complete_upload(api: Api, args: Json) -> Json:
    state, files = api.state, args["files"]
    rooms = _rooms_for_files(api, args)
    _check_files(api, files)
    _check_words(args)
    for entry in files:
        kept = state.uploads.pop(entry["id"])
        kept.title = entry.get("title") or kept.name
        state.files[kept.id] = kept
    names = [entry["id"] for entry in files]
    for room in rooms:
        said = Message(
            channel=room.id,
            ts=state.ts(),
            user=BOT_USER,
            text=args.get("initial_comment", ""),
            blocks=args.get("blocks", []),
            thread_ts=args.get("thread_ts"),
            by_app=True,
        )
        api.workspace.share(names, said)
    return {"files": [shapes.file(state, state.files[name], full=True) for name in names]}


def _rooms_for_files(api: Api, args: Json) -> list[Channel]:
    rooms = [room_of(api, name) for name in [args.get("channel_id"), *args.get("channels", [])] if name]
    for room in rooms:
        if room.archived:
            raise RefusedError("is_archived")
        if not room.bot_in:
            raise RefusedError("not_in_channel")
    if args.get("thread_ts") and len(rooms) != 1:
        raise invalid("invalid_arguments", "thread_ts needs one channel")
    return rooms


def _check_files(api: Api, files: list[Json]) -> None:
    if not files or len(files) > limit("upload_files"):
        raise invalid("invalid_arguments", f"files must hold 1 to {limit('upload_files')}")
    for entry in files:
        if set(entry) - {"id", "title", "highlight_type"}:
            raise invalid("invalid_arguments", f"files: {sorted(entry)}")
        if entry.get("id") not in api.state.uploads:
            raise RefusedError("file_not_found")
        if api.state.uploads[entry["id"]].says_size is not None:
            raise RefusedError("file_update_failed")  # its bytes have not all come


def _check_words(args: Json) -> None:
    if not args.get("blocks"):
        return
    if args.get("initial_comment"):
        raise invalid("invalid_arguments", "initial_comment and blocks")
    try:
        check_message(args["blocks"])
    except BlocksError as wrong:
        raise refused_blocks(wrong) from wrong


class FileHost:
    """The host of the files, and (`elsewhere`) one that is none of the platform's.

    `asked` are the requests that either got: the host's name, the path, and the bearer that was shown.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.asked: list[tuple[str, str, str]] = []
        self.faults: list[int] = []

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A download."""
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with self._api.state.changed:
            self.asked.append(("files", request.path, bearer))
            kept = self._api.state.files.get(request.match_info["key"].partition("-")[2])
        if kept is None or kept.deleted:
            return web.Response(status=404, text="not found")
        kept.downloads += 1
        allowed = bearer == self._api.bot_token and "files:read" in self._api.workspace.scopes
        if kept.redirect:
            return web.Response(status=302, headers={"Location": kept.redirect})
        if kept.html or not allowed or self._api.workspace.refusal:
            return web.Response(text=LOGIN, content_type="text/html")
        if kept.status != 200:
            return web.Response(status=kept.status, text="no")
        return await stream(request, kept, self._api.closing)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """An upload to the address that `files.getUploadURLExternal` named; good once."""
        if self.faults:
            status = self.faults.pop(0)
            if status == 0:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=499)
            return web.Response(status=status, text="try again")
        content = await _body(request)
        with self._api.state.changed:
            kept = self._api.state.uploads.get(request.match_info["name"])
            if kept is None or kept.says_size is None:
                return web.Response(status=404, text="no such upload")
            if len(content) != kept.says_size:
                return web.Response(status=400, text="length mismatch")
            kept.content, kept.says_size = content, None
            self._api.state.changed.notify_all()
        return web.Response(text=f"OK - {len(content)}")

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Any request to the host that is none of the platform's."""
        self.asked.append(
            ("elsewhere", request.path, request.headers.get("Authorization", "").removeprefix("Bearer "))
        )
        await asyncio.sleep(0)
        return web.Response(body=b"%PDF-1.4 from elsewhere", content_type="application/pdf")


async def _body(request: web.Request) -> bytes:
    """The uploaded bytes: the body itself, or the first file of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    form: Any = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
