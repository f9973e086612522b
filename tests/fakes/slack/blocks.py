"""Block Kit as the platform checks it: what is wrong with a message's or a view's blocks."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.slack.state import texts_of
from tests.fakes.slack.table import limit, table

PLAIN, ANY = ("plain_text",), ("plain_text", "mrkdwn")


class BlocksError(Exception):
    """These blocks are refused; `complaints` are the platform's sentences, with where."""

    def __init__(self, complaints: list[str], code: str = "invalid_blocks") -> None:
        super().__init__("; ".join(complaints))
        self.complaints, self.code = complaints, code


def check_message(blocks: Any) -> None:
    """Refuse what a message may not hold.

    Raises:
        BlocksError: something is wrong with them.
    """
    _check(blocks, "message", limit("message_blocks"))
    if sum(map(len, texts_of(blocks))) > limit("blocks_text"):
        raise BlocksError([f"more than {limit('blocks_text')} characters in all"], "msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Refuse what a modal or an App Home may not hold.

    Raises:
        BlocksError: something is wrong with it.
    """
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        raise BlocksError(["must be a modal or home [json-pointer:/view/type]"], "invalid_arguments")
    found = list(_view_wrongs(view))
    if found:
        raise BlocksError(found, "invalid_arguments")
    _check(view.get("blocks"), view["type"], limit("view_blocks"), code="invalid_arguments")
    if len(json.dumps(view).encode()) > limit("view_bytes"):
        raise BlocksError(["view is too large"], "view_too_large")


VIEW_FIELDS = {
    "type",
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
}


def _view_wrongs(view: dict[str, Any]) -> Iterator[str]:
    for name in sorted(set(view) - VIEW_FIELDS):
        yield f"invalid additional property: {name} [json-pointer:/view]"
    if view["type"] == "modal":
        yield from _text(view.get("title"), "view_title", "/view/title", PLAIN)
        for name in ("submit", "close"):
            if name in view:
                yield from _text(view[name], "view_button", f"/view/{name}", PLAIN)
        if "submit" not in view and any(b.get("type") == "input" for b in view.get("blocks") or []):
            yield "missing required field: submit [json-pointer:/view]"
    else:
        for name in sorted({"title", "submit", "close", "clear_on_close", "notify_on_close"} & set(view)):
            yield f"invalid additional property: {name} [json-pointer:/view]"
    for name in ("private_metadata", "callback_id", "external_id"):
        yield from _string(view.get(name, ""), name, f"/view/{name}", empty=True)


def _check(blocks: Any, surface: str, most: int, code: str = "invalid_blocks") -> None:
    if not isinstance(blocks, list):
        raise BlocksError(["must provide an array [json-pointer:/blocks]"], f"{code}_format")
    found = []
    if len(blocks) > most:
        found.append(f"no more than {most} items allowed [json-pointer:/blocks]")
    block_ids: set[str] = set()
    for number, block in enumerate(blocks):
        found += _block(block, f"/blocks/{number}", surface)
        name = block.get("block_id") if isinstance(block, dict) else None
        if name and name in block_ids:
            found.append(f"block_id {name} already exists [json-pointer:/blocks/{number}/block_id]")
        block_ids.add(name or "")
    if found:
        raise BlocksError(found, code)


def _block(block: Any, way: str, surface: str) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in table()["blocks"]:
        yield f"unsupported type: {kind} [json-pointer:{way}/type]"
        return
    yield from _unknown(block, {"type", "block_id", *table()["blocks"][kind]}, way)
    if "block_id" in block:
        yield from _string(block["block_id"], "block_id", f"{way}/block_id")
    if kind == "markdown" and surface != "message":
        yield f"unsupported type: markdown [json-pointer:{way}/type]"
    check = CHECKS.get(str(kind))
    if check:
        yield from check(block, way)
    seen: set[str] = set()
    for element in _elements_of(block):
        name = element.get("action_id")
        if name and name in seen:
            yield f"action_id {name} already exists [json-pointer:{way}]"
        seen.add(name or "")


def _elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return [one for one in found if isinstance(one, dict)]


def _unknown(thing: dict[str, Any], known: set[str], way: str) -> Iterator[str]:
    for name in sorted(set(thing) - known):
        yield f"invalid additional property: {name} [json-pointer:{way}]"
    for name, value in thing.items():
        if value is None:
            yield f"must not be null: {name} [json-pointer:{way}]"


def _string(value: Any, name: str, way: str, *, empty: bool = False) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{way}]"
    elif not value and not empty:
        yield f"must be more than 0 characters [json-pointer:{way}]"
    elif len(value) > limit(name):
        yield f"must be less than {limit(name) + 1} characters [json-pointer:{way}]"


def _text(value: Any, name: str, way: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """A text object of one of these kinds, no longer than the limit `name`."""
    if not isinstance(value, dict):
        yield f"missing or invalid text object [json-pointer:{way}]"
        return
    if value.get("type") not in kinds:
        yield f"must be one of {', '.join(kinds)} [json-pointer:{way}/type]"
        return
    known = {"type", "text", "emoji"} if value["type"] == "plain_text" else {"type", "text", "verbatim"}
    yield from _unknown(value, known, way)
    yield from _string(value.get("text"), name, f"{way}/text")


def _section(block: dict[str, Any], way: str) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield f"missing required field: text or fields [json-pointer:{way}]"
    if "text" in block:
        yield from _text(block["text"], "section_text", f"{way}/text", ANY)
    fields = block.get("fields", [])
    if len(fields) > limit("section_fields") or ("fields" in block and not fields):
        yield f"must have 1 to {limit('section_fields')} items [json-pointer:{way}/fields]"
    for number, field in enumerate(fields):
        yield from _text(field, "section_field", f"{way}/fields/{number}", ANY)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{way}/accessory", "section")


def _actions(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _count(block.get("elements"), "actions_elements", f"{way}/elements")
    for number, element in enumerate(block.get("elements") or []):
        yield from _element(element, f"{way}/elements/{number}", "actions")


def _count(value: Any, name: str, way: str) -> Iterator[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= limit(name):
        yield f"must have 1 to {limit(name)} items [json-pointer:{way}]"


def _context(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _count(block.get("elements"), "context_elements", f"{way}/elements")
    for number, element in enumerate(block.get("elements") or []):
        here = f"{way}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _unknown(element, {"type", *table()["elements"]["image"]}, here)
            yield from _image(element, here)
        else:
            yield from _text(element, "context_text", here, ANY)


def _header(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _text(block.get("text"), "header_text", f"{way}/text", PLAIN)


def _image(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _string(block.get("alt_text"), "alt_text", f"{way}/alt_text")
    if "title" in block:
        yield from _text(block["title"], "image_title", f"{way}/title", PLAIN)
    if ("image_url" in block) == ("slack_file" in block):
        yield f"must have either image_url or slack_file [json-pointer:{way}]"
    elif "image_url" in block:
        yield from _string(block["image_url"], "image_url", f"{way}/image_url")
        if not reachable(block["image_url"]):
            yield f"downloading image failed [json-pointer:{way}/image_url]"


def reachable(address: Any) -> bool:
    """Whether the platform could fetch it from outside: http, and no loopback or private address."""
    parts = urlsplit(str(address))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.hostname == "localhost":
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return "." in parts.hostname


def _input(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _text(block.get("label"), "input_label", f"{way}/label", PLAIN)
    if "hint" in block:
        yield from _text(block["hint"], "input_hint", f"{way}/hint", PLAIN)
    yield from _element(block.get("element"), f"{way}/element", "input")


def _markdown(block: dict[str, Any], way: str) -> Iterator[str]:
    yield from _string(block.get("text"), "markdown_text", f"{way}/text")


def _rich_text(block: dict[str, Any], way: str) -> Iterator[str]:
    parts = block.get("elements")
    if not isinstance(parts, list):
        yield f"must be an array [json-pointer:{way}/elements]"
        return
    for number, part in enumerate(parts):
        yield from _rich_part(part, f"{way}/elements/{number}")


RICH_PARTS = {
    "rich_text_section": set[str](),
    "rich_text_list": {"style", "indent", "offset", "border"},
    "rich_text_preformatted": {"border", "language"},
    "rich_text_quote": {"border"},
}


def _rich_part(part: Any, way: str) -> Iterator[str]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in RICH_PARTS:
        yield f"unsupported type: {kind} [json-pointer:{way}/type]"
        return
    yield from _unknown(part, {"type", "elements", *RICH_PARTS[kind]}, way)
    if kind == "rich_text_list" and part.get("style") not in {"bullet", "ordered"}:
        yield f"must be bullet or ordered [json-pointer:{way}/style]"
    for number, element in enumerate(part.get("elements") or []):
        here = f"{way}/elements/{number}"
        if kind == "rich_text_list":
            yield from _rich_part(element, here)
            continue
        name = element.get("type")
        if name not in table()["rich_text"]:
            yield f"unsupported type: {name} [json-pointer:{here}/type]"
            continue
        yield from _unknown(element, {"type", *table()["rich_text"][name]}, here)
        if name == "text" and not element.get("text"):
            yield f"must be more than 0 characters [json-pointer:{here}/text]"


def _element(element: Any, way: str, place: str) -> Iterator[str]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in table()["elements"] or kind not in table()["places"][place]:
        yield f"unsupported type: {kind} [json-pointer:{way}/type]"
        return
    yield from _unknown(element, {"type", *table()["elements"][kind]}, way)
    if "action_id" in element:
        yield from _string(element["action_id"], "action_id", f"{way}/action_id")
    if "placeholder" in element:
        yield from _text(element["placeholder"], "placeholder", f"{way}/placeholder", PLAIN)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{way}/confirm")
    if kind == "button":
        yield from _button(element, way)
    elif kind == "image":
        yield from _image(element, way)
    elif "options" in table()["elements"][kind]:
        yield from _options(element, way)
    elif kind == "plain_text_input":
        yield from _text_input(element, way)


def _button(element: dict[str, Any], way: str) -> Iterator[str]:
    yield from _text(element.get("text"), "button_text", f"{way}/text", PLAIN)
    for name, most in {
        "value": "button_value",
        "url": "button_url",
        "accessibility_label": "accessibility_label",
    }.items():
        if name in element:
            yield from _string(element[name], most, f"{way}/{name}")
    if "url" in element and urlsplit(str(element["url"])).scheme not in {"http", "https", "mailto", "slack"}:
        yield f"invalid url [json-pointer:{way}/url]"
    if "style" in element and element["style"] not in {"primary", "danger"}:
        yield f"must be primary or danger [json-pointer:{way}/style]"


def _confirm(confirm: Any, way: str) -> Iterator[str]:
    if not isinstance(confirm, dict):
        yield f"must be an object [json-pointer:{way}]"
        return
    yield from _unknown(confirm, {"title", "text", "confirm", "deny", "style"}, way)
    yield from _text(confirm.get("title"), "confirm_title", f"{way}/title", PLAIN)
    yield from _text(confirm.get("text"), "confirm_text", f"{way}/text", ANY)
    yield from _text(confirm.get("confirm"), "confirm_button", f"{way}/confirm", PLAIN)
    yield from _text(confirm.get("deny"), "confirm_button", f"{way}/deny", PLAIN)


def _options(element: dict[str, Any], way: str) -> Iterator[str]:
    kind = element["type"]
    if "option_groups" in element:
        groups = [(f"{way}/option_groups/{n}", g) for n, g in enumerate(element["option_groups"])]
    else:
        groups = [(way, element)]
    most = {
        "overflow": "overflow_options",
        "checkboxes": "checkbox_options",
        "radio_buttons": "checkbox_options",
    }
    for here, group in groups:
        yield from _count(group.get("options"), most.get(kind, "options"), f"{here}/options")
        for number, option in enumerate(group.get("options") or []):
            yield from _option(option, f"{here}/options/{number}", kind)
    known = [option for _, group in groups for option in group.get("options") or []]
    chosen = [element.get("initial_option"), *element.get("initial_options", [])]
    for option in chosen:
        if option is not None and option not in known:
            yield f"initial option is none of the options [json-pointer:{way}]"


def _option(option: Any, way: str, kind: str) -> Iterator[str]:
    if not isinstance(option, dict):
        yield f"must be an object [json-pointer:{way}]"
        return
    known = {"text", "value", "description", *({"url"} if kind == "overflow" else ())}
    yield from _unknown(option, known, way)
    kinds = ANY if kind in {"checkboxes", "radio_buttons"} else PLAIN
    yield from _text(option.get("text"), "option_text", f"{way}/text", kinds)
    yield from _string(option.get("value"), "option_value", f"{way}/value")
    if "description" in option:
        yield from _text(option["description"], "option_description", f"{way}/description", kinds)


def _text_input(element: dict[str, Any], way: str) -> Iterator[str]:
    most, least = element.get("max_length"), element.get("min_length")
    if most is not None and not 1 <= most <= limit("text_input"):
        yield f"must be 1 to {limit('text_input')} [json-pointer:{way}/max_length]"
    if least is not None and not 0 <= least <= limit("text_input"):
        yield f"must be 0 to {limit('text_input')} [json-pointer:{way}/min_length]"
    if most is not None and len(element.get("initial_value", "")) > most:
        yield f"initial value is longer than max_length [json-pointer:{way}/initial_value]"
    if len(element.get("initial_value", "")) > limit("text_input"):
        yield f"must be less than {limit('text_input') + 1} characters [json-pointer:{way}/initial_value]"


CHECKS: dict[str, Callable[[dict[str, Any], str], Iterator[str]]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
}
