"""Buttons, menus and choices, in messages, in forms and on the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bots.continuing import CONTINUE
from bots.pages import Page
from bots.people import Person
from bots.slack.answers import Back
from bots.slack.forms import open_form
from bots.slack.home import asks_at_home, page_of, press_at_home, publish
from bots.slack.pressed import pressed
from bots.slack.reception import Reception
from bots.slack.typed import go_on_in_dm

#: Deeds that do nothing by themselves: a link that Slack opens, a tick that a button gathers.
_IDLE: Final = frozenset({"watch", "home-tick"})


def back_of_press(body: Mapping[str, Any]) -> Back:
    """Where a press is answered."""
    container, message = body.get("container") or {}, body.get("message") or {}
    view = body.get("view") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    return Back(
        user=str((body.get("user") or {}).get("id") or ""),
        channel=channel,
        thread=message.get("thread_ts") or container.get("thread_ts"),
        response=body.get("response_url"),
        trigger=body.get("trigger_id"),
        message=message.get("ts") or container.get("message_ts"),
        ephemeral=bool(container.get("is_ephemeral")),
        view=view.get("id"),
        home=view.get("type") == "home",
        known=view.get("private_metadata") or "{}",
    )


async def press(reception: Reception, body: Mapping[str, Any], back: Back) -> None:
    """Something was pressed."""
    view = body.get("view") or {}
    state = (body.get("state") or view.get("state") or {}).get("values") or {}
    for action in body.get("actions") or ():
        what = pressed(action, state)
        if what is None or what[0] in _IDLE:
            continue
        # The same press told twice; two presses have two times.
        name = f"action:{back.user}:{action.get('action_ts')}:{action.get('action_id')}"
        if not await reception.first(name):
            continue
        person = await reception.speaker(body, back)
        if person is None:
            return
        page = page_of(view) or (Page() if back.home else None)
        await _done(reception, back, person, what, page)


async def _done(
    reception: Reception, back: Back, person: Person, what: tuple[str, str], page: Page | None
) -> None:
    deed, value = what
    if deed == CONTINUE:
        await go_on_in_dm(reception, back, person, value)
        return
    if deed.startswith("home-"):
        await press_at_home(reception, back, person, what, page or Page())
        return
    if back.channel is None:
        ask = asks_at_home(reception, person)
    else:
        place = await reception.directory.place(back.channel, back.thread)
        back = back.at(place.kind)
        ask = reception.ask(person, place, thread_of=back.thread)
    reply = await reception.answered(ask, lambda ask: reception.desk.press(ask, deed, value))
    if reply is not None and reply.modal is not None:
        await open_form(reception, ask, back, reply)
        return
    if not (back.home and deed.startswith("me-")):  # the page shows it
        await reception.give(back, reply)
    if page is not None:
        await publish(reception, ask, page)
