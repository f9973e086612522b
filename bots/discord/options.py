"""Options of slash commands, and what was typed into them, in the words of `bots.commands`: so both mean the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bots.discord.controls import WRITTEN_IN
from bots.people import DroppedFile

#: Discord's numbers for what an option is.
SUBCOMMAND, GROUP, TEXT, NUMBER, YES_NO, PERSON, CHANNEL, FILE = 1, 2, 3, 4, 5, 6, 7, 11
#: What an option's description may have (characters).
ABOUT: Final = 100
#: How the words of a command name what was chosen.
_SIGNS: Final = {PERSON: "@", CHANNEL: "#"}
_BLANK: Final = re.compile(r"\s+")

Json = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One option. `plain`: its value is said alone, without its name.

    `choices` are the values with what people read; `suggests`: what is typed is completed by us. `least` and `most`
    are of a number's value, or of a text's length.
    """

    name: str
    about: str
    kind: int = TEXT
    plain: bool = False
    needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    suggests: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def json(self) -> Json:
        """As Discord is told of it."""
        told: Json = {"type": self.kind, "name": self.name, "description": self.about}
        if self.needed:
            told["required"] = True
        if self.choices:
            told["choices"] = [{"name": words, "value": value} for value, words in self.choices]
        if self.suggests:
            told["autocomplete"] = True
        if self.kind == CHANNEL:
            told["channel_types"] = list(WRITTEN_IN)
        bounds = ("min_length", "max_length") if self.kind == TEXT else ("min_value", "max_value")
        if not self.choices:
            told |= {
                name: value
                for name, value in zip(bounds, (self.least, self.most), strict=True)
                if value is not None
            }
        return told

    def said(self, value: Any) -> str:
        """The value in words; "" for a file, which is no words."""
        if self.kind == FILE:
            return ""
        if self.kind == YES_NO:
            word = "yes" if value else "no"
        else:
            word = _SIGNS.get(self.kind, "") + _BLANK.sub(" ", str(value).replace('"', " ")).strip()
        if self.plain:
            return word
        return f'{self.name}="{word}"' if " " in word else f"{self.name}={word}"


@dataclass(frozen=True)
class Subcommand:
    """What can be chosen after the command's name. `words` are what its words begin with."""

    name: str
    about: str
    words: str
    options: tuple[Option, ...] = ()

    def without(self, names: Collection[str]) -> Subcommand:
        """The same, without the options of these names."""
        return replace(self, options=tuple(one for one in self.options if one.name not in names))

    @property
    def json(self) -> Json:
        """As Discord is told of it."""
        told: Json = {"type": SUBCOMMAND, "name": self.name, "description": self.about}
        # Discord wants those first that must be there.
        ordered = sorted(self.options, key=lambda one: not one.needed)
        return told | ({"options": [one.json for one in ordered]} if ordered else {})

    def said(self, values: Mapping[str, Any]) -> str:
        """What was typed into its options, as a command in words."""
        parts = [one.said(values[one.name]) for one in self.options if one.name in values]
        return " ".join(filter(None, (self.words, *parts)))


@dataclass(frozen=True)
class Typed:
    """A slash command as somebody typed it. `path` are its subcommands, `focused` the option they are typing."""

    path: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    focused: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Typed:
        """What the `data` of an interaction says."""
        path: list[str] = []
        inside: Sequence[Mapping[str, Any]] = data.get("options") or ()
        while inside and inside[0].get("type") in (SUBCOMMAND, GROUP):
            path.append(str(inside[0]["name"]))
            inside = inside[0].get("options") or ()
        values = {str(one["name"]): one.get("value") for one in inside}
        focused = next((str(one["name"]) for one in inside if one.get("focused")), "")
        return cls(tuple(path), values, focused)


def files_of(data: Mapping[str, Any], typed: Typed, options: Sequence[Option]) -> Iterator[DroppedFile]:
    """The files that came with a command. Such a link is fresh and of no message: it is the file's id."""
    handed = (data.get("resolved") or {}).get("attachments") or {}
    for option in options:
        found = handed.get(str(typed.values.get(option.name))) if option.kind == FILE else None
        if found is not None:
            yield attached(found, str(found.get("url") or ""))


def attached(said: Mapping[str, Any], id: str) -> DroppedFile:  # noqa: A002 - the field's name
    """What a payload says of an attachment. Its title is its name before Discord made it fit for addresses."""
    name = str(said.get("title") or "")
    given = str(said.get("filename") or "file")
    suffix = given.rpartition(".")[2]
    whole = name if name.lower().endswith(f".{suffix.lower()}") else f"{name}.{suffix}" if name else given
    return DroppedFile(id=id, name=whole, bytes=int(said.get("size") or 0))
