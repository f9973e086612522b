"""What a person's own window does with a command: it knows what is registered, and lets nothing else through."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import shapes
from tests.fakes.discord.permissions import bits, guild_permissions, permissions
from tests.fakes.discord.state import Channel, Json, State

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)


def find_command(state: State, room: Channel, user: str, name: str, kind: int = 1) -> Json:
    """The command as that person finds it there; the guild's own before the one of all guilds."""
    home = state.guilds.get(room.guild or "")
    assert home is None or home.bot_in or home.commands_in, "the app is not in that guild"
    here = [*state.commands.get(room.guild or "-", []), *state.commands.get("", [])]
    known = [one for one in here if one["name"] == name and one["type"] == kind]
    assert known, f"nothing is registered as {name!r}: {[one['name'] for one in here]}"
    found = known[0]
    if room.guild is None:
        contexts = found.get("contexts")
        there = found.get("dm_permission") is not False if contexts is None else 1 in contexts
        assert there, f"{name!r} is not to be had in direct messages"
        return found
    assert found.get("contexts") is None or 0 in found["contexts"], f"{name!r} is not to be had in a guild"
    needed = found.get("default_member_permissions")
    if needed is not None:
        has = guild_permissions(state, room.guild, user)
        seen = int(needed) > 0 and has & int(needed) == int(needed)
        assert seen or state.guilds[room.guild].owner == user or has & bits("ADMINISTRATOR"), (
            f"{user} does not see {name!r}"
        )
    return found


def fill(state: State, room: Channel, command: Json, path: list[str], given: Json, focused: str = "") -> Json:
    """The payload's `data` for a command that was typed: `path` are its subcommands, `given` its options."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    resolved: Json = {}
    here, level = data, command
    for name in path:
        below = [one for one in level.get("options") or () if one["name"] == name and one["type"] in (1, 2)]
        assert below, f"{command['name']} has no subcommand {name!r}"
        level = below[0]
        inner: Json = {"name": name, "type": level["type"]}
        here["options"] = [inner]
        here = inner
    known = level.get("options") or []
    assert not any(one["type"] in (1, 2) for one in known), f"choose one of {[one['name'] for one in known]}"
    unknown = set(given) - {one["name"] for one in known}
    assert not unknown, f"{command['name']} has no options {sorted(unknown)}"
    here["options"] = []
    for option in known:
        if option["name"] in given:
            value = given[option["name"]]
            filled = {"name": option["name"], "type": option["type"]}
            filled["value"] = value if focused else _checked(state, room, option, value, resolved)
            here["options"].append(filled | ({"focused": True} if option["name"] == focused else {}))
        else:
            assert focused or not option.get("required"), f"the window asks for {option['name']}"
    if resolved:
        data["resolved"] = resolved
    return data


def _checked(state: State, room: Channel, option: Json, value: Any, resolved: Json) -> Any:
    name = option["name"]
    if option.get("choices"):
        by_name = {one["name"]: one["value"] for one in option["choices"]}
        value = by_name.get(value, value)
        assert value in by_name.values(), f"{name}: choose one of {by_name}"
    match option["type"]:
        case 3:
            assert isinstance(value, str), f"{name} is a text"
            least, most = option.get("min_length", 0), option.get("max_length", 6000)
            assert least <= len(value) <= most, f"{name}: the window wants {least} to {most} characters"
        case 4 | 10:
            kinds = (int,) if option["type"] == INTEGER else (int, float)
            assert isinstance(value, kinds), f"{name} is a number"
            assert not isinstance(value, bool), f"{name} is a number"
            least, most = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
            assert least <= value <= most, f"{name}: the window wants {least} to {most}"
        case 5:
            assert isinstance(value, bool), f"{name} is yes or no"
        case 6:
            resolve_user(state, room, str(value), resolved)
        case 7:
            resolve_channel(state, str(value), resolved)
        case 8:
            resolved.setdefault("roles", {})[value] = shapes.role(state.guilds[str(room.guild)].roles[value])
        case 11:
            resolve_file(state, str(value), resolved)
    return value


def resolve_user(state: State, room: Channel, user: str, resolved: Json) -> None:
    """Put a user beside the ids that the payload names."""
    resolved.setdefault("users", {})[user] = shapes.user(state.users[user])
    if room.guild and user in state.guilds[room.guild].members:
        member = shapes.member(state, state.guilds[room.guild].members[user], full=False)
        for name in ("deaf", "mute"):
            del member[name]
        member["permissions"] = str(permissions(state, room, user))
        resolved.setdefault("members", {})[user] = member


def resolve_channel(state: State, channel: str, resolved: Json) -> None:
    """Put a channel beside the ids that the payload names."""
    shape = shapes.channel(state, state.channels[channel])
    resolved.setdefault("channels", {})[channel] = shape | {"permissions": "0"}


def resolve_file(state: State, file: str, resolved: Json) -> None:
    """Put a file beside the ids that the payload names; the link is one of its own."""
    kept = state.files[file]
    kept.ephemeral = True
    resolved.setdefault("attachments", {})[file] = shapes.attachment(state, kept)
