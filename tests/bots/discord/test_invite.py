"""The invitation asks for exactly what the code uses, and docs/discord.md tells of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bots.discord.grants import PERMISSIONS
from bots.discord.invite import CALLS, SCOPES, integer, invitation
from tests.bots.discord.labs import BOB, LAB, lab_at
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import NAMES

HOUSE = Path(__file__).parents[3]
DOCS = (HOUSE / "docs" / "discord.md").read_text()
CODE = sorted((HOUSE / "bots" / "discord").glob("*.py"))
#: What is asked of Discord that no permission in a server is needed for.
FREE = {
    "/users/@me",
    "/users/@me/guilds",
    "/users/@me/channels",
    "/applications/@me",
}
#: What of discord.py asks Discord for something, and the path that it asks for; "": nothing that needs a permission.
LIBRARY = {
    "get_message": "/channels/{}/messages/{}",
    "fetch_channel": "/channels/{}",
    "fetch_member": "",
    "fetch_user": "",
    "bulk_upsert_guild_commands": "",
    "bulk_upsert_global_commands": "",
}


def test_the_number_is_that_of_the_permissions_which_the_calls_want() -> None:
    assert {name for names in CALLS.values() for name in names} == set(PERMISSIONS)
    assert integer() == sum(1 << NAMES[name] for name in PERMISSIONS)


def written(node: ast.AST) -> str | None:
    """The text of a string, each value in it as {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


def asked_for() -> Iterator[str]:
    """The paths that the code asks Discord for, by itself and through discord.py."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text())):
            text = written(node)
            if text and re.match(r"/(channels|guilds|users|applications|webhooks|interactions)/", text):
                if "/-" not in text and text[-1] != "/":  # neither a bucket's name nor a part of a path
                    yield text
            elif isinstance(node, ast.Attribute) and _asks_through(node):
                assert node.attr in LIBRARY, f"{file.name}: what permission does {node.attr} need?"
                yield LIBRARY[node.attr]


def _asks_through(node: ast.Attribute) -> bool:
    of_http = isinstance(node.value, ast.Attribute) and node.value.attr == "http"
    of_http = of_http or (isinstance(node.value, ast.Name) and node.value.id == "http")
    return of_http or node.attr.startswith("fetch_")


def test_every_call_in_the_code_is_one_whose_permissions_are_listed() -> None:
    listed = {re.sub(r"{\w+}", "{}", one.split(" ")[1]) for one in CALLS}
    in_code = set(asked_for()) - {""}
    assert in_code - FREE == listed
    assert in_code & FREE == FREE


def test_the_address_holds_the_scopes_and_the_number() -> None:
    asked = parse_qs(urlsplit(invitation("110")).query)
    assert asked == {"client_id": ["110"], "scope": [" ".join(SCOPES)], "permissions": [str(integer())]}


def test_the_documentation_holds_the_same() -> None:
    address = invitation("YOUR_APPLICATION_ID")
    assert address in DOCS
    assert str(integer()) in DOCS
    for _, label, what in PERMISSIONS.values():
        assert f"| {label} | {what} |" in DOCS


def test_with_exactly_these_permissions_everything_works(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, discord=FakeDiscord(permissions=integer(), everyone=0)) as lab:
        message = lab.message(lab.ordered())
        lab.work()
        lab.until(lambda: lab.discord.notifications(BOB) == 1)
        assert [one for one in lab.discord.of_app(LAB, message.ts) if one.files]
        failed = lab.message(lab.ordered())
        lab.fail()
        lab.until(lambda: "🔁" in failed.reactions)
        lab.until(lambda: lab.discord.notifications(BOB) == 2)
        assert not [call for call in lab.discord.calls if call.status == 403]
        assert "granted me" not in " ".join(one.shown for one in lab.discord.of_app(LAB))


#: Nothing that the fake knows of needs it: it is for pictures that lie elsewhere, which Discord fetches.
UNTRIED = {"EMBED_LINKS"}


@pytest.mark.parametrize("name", sorted(set(PERMISSIONS) - UNTRIED))
def test_without_any_of_them_something_is_missed(tmp_path: Path, valkey_url: str, name: str) -> None:
    less = integer() & ~(1 << NAMES[name])
    with lab_at(tmp_path, valkey_url, discord=FakeDiscord(permissions=less, everyone=0)) as lab:
        lab.ordered()
        lab.until(lambda: lab.discord.of_app(LAB) or lab.discord.of_app(lab.discord.dm(BOB)))
        lab.work()
        lab.ordered()
        lab.fail()
        lab.until(lambda: lab.discord.notifications(BOB) >= 2, 30)  # all the same, it is told
        lab.until(lambda: [call for call in lab.discord.calls if call.status == 403])
