"""The Slack app: each kind of payload is answered at once and then done, by the function that it belongs to."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bots.people import PlaceKind
from bots.slack import drops, events, forms, home, presses, shortcuts, typed
from bots.slack.answers import Back
from bots.slack.installation import person_of
from bots.slack.reception import Reception
from bots.slack.words import mentions

Body = dict[str, Any]
Next = Callable[[], Awaitable[BoltResponse]]

_EVERYTHING: Final = re.compile(r".*", re.DOTALL)
#: Subtypes of messages that are no news to us; a reply that is also sent to the channel is a message like others.
_SPOKEN: Final = frozenset({None, "file_share", "thread_broadcast"})

_log = logging.getLogger(__name__)


def slack_app(reception: Reception, client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """The app with its listeners. `client` has no token: who we are is known, nobody is asked for each payload."""
    app = AsyncApp(
        name="hidden-hill",
        client=client,
        logger=logging.getLogger("slack_bolt"),
        signing_secret=signing_secret,
        authorize=_known(reception),
        # Our own words are told by the door; Bolt would also keep back that a message of ours was deleted.
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        process_before_response=False,
    )
    app.middleware(_door(reception))
    _listen_to_people(app, reception)
    _listen_to_events(app, reception)
    return app


def _known(reception: Reception) -> Callable[[], Awaitable[AuthorizeResult]]:
    us = reception.door.installation

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=us.enterprise, team_id=us.team, bot_id=us.bot, bot_user_id=us.user
        )

    return authorize


def _door(reception: Reception) -> Callable[..., Awaitable[BoltResponse | None]]:
    """What comes from other installations, from programs and from ourselves is acknowledged, and that is all."""

    async def door(body: Body, ack: AsyncAck, next: Next) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        if reception.door.verdict(body) == "ignored":
            return await ack()
        return await next()

    return door


def _listen_to_people(app: AsyncApp, reception: Reception) -> None:
    """Commands, buttons, forms and shortcuts: each must be acknowledged within three seconds."""

    async def command(ack: AsyncAck, body: Body) -> None:
        await ack()
        back = typed.back_of_command(body)
        reception.begin(typed.command(reception, body, back), back)

    async def press(ack: AsyncAck, body: Body) -> None:
        await ack()
        back = presses.back_of_press(body)
        reception.begin(presses.press(reception, body, back), back)

    async def shortcut(ack: AsyncAck, body: Body) -> None:
        await ack()
        back = shortcuts.back_of_shortcut(body)
        reception.begin(shortcuts.make_of_message(reception, body, back), back)

    async def form(ack: AsyncAck, body: Body) -> None:
        kind, back = body["view"]["callback_id"], forms.back_of_form(body)
        if kind in {forms.EDIT, forms.REDO}:
            sentence = forms.CHECKING if kind == forms.EDIT else forms.WAITING
            await ack(response_action="update", view=forms.waiting(sentence))
            reception.begin(forms.came_back(reception, body, back), back)
        elif kind in home.FORMS:
            if wrong := home.wrong_fields(body):
                await ack(response_action="errors", errors=wrong)
                return
            await ack()
            alone = Back(user=back.user)  # the form is closed by now
            reception.begin(home.form_came_back(reception, body, alone), alone)
        else:
            await ack()

    app.command(_EVERYTHING)(command)
    app.action(_EVERYTHING)(press)
    app.shortcut(shortcuts.MAKE)(shortcut)
    app.view(_EVERYTHING)(form)


def _listen_to_events(app: AsyncApp, reception: Reception) -> None:
    """Events: Bolt acknowledges them before it calls us."""

    async def mention(body: Body) -> None:
        reception.begin(typed.mention(reception, body), _back(body))

    async def message(body: Body) -> None:
        event = body["event"]
        if event.get("subtype") == "message_deleted":
            reception.begin(events.deleted(reception, body), None)
        elif event.get("subtype") in _SPOKEN and not event.get("hidden"):
            _spoken(reception, body)

    async def reaction(body: Body) -> None:
        if events.is_ours(reception, body):
            reception.begin(events.reaction(reception, body), _back(body))

    async def opened(body: Body) -> None:
        reception.begin(home.opened(reception, body), None)

    async def changed(body: Body) -> None:
        reception.begin(events.person_changed(reception, body), None)

    async def uninstalled(body: Body) -> None:
        reception.begin(events.uninstalled(reception, body), None)

    app.event("app_mention")(mention)
    app.event("message")(message)
    app.event("reaction_added")(reaction)
    app.event("app_home_opened")(opened)
    app.event("user_change")(changed)
    app.event("app_uninstalled")(uninstalled)
    app.event("tokens_revoked")(uninstalled)


def _spoken(reception: Reception, body: Body) -> None:
    """A message: in our direct messages all of them are for us, elsewhere those with a file."""
    event = body["event"]
    back = _back(body)
    if event.get("channel_type") == "im":
        reception.begin(typed.direct(reception, body), back)
    elif event.get("files"):
        spoken_to = mentions(str(event.get("text") or ""), reception.us)
        handle = typed.mention if spoken_to else drops.dropped_in_channel
        reception.begin(handle(reception, body), back)


def _back(body: Mapping[str, Any]) -> Back:
    event = body["event"]
    item = event.get("item") or {}
    kind: PlaceKind | None = "dm" if event.get("channel_type") == "im" else None
    return Back(
        user=person_of(body),
        channel=event.get("channel") or item.get("channel"),
        kind=kind,
        thread=event.get("thread_ts"),
    )
