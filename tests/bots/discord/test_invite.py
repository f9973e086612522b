"""The invitation asks for exactly what the code uses, and docs/discord.md tells of it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bots.discord.grants import PERMISSIONS
from bots.discord.invite import CALLS, SCOPES, integer, invitation
from tests.bots.discord.labs import BOB, LAB, lab_at
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import NAMES

DOCS = (Path(__file__).parents[3] / "docs" / "discord.md").read_text()


def test_the_number_is_that_of_the_permissions_which_the_calls_want() -> None:
    assert {name for names in CALLS.values() for name in names} == set(PERMISSIONS)
    assert integer() == sum(1 << NAMES[name] for name in PERMISSIONS)


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
