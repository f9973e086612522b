"""A card as Slack's Block Kit, within Slack's limits: blocks, and the `text` that a notification shows.

Words are rich text or plain text objects, which Slack takes literally, so a paper's title can neither
mention a channel nor link nor format. What is too long is split, and at last shortened with "…".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from bots.cards.card import (
    Block,
    Button,
    Buttons,
    Card,
    Checks,
    Choice,
    Divider,
    Entry,
    Facts,
    Heading,
    Option,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Small,
    Title,
    bold,
    plain,
)
from bots.cards.literal import one_line, pieces, shortened, units
from bots.slack.literal import escaped, fallback, is_harmless, markup, plain_text
from bots.slack.spans import (
    TEXT,
    Element,
    emboldened,
    length,
    linked,
    rich_elements,
    safe_address,
    small_elements,
)

#: Blocks of a message, and of a home page.
MESSAGE_BLOCKS: Final = 50
HOME_BLOCKS: Final = 100
#: Words of one message. Slack refuses about 12,000, and what stands on buttons and in choices comes on top.
ALL_TEXT: Final = 9_000
#: What the single texts may hold.
FALLBACK, HEADER, LABEL, VALUE, ALT = 1_000, 150, 75, 2_000, 2_000
OPTION, OPTION_VALUE, OPTIONS, CHECKS, MENU = 75, 150, 100, 10, 5
ENTRY: Final = 300
TITLE: Final = 400
IN_A_ROW: Final = 25
ACTION: Final = 255

SlackBlock = dict[str, Any]


def text(card: Card) -> str:
    """The message's `text`: one line, escaped."""
    return fallback(card.text, FALLBACK) or "–"


def blocks(card: Card, most: int = MESSAGE_BLOCKS) -> list[SlackBlock]:
    """The message's `blocks`: none for a card that has none."""
    return _whole(_within(_drawn(card.blocks)), most)


def home(card: Card) -> SlackBlock:
    """The card as somebody's App Home."""
    return {"type": "home", "blocks": blocks(card, HOME_BLOCKS)}


def _drawn(blocks: Iterable[Block]) -> list[SlackBlock]:
    names = _Names()
    drawn: list[SlackBlock] = []
    for alike, some in groupby(blocks, key=_shares_a_row):
        if alike is None:
            for block in some:
                drawn += _draw(block, drawn, names)
        else:
            choices = [block for block in some if isinstance(block, Choice) and block.options]
            drawn += _choices(choices, names)
    return drawn


class _Names:
    """Gives every element of a message an `action_id` of its own, and every row of choices a `block_id`."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        self._rows = 0

    def action(self, deed: str, gathers: str = "") -> str:
        name = f"{deed}@{gathers}" if gathers else deed
        name = name[: ACTION - 5]
        times = self._given[name] = self._given.get(name, -1) + 1
        return f"{name}:{times}" if times else name

    def row(self, context: str) -> str:
        self._rows += 1
        return f"{self._rows}|{context}"[:ACTION]


def _shares_a_row(block: Block) -> str | None:
    """Choices with the same context stand side by side."""
    return block.context if isinstance(block, Choice) else None


def _draw(block: Block, before: Sequence[SlackBlock], names: _Names) -> list[SlackBlock]:
    match block:
        case Heading():
            return [{"type": "header", "text": plain_text(one_line(block.text), HEADER)}]
        case Title() | Paragraph() | Preformatted() | Facts() | Quote():
            return _words(block, before)
        case Small():
            elements = small_elements(block.spans)
            return [{"type": "context", "elements": elements}] if elements else []
        case Picture():
            url = safe_address(block.url)
            alt = shortened(one_line(block.alt), ALT) or "A picture"
            return [{"type": "image", "image_url": url, "alt_text": alt}] if url else []
        case Divider():
            return [{"type": "divider"}]
        case Entry():
            return [_entry(block, names)]
        case Buttons():
            drawn = [_button(button, names) for button in block.buttons]
            return [{"type": "actions", "elements": row} for row in _rows(drawn)]
        case Checks():
            return _checks(block, names)
        case Choice():
            return _choices([block], names) if block.options else []


def _words(
    block: Title | Paragraph | Preformatted | Facts | Quote, before: Sequence[SlackBlock]
) -> list[SlackBlock]:
    """Rich text. A quote joins the words that it stands under."""
    drawn: list[SlackBlock] = [{"type": "rich_text", "elements": [part]} for part in _parts(block)]
    if isinstance(block, Quote) and len(drawn) == 1 and before and before[-1]["type"] == "rich_text":
        above: list[Element] = before[-1]["elements"]
        if _size(before[-1]) + _size(drawn[0]) <= TEXT:
            above += drawn[0]["elements"]
            return []
    return drawn


def _parts(block: Title | Paragraph | Preformatted | Facts | Quote) -> list[Element]:
    match block:
        case Title():
            spans = (plain(shortened(one_line(block.text), TITLE)),)
            url = safe_address(block.url) if block.url else None
            elements = [
                {"type": "link", "url": url, "text": element["text"]} if url else element
                for element in rich_elements(spans)
            ]
            return _split([emboldened(element) for element in elements], "rich_text_section")
        case Paragraph():
            return _split(rich_elements(block.spans), "rich_text_section")
        case Quote():
            return _split(rich_elements(block.spans), "rich_text_quote")
        case Preformatted():
            return _split(rich_elements((plain(block.text),)), "rich_text_preformatted")
        case Facts():
            lines = [(bold(f"{name}:"), plain(" "), *spans, plain("\n")) for name, spans in block.pairs]
            return _split(
                _stripped(rich_elements(tuple(span for line in lines for span in line))), "rich_text_section"
            )


def _stripped(elements: list[Element]) -> list[Element]:
    """Without the line feed at the end."""
    return elements[:-1] if elements and elements[-1].get("text") == "\n" else elements


def _split(elements: list[Element], kind: str) -> list[Element]:
    """Parts of one kind, each with at most as much text as a block may hold; none without words."""
    parts: list[list[Element]] = []
    left = 0
    for element in elements:
        for piece in _torn(element):
            size = length([piece])
            if not parts or size > left:
                parts.append([])
                left = TEXT
            parts[-1].append(piece)
            left -= size
    return [{"type": kind, "elements": part} for part in parts if _says_something(part)]


def _torn(element: Element) -> list[Element]:
    if "text" not in element:
        return [element]
    return [{**element, "text": piece} for piece in pieces(element["text"], TEXT)]


def _says_something(elements: list[Element]) -> bool:
    return any("text" not in element or element["text"].strip() for element in elements)


def _entry(entry: Entry, names: _Names) -> SlackBlock:
    name, about = shortened(one_line(entry.text), ENTRY), shortened(one_line(entry.about), ENTRY)
    section: SlackBlock = {"type": "section", "text": _entry_words(name, about, entry.url)}
    if _CHANNEL.fullmatch(entry.channel):
        section["text"] = markup(f"<#{entry.channel}>\n{escaped(about)}".rstrip())
    if len(entry.buttons) == 1:
        label = f"{entry.buttons[0].label}: {name}"
        button = _button(entry.buttons[0], names)
        section["accessory"] = button | {"accessibility_label": shortened(one_line(label), LABEL)}
    elif menu := _menu(entry.buttons):
        section["accessory"] = {"type": "overflow", "action_id": names.action("menu"), "options": menu}
    return section


def _entry_words(name: str, about: str, url: str) -> dict[str, object]:
    """The name in bold and as a link, where nothing in the words would be taken for markup."""
    if not is_harmless(name) or (about and not is_harmless(about)):
        return plain_text(f"{name}\n{about}", TEXT)
    head = linked(name, url) or escaped(name)
    return markup(f"*{head}*\n{escaped(about)}".rstrip())


def _menu(buttons: Sequence[Button]) -> list[Element]:
    options = []
    for button in buttons[:MENU]:
        value = json.dumps([button.deed, button.value], ensure_ascii=False)
        if units(value) > OPTION_VALUE:
            raise ValueError(f"too long for a menu: {value!r}")
        option: Element = {"text": plain_text(one_line(button.label), OPTION), "value": value}
        if button.url and (url := safe_address(button.url)):
            option["url"] = url
        options.append(option)
    return options if len(options) > 1 else []


def _button(button: Button, names: _Names) -> Element:
    """Raises `ValueError` for a value that Slack would refuse: it can't be shortened, since it means something."""
    if units(button.value) > VALUE:
        raise ValueError(f"the value of {button.deed!r} is too long: {len(button.value)} characters")
    element: Element = {
        "type": "button",
        "text": plain_text(one_line(button.label), LABEL),
        "action_id": names.action(button.deed, button.gathers),
    }
    if button.value:
        element["value"] = button.value
    if button.url and (url := safe_address(button.url)):
        element["url"] = url
    if button.style != "normal":
        element["style"] = button.style
    if (ask := button.confirm) is not None:
        element["confirm"] = {
            "title": plain_text(one_line(ask.title), 100),
            "text": plain_text(ask.text, 300),
            "confirm": plain_text(one_line(ask.yes), 30),
            "deny": plain_text(one_line(ask.no), 30),
        } | ({"style": "danger"} if ask.danger else {})
    return element


def _choices(choices: Sequence[Choice], names: _Names) -> list[SlackBlock]:
    return [
        {
            "type": "actions",
            "block_id": names.row(row[0].context),
            "elements": [_select(choice, names) for choice in row],
        }
        for row in _rows(list(choices))
    ]


def _select(choice: Choice, names: _Names) -> Element:
    options = [_option(option) for option in choice.options[:OPTIONS]]
    element: Element = {
        "type": "static_select",
        "action_id": names.action(choice.deed),
        "placeholder": plain_text(one_line(choice.label), 150),
        "options": options,
    }
    standing = [option for option in options if option["value"] == choice.chosen]
    return element | ({"initial_option": standing[0]} if standing else {})


def _option(option: Option) -> Element:
    if not 0 < units(option.value) <= OPTION_VALUE:
        raise ValueError(f"the value of option {option.label!r} has {len(option.value)} characters")
    drawn: Element = {"text": plain_text(one_line(option.label), OPTION), "value": option.value}
    return drawn | ({"description": plain_text(one_line(option.about), OPTION)} if option.about else {})


def _checks(checks: Checks, names: _Names) -> list[SlackBlock]:
    options = [_option(option) for option in checks.options]
    return [
        {
            "type": "actions",
            "elements": [{"type": "checkboxes", "action_id": names.action(checks.deed), "options": some}],
        }
        for some in _rows(options, CHECKS)
    ]


def _rows(elements: list[Any], most: int = IN_A_ROW) -> list[list[Any]]:
    return [elements[start : start + most] for start in range(0, len(elements), most)]


def _within(drawn: list[SlackBlock]) -> list[SlackBlock]:
    """The blocks with at most `ALL_TEXT` of words: what comes after stands as "…", buttons stand as they are."""
    kept: list[SlackBlock] = []
    left, cut = ALL_TEXT, False
    for block in drawn:
        if block["type"] not in ("rich_text", "context", "section"):
            kept.append(block)
            continue
        size = _size(block)
        if size <= left:
            kept.append(block)
            left -= size
        elif not cut:
            kept.append(_MORE)
            left, cut = 0, True
    return kept


_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{2,20}")
#: Stands where something was left out.
_MORE: Final[SlackBlock] = {"type": "context", "elements": [plain_text("…", 1)]}


def _whole(drawn: list[SlackBlock], most: int) -> list[SlackBlock]:
    """At most `most` blocks: the first and the last two, which hold the buttons, with "…" between them."""
    return drawn if len(drawn) <= most else [*drawn[: most - 3], _MORE, *drawn[-2:]]


def _size(block: SlackBlock) -> int:
    match block["type"]:
        case "rich_text":
            return sum(length(part["elements"]) for part in block["elements"])
        case "context":
            return length(block["elements"])
        case _:
            return length([block["text"]])
