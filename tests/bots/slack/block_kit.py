"""What Slack's documentation says that blocks must be, as a test sees it; and what of them a reader would see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Block = Mapping[str, Any]
_ALLOWED = {
    "header": {"type", "text", "block_id"},
    "rich_text": {"type", "elements", "block_id"},
    "context": {"type", "elements", "block_id"},
    "section": {"type", "text", "accessory", "block_id"},
    "actions": {"type", "elements", "block_id"},
    "divider": {"type", "block_id"},
    "image": {"type", "image_url", "alt_text", "block_id"},
}


def held_to_the_rules(blocks: list[dict[str, Any]], most: int = 50) -> None:
    """Fails for blocks that Slack would refuse."""
    assert len(blocks) <= most
    seen: list[str] = []
    for block in blocks:
        assert set(block) <= _ALLOWED[block["type"]], block
        assert len(block.get("block_id", "")) <= 255
        _RULES[block["type"]](block)
        seen += [element["action_id"] for element in elements(block) if "action_id" in element]
    assert len(seen) == len(set(seen)), "an action_id must be unique in its message"
    rows = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(rows) == len(set(rows))


def elements(block: Block) -> list[Block]:
    """The interactive elements of a block."""
    return [*([block["accessory"]] if "accessory" in block else []), *block.get("elements", ())]


def _text(text: Block, most: int, kinds: tuple[str, ...] = ("plain_text",)) -> None:
    assert text["type"] in kinds
    assert set(text) <= (
        {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
    )
    assert 1 <= utf16(text["text"]) <= most
    assert text["text"].strip()
    assert not (text["type"] == "plain_text" and text["emoji"])


def utf16(text: str) -> int:
    """The length as JavaScript has it; lone surrogates are no text."""
    return len(text.encode("utf-16-le")) // 2


def _rich(block: Block) -> None:
    assert block["elements"]
    whole = 0
    for part in block["elements"]:
        assert set(part) == {"type", "elements"}
        assert part["type"] in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}
        assert part["elements"]
        for element in part["elements"]:
            whole += _rich_element(element, part["type"])
    assert whole <= 3000


def _rich_element(element: Block, kind: str) -> int:
    preformatted = kind == "rich_text_preformatted"
    match element["type"]:
        case "text":
            assert set(element) <= {"type", "text", "style"}
            assert element["text"]
            assert set(element.get("style", {})) <= {"bold", "italic", "strike", "code"}
            return utf16(element["text"])
        case "link":
            assert re.match(r"https?://", element["url"])
            assert len(element["url"]) <= 3000
            assert element["text"]
            return utf16(element["text"])
        case "user":
            assert not preformatted
            assert re.fullmatch(r"[UW][A-Z0-9]+", element["user_id"])
            return 0
        case "date":
            assert not preformatted
            assert isinstance(element["timestamp"], int)
            assert "{" in element["format"]
            return 0
        case other:
            raise AssertionError(other)


def _context(block: Block) -> None:
    assert 1 <= len(block["elements"]) <= 10
    for element in block["elements"]:
        _text(element, 3000, ("plain_text", "mrkdwn"))


def _section(block: Block) -> None:
    _text(block["text"], 3000, ("plain_text", "mrkdwn"))
    if "accessory" in block:
        _element(block["accessory"], {"button", "overflow"})


def _actions(block: Block) -> None:
    assert 1 <= len(block["elements"]) <= 25
    for element in block["elements"]:
        _element(element, {"button", "static_select", "checkboxes"})


def _element(element: Block, kinds: set[str]) -> None:
    assert element["type"] in kinds
    assert 1 <= len(element["action_id"]) <= 255
    match element["type"]:
        case "button":
            _button(element)
        case "overflow":
            assert 2 <= len(element["options"]) <= 5
        case "static_select":
            _text(element["placeholder"], 150)
            assert 1 <= len(element["options"]) <= 100
            assert element.get("initial_option", element["options"][0]) in element["options"]
        case "checkboxes":
            assert 1 <= len(element["options"]) <= 10
    for option in element.get("options", ()):
        _text(option["text"], 75)
        assert 1 <= utf16(option["value"]) <= 150
        if "description" in option:
            _text(option["description"], 75)
    values = [option["value"] for option in element.get("options", ())]
    assert len(values) == len(set(values))


def _button(button: Block) -> None:
    known = {"type", "text", "action_id", "value", "url", "style", "confirm", "accessibility_label"}
    assert set(button) <= known
    _text(button["text"], 75)
    assert utf16(button.get("value", "x")) <= 2000
    assert button.get("value", "x")
    assert button.get("style", "primary") in {"primary", "danger"}
    assert utf16(button.get("accessibility_label", "")) <= 75
    if "url" in button:
        assert len(button["url"]) <= 3000
    if "confirm" in button:
        ask = button["confirm"]
        _text(ask["title"], 100)
        _text(ask["text"], 300)
        _text(ask["confirm"], 30)
        _text(ask["deny"], 30)


def _image(block: Block) -> None:
    assert len(block["image_url"]) <= 3000
    assert 1 <= utf16(block["alt_text"]) <= 2000


_RULES = {
    "header": lambda block: _text(block["text"], 150),
    "rich_text": _rich,
    "context": _context,
    "section": _section,
    "actions": _actions,
    "divider": lambda _: None,
    "image": _image,
}


def parsed(blocks: object) -> Iterator[str]:
    """Every text that Slack parses for markup, wherever it stands."""
    if isinstance(blocks, Mapping):
        if blocks.get("type") == "mrkdwn":
            yield str(blocks["text"])
        for value in blocks.values():
            yield from parsed(value)
    elif isinstance(blocks, list | tuple):
        for value in blocks:
            yield from parsed(value)


def mentions(blocks: object) -> list[str]:
    """Whoever would be notified."""
    found = [
        name for text in parsed(blocks) for name in re.findall(r"<[@!#]([^>|^]+)", text) if name != "date"
    ]
    return found + list(_users(blocks))


def _users(blocks: object) -> Iterator[str]:
    if isinstance(blocks, Mapping):
        if blocks.get("type") in ("user", "broadcast", "usergroup", "channel"):
            yield str(blocks.get("user_id") or blocks.get("range") or blocks)
        for value in blocks.values():
            yield from _users(value)
    elif isinstance(blocks, list):
        for value in blocks:
            yield from _users(value)


def addresses(blocks: object) -> set[str]:
    """Wherever a click could lead."""
    found = {url for text in parsed(blocks) for url in re.findall(r"<(https?:[^>|]+)", text)}
    return found | set(_urls(blocks))


def _urls(blocks: object) -> Iterator[str]:
    if isinstance(blocks, Mapping):
        if isinstance(url := blocks.get("url"), str):
            yield url
        for value in blocks.values():
            yield from _urls(value)
    elif isinstance(blocks, list):
        for value in blocks:
            yield from _urls(value)


def seen(blocks: list[dict[str, Any]]) -> str:
    """The words of rich texts, sections and small lines as a reader sees them, a line each."""
    return "\n".join(line for block in blocks for line in _seen(block))


def _seen(block: Block) -> list[str]:
    match block["type"]:
        case "rich_text":
            return ["".join(map(_shown, part["elements"])) for part in block["elements"]]
        case "section" | "header":
            return [_read(block["text"])]
        case "context":
            return [" ".join(map(_read, block["elements"]))]
        case _:
            return []


def _shown(element: Block) -> str:
    return str(element.get("text") or element.get("fallback") or f"@{element.get('user_id')}")


def _read(text: Block) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    bare = re.sub(r"<@(\w+)>", r"@\1", text["text"])
    bare = re.sub(r"<[^>|]+\|([^>]*)>", r"\1", bare)
    bare = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)|`([^`]+)`", lambda found: found[1] or found[2], bare)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
