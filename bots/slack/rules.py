"""Forms of an admin's page: who may do what, and in which channels a dropped PDF starts at once.

Each is said to the desk in the words that an admin could type, so both go one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.pages import CHANNEL, PEOPLE
from bots.rules import OF_A_PERSON, of_channel, of_person
from bots.slack.answers import View
from bots.slack.forms import modal, words
from bots.slack.literal import plain_text


def form(deed: str, page: Mapping[str, Any]) -> View:
    """The form that the button opens; `page` is what it remembers of the page."""
    return _people(page) if deed == PEOPLE else _channel(page)


def words_of(view: Mapping[str, Any]) -> str:
    """What an admin would type for a form that was sent; "" where nothing was chosen."""
    values = view["state"]["values"]
    if view["callback_id"] == CHANNEL:
        return of_channel(values["where"]["value"].get("selected_conversation") or "", on=True)
    user = values["who"]["value"].get("selected_user") or ""
    deed = (values["what"]["value"].get("selected_option") or {}).get("value", "")
    return of_person(user, deed)


def _people(page: Mapping[str, Any]) -> View:
    options = [{"text": plain_text(label, 75), "value": deed} for deed, label in OF_A_PERSON.items()]
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
