"""Discord's components → HTML that looks like Discord on a phone: what is drawn is exactly what would be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bots.cards.card import Card
from bots.discord.components import drawn
from tests.pictures.discord_markdown import Node, folded, parse
from tests.pictures.states import Shown

#: Where people read it, in the order of the panes.
LOOKS = ("phone dark", "phone light", "desktop dark", "desktop light")
Component = Mapping[str, Any]
STYLE = Path(__file__).with_name("discord.css").read_text("utf-8")
#: The people of the samples, as Discord numbers them.
PEOPLE = {"U0ADA": "260093512345678901", "U0BEN": "260093512345678902"}
_NAMES = {PEOPLE["U0ADA"]: "Ada Byron", PEOPLE["U0BEN"]: "Ben Okri"}
#: The channels of the samples.
CHANNELS = {"C0PAPERS": "260093512345678903"}
_MOMENTS = {"t": "%-H:%M", "D": "%-d %B %Y", "f": "%-d %B %Y %-H:%M"}
_TAGS = {"bold": "b", "italic": "i", "strike": "s", "underline": "u", "code": "code", "pre": "pre"}


def at_discord(card: Card) -> Card:
    """The card, its people and channels with Discord's ids."""
    text = card.model_dump_json()
    for ours, theirs in (PEOPLE | CHANNELS).items():
        text = text.replace(f'"{ours}"', f'"{theirs}"')
    return Card.model_validate_json(text)


def page(title: str, shown: Sequence[Shown]) -> str:
    """One page with the cards, as a phone shows them and as a computer does, dark and light."""
    return in_panes(title, "".join(_message(one) for one in shown))


def in_panes(title: str, said: str) -> str:
    """One page with what is said, in every look."""
    return document(title, "".join(f'<div class="pane {look}">{said}</div>' for look in LOOKS))


def document(title: str, body: str) -> str:
    """A whole page with the style in it."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><div class="sheet">{body}</div></body></html>'
    )


def modal(form: Mapping[str, Any]) -> str:
    """The data of a modal, as a phone shows it."""
    fields = "".join(map(_field, form["components"]))
    foot = '<div class="foot"><div class="button">Cancel</div><div class="button primary">Submit</div></div>'
    return f'<div class="modal"><div class="name">{escape(form["title"])}</div>{fields}{foot}</div>'


def _field(label: Component) -> str:
    if label["type"] == 10:
        return _text(label)
    about = f'<div class="about">{escape(label["description"])}</div>' if "description" in label else ""
    asked = label["component"]
    inside = (
        f'<div class="field">{escape(asked.get("value", ""))}</div>' if asked["type"] == 4 else _select(asked)
    )
    return f'<div><div class="label">{escape(label["label"])}</div>{about}{inside}</div>'


def _message(shown: Shown) -> str:
    private = '<div class="only-you">👁 Only you can see this</div>' if shown.only_you else ""
    reactions = "".join(f'<span class="reaction">{one} 1</span>' for one in shown.reactions)
    return message(html(drawn(at_discord(shown.card)).components), under=reactions + private)


def message(body: str, *, who: str = "", when: str = "10:12", under: str = "") -> str:
    """One message, of ours or of a person's: `body` and what stands `under` it are HTML."""
    face = "".join(part[0] for part in (who or "Hidden Hill").split())
    app = "" if who else '<span class="app">APP</span>'
    return (
        f'<div class="message"><div class="avatar{" person" if who else ""}">{face}</div><div>'
        f'<span class="who">{escape(who or "Hidden Hill")}</span>{app}<span class="when">{when}</span>'
        f'<div class="components">{body}</div>{under}</div></div>'
    )


def html(components: Sequence[Component], films: Mapping[str, str] = MappingProxyType({})) -> str:
    """The components. `films` are addresses of pictures (`data:…`) that stand for videos, by the videos' names."""
    said = "".join(map(_drawn, components))
    for name, still in films.items():
        said = said.replace(f'data-name="{name}"', f'style="background-image:url({still})"')
    return said


def _drawn(component: Component) -> str:
    return _COMPONENTS[component["type"]](component)


def _inside(component: Component) -> str:
    return "".join(map(_drawn, component["components"]))


def _text(component: Component) -> str:
    return f'<div class="words">{folded(parse(component["content"]), _node)}</div>'


def _node(node: Node, inside: str) -> str:
    match node.kind:
        case "text":
            return escape(node.text)
        case "heading":
            return f'<div class="h{len(node.target)}">{inside}</div>'
        case "small" | "quote" | "list":
            return f'<div class="{node.kind}">{inside}</div>'
        case "link":
            return f'<a href="{escape(node.target)}">{inside}</a>'
        case "person":
            return f'<span class="mention">@{escape(_NAMES.get(node.target, "unknown-user"))}</span>'
        case "channel":
            return '<span class="channel"># papers</span>'
        case "moment":
            at, _, form = node.target.partition(":")
            return f'<span class="moment">{datetime.fromtimestamp(int(at), UTC):{_MOMENTS[form]}}</span>'
        case kind:
            tag = _TAGS[kind]
            return f"<{tag}>{escape(node.text)}{inside}</{tag}>"


def _button(button: Component) -> str:
    look = {1: "primary", 2: "", 3: "success", 4: "danger", 5: "link"}[button["style"]]
    return f'<div class="button {look}">{escape(button["label"])}</div>'


def _select(select: Component) -> str:
    chosen = [option["label"] for option in select.get("options", ()) if option.get("default")]
    words = escape(", ".join(chosen) or select.get("placeholder", "Make a selection"))
    return f'<div class="select{"" if chosen else " empty"}"><span>{words}</span><span>⌄</span></div>'


def _section(section: Component) -> str:
    return f'<div class="section"><div>{_inside(section)}</div>{_drawn(section["accessory"])}</div>'


def _panel(panel: Component) -> str:
    colour = panel.get("accent_color")
    style = "" if colour is None else f' accent" style="--accent: #{colour:06x}'
    return f'<div class="panel{style}">{_inside(panel)}</div>'


def _gallery(gallery: Component) -> str:
    pictures = (_shown(one["media"]["url"], one.get("description", "")) for one in gallery["items"])
    return f'<div class="gallery">{"".join(pictures)}</div>'


def _shown(url: str, words: str) -> str:
    if url.endswith(".mp4"):
        name = escape(url.removeprefix("attachment://"))
        return f'<div class="film" title="{escape(words)}" data-name="{name}"><div class="play">▶</div></div>'
    return f'<img src="{escape(url)}" alt="{escape(words)}">'


def file(name: str) -> str:
    """A file as a box with its name."""
    kind = name.rpartition(".")[2].upper()
    return f'<div class="file"><div class="icon">{escape(kind)}</div><div><b>{escape(name)}</b></div></div>'


_COMPONENTS = {
    1: lambda row: f'<div class="row">{_inside(row)}</div>',
    2: _button,
    3: _select,
    8: _select,
    9: _section,
    10: _text,
    12: _gallery,
    13: lambda one: file(one["file"]["url"].removeprefix("attachment://")),
    14: lambda _: '<hr class="line">',
    17: _panel,
}
