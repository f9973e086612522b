"""The slash command: Discord takes it, and all of the grammar can be said with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from bots.commands import Command, Verb, parse
from bots.desk.administration import known_words
from bots.discord.options import FILE, NUMBER, YES_NO, Option, Typed
from bots.discord.tree import ADMIN, ADMINS, OF_PROVIDERS, PAGE, SUBCOMMANDS, commands, digest, found

#: What Discord takes at most: options of one level, choices, characters of a name, of a description, of all together.
LEVEL, CHOICES, NAME, ABOUT, WHOLE = 25, 25, 32, 100, 8_000


def every(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield told
    for inner in told.get("options", ()):
        yield from every(inner)


def size(told: dict[str, Any]) -> int:
    own = len(told["name"]) + len(told.get("description", ""))
    own += sum(len(one["name"]) + len(str(one["value"])) for one in told.get("choices", ()))
    return own + sum(map(size, told.get("options", ())))


def test_discord_takes_it() -> None:
    slash, menu = commands("paper")
    assert menu["name"] == "Make a video"
    assert size(slash) <= WHOLE
    for one in every(slash):
        assert re.fullmatch(r"[a-z0-9_-]+", one["name"])
        assert len(one["name"]) <= NAME
        assert 0 < len(one["description"]) <= ABOUT
        names = [inner["name"] for inner in one.get("options", ())]
        assert len(names) == len(set(names)) <= LEVEL
        assert len(one.get("choices", ())) <= CHOICES
        needed = [bool(inner.get("required")) for inner in one.get("options", ())]
        assert needed == sorted(needed, reverse=True), "those that are needed come first"


def test_it_is_told_again_only_when_it_is_another() -> None:
    assert digest(commands("paper")) == digest(commands("paper"))
    assert digest(commands("paper")) != digest(commands("video"))


def test_options_of_providers_are_offered_where_these_are() -> None:
    def names(offered: Collection[str]) -> set[str]:
        return {one["name"] for one in every(commands("paper", offered)[0])}

    assert names({"footage"}) == names(OF_PROVIDERS) - {"voice", "style", "tone"}
    assert names(()).isdisjoint(OF_PROVIDERS)


def test_all_of_the_grammar_can_be_said() -> None:
    said = {one.words.split()[0] for one in (*SUBCOMMANDS, *ADMINS) if one.words}
    assert said == {str(verb) for verb in Verb}
    words = re.findall(r"[a-z-]+", known_words().removeprefix("There are"))
    spoken = {one.words.split()[1] for one in ADMINS if one.words.startswith("admin ")}
    # Two of an admin's words share a subcommand.
    spoken |= {option.name for one in ADMINS if one.name == "providers" for option in one.options}
    assert spoken == set(words)
    assert found((ADMIN, PAGE)) is not None
    assert found(("nothing",)) is None


def sample(option: Option) -> Any:
    if option.name == "voice":
        return "Kore"
    if option.choices:
        return option.choices[0][0]
    return {NUMBER: option.least or 3, YES_NO: True}.get(option.kind, "k3mfq7xz")


@pytest.mark.parametrize("one", [*SUBCOMMANDS, *ADMINS], ids=lambda one: one.words or one.name)
def test_whatever_is_typed_is_understood(one: Any) -> None:
    values = {option.name: sample(option) for option in one.options if option.kind != FILE}
    for some in (values, {}):
        understood = parse(one.said(some))
        assert isinstance(understood, Command), understood
        assert str(understood.verb) == (one.words.split() or ["help"])[0]


@pytest.mark.parametrize(
    ("words", "values", "said"),
    [
        ("make", {"source": "PMID 32296183", "seconds": 60}, "make PMID 32296183 seconds=60"),
        ("make", {"source": 'x" y\n z', "approve": False}, "make x y z approve=no"),
        ("redo", {"scene": 3, "video": "k3mfq7xz"}, "redo 3 k3mfq7xz"),
        (
            "admin list",
            {"paper": "late captions", "user": "123"},
            'admin list user=@123 paper="late captions"',
        ),
        ("admin auto", {"channel": "99", "on": True}, "admin auto #99 yes"),
    ],
)
def test_options_become_words(words: str, values: dict[str, Any], said: str) -> None:
    one = next(one for one in (*SUBCOMMANDS, *ADMINS) if one.words == words)
    assert one.said(values) == said


def test_what_was_typed_is_found_in_the_payload() -> None:
    inner = {
        "name": "status",
        "type": 1,
        "options": [{"name": "video", "type": 3, "value": "la", "focused": True}],
    }
    assert Typed.of({"options": [inner]}) == Typed(("status",), {"video": "la"}, "video")
    group = {"name": "admin", "type": 2, "options": [{"name": "help", "type": 1}]}
    assert Typed.of({"options": [group]}) == Typed(("admin", "help"))
