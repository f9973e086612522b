"""The contract table of Discord: against the OpenAPI document, against discord.py, against our fake's routes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.contracts import build_discord
from tests.fakes.discord.contract import off_contract
from tests.fakes.discord.errors import CODES
from tests.fakes.discord.gateway import NEEDS, Session
from tests.fakes.discord.permissions import NAMES
from tests.fakes.discord.rest import ROUTES, STATUS
from tests.fakes.discord.state import Call, Sent
from tests.fakes.discord.table import complaints, definition, limit, routes

TABLE: dict[str, Any] = json.loads(build_discord.TABLE.read_text())
FROM_DOCUMENT = ("routes", "definitions")


@pytest.fixture(scope="module")
def document() -> Path:
    file = Path(__file__).parents[3] / "shared" / "specs" / "discord" / "openapi.json"
    if not file.is_file():
        pytest.skip(f"no OpenAPI document of Discord's at {file}")
    return file


def test_the_table_says_what_the_document_says(document: Path) -> None:
    made = build_discord.from_document(document)
    assert {part: TABLE[part] for part in FROM_DOCUMENT} == json.loads(json.dumps(made))


def test_the_table_says_what_our_facts_say() -> None:
    ours = json.loads(json.dumps(build_discord.of_ours()))
    assert {part: value for part, value in TABLE.items() if part not in FROM_DOCUMENT} == ours


def test_the_table_copies_no_text_of_the_document(document: Path) -> None:
    assert "description of" not in build_discord.TABLE.read_text()
    assert build_discord.TABLE.stat().st_size < 80_000


def test_what_we_add_is_not_in_the_document_already() -> None:
    for name, fields in TABLE["added"].items():
        known = {field.removesuffix("!") for field in TABLE["definitions"][name]}
        assert not known & {field.removesuffix("!") for field in fields}, name
    assert not set(TABLE["added_routes"]) & set(TABLE["routes"])


def test_the_fake_has_the_routes_of_the_table_and_no_others() -> None:
    assert set(ROUTES) == set(routes())
    for name, known in routes().items():
        assert str(STATUS[name]) in known["reply"] or "204" in known["reply"], name


def test_every_definition_that_is_named_is_there() -> None:
    named = set(re.findall(r"\$(\w+)", json.dumps(TABLE)))
    assert named <= set(TABLE["definitions"])
    for name in named:
        assert definition(name) is not None, name


def test_limits_of_the_document_and_of_the_documentation_agree() -> None:
    button = TABLE["definitions"]["ButtonComponentForMessageRequest"]
    assert button["label"] == f"str:0:{limit('button_label')}?"
    assert button["custom_id"] == f"str:1:{limit('custom_id')}?"
    options = TABLE["definitions"]["StringSelectComponentForMessageRequest"]["options!"]
    assert options[1:] == [1, limit("select_options")]
    assert (
        TABLE["definitions"]["ModalInteractionCallbackRequestData"]["title!"]
        == f"str:1:{limit('modal_title')}"
    )


def test_permissions_are_those_of_discord_py() -> None:
    from discord import Permissions

    names = {"VIEW_CHANNEL": "view_channel", "USE_EXTERNAL_EMOJIS": "use_external_emojis"}
    for name, bit in NAMES.items():
        known = dict.fromkeys([names.get(name, name.lower())], True)
        assert Permissions(**known).value == 1 << bit, name


def test_events_have_their_intents_and_codes_their_status() -> None:
    hears_always = {"GUILD_CREATE", "GUILD_DELETE"}
    assert set(TABLE["events"]) <= set(NEEDS) | hears_always
    assert all(400 <= status < 500 for status, _ in CODES.values())


@pytest.mark.parametrize(
    ("value", "kind", "wrong"),
    [
        ({"id": "1"}, {"id!": "snowflake", "name": "str"}, []),
        ({"name": 1}, {"id!": "snowflake", "name": "str"}, ["x.name: 1 is not str", "x.id: is missing"]),
        ({"new": 1}, {"name": "str"}, ["x.new: no such field"]),
        ("abc", "str:0:2", ["x: 3 is not from 0 to 2"]),
        (None, "str?", []),
        (None, "str", ["x: None is not str"]),
        ([1], ["int", 2, 3], ["x: has 1, not 2 to 3"]),
        (
            {"type": 2},
            {"|": [{"type!": {"=": [1]}}, {"type!": {"=": [2]}, "a!": "str"}]},
            ["x.a: is missing"],
        ),
        ({"any": 1}, {"*": "int"}, []),
    ],
)
def test_values_are_held_against_types(value: Any, kind: Any, wrong: list[str]) -> None:
    assert list(complaints(value, kind, "x")) == wrong


def test_what_is_off_the_contract_is_found() -> None:
    typing, post = "POST /channels/{channel_id}/typing", "POST /channels/{channel_id}/messages"
    calls = [
        Call("GET /nowhere", {}, 0, {}),
        Call(typing, {"new": 1}, 0, None, 204, query={"wait": "1"}),
        Call(typing, {}, 0, None, 202),
        Call(post, {"content": 1}, 0, {"code": 50035}, 400),
        Call(post, {}, 0, {"message": "…", "retry_after": "1", "global": False}, 429),
    ]
    session = Session("1", 0, [{"t": "GUILD_DELETE", "d": {"unavailable": False}}])
    wrong = off_contract(calls, [Sent("press", {"version": 2}, "1", "2")], [session])
    assert {
        "GET /nowhere: the table does not know it",
        f"{typing}: takes no body",
        f"{typing}: takes no wait in the query",
        f"{typing}: answered with 202, not ['200', '204']",
        f"{post} (refused).message: is missing",
        f"{post} (limited).retry_after: '1' is not num",
        "GUILD_DELETE.id: is missing",
        "interaction (press).version: 2 is not one of [1]",
        "interaction (press).token: is missing",
    } <= set(wrong)
    assert not any("content" in one for one in wrong)
