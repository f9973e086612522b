"""What a person reads of embeds and components, and what in them can be pressed or chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = (
    1,
    2,
    3,
    4,
    9,
    10,
    11,
    12,
    13,
    14,
)
CONTAINER, LABEL, UPLOAD = 17, 18, 19
SELECTS = {3, 5, 6, 7, 8}


def texts_of_embeds(embeds: list[dict[str, Any]]) -> list[str]:
    """The texts of embeds, in the order in which they are drawn."""
    found: list[str] = []
    for embed in embeds:
        found += [
            (embed.get("author") or {}).get("name", ""),
            embed.get("title", ""),
            embed.get("description", ""),
        ]
        for one in embed.get("fields") or ():
            found += [one.get("name", ""), one.get("value", "")]
        found.append((embed.get("footer") or {}).get("text", ""))
    return [text for text in found if text]


def every(components: Any) -> Iterator[dict[str, Any]]:
    """All components, those inside others too, in the order in which they are drawn."""
    for one in components or ():
        if isinstance(one, dict):
            yield one
            yield from every(one.get("components"))
            if isinstance(one.get("component"), dict):
                yield from every([one["component"]])
            if isinstance(one.get("accessory"), dict):
                yield from every([one["accessory"]])


def texts_of_components(components: list[dict[str, Any]]) -> list[str]:
    """The texts of components: what displays say, labels of buttons, entries of menus, words for pictures."""
    found: list[str] = []
    for one in every(components):
        match one.get("type"):
            case 10:
                found.append(one.get("content", ""))
            case 2:
                emoji = (one.get("emoji") or {}).get("name") or ""
                found.append(f"{emoji} {one.get('label') or ''}".strip())
            case 4 | 18:
                found.append(one.get("label") or "")
            case 11:
                found.append(one.get("description") or "")
            case 12:
                found += [item.get("description") or "" for item in one.get("items") or ()]
            case kind if kind in SELECTS:
                found.append(one.get("placeholder") or "")
                found += [option.get("label", "") for option in one.get("options") or ()]
    return [text for text in found if text]


def find(components: list[dict[str, Any]], name: str, value: str | None = None) -> dict[str, Any] | None:
    """The button or menu called so: by its custom id, a part of it, or its label.

    A part is what stands between signs other than letters, digits, `-` and `_`: `cancel` finds
    `hill:cancel:7`. Of several, `value` must be such a part too, or an entry of the menu.
    """
    for exact in (True, False):
        for one in every(components):
            custom, label = str(one.get("custom_id") or ""), str(one.get("label") or "")
            if not custom or one.get("type") not in {BUTTON, *SELECTS}:
                continue
            parts = set(re.split(r"[^\w-]+", custom))
            known = custom == name or label == name if exact else name in parts
            options = {str(option.get("value")) for option in one.get("options") or ()}
            if known and (
                value is None or value in parts | options or (not options and one["type"] in SELECTS)
            ):
                return one
    return None
