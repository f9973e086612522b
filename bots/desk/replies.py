"""What the desk answers with, and the house that it answers for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bots.cards.card import Button, Buttons, Card, Paragraph, plain
from bots.cards.tongue import Tongue
from bots.people import Place
from jobs.kit import Kit
from jobs.office import Office
from storage.records import Record

#: The address of the message with this id, for people; `None` where it has none.
Address = Callable[[Place, str], str | None]


class Document(Record):
    """A file that is handed to whoever asked, by direct message."""

    name: str
    content: bytes


class Reply(Record):
    """An answer to one person.

    `private`: only whoever asked sees it; else it stands where they asked, and `thread` names the message
    that it hangs under. `job`: a job that was just begun and has its chat row: the messenger shows it, the card
    need not be posted. `modal` names a form that the platform opens instead of posting the card
    ("edit:<job>", "redo:<job>": `Desk.edit_form`, `Desk.redo_form`).
    `fetch` is the id of a file that is needed: the platform fetches it, sets `Ask.file` with its path and
    asks the same again. `replace`: the card takes the place of the message whose button was pressed.
    `document` is a file for whoever asked, by direct message, beside the card. `takes_back`: all that was said
    to them in direct messages goes, but for this answer.
    """

    card: Card
    private: bool = True
    thread: str | None = None
    job: str | None = None
    modal: str | None = None
    fetch: str | None = None
    replace: bool = False
    document: Document | None = None
    takes_back: bool = False


@dataclass(frozen=True, kw_only=True)
class House:
    """What every part of the desk works with. `tongue` is how the platform speaks, `size` the video's in pixels.

    `versions` are those of the providers at work: part of what makes two orders the same. `address` says
    where people find a message of a place.
    """

    office: Office
    kit: Kit
    tongue: Tongue
    size: tuple[int, int]
    versions: tuple[str, ...]
    address: Address


def said(sentence: str, *buttons: Button, **more: Any) -> Reply:
    """A sentence for whoever asked, with buttons under it; `more` are fields of the reply."""
    blocks = (Paragraph(spans=(plain(sentence),)), *([Buttons(buttons=buttons)] if buttons else []))
    return Reply.model_validate({"card": Card(text=sentence, blocks=blocks), **more})


def not_admin(house: House) -> Reply:
    """What everybody else is told who does what only admins can."""
    return said(f"Only an admin of this {house.tongue.group} can do that.")
