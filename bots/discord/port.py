"""`bots.port.Port` on Discord's HTTP API: what the messenger can do here."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote

from bots.cards.card import Card, Title
from bots.cards.literal import one_line, shortened
from bots.discord.client import Api
from bots.discord.components import Drawn, drawn
from bots.discord.directory import Directory
from bots.discord.errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    TOO_MANY_REACTIONS,
    TOO_OLD_TO_EDIT,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    ApiError,
    port_errors,
)
from bots.discord.grants import Grants
from bots.discord.installation import PLATFORM, workspace_of
from bots.discord.literal import escaped
from bots.discord.marks import carries, id_at, marked, moment_of, nonce_of
from bots.discord.spots import Body, Spots
from bots.discord.uploading import upload_body
from bots.people import Place
from bots.port import Attachment, MessageOldError, PlaceGoneError, Tag, UploadRefusedError, Uploads

#: A message that is older (seconds) may be edited seldom: after an hour, by Discord's clock.
OLD: Final = 3_500.0
#: Nobody's telephone rings for a message with this flag.
SILENT: Final = 1 << 12
#: Why nothing can be posted in a channel → the permission that would mend it.
_SHUT_OUT: Final = {MISSING_ACCESS: "VIEW_CHANNEL", MISSING_PERMISSIONS: "SEND_MESSAGES"}
_EMOJI: Final = {"retry": "🔁"}
#: A message is looked for in so many pages of 100 at most.
_PAGES: Final = 10
#: Characters of a thread's name, and how many titles are remembered for them.
_NAME, _TITLES = 90, 500

#: Keeps what buttons stand for and can't hold, for a workspace, by digest.
Keep = Callable[[str, Mapping[str, str]], Awaitable[None]]

_log = logging.getLogger(__name__)


class DiscordPort:
    """The messenger's hands."""

    platform: str = PLATFORM

    def __init__(self, api: Api, directory: Directory, grants: Grants, keep: Keep) -> None:
        self._api = api
        self._directory = directory
        self._grants = grants
        self._keep = keep
        self._spots = Spots(api, grants)
        #: The titles of messages that threads may be begun under, by the message's id.
        self._titles: dict[str, str] = {}

    def uploads(self, place: Place) -> Uploads:
        """See `Port`. The preview plays in place in every server: the whole video is too large for most.

        Where no link leads to the whole one (neither a public bucket nor the web process has an address), that
        is attached itself, if the server takes it.
        """
        where = place.workspace if place.kind != "dm" else ""
        return Uploads(largest=self._directory.upload_limit(where), preview_first=True)

    async def post(self, place: Place, card: Card, *, tag: Tag) -> str:
        """See `Port`."""
        shown = drawn(card)
        await self._keep_all(place, shown)
        body = self._body(shown, tag) | {"nonce": nonce_of(tag), "enforce_nonce": True}
        if tag.job and not shown.people:
            # In direct messages everything rings, and in servers whose members are told of every message.
            body["flags"] |= SILENT
        with port_errors():
            try:
                said = await self._taken(card, tag, body, lambda body: self._send(place, body, card))
            except ApiError as error:
                if (missing := _SHUT_OUT.get(error.code)) is not None:
                    self._grants.shut_out(place, tag.job, missing)
                raise
        self._remember(str(said["id"]), card)
        await self._grants.explain(place, tag.job)
        return str(said["id"])

    async def edit(self, place: Place, message: str, card: Card, *, tag: Tag) -> None:
        """See `Port`. Of an old message only its last words are changed: what goes on would be refused soon."""
        if card.tone == "busy" and self._api.now() - moment_of(message) > OLD:
            raise MessageOldError("The message is more than an hour old.")
        shown = drawn(card)
        await self._keep_all(place, shown)

        async def write(body: Body) -> Any:
            return await self._spots.each(
                place, lambda channel: self._on_message("PATCH", channel, message, body)
            )

        with port_errors():
            try:
                await self._taken(card, tag, self._body(shown, tag), write)
            except ApiError as error:
                if error.code == TOO_OLD_TO_EDIT:
                    raise MessageOldError("Messages this old were edited often enough of late.") from error
                raise

    async def find(self, place: Place, tag: Tag, *, since: float) -> str | None:
        """See `Port`."""
        dm = place.kind == "dm"
        channels = [place.channel] if dm else [*filter(None, [place.thread]), place.channel]
        with port_errors():
            for channel in channels:
                try:
                    handle = await self._find_in(channel, tag, since)
                except ApiError as error:
                    if error.code == UNKNOWN_CHANNEL and channel != channels[-1]:
                        continue
                    raise
                if handle is not None:
                    return handle
        return None

    async def upload(self, place: Place, files: Sequence[Attachment], *, tag: Tag) -> str:
        """See `Port`."""
        body = upload_body(files, tag) | {"nonce": nonce_of(tag), "enforce_nonce": True}
        body["flags"] |= SILENT
        with port_errors():
            said = await self._uploaded(place, body, files)
        return str(said["id"])

    async def remove(self, place: Place, handle: str) -> None:
        """See `Port`."""
        with port_errors():
            try:
                await self._spots.each(place, lambda channel: self._on_message("DELETE", channel, handle))
            except ApiError as error:
                if error.code not in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}:
                    raise

    async def react(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """See `Port`."""
        with port_errors():
            try:
                await self._reaction("PUT", place, message, name)
            except ApiError as error:
                if error.code == MISSING_PERMISSIONS:
                    await self._grants.miss(place, "ADD_REACTIONS", "READ_MESSAGE_HISTORY")
                elif error.code != TOO_MANY_REACTIONS:
                    raise

    async def unreact(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """See `Port`."""
        with port_errors():
            try:
                await self._reaction("DELETE", place, message, name)
            except ApiError as error:
                if error.code not in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}:
                    raise

    async def dm(self, user: str) -> Place:
        """See `Port`."""
        with port_errors():
            home = await self._directory.home(int(user))
            if home is None:
                raise PlaceGoneError("They are in no server of ours any more.")
            channel = await self._api.call("POST", "/users/@me/channels", {"recipient_id": user})
        return Place(platform=PLATFORM, workspace=workspace_of(home), channel=str(channel["id"]), kind="dm")

    async def admins(self, workspace: str) -> Sequence[str]:
        """See `Port`."""
        return self._directory.admins(workspace)

    # How a message is written.

    def _body(self, shown: Drawn, tag: Tag) -> dict[str, Any]:
        return {**shown.message, "components": marked(shown.components, tag)}

    async def _keep_all(self, place: Place, shown: Drawn) -> None:
        if shown.kept:
            await self._keep(place.workspace, shown.kept)

    async def _send(self, place: Place, body: Body, card: Card) -> Any:
        title = self._titles.get(place.thread or "") or _title(card)
        return await self._spots.send(place, body, self._to_channel, title=title)

    async def _to_channel(self, channel: str, body: Body) -> Any:
        return await self._api.call("POST", f"/channels/{channel}/messages", body)

    async def _taken(
        self, card: Card, tag: Tag, body: Mapping[str, Any], write: Callable[[Body], Awaitable[Any]]
    ) -> Any:
        """Write a card. When Discord doesn't take our components, the words alone must do."""
        try:
            return await write(body)
        except ApiError as error:
            if not error.is_of_the_form:
                raise
            _log.error(
                "Discord refused our components; the words went out without them",
                extra={"job": tag.job, "what": tag.what, "detail": str(error.errors)[:500]},
            )
        words = [{"type": 10, "content": escaped(shortened(card.text, 1_500)) or "–"}]
        return await write({**body, "components": marked(words, tag)})

    async def _on_message(self, method: str, channel: str, message: str, body: Body | None = None) -> Any:
        bucket = f"/channels/{channel}/messages/-"
        return await self._api.call(method, f"/channels/{channel}/messages/{message}", body, bucket=bucket)

    async def _reaction(self, method: str, place: Place, message: str, name: Literal["retry"]) -> None:
        async def deed(channel: str) -> None:
            path = f"/channels/{channel}/messages/{message}/reactions/{quote(_EMOJI[name])}/@me"
            await self._api.call(method, path, bucket=f"/channels/{channel}/messages/-/reactions")

        await self._spots.each(place, deed)

    async def _uploaded(self, place: Place, body: Body, files: Sequence[Attachment]) -> Any:
        async def send(channel: str, body: Body) -> Any:
            return await self._api.call("POST", f"/channels/{channel}/messages", body, files=files)

        title = self._titles.get(place.thread or "") or "The video"
        try:
            return await self._spots.send(place, body, send, title=title)
        except ApiError as error:
            if error.code != MISSING_PERMISSIONS:
                raise
            await self._grants.miss(place, "ATTACH_FILES")
            raise UploadRefusedError("Files may not be attached there.") from error

    async def _find_in(self, channel: str, tag: Tag, since: float) -> str | None:
        after = id_at(since)
        for _ in range(_PAGES):
            page = await self._api.call(
                "GET", f"/channels/{channel}/messages", query={"limit": "100", "after": after}
            )
            for message in page:
                if message["author"]["id"] == str(self._directory.us) and carries(message, tag):
                    return str(message["id"])
            if len(page) < 100:
                return None
            after = max((str(one["id"]) for one in page), key=int)
        return None

    def _remember(self, message: str, card: Card) -> None:
        if len(self._titles) >= _TITLES:
            del self._titles[next(iter(self._titles))]
        self._titles[message] = _title(card)


def _title(card: Card) -> str:
    """What a thread is called that is begun under the card, or for it."""
    title = next((block.text for block in card.blocks if isinstance(block, Title)), card.text)
    return shortened(one_line(title), _NAME) or "The video"
