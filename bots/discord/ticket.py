"""An interaction's ticket: it may be answered for three seconds, and then something be shown for it for 15 minutes.

What is shown for it is drawn for one person alone, but where the message is changed whose button was pressed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context, interaction_response_params

from bots.desk.replies import Document
from bots.discord.components import COMPONENTS_V2, Drawn

#: Flag of a message that one person alone sees.
EPHEMERAL: Final = 1 << 6
#: Discord's numbers for answers: think aloud, note a press, offer completions, open a form.
_THINK, _NOTE, _OFFER, _FORM = 5, 6, 8, 9
#: The interaction is unknown (too late), was answered, or its ticket ran out.
_ANSWERED: Final = 40060
_LATE: Final = frozenset({10062, 10015, _ANSWERED, 50027})
#: So often an answer is sent that may not have got there.
_TRIES: Final = 3

Json = dict[str, Any]


class Ticket:
    """The way back to whoever typed, pressed or filled something in.

    `id` is the interaction's. `pressed`: it was a button, a menu or a form that came from one: then `replace`
    changes that message.
    What Discord refuses raises `discord.HTTPException`; `is_late` tells whether it is only too late.
    """

    def __init__(self, interaction: discord.Interaction, session: aiohttp.ClientSession) -> None:
        self.id, self._app, self._token = interaction.id, interaction.application_id, interaction.token
        self._session = session
        self._adapter: AsyncWebhookAdapter = async_context.get()
        self.pressed = interaction.message is not None
        self.private = interaction.message is not None and interaction.message.flags.ephemeral
        self._thinks = False

    async def think(self) -> bool:
        """Say that an answer for one person alone comes; false when it is too late.

        True also where it was said before: by another process, or by this one, and the word of it was lost.
        """
        self._thinks = await self._answer(_THINK, {"flags": EPHEMERAL})
        return self._thinks

    async def note(self) -> bool:
        """Say that a press was heard, as `think` does; false when it is too late."""
        return await self._answer(_NOTE)

    async def form(self, form: Json) -> bool:
        """Open a form; false when it is too late."""
        return await self._answer(_FORM, form)

    async def offer(self, choices: Sequence[Json]) -> bool:
        """Complete what is being typed."""
        return await self._answer(_OFFER, {"choices": list(choices)})

    async def show(self, card: Drawn, document: Document | None = None) -> None:
        """Show something to this person: in place of the thinking, else below it."""
        body = card.message | {"flags": COMPONENTS_V2 | EPHEMERAL}
        if self._thinks:
            self._thinks = False
            await self._adapter.edit_original_interaction_response(
                self._app, self._token, session=self._session, **_sent(body, document)
            )
            return
        await self._adapter.execute_webhook(
            self._app,
            self._token,
            session=self._session,
            wait=True,
            with_components=True,
            **_sent(body, document),
        )

    async def replace(self, card: Drawn, document: Document | None = None) -> None:
        """Show it in place of the message whose button was pressed."""
        body = card.message | {"flags": COMPONENTS_V2}
        await self._adapter.edit_original_interaction_response(
            self._app, self._token, session=self._session, **_sent(body, document)
        )

    async def remove(self) -> None:
        """Take away the message whose button was pressed, or the thinking."""
        self._thinks = False
        await self._adapter.delete_original_interaction_response(
            self._app, self._token, session=self._session
        )

    def leave(self) -> None:
        """Another process goes on with it: the thinking is its own to end."""
        self._thinks = False

    async def finish(self) -> None:
        """Nothing more comes: thinking that led to nothing is taken away."""
        if self._thinks:
            try:
                await self.remove()
            except discord.HTTPException as error:
                if not is_late(error):
                    raise

    async def _answer(self, kind: int, data: Json | None = None) -> bool:
        for tries in range(1, _TRIES + 1):
            params = interaction_response_params(kind, data)
            try:
                await self._adapter.create_interaction_response(
                    self.id, self._token, session=self._session, params=params
                )
            except aiohttp.ClientConnectionError:
                # Nobody says it again: a connection that Discord had closed, or that broke, must not lose it.
                if tries == _TRIES:
                    raise
            except discord.HTTPException as error:
                if not is_late(error):
                    raise
                return error.code == _ANSWERED and kind in (_THINK, _NOTE)
            else:
                return True
        raise AssertionError("the last try returns or raises")


def is_late(error: discord.HTTPException) -> bool:
    """Whether the ticket is worth nothing any more, or never was ours."""
    return error.code in _LATE or error.status == 401


def _sent(body: Mapping[str, Any], document: Document | None) -> Json:
    """What the adapter is given. A file is named by a component, else nobody would see it."""
    if document is None:
        return {"payload": dict(body)}
    name = _safe(document.name)
    shown = {"type": 13, "file": {"url": f"attachment://{name}"}}
    told = dict(body) | {
        "components": [*body["components"], shown],
        "attachments": [{"id": "0", "filename": name}],
    }
    parts = [
        {"name": "payload_json", "value": json.dumps(told), "content_type": "application/json"},
        {
            "name": "files[0]",
            "value": document.content,
            "filename": name,
            "content_type": "application/octet-stream",
        },
    ]
    return {"multipart": parts}


def _safe(name: str) -> str:
    """A file's name as it stands in an address."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)
