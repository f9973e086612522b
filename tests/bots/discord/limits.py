"""What Discord's documentation says that a message in components must be, and a modal, as a test sees it.

The figures are those of Discord's OpenAPI description and of its component reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.pictures.discord_markdown import Node, parse, walk

Component = Mapping[str, Any]

_IN_A_MESSAGE = {
    1: {"type", "id", "components"},
    2: {"type", "id", "style", "label", "custom_id", "url", "disabled", "emoji"},
    3: {"type", "id", "custom_id", "placeholder", "min_values", "max_values", "options", "disabled"},
    8: {"type", "id", "custom_id", "placeholder", "channel_types"},
    9: {"type", "id", "components", "accessory"},
    10: {"type", "id", "content"},
    12: {"type", "id", "items"},
    14: {"type", "id", "divider", "spacing"},
    17: {"type", "id", "components", "accent_color", "spoiler"},
}
_IN_A_PANEL = {1, 9, 10, 12, 14}


def held_to_the_limits(components: list[dict[str, Any]]) -> None:
    """Fails for components that Discord would refuse in a message with the flag 1 << 15."""
    assert components
    everything = list(every(components))
    assert len(everything) <= 40
    assert sum(utf16(text) for text in texts(components)) <= 4000
    for one in components:
        assert one["type"] in _IN_A_PANEL | {17}
    for one in everything:
        assert set(one) <= _IN_A_MESSAGE[one["type"]], one
        _RULES[one["type"]](one)
    ids = [one["custom_id"] for one in everything if "custom_id" in one]
    assert len(ids) == len(set(ids)), "a custom_id must be unique in its message"


def held_to_the_limits_of_a_modal(modal: Mapping[str, Any]) -> None:
    """Fails for what Discord would refuse as the data of a modal."""
    assert 1 <= utf16(modal["title"]) <= 45
    assert 1 <= len(modal["custom_id"]) <= 100
    assert 1 <= len(modal["components"]) <= 5
    for label in modal["components"]:
        if label["type"] == 10:
            assert 1 <= utf16(label["content"]) <= 4000
            continue
        assert label["type"] == 18
        assert set(label) <= {"type", "label", "description", "component"}
        assert 1 <= utf16(label["label"]) <= 45
        assert 1 <= utf16(label.get("description", "x")) <= 100
        field = label["component"]
        if field["type"] in (3, 5, 8):
            _held_to_the_limits_of_a_select(field)
            continue
        assert field["type"] == 4
        assert set(field) <= {"type", "custom_id", "style", "value", "required", "min_length", "max_length"}
        assert 1 <= len(field["custom_id"]) <= 100
        assert field["style"] in (1, 2)
        assert 1 <= field["max_length"] <= 4000
        assert utf16(field.get("value", "")) <= field["max_length"]
    ids = [label["component"]["custom_id"] for label in modal["components"] if label["type"] == 18]
    assert len(ids) == len(set(ids))


def _held_to_the_limits_of_a_select(field: Mapping[str, Any]) -> None:
    """One of words (3), of people (5) or of channels (8), in a form."""
    more = {3: {"options"}, 5: set[str](), 8: {"channel_types"}}[field["type"]]
    assert set(field) <= {"type", "custom_id", "placeholder", "required", "min_values", "max_values"} | more
    assert 1 <= len(field["custom_id"]) <= 100
    options = field.get("options", [])
    assert len(options) <= 25
    assert bool(options) == (field["type"] == 3)
    assert all(1 <= utf16(one["label"]) <= 100 and 1 <= utf16(one["value"]) <= 100 for one in options)


def every(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The components, with those inside of them."""
    for one in components:
        yield one
        yield from every(one.get("components", []))
        if "accessory" in one:
            yield from every([one["accessory"]])


def texts(components: list[dict[str, Any]]) -> list[str]:
    """The markdown of all words."""
    return [one["content"] for one in every(components) if one["type"] == 10]


def controls(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Buttons and selects."""
    return [one for one in every(components) if one["type"] in (2, 3, 8)]


def nodes(components: list[dict[str, Any]]) -> list[Node]:
    """Whatever the markdown of all words becomes."""
    return [node for text in texts(components) for node in walk(parse(text))]


def mentions(components: list[dict[str, Any]]) -> list[str]:
    """Whoever would be mentioned, if all could be."""
    return [node.target for node in nodes(components) if node.kind in ("person", "role", "everyone")]


def addresses(components: list[dict[str, Any]]) -> set[str]:
    """Wherever a click could lead, and what is fetched."""
    links = {node.target for node in nodes(components) if node.kind in ("link", "address")}
    buttons = {one["url"] for one in controls(components) if "url" in one}
    media = {item["media"]["url"] for one in every(components) for item in one.get("items", ())}
    return links | buttons | media


def utf16(text: str) -> int:
    """The length as JavaScript has it; lone surrogates are no text."""
    return len(text.encode("utf-16-le")) // 2


def _row(row: Component) -> None:
    kinds = [one["type"] for one in row["components"]]
    assert kinds in ([3], [8]) or (set(kinds) == {2} and len(kinds) <= 5)


def _button(button: Component) -> None:
    assert 1 <= utf16(button["label"]) <= 80
    assert button["label"].strip()
    if button["style"] == 5:
        assert re.match(r"https?://[^/?#]*\.", button["url"])
        assert len(button["url"]) <= 512
        assert "custom_id" not in button
    else:
        assert button["style"] in (1, 2, 3, 4)
        assert "url" not in button
        _name(button["custom_id"])


def _name(custom_id: str) -> None:
    assert 1 <= len(custom_id) <= 100
    assert re.fullmatch(r"[ -~]+", custom_id)
    assert custom_id == custom_id.strip()


def _select(select: Component) -> None:
    _name(select["custom_id"])
    assert 1 <= utf16(select["placeholder"]) <= 150
    assert 1 <= len(select["options"]) <= 25
    for option in select["options"]:
        assert set(option) <= {"label", "value", "description", "default"}
        assert 1 <= utf16(option["label"]) <= 100
        assert 1 <= utf16(option["value"]) <= 100
        assert 1 <= utf16(option.get("description", "x")) <= 100
    values = [option["value"] for option in select["options"]]
    assert len(values) == len(set(values))
    assert select.get("min_values", 1) <= select.get("max_values", 1) <= len(values)
    assert sum("default" in option for option in select["options"]) <= select.get("max_values", 1)


def _channels(select: Component) -> None:
    _name(select["custom_id"])
    assert 1 <= utf16(select["placeholder"]) <= 150
    assert select["channel_types"]


def _section(section: Component) -> None:
    assert 1 <= len(section["components"]) <= 3
    assert {one["type"] for one in section["components"]} == {10}
    assert section["accessory"]["type"] in (2, 11)


def _text(text: Component) -> None:
    assert text["content"].strip("\u200b \n")
    assert text["content"] == text["content"].strip("\n")


def _gallery(gallery: Component) -> None:
    assert 1 <= len(gallery["items"]) <= 10
    for item in gallery["items"]:
        assert re.match(r"https?://[^/?#]*\.|attachment://", item["media"]["url"])
        assert len(item["media"]["url"]) <= 2048
        assert 1 <= utf16(item["description"]) <= 1024


def _panel(panel: Component) -> None:
    assert panel["components"]
    assert {one["type"] for one in panel["components"]} <= _IN_A_PANEL
    assert 0 <= panel.get("accent_color", 0) <= 0xFFFFFF


def _line(line: Component) -> None:
    assert line["spacing"] in (1, 2)


_RULES = {
    1: _row,
    2: _button,
    3: _select,
    8: _channels,
    9: _section,
    10: _text,
    12: _gallery,
    14: _line,
    17: _panel,
}
