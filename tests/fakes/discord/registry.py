"""The commands that the app registered, for all guilds or for one, and what is accepted as one."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.errors import Form, RefusedError
from tests.fakes.discord.rest import Api, Ask, route
from tests.fakes.discord.state import APP, Json

ALL = "/applications/{application_id}/commands"
HERE = "/applications/{application_id}/guilds/{guild_id}/commands"
#: Commands of each type that may be there: chat input, user, message.
MOST = {1: 100, 2: 15, 3: 15}
_NAME = re.compile(r"^[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}$")


def check_command(form: Form, way: str, one: Any) -> None:
    """Note what is wrong with a command."""
    kind = one.get("type") or 1
    _check_name(form, f"{way}name", one.get("name"), chat=kind == 1)
    if kind == 1:
        form.length(f"{way}description", one.get("description"), 100, 1)
        _check_options(form, f"{way}options", one.get("options"), depth=0)
        if _length(one) > 8000:
            text = "Command exceeds maximum size (8000)"
            form.wrong(f"{way}options", "APPLICATION_COMMAND_TOO_LARGE", text)
    elif one.get("description"):
        text = "Context menu commands cannot have description"
        form.wrong(f"{way}description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", text)


def _check_name(form: Form, way: str, name: Any, *, chat: bool) -> None:
    form.length(way, name, 32, 1)
    if chat and isinstance(name, str) and name and (not _NAME.match(name) or name != name.lower()):
        form.wrong(way, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, way: str, options: Any, *, depth: int) -> None:
    seen: set[str] = set()
    optional = False
    for number, one in enumerate(form.count(way, options or [], 25)):
        here = f"{way}.{number}"
        _check_name(form, f"{here}.name", one.get("name"), chat=True)
        form.length(f"{here}.description", one.get("description"), 100, 1)
        if one.get("name") in seen:
            form.wrong(f"{here}.name", "APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE", "Name is already used")
        seen.add(str(one.get("name")))
        kind = one.get("type")
        if kind in (1, 2):
            if depth > (1 if kind == 1 else 0):
                form.wrong(f"{here}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
            _check_options(form, f"{here}.options", one.get("options"), depth=depth + 1)
            continue
        if kind not in range(3, 12):
            form.wrong(f"{here}.type", "BASE_TYPE_CHOICES", "Value must be one of (1, …, 11).")
        if one.get("required") and optional:
            text = "Required options must be placed before non-required options"
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional = optional or not one.get("required")
        if one.get("choices") and one.get("autocomplete"):
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Choices and autocomplete")
        check_choices(form, f"{here}.choices", one.get("choices") or [])


def check_choices(form: Form, way: str, choices: Any) -> None:
    """Note what is wrong with an option's choices, or an autocomplete's."""
    for number, one in enumerate(form.count(way, choices, 25)):
        form.length(f"{way}.{number}.name", one.get("name"), 100, 1)
        if isinstance(one.get("value"), str):
            form.length(f"{way}.{number}.value", one["value"], 100)


def _length(one: Json) -> int:
    whole = len(str(one.get("name") or "")) + len(str(one.get("description") or ""))
    whole += sum(_length(option) for option in one.get("options") or ())
    return whole + sum(
        len(str(choice["name"])) + len(str(choice["value"])) for choice in one.get("choices") or ()
    )


def kept(api: Api, guild: str, one: Json) -> Json:
    """A command as the platform keeps it; it keeps its id as long as its name and type."""
    kind = one.get("type") or 1
    older = {(each["type"], each["name"]): each["id"] for each in api.state.commands.get(guild, [])}
    shape: Json = {
        "id": older.get((kind, one["name"])) or api.state.id(),
        "application_id": APP,
        "version": api.state.id(),
        "default_member_permissions": None,
        "dm_permission": True,
        "contexts": None,
        "nsfw": False,
        "name_localizations": None,
        "description_localizations": None,
        **one,
        "type": kind,
        "integration_types": one.get("integration_types") or [0],
        "description": one.get("description") or "",
    }
    if shape["default_member_permissions"] is not None:
        shape["default_member_permissions"] = str(shape["default_member_permissions"])
    if one.get("options"):
        shape["options"] = [_option(each) for each in one["options"]]
    else:
        shape.pop("options", None)
    return shape | ({"guild_id": guild} if guild else {})


def _option(one: Json) -> Json:
    shape = {name: value for name, value in one.items() if value is not None and value != []}
    if shape.get("required") is False:
        del shape["required"]
    if shape.get("options"):
        shape["options"] = [_option(each) for each in shape["options"]]
    return {"description": "", **shape}


def _scope(api: Api, ask: Ask) -> str:
    if ask["application_id"] != APP:
        raise RefusedError(50001)
    guild = ask.params.get("guild_id", "")
    if guild and not (guild in api.state.guilds and api.state.guilds[guild].bot_in):
        raise RefusedError(50001)
    return guild


def _put(api: Api, ask: Ask) -> list[Json]:
    guild, form = _scope(api, ask), Form()
    if not isinstance(ask.body, list):
        raise RefusedError(50109)
    for number, one in enumerate(ask.body):
        check_command(form, f"{number}.", one)
    form.done()
    for kind, most in MOST.items():
        if sum((one.get("type") or 1) == kind for one in ask.body) > most:
            raise RefusedError(30032, "Maximum number of application commands reached")
    api.state.commands[guild] = [kept(api, guild, one) for one in ask.body]
    return api.state.commands[guild]


def _post(api: Api, ask: Ask) -> Json:
    guild, form = _scope(api, ask), Form()
    check_command(form, "", ask.form)
    form.done()
    made = kept(api, guild, ask.form)
    others = [one for one in api.state.commands.get(guild, []) if one["id"] != made["id"]]
    api.state.commands[guild] = [*others, made]
    return made


def _get(api: Api, ask: Ask) -> list[Json]:
    return list(api.state.commands.get(_scope(api, ask), []))


def _delete(api: Api, ask: Ask) -> None:
    guild = _scope(api, ask)
    left = [one for one in api.state.commands.get(guild, []) if one["id"] != ask["command_id"]]
    if len(left) == len(api.state.commands.get(guild, [])):
        raise RefusedError(10063)
    api.state.commands[guild] = left


for _base in (ALL, HERE):
    route(f"GET {_base}")(_get)
    route(f"PUT {_base}")(_put)
    route(f"POST {_base}", status=201)(_post)
    route(f"DELETE {_base}/{{command_id}}", status=204)(_delete)
