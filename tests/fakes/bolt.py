"""The real slack-bolt on real sockets against the fake Slack, and something to press and to fill in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

BUTTONS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "block_id": "deeds",
        "elements": [
            {
                "type": "button",
                "action_id": "cancel",
                "value": "job-1",
                "text": {"type": "plain_text", "text": "Cancel"},
            }
        ],
    }
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "edit",
    "title": {"type": "plain_text", "text": "Edit"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "scene-1",
            "label": {"type": "plain_text", "text": "Scene 1"},
            "element": {"type": "plain_text_input", "action_id": "words", "initial_value": "Old words"},
        }
    ],
}


def client_of(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=10)


def app_of(slack: FakeSlack) -> AsyncApp:
    return AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret)


def with_app(slack: FakeSlack, app: AsyncApp, hand: Callable[[], object], *, sockets: int = 1) -> None:
    """Run the app on real sockets while `hand` acts in a thread of its own."""

    async def run() -> None:
        handlers = [AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.3) for _ in range(sockets)]
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            await asyncio.to_thread(hand)
        finally:
            for handler in handlers:
                await handler.close_async()  # type: ignore[no-untyped-call]

    asyncio.run(run())


def noting(app: AsyncApp, *events: str) -> list[dict[str, Any]]:
    """The bodies of all such events that the app gets."""
    heard: list[dict[str, Any]] = []

    async def note(body: dict[str, Any]) -> None:
        heard.append(body)

    for name in events:
        app.event(name)(note)
    return heard
