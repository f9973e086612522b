"""What was pressed in a card, back in the card's own words: the deed and its value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from bots.cards.card import Chosen
from bots.slack.literal import unescaped

_ACTION: Final = re.compile(r"(?P<deed>[^@]+?)(?:@(?P<gathers>[^@:]+))?(?::\d+)?")


def pressed(action: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> tuple[str, str] | None:
    """Deed and value of one of the `actions` of a block_actions payload; `None` for what no card of ours holds.

    `state` is the payload's `state.values` (a message's) or `view.state.values`: what is ticked there goes
    with the buttons that gather it.
    """
    name = _ACTION.fullmatch(str(action.get("action_id", "")))
    if name is None:
        return None
    match action.get("type"):
        case "button":
            value = unescaped(str(action.get("value") or ""))
            if name["gathers"]:
                ticked = _gathered(name["gathers"], state or {})
                value = Chosen(context=value, values=ticked).model_dump_json()
            return name["deed"], value
        case "overflow":
            return _from_menu(action.get("selected_option") or {})
        case "static_select":
            chosen = Chosen(context=_context(action), values=_values([action.get("selected_option") or {}]))
            return name["deed"], chosen.model_dump_json()
        case "checkboxes":
            chosen = Chosen(context="", values=_values(action.get("selected_options") or []))
            return name["deed"], chosen.model_dump_json()
        case _:
            return None


def _from_menu(option: Mapping[str, Any]) -> tuple[str, str] | None:
    try:
        deed, value = json.loads(unescaped(str(option.get("value", ""))))
    except (ValueError, TypeError):
        return None
    return str(deed), str(value)


def _context(action: Mapping[str, Any]) -> str:
    return unescaped(str(action.get("block_id", "")).partition("|")[2])


def _gathered(deed: str, state: Mapping[str, Any]) -> tuple[str, ...]:
    """The values that are chosen in all elements of that deed."""
    found: tuple[str, ...] = ()
    for block in state.values():
        for action_id, element in block.items():
            name = _ACTION.fullmatch(action_id)
            if name is not None and name["deed"] == deed:
                options = element.get("selected_options") or [element.get("selected_option") or {}]
                found += _values(options)
    return found


def _values(options: list[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(unescaped(str(option["value"])) for option in options if option.get("value"))
