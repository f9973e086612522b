"""What the platform accepts as components of a message and of a modal."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.discord.drawn import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    INPUT,
    LABEL,
    ROW,
    SECTION,
    SELECT,
    SELECTS,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
    UPLOAD,
    every,
)
from tests.fakes.discord.errors import Form
from tests.fakes.discord.state import Json
from tests.fakes.discord.table import limit

MOST, MOST_TEXT = limit("components_v2"), limit("text_of_components_v2")
_TOP = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
_NOT_ALLOWED = 'Value of field "type" must be one of {}.'


def check(form: Form, components: Any, *, v2: bool) -> list[Json]:
    """The components of a message with what the platform fills in; what is wrong is noted in the form."""
    rows = form.count("components", components, MOST if v2 else limit("rows"))
    for number, one in enumerate(rows):
        way = f"components.{number}"
        if not _is_one_of(form, way, one, _TOP if v2 else {ROW}):
            continue
        _check_block(form, way, one)
    whole = [one for one in every(rows) if one]
    if v2:
        if len(whole) > MOST:
            form.wrong("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"The maximum is {MOST}.")
        texts = sum(len(str(one.get("content") or "")) for one in whole if one.get("type") == TEXT)
        if texts > MOST_TEXT:
            text = f"The total length of all text in this message must be {MOST_TEXT} or fewer in length."
            form.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)
    _check_names(form, whole)
    return _filled(rows) if not form.errors else []


def check_modal(form: Form, data: Json) -> Json:
    """A modal's body with what the platform fills in."""
    form.length("data.title", data.get("title"), 45, 1)
    form.length("data.custom_id", data.get("custom_id"), 100, 1)
    rows = form.count("data.components", data.get("components"), 5, 1)
    for number, one in enumerate(rows):
        way = f"data.components.{number}"
        if not _is_one_of(form, way, one, {ROW, LABEL, TEXT}):
            continue
        if one["type"] == ROW:
            inner = form.count(f"{way}.components", one.get("components"), 1, 1)
            for place, field in enumerate(inner):
                if _is_one_of(form, f"{way}.components.{place}", field, {INPUT}):
                    _check_input(form, f"{way}.components.{place}", field, labelled=True)
        elif one["type"] == LABEL:
            _check_label(form, way, one)
        else:
            form.length(f"{way}.content", one.get("content"), MOST_TEXT, 1)
    _check_names(form, list(every(rows)), "data.components")
    return {**data, "components": _filled(rows, modal=True) if not form.errors else []}


def _check_label(form: Form, way: str, one: Json) -> None:
    form.length(f"{way}.label", one.get("label"), 45, 1)
    if one.get("description") is not None:
        form.length(f"{way}.description", one["description"], 100)
    inner = one.get("component")
    kinds = {INPUT, UPLOAD, 21, 22, 23, *SELECTS}
    if not _is_one_of(form, f"{way}.component", inner, kinds) or not isinstance(inner, dict):
        return
    if inner["type"] == INPUT:
        _check_input(form, f"{way}.component", inner, labelled=False)
    elif inner["type"] in SELECTS:
        _check_select(form, f"{way}.component", inner)
    else:
        form.length(f"{way}.component.custom_id", inner.get("custom_id"), 100, 1)
        for name in ("options",) if inner["type"] in (21, 22) else ():
            form.count(f"{way}.component.{name}", inner.get(name), 10, 1)


def _check_input(form: Form, way: str, one: Json, *, labelled: bool) -> None:
    form.length(f"{way}.custom_id", one.get("custom_id"), 100, 1)
    if one.get("style") not in (1, 2):
        form.wrong(f"{way}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    if labelled:
        form.length(f"{way}.label", one.get("label"), 45, 1)
    if one.get("placeholder") is not None:
        form.length(f"{way}.placeholder", one["placeholder"], 100)
    if one.get("value") is not None:
        form.length(f"{way}.value", one["value"], int(one.get("max_length") or 4000))
    for name, least in (("min_length", 0), ("max_length", 1)):
        if one.get(name) is not None and not least <= one[name] <= 4000:
            text = f"int value should be between {least} and 4000."
            form.wrong(f"{way}.{name}", "NUMBER_TYPE_MAX", text)


def _is_one_of(form: Form, way: str, one: Any, kinds: set[int]) -> bool:
    if isinstance(one, dict) and one.get("type") in kinds:
        return True
    names = "{" + ", ".join(str(kind) for kind in sorted(kinds)) + "}"
    form.wrong(f"{way}.type", "UNION_TYPE_CHOICES", _NOT_ALLOWED.format(names))
    return False


def _check_block(form: Form, way: str, one: Json) -> None:
    kind = one["type"]
    if kind in _CHECKS:
        _CHECKS[kind](form, way, one)


def _check_section(form: Form, way: str, one: Json) -> None:
    _check_inner(form, way, one, 3, {TEXT})
    beside = one.get("accessory")
    if _is_one_of(form, f"{way}.accessory", beside, {BUTTON, THUMBNAIL}) and isinstance(beside, dict):
        _check_block(form, f"{way}.accessory", beside)


def _check_container(form: Form, way: str, one: Json) -> None:
    _check_inner(form, way, one, MOST, _TOP - {CONTAINER})


def _check_inner(form: Form, way: str, one: Json, most: int, kinds: set[int]) -> None:
    for number, inner in enumerate(form.count(f"{way}.components", one.get("components"), most, 1)):
        if _is_one_of(form, f"{way}.components.{number}", inner, kinds):
            _check_block(form, f"{way}.components.{number}", inner)


def _check_text(form: Form, way: str, one: Json) -> None:
    form.length(f"{way}.content", one.get("content"), MOST_TEXT, 1)


def _check_gallery(form: Form, way: str, one: Json) -> None:
    for number, item in enumerate(form.count(f"{way}.items", one.get("items"), 10, 1)):
        _check_media(form, f"{way}.items.{number}", item)


def _check_file(form: Form, way: str, one: Json) -> None:
    _check_media(form, way, one, "file")


def _check_media(form: Form, way: str, one: Json, name: str = "media") -> None:
    url = str((one.get(name) or {}).get("url") or "")
    if not url.startswith(("attachment://", "https://", "http://")) or (
        name == "file" and "attachment:" not in url
    ):
        form.wrong(
            f"{way}.{name}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('attachment', 'https')."
        )
    if one.get("description") is not None:
        form.length(f"{way}.description", one["description"], 1024)


def _check_row(form: Form, way: str, one: Json) -> None:
    inner = form.count(f"{way}.components", one.get("components"), 5, 1)
    selects = [each for each in inner if isinstance(each, dict) and each.get("type") in SELECTS]
    if selects and len(inner) > 1:
        form.wrong(
            f"{way}.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for number, each in enumerate(inner):
        place = f"{way}.components.{number}"
        if _is_one_of(form, place, each, {BUTTON, *SELECTS}):
            _check_button(form, place, each) if each["type"] == BUTTON else _check_select(form, place, each)


def _check_button(form: Form, way: str, one: Json) -> None:
    style = one.get("style")
    if style not in (1, 2, 3, 4, 5, 6):
        form.wrong(f"{way}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if one.get("label") is not None:
        form.length(f"{way}.label", one["label"], 80)
    elif not one.get("emoji") and style != 6:
        form.wrong(way, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", "A button must have a label or an emoji")
    if style == 5:
        form.length(f"{way}.url", one.get("url"), 512, 1)
        if one.get("custom_id"):
            form.wrong(
                way, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified"
            )
    elif style != 6:
        form.length(f"{way}.custom_id", one.get("custom_id"), 100, 1)


def _check_select(form: Form, way: str, one: Json) -> None:
    form.length(f"{way}.custom_id", one.get("custom_id"), 100, 1)
    if one.get("placeholder") is not None:
        form.length(f"{way}.placeholder", one["placeholder"], 150)
    options = form.count(f"{way}.options", one.get("options"), 25, 1) if one["type"] == SELECT else []
    for number, each in enumerate(options):
        form.length(f"{way}.options.{number}.label", each.get("label"), 100, 1)
        form.length(f"{way}.options.{number}.value", each.get("value"), 100, 1)
        if each.get("description") is not None:
            form.length(f"{way}.options.{number}.description", each["description"], 100)
    values = [each.get("value") for each in options]
    for number in (place for place, value in enumerate(values) if value in values[:place]):
        text = "The specified option value is already used"
        form.wrong(f"{way}.options.{number}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)


def _check_names(form: Form, whole: list[Json], way: str = "components") -> None:
    names = [one["custom_id"] for one in whole if one.get("custom_id")]
    if len(names) != len(set(names)):
        text = "Component custom id cannot be duplicated"
        form.wrong(way, "COMPONENT_CUSTOM_ID_DUPLICATED", text)


def _filled(rows: list[Json], *, modal: bool = False) -> list[Json]:
    """A copy in which every component has its number, as the platform gives them."""
    filled: list[Json] = copy.deepcopy(rows)
    taken = {one["id"] for one in every(filled) if one.get("id")}
    free: Iterator[int] = (number for number in range(1, 1000) if number not in taken)
    for one in every(filled):
        if not one.get("id"):
            one["id"] = next(free)
        kept = {name: value for name, value in one.items() if value is not None}
        if not modal:
            kept.pop("required", None)
        one.clear()
        one.update(kept)
        if one.get("type") in SELECTS and not modal:
            one |= {"min_values": one.get("min_values", 1), "max_values": one.get("max_values", 1)}
        if one.get("type") == CONTAINER:
            one.setdefault("accent_color", None)
            one.setdefault("spoiler", False)
    return filled


_CHECKS: dict[int, Callable[[Form, str, Json], None]] = {
    ROW: _check_row,
    BUTTON: _check_button,
    SECTION: _check_section,
    TEXT: _check_text,
    THUMBNAIL: _check_media,
    GALLERY: _check_gallery,
    FILE: _check_file,
    CONTAINER: _check_container,
}
