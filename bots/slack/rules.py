"""Forms of an admin's page: who may do what, and in which channels a dropped PDF starts at once.

Each is said to the desk in the words that an admin could type, so both go one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bots.desk.replies import Reply
from bots.people import Ask
from bots.slack.answers import View
from bots.slack.forms import modal, words
from bots.slack.literal import plain_text
from bots.slack.mentioned import mentions
from bots.slack.reception import Reception

#: The forms, by the deeds of the buttons that open them.
PEOPLE, CHANNEL = "home-people", "home-channel"
FORMS: Final = frozenset({PEOPLE, CHANNEL})
#: What can be decided of a person: the words for it, and how they stand in the form.
_OF_A_PERSON: Final = {
    "let-in": "May have videos made",
    "shut-out": "Is not let in any more",
    "block": "May not have videos made, whatever else holds",
    "unblock": "Is not kept out any more",
    "add": "Is an admin here",
    "remove": "Is no admin here any more",
    "alerts on": "Hears what needs attention",
    "alerts off": "No longer hears what needs attention",
}


def form(deed: str, page: Mapping[str, Any]) -> View:
    """The form that the button opens; `page` is what it remembers of the page."""
    return _people(page) if deed == PEOPLE else _channel(page)


async def decided(reception: Reception, ask: Ask, view: Mapping[str, Any]) -> Reply | None:
    """The form was sent: what the desk says to it; `None` when nothing was chosen."""
    command = (_of_person if view["callback_id"] == PEOPLE else _of_channel)(view["state"]["values"])
    return await said_to_desk(reception, ask, command) if command else None


async def said_to_desk(reception: Reception, ask: Ask, command: str) -> Reply:
    """The desk's answer to words that name people or channels by their ids."""
    known = ask.model_copy(update={"mentions": await mentions(reception.directory, command)})
    return await reception.work.call(reception.desk.command, known, command)


def _people(page: Mapping[str, Any]) -> View:
    options = [{"text": plain_text(label, 75), "value": deed} for deed, label in _OF_A_PERSON.items()]
    blocks = [
        _input("who", "Who?", {"type": "users_select"}),
        _input("what", "What holds from now on?", {"type": "static_select", "options": options}),
    ]
    return modal(PEOPLE, blocks, title="People", submit="Save", known=page)


def _channel(page: Mapping[str, Any]) -> View:
    element = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
    blocks = [
        words("A PDF that is dropped there starts at once. Elsewhere I ask first."),
        _input("where", "In which channel?", element),
    ]
    return modal(CHANNEL, blocks, title="Add a channel", submit="Add", known=page)


def _input(name: str, label: str, element: View) -> View:
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, 150),
        "element": {**element, "action_id": "value"},
    }


def _of_person(values: Mapping[str, Any]) -> str:
    """What an admin would type for the choice, "" for none."""
    user = values["who"]["value"].get("selected_user") or ""
    deed = (values["what"]["value"].get("selected_option") or {}).get("value", "")
    verb, _, on = deed.partition(" ")
    return f"admin {verb} @{user} {on}".strip() if user and deed in _OF_A_PERSON else ""


def _of_channel(values: Mapping[str, Any]) -> str:
    channel = values["where"]["value"].get("selected_conversation") or ""
    return f"admin auto #{channel} on" if channel else ""
