"""`bots.port.Port` on Slack's Web API: what the messenger can do here."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.cards.card import Card
from bots.people import Place
from bots.port import Attachment, MessageGoneError, PlaceGoneError, Tag, Uploads
from bots.slack.blocks import blocks as drawn_blocks
from bots.slack.blocks import text as drawn_text
from bots.slack.client import BLOCKS_REFUSED, error_code, port_errors
from bots.slack.directory import Directory
from bots.slack.installation import PLATFORM
from bots.slack.uploading import upload

#: What our messages carry where nobody sees it.
EVENT_TYPE: Final = "hidden_hill"
#: Slack takes files of up to 1 GB; more than this nobody plays inline (bytes).
LARGEST_UPLOAD: Final = 200 * 1024 * 1024
_EMOJI: Final = {"retry": "repeat"}
#: A message is looked for in so many pages of 200 at most.
_PAGES: Final = 10

_log = logging.getLogger(__name__)


class SlackPort:
    """The messenger's hands. `client` must not retry by itself what Slack has no time for: the messenger paces."""

    platform: str = PLATFORM

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, directory: Directory) -> None:
        self._client = client
        self._session = session
        self._directory = directory

    def uploads(self, place: Place) -> Uploads:  # noqa: ARG002 - the same everywhere
        """See `Port`."""
        return Uploads(largest=LARGEST_UPLOAD)

    async def post(self, place: Place, card: Card, *, tag: Tag) -> str:
        """See `Port`."""
        more = {"channel": place.channel, "unfurl_links": False, "unfurl_media": False}
        if place.thread is not None:
            more["thread_ts"] = place.thread
        with port_errors():
            answer = await self._written(self._client.chat_postMessage, card, tag, more)
        return str(answer["ts"])

    async def edit(self, place: Place, message: str, card: Card, *, tag: Tag) -> None:
        """See `Port`."""
        with port_errors():
            await self._written(
                self._client.chat_update, card, tag, {"channel": place.channel, "ts": message}
            )

    async def find(self, place: Place, tag: Tag, *, since: float) -> str | None:
        """See `Port`."""
        cursor = ""
        for _ in range(_PAGES):
            with port_errors():
                page = await self._page(place, since, cursor)
            for message in page.get("messages") or ():
                if (handle := self._handle(message, tag)) is not None:
                    return handle
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None

    async def upload(self, place: Place, files: Sequence[Attachment], *, tag: Tag) -> str:  # noqa: ARG002
        """See `Port`. Slack writes no metadata on uploads: they are found by their names."""
        with port_errors():
            sent = await upload(self._client, self._session, place.channel, files, thread=place.thread)
        return ",".join(sent)

    async def remove(self, place: Place, handle: str) -> None:
        """See `Port`."""
        gone = {"message_not_found", "file_not_found", "file_deleted", "channel_not_found"}
        with port_errors():
            for one in handle.split(","):
                try:
                    if one.startswith("F"):
                        await self._client.files_delete(file=one)
                    else:
                        await self._client.chat_delete(channel=place.channel, ts=one)
                except SlackApiError as error:
                    if error_code(error) not in gone:
                        raise

    async def react(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """See `Port`."""
        with port_errors():
            try:
                await self._client.reactions_add(channel=place.channel, timestamp=message, name=_EMOJI[name])
            except SlackApiError as error:
                if error_code(error) not in {"already_reacted", "too_many_reactions", "too_many_emoji"}:
                    raise

    async def unreact(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """See `Port`."""
        with contextlib.suppress(MessageGoneError), port_errors():
            try:
                await self._client.reactions_remove(
                    channel=place.channel, timestamp=message, name=_EMOJI[name]
                )
            except SlackApiError as error:
                if error_code(error) != "no_reaction":
                    raise

    async def dm(self, user: str) -> Place:
        """See `Port`."""
        with port_errors():
            answer = await self._client.conversations_open(users=user)
        channel = str(answer["channel"]["id"])
        if not channel:
            raise PlaceGoneError("There is no direct message with them.")
        return self._directory.placed(channel, "dm")

    async def admins(self, workspace: str) -> Sequence[str]:
        """See `Port`."""
        if workspace != self._directory.workspace:
            return ()
        with port_errors():
            return await self._directory.admins()

    async def _written(self, write: Any, card: Card, tag: Tag, more: Mapping[str, Any]) -> Any:
        """Write a card with its tag. When Slack doesn't take our blocks, the words alone must do."""
        text, blocks = drawn_text(card), drawn_blocks(card)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"job": tag.job, "what": tag.what}}
        try:
            return await write(text=text, blocks=blocks, metadata=metadata, **more)
        except SlackApiError as error:
            if error_code(error) not in BLOCKS_REFUSED or not blocks:
                raise
            _log_refused(error, tag)
            return await write(text=text, blocks=[], metadata=metadata, **more)

    async def _page(self, place: Place, since: float, cursor: str) -> Mapping[str, Any]:
        asked: dict[str, Any] = {
            "channel": place.channel,
            "oldest": f"{since:.6f}",
            "limit": 200,
            "include_all_metadata": True,
        }
        if cursor:
            asked["cursor"] = cursor
        try:
            if place.thread is None:
                return _data(await self._client.conversations_history(**asked))
            return _data(await self._client.conversations_replies(ts=place.thread, **asked))
        except SlackApiError as error:
            if error_code(error) in {"thread_not_found", "message_not_found"}:
                return {}
            raise

    def _handle(self, message: Mapping[str, Any], tag: Tag) -> str | None:
        """How the message is called if it carries `tag`."""
        own = message.get("user") == self._directory.us
        if not own or message.get("subtype") == "tombstone":
            return None
        if tag.files:
            held = {
                str(file.get("name")): str(file.get("id"))
                for file in message.get("files") or ()
                if file.get("mode") != "tombstone"
            }
            found = [held[name] for name in tag.files if name in held]
            return ",".join(found) if len(found) == len(tag.files) else None
        metadata = message.get("metadata") or {}
        said = metadata.get("event_payload") or {}
        ours = metadata.get("event_type") == EVENT_TYPE
        return (
            str(message["ts"])
            if ours and (said.get("job"), said.get("what")) == (tag.job, tag.what)
            else None
        )


def _data(answer: Any) -> Mapping[str, Any]:
    data: Mapping[str, Any] = answer.data
    return data


def _log_refused(error: SlackApiError, tag: Tag) -> None:
    detail = error.response.get("errors") or error.response.get("response_metadata")
    _log.error(
        "Slack refused our blocks; the words went out without them",
        extra={"job": tag.job, "what": tag.what, "error": error_code(error), "detail": str(detail)[:500]},
    )
