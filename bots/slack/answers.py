"""Replies of the desk on their way back: whispered where they were asked for, posted, or in place of a question."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.cards.card import Card
from bots.desk.replies import Document, Reply, said
from bots.people import PlaceKind
from bots.port import Attachment
from bots.slack.blocks import blocks, text
from bots.slack.client import CALL, PLACE_GONE, error_code
from bots.slack.uploading import upload

#: Errors of a whisper that can't be heard in its place: it goes to the person's direct messages.
_NOT_THERE: Final = PLACE_GONE | {
    "user_not_in_channel",
    "no_permission",
    "method_not_supported_for_channel_type",
}
#: What a form of ours is called at the top; Slack takes 24 characters.
TITLE: Final = "Hidden Hill"

View = dict[str, Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Back:
    """The way back to whoever asked.

    `response` is Slack's address for answers to this payload, `trigger` its ticket to open a form (3 seconds).
    `message` is the message whose button was pressed, which only they see if it is `ephemeral`; `view` the
    form, or the home page (`home`), that the button was in, and `known` what it remembers.
    """

    user: str
    channel: str | None = None
    kind: PlaceKind | None = None
    thread: str | None = None
    response: str | None = None
    trigger: str | None = None
    message: str | None = None
    ephemeral: bool = False
    view: str | None = None
    home: bool = False
    known: str = "{}"

    def at(self, kind: PlaceKind) -> Back:
        """The same, once the kind of its channel is known."""
        return replace(self, kind=kind)


class Answers:
    """Hands out replies through `client`; files go over `session`."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def give(self, back: Back, reply: Reply) -> None:
        """Hand out one reply; a job's own message is not posted here, that is the messenger's."""
        if reply.document is not None:
            await self._hand_over(back.user, reply.document)
        if reply.replace and (back.message or (back.view and not back.home)):
            await self._replace(back, reply.card)
        elif reply.job is not None:
            return
        elif reply.private:
            await self._privately(back, reply.card, reply.thread)
        else:
            await self._openly(back, reply.card, reply.thread)

    async def whisper(self, back: Back, sentence: str) -> None:
        """Tell whoever asked one sentence that nobody else sees."""
        await self.give(back, said(sentence))

    async def dm(self, user: str) -> str:
        """The channel of the direct messages between us and `user`. Raises `SlackApiError`."""
        return str((await self._client.conversations_open(users=user))["channel"]["id"])

    async def form(self, back: Back, view: View) -> str | None:
        """Open a form; its id. `None`: the ticket ran out, and that was said."""
        try:
            opened = await self._client.views_open(trigger_id=back.trigger or "", view=view)
        except SlackApiError as error:
            if error_code(error) not in {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}:
                raise
            await self.give(
                replace(back, trigger=None), said("That took a moment too long. Please press it again.")
            )
            return None
        return str(opened["view"]["id"])

    async def redraw(self, view_id: str, view: View) -> None:
        """Show something else in a form that is open; one that was closed meanwhile is let be."""
        try:
            await self._client.views_update(view_id=view_id, view=view)
        except SlackApiError as error:
            if error_code(error) not in {"not_found", "view_not_found", "hash_conflict"}:
                raise

    async def _privately(self, back: Back, card: Card, thread: str | None) -> None:
        if back.view is not None and not back.home:
            await self.redraw(back.view, shown_in_form(card, back.known))
        elif back.home and back.trigger:
            await self.form(back, shown_in_form(card, back.known))
        elif back.channel is None:
            await self._post(await self.dm(back.user), card, None)
        elif back.kind == "dm" and not back.ephemeral and back.response is None:
            await self._post(back.channel, card, thread or back.thread)
        elif back.response is not None and back.message is None:
            await self._respond(back, card, replaces=False)
        elif back.ephemeral and back.response is not None:
            await self._respond(back, card, replaces=bool(back.message))
        else:
            await self._ephemeral(back, card)

    async def _hand_over(self, user: str, document: Document) -> None:
        """Post a file into somebody's direct messages."""
        channel = await self.dm(user)
        with tempfile.TemporaryDirectory(prefix="hidden-hill-") as folder:
            path = Path(folder, "document")
            path.write_bytes(document.content)
            file = Attachment(name=document.name, title=document.name, path=path)
            await upload(self._client, self._session, channel, [file])

    async def _openly(self, back: Back, card: Card, thread: str | None) -> None:
        if back.channel is None:
            await self._post(await self.dm(back.user), card, None)
            return
        try:
            await self._post(back.channel, card, thread or back.thread)
        except SlackApiError as error:
            if error_code(error) not in PLACE_GONE:
                raise
            await self._post(await self.dm(back.user), card, None)

    async def _replace(self, back: Back, card: Card) -> None:
        if back.view is not None:
            await self.redraw(back.view, shown_in_form(card, back.known))
        elif back.ephemeral and back.response is not None:
            await self._respond(back, card, replaces=True)
        elif back.channel is not None and back.message is not None:
            try:
                await self._client.chat_update(
                    channel=back.channel, ts=back.message, text=text(card), blocks=blocks(card)
                )
            except SlackApiError as error:
                _log.info("a question could not be replaced", extra={"error": error_code(error)})

    async def _ephemeral(self, back: Back, card: Card) -> None:
        assert back.channel is not None
        if back.kind == "dm":
            await self._post(back.channel, card, back.thread)
            return
        # Whoever pressed on the message that begins a thread reads the channel: in the thread it would be unseen.
        more: Any = {"thread_ts": back.thread} if back.thread not in (None, back.message) else {}
        try:
            await self._client.chat_postEphemeral(
                channel=back.channel, user=back.user, text=text(card), blocks=blocks(card), **more
            )
        except SlackApiError as error:
            if error_code(error) not in _NOT_THERE:
                raise
            await self._post(await self.dm(back.user), card, None)

    async def _post(self, channel: str, card: Card, thread: str | None) -> None:
        more: Any = {"thread_ts": thread} if thread else {}
        await self._client.chat_postMessage(
            channel=channel,
            text=text(card),
            blocks=blocks(card),
            unfurl_links=False,
            unfurl_media=False,
            **more,
        )

    async def _respond(self, back: Back, card: Card, *, replaces: bool) -> None:
        assert back.response is not None
        webhook = AsyncWebhookClient(
            back.response,
            timeout=int(CALL),
            proxy=self._client.proxy,
            session=self._client.session,
            logger=self._client.logger,
            retry_handlers=self._client.retry_handlers,
        )
        answer = await webhook.send(
            text=text(card), blocks=blocks(card), response_type="ephemeral", replace_original=replaces
        )
        if answer.status_code != 200:
            # The address lives for 30 minutes and five answers.
            await self._post(await self.dm(back.user), card, None)


def shown_in_form(card: Card, known: str = "{}") -> View:
    """A card as a form without fields, which remembers `known`."""
    return {
        "private_metadata": known,
        "type": "modal",
        "callback_id": "shown",
        "title": {"type": "plain_text", "text": TITLE},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks(card) or blocks(said(card.text).card),
    }
