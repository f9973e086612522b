"""At whom a message rings.

It rings when it is created, never when it is edited. In a guild it rings at those whom its content (or a text
display) mentions, directly, by a role or by @everyone, as far as `allowed_mentions` lets it and they can see the
place; and at the author of the message that it replies to. In a direct message everything rings but
answers to an interaction: who gave it is there. What
only one sees, and what was sent silently, rings at nobody.
"""

from __future__ import annotations

import re

from tests.fakes.discord.drawn import TEXT, every
from tests.fakes.discord.permissions import may
from tests.fakes.discord.state import SILENT, Channel, Json, Message, State

_ANY: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}


def mentioned(text: str) -> list[str]:
    """The users whom the text mentions, each once."""
    return list(dict.fromkeys(re.findall(r"<@!?(\d+)>", text)))


def pinged(state: State, room: Channel, said: Message) -> set[str]:
    """Those at whom the message rings; `@everyone` is among them when it rings at all."""
    if said.seen_by or said.flags & SILENT:
        return set()
    if room.kind == "dm":
        return set() if said.webhook else room.members - {said.user}
    allowed = _ANY if said.allowed is None else said.allowed
    words = "\n".join(
        [said.text, *(one.get("content", "") for one in every(said.blocks) if one.get("type") == TEXT)]
    )
    found = {one for one in mentioned(words) if _lets(allowed, "users", one)}
    found |= _by_role(state, room, words, allowed, said.user)
    every_one = re.search(r"@(everyone|here)\b", words) and "everyone" in allowed.get("parse", [])
    if every_one and may(state, room, said.user, "MENTION_EVERYONE"):
        found |= {"@everyone", *state.guilds[str(room.guild)].members}
    replied = state.messages.get(said.reference or "")
    if said.type == 19 and replied is not None and allowed.get("replied_user"):
        found.add(replied.user)
    return {one for one in found if one == "@everyone" or may(state, room, one, "VIEW_CHANNEL")} - {said.user}


def _by_role(state: State, room: Channel, words: str, allowed: Json, author: str) -> set[str]:
    found: set[str] = set()
    home = state.guilds[str(room.guild)]
    for name in re.findall(r"<@&(\d+)>", words):
        role = home.roles.get(name)
        if role is None or not _lets(allowed, "roles", name):
            continue
        if role.mentionable or may(state, room, author, "MENTION_EVERYONE"):
            found |= {one.user for one in home.members.values() if name in one.roles}
    return found


def _lets(allowed: Json, kind: str, one: str) -> bool:
    return kind in (allowed.get("parse") or []) or one in [str(name) for name in allowed.get(kind) or []]
