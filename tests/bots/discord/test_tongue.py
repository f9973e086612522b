"""What Discord's help and answers tell people to type can be typed there, and means what the words mean."""

from __future__ import annotations

import re

import pytest

from bots.cards.card import Card, Paragraph, Small, plainly
from bots.cards.lists import help_card
from bots.commands import Command, parse
from bots.desk.overview import HELP
from bots.discord.options import YES_NO
from bots.discord.tongue import DiscordTongue, in_words
from bots.discord.tree import found

TONGUE = DiscordTongue()
#: The words that the desk and the cards tell people to say.
WORDS = (
    "32296183",
    "PMC7224658",
    "cost 32296183",
    "list",
    "status",
    "redo scene 3",
    "redo SCENE k3mfq7xz",
    "quota",
    "me",
    "me seconds=60 audience=student approve=yes",
    "join CODE",
    "rotate-code",
    "help",
    "stop",
    "admin help",
    "admin audit 50",
    "admin guests off",
    "admin delete ID ID …",
    *(f"admin {words}" for words, _ in HELP),
)


def options_of(typed: str) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The path of a slash command as it is typed, and its options."""
    command, *tokens = typed.split()
    assert command == "/paper"
    path = []
    while tokens and ":" not in tokens[0]:
        path.append(tokens.pop(0))
    rest = re.split(r"(?<!\S)([a-z_-]+):", " ".join(tokens))[1:]
    return tuple(path), [(name, value.strip()) for name, value in zip(rest[::2], rest[1::2], strict=True)]


@pytest.mark.parametrize("words", WORDS)
def test_what_is_told_can_be_typed(words: str) -> None:
    path, typed = options_of(TONGUE.say(words))

    one = found(path)
    assert one is not None, path
    there = {option.name: option for option in one.options}
    assert {name for name, _ in typed} <= set(there)
    assert {option.name for option in one.options if option.needed} <= {name for name, _ in typed}
    for name, value in typed:
        if there[name].kind == YES_NO:
            assert value in ("True", "False")


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("32296183", "/paper make source:32296183"),
        ("redo scene 3", "/paper redo scene:3"),
        ("redo SCENE k3mfq7xz", "/paper redo scene:SCENE video:k3mfq7xz"),
        ("admin alerts @name on", "/paper admin alerts person:@name on:True"),
        ("admin list state=failed user=@name", "/paper admin list state:failed user:@name"),
        ("rotate-code", "/paper admin rotate-code"),
        ("stop", "/paper cancel"),
        ("soup", "/paper soup"),
    ],
)
def test_words_are_typed_into_their_options(words: str, typed: str) -> None:
    assert TONGUE.say(words) == typed


@pytest.mark.parametrize(
    "words",
    [
        "make 32296183 seconds=60",
        "cost 32296183",
        "redo 3 k3mfq7xz",
        "me seconds=60 audience=student approve=yes",
        "admin quota videos_per_user_day=5 dollars_per_day=none",
        "admin auto #3000000000000000001 yes",
        "admin delete k3mfq7xz abcdefgh",
        "list",
    ],
)
def test_what_is_typed_as_mere_text_means_the_same(words: str) -> None:
    meant = parse(in_words(TONGUE.say(words)))

    assert isinstance(meant, Command)
    assert meant == parse(words)


@pytest.mark.parametrize("text", ["/paper 32296183", "/paper soup: a paper", "a talk: later", "/", ""])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert in_words(text) == text


def test_the_help_names_no_other_platform_s_ways() -> None:
    said = _words(help_card(TONGUE, admin=True))

    assert "/paper make source:32296183" in said
    assert "/paper admin page" in said
    assert "approve:True" in said
    assert "Home" not in said
    assert "workspace" not in said


def _words(card: Card) -> str:
    return "\n".join(plainly(block.spans) for block in card.blocks if isinstance(block, Paragraph | Small))
