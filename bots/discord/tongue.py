"""How Discord names its own things; and words as they are typed into the options of a slash command, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bots.cards.card import Span, code
from bots.cards.tongue import Tongue
from bots.commands import Command, parse, yes_or_no
from bots.discord.options import NUMBER, TEXT, YES_NO, Option, Subcommand
from bots.discord.tree import ADMIN, PAGE, paths

_OPTION: Final = re.compile(r"(?<!\S)([a-z][a-z_-]{0,31}):[ ]?(?=\S)")
#: The options that Discord asks "True" or "False" for.
_YES_OR_NO: Final = frozenset(
    option.name for _, one in paths() for option in one.options if option.kind == YES_NO
)


class DiscordTongue(Tongue):
    """Discord's way of speaking."""

    group: str = "server"
    anywhere: str = "In any channel where I can write, or in a message to me"
    let_in: str = "grant me View Channel and Send Messages there"

    def say(self, words: str) -> str:
        """See `Tongue`. What a word means is the option that it is typed into."""
        tokens = words.split()
        found = _longest(tokens)
        if found is None and isinstance(asked := parse(words), Command):
            verb = str(asked.verb)
            tokens = [verb, *tokens] if asked.source else [verb]
            found = _longest(tokens)
        if found is None:
            return f"{self.command} {words}"
        path, one = found
        return " ".join((self.command, *path, *self._typed(one, tokens[len(one.words.split()) :])))

    def option(self, name: str, value: str) -> str:
        """See `Tongue`."""
        answer = yes_or_no(value) if name in _YES_OR_NO else None
        return f"{name}:{value if answer is None else answer}"

    @property
    def admins_page(self) -> Span:
        """See `Tongue`."""
        return code(f"{self.command} {ADMIN} {PAGE}")

    def _typed(self, one: Subcommand, tokens: list[str]) -> Iterator[str]:
        named = {option.name for option in one.options if not option.plain}
        places = [option for option in one.options if option.plain]
        loose: list[str] = []
        for token in tokens:
            name, equals, value = token.partition("=")
            if equals and name in named:
                yield self.option(name, value)
            else:
                loose.append(token)
        while loose and places:
            option = places.pop(0)
            if loose[0] == option.name and len(loose) > 1:
                del loose[0]  # "scene 3"
            takes = len(loose) if not places and option.kind == TEXT else 1
            value, loose = " ".join(loose[:takes]), loose[takes:]
            yield self.option(option.name, value) if option.kind == YES_NO else f"{option.name}:{value}"
        yield from loose


def in_words(text: str) -> str:
    """What somebody said, in words, where they wrote a slash command with its options as mere text; else the same."""
    tokens = text.split()
    if not tokens or not tokens[0].startswith("/"):
        return text
    known = [(path, one) for path, one in paths() if tuple(tokens[1 : 1 + len(path)]) == path]
    if not known:
        return text
    path, one = max(known, key=lambda found: len(found[0]))
    parts = _OPTION.split(" ".join(tokens[1 + len(path) :]))
    options = {option.name: option for option in one.options}
    names, values = parts[1::2], parts[2::2]
    if parts[0].strip() or not names or not set(names) <= set(options):
        return text
    return one.said(
        {name: _read(options[name], value.strip()) for name, value in zip(names, values, strict=True)}
    )


def _read(option: Option, value: str) -> Any:
    if option.kind == YES_NO:
        return yes_or_no(value)
    return value if option.kind in (TEXT, NUMBER) else value.lstrip("@#")


def _longest(tokens: list[str]) -> tuple[tuple[str, ...], Subcommand] | None:
    """The subcommand whose words these begin with: of several, that of the most words."""
    begins = [
        (path, one)
        for path, one in paths()
        if one.words and tokens[: len(one.words.split())] == one.words.split()
    ]
    return max(begins, key=lambda found: len(found[1].words.split()), default=None)
