"""Block Kit → HTML that looks like Slack: what is drawn is exactly what would be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from bots.slack.blocks import HOME_BLOCKS, MESSAGE_BLOCKS, blocks
from tests.pictures.states import Shown

Block = Mapping[str, Any]
STYLE = Path(__file__).with_name("slack.css").read_text("utf-8")
_NAMES = {"U0ADA": "Ada Byron", "U0BEN": "Ben Okri", "C0PAPERS": "papers"}


@dataclass(frozen=True)
class Said:
    """One message of a picture: our own with `blocks`, or a person's with `html`."""

    blocks: Sequence[Block] = ()
    who: str = "Hidden Hill"
    html: str = ""
    only_you: bool = False
    reactions: tuple[str, ...] = ()
    under: str = ""
    when: str = "10:12"
    data: dict[str, str] = field(default_factory=dict)


def in_slack(shown: Sequence[Shown], *, home: bool = False) -> list[Said]:
    """A state's cards as Slack's messages."""
    return [
        Said(
            blocks=blocks(one.card, HOME_BLOCKS if home else MESSAGE_BLOCKS),
            only_you=one.only_you,
            reactions=one.reactions,
        )
        for one in shown
    ]


def page(title: str, messages: Sequence[Said], *, home: bool = False) -> str:
    """One page with the messages as a light desktop and a dark phone show them."""
    panes = "".join(
        f'<div class="pane {look}">{pane(messages, home=home)}</div>'
        for look in ("desktop light", "phone dark")
    )
    return document(title, f'<div class="sheet">{panes}</div>')


def document(title: str, body: str) -> str:
    """A whole page with the style in it."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )


def pane(messages: Sequence[Said], *, home: bool = False) -> str:
    """The messages, one under the other."""
    return "".join(_home(message) if home else _message(message) for message in messages)


def _home(message: Said) -> str:
    return f'<div class="message" style="display:block"><div class="body">{drawn(message.blocks)}</div></div>'


def _message(message: Said) -> str:
    ours = message.who == "Hidden Hill"
    initials = "HH" if ours else "".join(part[0] for part in message.who.split())
    badge = '<span class="app">APP</span>' if ours else ""
    private = '<div class="only-you">Only visible to you</div>' if message.only_you else ""
    reactions = "".join(f'<span class="reaction">{one} 1</span>' for one in message.reactions)
    body = drawn(message.blocks) + message.html + (f"<div>{reactions}</div>" if reactions else "")
    line = f'<div class="thread-line">{escape(message.under)}</div>' if message.under else ""
    return (
        f'{line}<div class="message"><div class="avatar{"" if ours else " person"}">{initials}</div><div>'
        f'{private}<span class="who">{escape(message.who)}</span>{badge}<span class="when">{message.when}</span>'
        f'<div class="body">{body}</div></div></div>'
    )


def drawn(blocks: Sequence[Block]) -> str:
    """The blocks as HTML. Raises `KeyError` for a block that Slack doesn't have, or that isn't whole."""
    return "".join(_BLOCKS[block["type"]](block) for block in blocks)


def _rich(block: Block) -> str:
    tags = {"rich_text_section": "div", "rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}
    parts = (
        f"<{tags[part['type']]}>{''.join(map(_element, part['elements']))}</{tags[part['type']]}>"
        for part in block["elements"]
    )
    return f'<div class="rich">{"".join(parts)}</div>'


def _element(element: Block) -> str:
    style = element.get("style", {})
    match element["type"]:
        case "user":
            html = (
                f'<span class="mention">@{escape(_NAMES.get(element["user_id"], element["user_id"]))}</span>'
            )
        case "date":
            html = escape(_moment(element["timestamp"], element["format"]))
        case "link":
            html = f'<a href="{escape(element["url"])}">{escape(element["text"])}</a>'
        case "text":
            html = escape(element["text"])
        case other:
            raise KeyError(other)
    for name, tag in (("code", "code"), ("bold", "b"), ("italic", "i"), ("strike", "s")):
        html = f"<{tag}>{html}</{tag}>" if style.get(name) else html
    return html


def _moment(at: int, form: str) -> str:
    then = datetime.fromtimestamp(at, UTC)
    words = {
        "{time}": f"{then:%-H:%M}",
        "{date_long_full}": f"{then:%B} {then.day}, {then.year}",
        "{date_short_pretty}": f"{then:%b} {then.day}, {then.year}",
    }
    for name, word in words.items():
        form = form.replace(name, word)
    return form


def _text(text: Block) -> str:
    """A text object; of Slack's markup only what the renderer uses is understood."""
    if text["type"] == "plain_text":
        return escape(text["text"])
    html = text["text"]  # escaped already, that is the point
    html = re.sub(r"<!date\^(\d+)\^([^|]*)\|[^>]*>", lambda found: _moment(int(found[1]), found[2]), html)
    html = re.sub(
        r"<@(\w+)>",
        lambda found: f'\x02span class="mention"\x03@{_NAMES.get(found[1], "")}\x02/span\x03',
        html,
    )
    html = re.sub(
        r"<#(\w+)>",
        lambda found: f'\x02span class="mention"\x03#{_NAMES.get(found[1], found[1])}\x02/span\x03',
        html,
    )
    html = re.sub(r"<(https?://[^|>]+)\|([^>]*)>", '\x02a href="\\1"\x03\\2\x02/a\x03', html)
    html = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", "\x02b\x03\\1\x02/b\x03", html)
    html = re.sub(r"`([^`\n]+)`", "\x02code\x03\\1\x02/code\x03", html)
    return html.replace("<", "&lt;").replace(">", "&gt;").replace("\x02", "<").replace("\x03", ">")


def _context(block: Block) -> str:
    return f'<div class="context">{"".join(f"<span>{_text(one)}</span>" for one in block["elements"])}</div>'


def _section(block: Block) -> str:
    aside = _control(block["accessory"]) if "accessory" in block else ""
    return f'<div class="section"><div>{_text(block["text"])}</div><div>{aside}</div></div>'


def _actions(block: Block) -> str:
    return f'<div class="actions">{"".join(map(_control, block["elements"]))}</div>'


def _control(element: Block) -> str:
    match element["type"]:
        case "button":
            return f'<div class="button {element.get("style", "")}">{_text(element["text"])}</div>'
        case "overflow":
            return '<div class="button">⋯</div>'
        case "static_select":
            chosen = element.get("initial_option")
            text = chosen["text"] if chosen else element["placeholder"]
            return f'<div class="select{"" if chosen else " empty"}">{_text(text)}  ⌄</div>'
        case "checkboxes":
            return f'<div class="checks">{"".join(map(_check, element["options"]))}</div>'
        case other:
            raise KeyError(other)


def _check(option: Block) -> str:
    about = f'<div class="about">{_text(option["description"])}</div>' if "description" in option else ""
    return f'<div class="check"><div class="box"></div><div>{_text(option["text"])}{about}</div></div>'


_BLOCKS = {
    "header": lambda block: f'<div class="header">{_text(block["text"])}</div>',
    "rich_text": _rich,
    "context": _context,
    "section": _section,
    "actions": _actions,
    "divider": lambda _: '<hr class="divider">',
    "image": lambda block: (
        f'<img class="image" src="{escape(block["image_url"])}" alt="{escape(block["alt_text"])}">'
    ),
}
