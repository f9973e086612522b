"""The vocabulary of messages: what a card can hold, whatever platform shows it.

Text is plain everywhere: a `*` is a `*`, `<!channel>` is nine characters. Escaping, splitting and
shortening are the work of the platform's renderer (`bots/slack/blocks.py`).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from storage.records import Record

__all__ = [
    "Block",
    "Button",
    "Buttons",
    "Card",
    "Checks",
    "Choice",
    "Chosen",
    "Confirm",
    "Divider",
    "Entry",
    "Facts",
    "Heading",
    "Option",
    "Paragraph",
    "Picture",
    "Preformatted",
    "Quote",
    "Rich",
    "Small",
    "Span",
    "Title",
    "Tone",
    "bold",
    "code",
    "italic",
    "joined",
    "link",
    "moment",
    "muted",
    "person",
    "plain",
    "plainly",
    "struck",
]

#: How a card stands among others, where the platform has a colour for it: under way, asking, well, or gone wrong.
Tone = Literal["plain", "busy", "asks", "good", "bad"]
Style = Literal["plain", "bold", "italic", "code", "muted", "link", "person", "strike", "moment"]


class Span(Record):
    """Some words in one style. `target` is a link's address, a person's id, or a moment.

    A person is mentioned, and so notified when the message is new: who is only named is plain text.
    A moment (epoch seconds) is shown in the reader's own time; `text` is what stands where that can't be.
    """

    text: str = ""
    style: Style = "plain"
    target: str = ""


#: Words in several styles, one after the other.
Rich = tuple[Span, ...]


class Confirm(Record):
    """What is asked before a button does what it says. `danger`: what follows can't be undone."""

    title: str
    text: str
    yes: str
    no: str
    danger: bool = False


class Button(Record):
    """A button. `deed` names what it does ("cancel"), `value` to what: a job's id, or JSON (≤ 2,000 characters).

    With `url` it opens that address. With `gathers` (the deed of a `Checks` or `Choice` of the same card)
    its value becomes the JSON of a `Chosen`: `value` as the context, and what is ticked there.
    """

    label: str
    deed: str
    value: str = ""
    style: Literal["normal", "primary", "danger"] = "normal"
    confirm: Confirm | None = None
    url: str | None = None
    gathers: str = ""


class Option(Record):
    """One of several. `value` is at most 100 characters; `about` is a second, quieter line."""

    label: str
    value: str
    about: str = ""


class Chosen(Record):
    """What was chosen, as JSON in the value of the press: the `values` of the options, and the block's `context`."""

    context: str = ""
    values: tuple[str, ...] = ()


class Heading(Record):
    """The heading of a page or of a part of it: one line in large letters (at most 150 characters are sure to show)."""

    kind: Literal["heading"] = "heading"
    text: str


class Title(Record):
    """What a card is about, in bold; `url` is where that can be read."""

    kind: Literal["title"] = "title"
    text: str
    url: str = ""


class Paragraph(Record):
    """Words in the size of talk. A new line in the text is a new line."""

    kind: Literal["paragraph"] = "paragraph"
    spans: Rich


class Small(Record):
    """Words that stand back: small and grey."""

    kind: Literal["small"] = "small"
    spans: Rich


class Quote(Record):
    """Words of somebody else's, set off by a bar at the left."""

    kind: Literal["quote"] = "quote"
    spans: Rich


class Preformatted(Record):
    """Text to be copied as it is."""

    kind: Literal["preformatted"] = "preformatted"
    text: str


class Facts(Record):
    """Names with what they stand for, a line each."""

    kind: Literal["facts"] = "facts"
    pairs: tuple[tuple[str, Rich], ...]


class Picture(Record):
    """A picture that the platform can fetch from `url` without a key; `alt` says what it shows."""

    kind: Literal["picture"] = "picture"
    url: str
    alt: str


class Divider(Record):
    """A line between what belongs apart."""

    kind: Literal["divider"] = "divider"


class Buttons(Record):
    """Buttons side by side."""

    kind: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...]


class Entry(Record):
    """One thing of a list: its name, which leads to `url`, a line `about` it, and what can be done with it at its side.

    One button is shown as a button, several as a menu; in a menu `confirm` and `style` are not shown,
    so what can't be undone needs a deed there that asks ("delete?"). `channel` is the id of the channel that it
    is about: shown as the platform names it, in place of `text`, where that can be.
    """

    kind: Literal["entry"] = "entry"
    text: str
    about: str = ""
    url: str = ""
    channel: str = ""
    buttons: tuple[Button, ...] = ()


class Choice(Record):
    """One of `options`; a press follows at once, its value the JSON of a `Chosen` with this `context`.

    `chosen` is the value of the option that stands there; `label` is shown while there is none.
    `context` is at most 200 characters.
    """

    kind: Literal["choice"] = "choice"
    deed: str
    label: str
    options: tuple[Option, ...]
    chosen: str | None = None
    context: str = ""


class Checks(Record):
    """Any of `options` (at most 10): a tick does nothing by itself, a button that `gathers` this `deed` does.

    `label` says what they are ticked for, where the platform shows them closed until they are chosen.
    """

    kind: Literal["checks"] = "checks"
    deed: str
    label: str = ""
    options: tuple[Option, ...]


Block = Annotated[
    Heading
    | Title
    | Paragraph
    | Small
    | Quote
    | Preformatted
    | Facts
    | Picture
    | Divider
    | Buttons
    | Entry
    | Choice
    | Checks,
    Field(discriminator="kind"),
]


class Card(Record):
    """One message. `text` says it all in a line: a notification shows it, and a screen reader reads it."""

    text: str
    blocks: tuple[Block, ...] = ()
    tone: Tone = "plain"

    def digest(self) -> str:
        """Equal for cards that look the same: 32 hex digits."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="python")).encode()).hexdigest()[:32]


#: What stands between facts of one line.
DOT: Final = " · "


def plain(text: str) -> Span:
    """Words as they are."""
    return Span(text=text)


def bold(text: str) -> Span:
    """Words that stand out."""
    return Span(text=text, style="bold")


def italic(text: str) -> Span:
    """Slanted words."""
    return Span(text=text, style="italic")


def code(text: str) -> Span:
    """Words to be typed, every character as wide as the other."""
    return Span(text=text, style="code")


def muted(text: str) -> Span:
    """Words that matter less, where the platform has a way to say so."""
    return Span(text=text, style="muted")


def struck(text: str) -> Span:
    """Words that hold no more."""
    return Span(text=text, style="strike")


def link(text: str, url: str) -> Span:
    """Words that lead to `url`."""
    return Span(text=text, style="link", target=url)


def person(user_id: str, name: str = "") -> Span:
    """Somebody, by the platform's id; `name` is shown where nobody can be mentioned."""
    return Span(text=name, style="person", target=user_id)


def moment(at: float, form: Literal["time", "day", "both"] = "time") -> Span:
    """A point in time (epoch seconds): the minute, the day or both; in UTC where no reader's time is known."""
    then = datetime.fromtimestamp(at, UTC)
    texts = {
        "time": f"{then:%H:%M} UTC",
        "day": f"{then.day} {then:%B %Y}",
        "both": f"{then.day} {then:%B}, {then:%H:%M} UTC",
    }
    return Span(text=texts[form], style="moment", target=f"{form}:{int(at)}")


def joined(*parts: Span | str | None, by: str = DOT) -> Rich:
    """The parts that are there, with `by` between them."""
    there = [plain(part) if isinstance(part, str) else part for part in parts if part]
    spans: list[Span] = []
    for part in there:
        spans += [plain(by), part] if spans else [part]
    return tuple(spans)


def plainly(spans: Rich) -> str:
    """The words without their styles."""
    return "".join(span.text or (span.target if span.style == "person" else "") for span in spans)
