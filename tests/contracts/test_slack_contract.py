"""The contract table of Slack: against the published samples, against the SDK, against what our fake says."""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models import blocks as sdk_blocks
from slack_sdk.web.async_client import AsyncWebClient

from tests.contracts import build_slack
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.table import complaints, definition, event_type, lacking, payload_type, table

TABLE: dict[str, Any] = json.loads(build_slack.TABLE.read_text())
SAMPLED = ("definitions", "replies", "events", "payloads")


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = Path(__file__).parents[3] / "shared" / "specs" / "slack"
    if not folder.is_dir():
        pytest.skip(f"no samples of Slack's at {folder}")
    return folder


def test_the_table_says_what_the_samples_say(samples: Path) -> None:
    made = build_slack.from_samples(samples)
    assert {part: TABLE[part] for part in SAMPLED} == json.loads(json.dumps(made))


def test_the_table_says_what_our_facts_say() -> None:
    assert {part: value for part, value in TABLE.items() if part not in SAMPLED} == json.loads(
        json.dumps(build_slack.of_ours())
    )


def test_the_samples_fit_the_table(samples: Path) -> None:
    wrong: list[str] = []
    for name, file in build_slack.EVENTS.items():
        sample = json.loads((samples / "events" / f"{file}.json").read_text())
        wrong += complaints(sample["event"], event_type(sample["event"])[1], name)
        sample["event"] = None
        wrong += complaints(sample, {**definition("envelope"), "event": "any"}, name)
    for name, file in build_slack.PAYLOADS.items():
        sample = json.loads((samples / "app-backend" / f"{file}.json").read_text())
        wrong += complaints(sample, payload_type(name), name)
    assert wrong == []


def test_the_table_copies_no_text_of_a_sample(samples: Path) -> None:
    assert "example.com" not in build_slack.TABLE.read_text()
    assert build_slack.TABLE.stat().st_size < 80_000


@pytest.mark.parametrize("method", sorted(set(TABLE["methods"]) - {"api.test", "auth.test"}))
def test_the_sdk_knows_the_same_arguments(method: str) -> None:
    function = getattr(AsyncWebClient, method.replace(".", "_"))
    named = set(inspect.signature(function).parameters) - {"self", "kwargs", "app_token"}
    known = set(TABLE["methods"][method]["arguments"])
    assert named - known - {"team_id"} == set()
    # What the SDK does not name was added to the platform after it.
    assert known - named <= {"prevent_creation", "blocks", "team_id", "view"}


def test_every_event_with_a_sample_is_in_the_table() -> None:
    for name, known in TABLE["subscriptions"].items():
        kind = name.split(".")[0]
        assert kind in TABLE["events"] or kind in TABLE["unsampled"], name
        assert bool(known["sample"]) == (kind in TABLE["events"])


def test_what_the_fake_says_fits_the_table() -> None:
    with FakeSlack() as slack:
        people(slack)
        asyncio.run(exercise(slack))
        assert slack.off_contract() == []
        said = {call.method for call in slack.calls if call.reply["ok"]}
        said |= in_an_organisation()
        told = {event_type(sent.payload["event"])[0] for sent in slack.events()}
    assert set(TABLE["methods"]) - said == set()
    assert {f"event:{name}" for name in [*TABLE["events"], *TABLE["unsampled"]]} - told == set()


def test_a_field_that_nobody_knows_is_noticed() -> None:
    assert list(complaints({"type": "x", "colour": 1}, {"type": "str"}, "e")) == ["e.colour: no such field"]
    assert list(complaints({"ts": 1}, {"ts": "str"}, "e")) == ["e.ts: 1 is not str"]
    assert list(complaints({"flag": 1}, {"flag": "bool"}, "e")) == ["e.flag: 1 is not bool"]
    assert list(complaints([{"a": True}], [{"a": "int|str"}], "e")) == ["e[0].a: True is not int|str"]
    assert next(lacking({"type": "app_mention"}, "event:app_mention", "e")) == "e.user: is missing"
    with FakeSlack() as slack:
        people(slack)
        slack.send("slash_commands", {"token": "x", "colour": "red"})
        wrong = slack.off_contract()
    assert "payload:slash_command.colour: no such field" in wrong
    assert "payload:slash_command.user_id: is missing" in wrong


def in_an_organisation() -> set[str]:
    """The methods that only an organisation's token may call."""
    with FakeSlack(enterprise="E0ORG", org=True) as slack:
        people(slack)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        asyncio.run(client.auth_teams_list())
        asyncio.run(client.users_list(team_id="T0LAB"))
        assert slack.off_contract() == []
        return {call.method for call in slack.calls if call.reply["ok"]}


def people(slack: FakeSlack) -> None:
    slack.add_user("U0ADA", "Ada Hill", admin=True)
    slack.add_user("U0FAR", "Far Away", team="T0FAR")
    slack.add_channel("C0LAB", "lab", "public", ["U0ADA"])
    slack.add_channel("C0SHARED", "shared", "public", ["U0ADA", "U0FAR"])
    slack.add_channel("G0PRIV", "private", "private", ["U0ADA"])
    slack.add_channel("G0MANY", "many", "mpim", ["U0ADA"])


BUTTON = {"type": "button", "action_id": "go", "value": "1", "text": {"type": "plain_text", "text": "Go"}}
ACTIONS = {"type": "actions", "elements": [BUTTON]}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "a",
            "label": {"type": "plain_text", "text": "A"},
            "element": {"type": "plain_text_input", "action_id": "a", "initial_value": "words"},
        },
        ACTIONS,
    ],
}


async def exercise(slack: FakeSlack) -> None:
    """Everything that the fake can say, once: no app listens, so that nothing is waited for."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=10)
    posted = await messages(slack, client)
    await uploads(slack, client)
    await windows(slack, client)
    for room in ("C0LAB", "C0SHARED", "G0PRIV", "G0MANY", slack.dm("U0ADA")):
        await client.conversations_info(channel=room, include_num_members=True)
        await client.conversations_history(channel=room, include_all_metadata=True)
    await client.conversations_replies(channel="C0LAB", ts=posted)
    for method in ("api.test", "auth.test", "users.list", "team.info", "bots.info"):
        await client.api_call(method)
    await client.apps_connections_open(app_token=slack.app_token)
    await client.conversations_open(users="U0ADA")
    await client.conversations_members(channel="C0LAB")
    for user in ("U0ADA", "U0FAR", "U0BOT"):
        await client.users_info(user=user)
    slack.change_user("U0ADA", deleted=True)
    slack.archive("C0SHARED")
    slack.kick("C0LAB")
    slack.archive("G0MANY")
    slack.kick("G0PRIV")
    slack.invite("G0PRIV")
    slack.revoke()
    slack.uninstall()


async def messages(slack: FakeSlack, client: AsyncWebClient) -> str:
    said = slack.say("U0ADA", "C0LAB", "hello <b> & https://a.example/?a=1&b=2")
    for room in ("C0SHARED", "G0PRIV", "G0MANY", slack.dm("U0ADA")):
        slack.say("U0FAR" if room == "C0SHARED" else "U0ADA", room, "hello")
    slack.mention("U0ADA", "C0LAB", "make it", thread_ts=said)
    slack.mention("U0FAR", "C0SHARED", "make it")
    slack.add_user("U0OTHER", "Other Bot", bot=True)
    slack.say("U0OTHER", "C0LAB", "beep")
    slack.integration("C0LAB", "build passed")
    slack.edit_message("C0LAB", said, "changed")
    slack.react("U0ADA", "C0LAB", said, "x")
    slack.unreact("U0ADA", "C0LAB", said, "x")
    tag = {"event_type": "hill", "event_payload": {"job": "1"}}
    posted = await client.chat_postMessage(channel="C0LAB", text="job", blocks=[ACTIONS], metadata=tag)
    await client.chat_update(channel="C0LAB", ts=posted["ts"], text="job 2", blocks=[ACTIONS])
    reply = await client.chat_postMessage(channel="C0LAB", text="reply", thread_ts=posted["ts"])
    await client.chat_postEphemeral(channel="C0LAB", user="U0ADA", text="only you", blocks=[ACTIONS])
    await client.reactions_add(channel="C0LAB", timestamp=posted["ts"], name="repeat")
    await client.reactions_get(channel="C0LAB", timestamp=posted["ts"])
    await client.reactions_remove(channel="C0LAB", timestamp=posted["ts"], name="repeat")
    await client.chat_getPermalink(channel="C0LAB", message_ts=reply["ts"])
    for message in [*slack.messages("C0LAB"), *slack.ephemerals("U0ADA")]:
        if message.by_app:
            slack.press("U0ADA", message, "go", wait=False)
    slack.shortcut("U0ADA", "C0LAB", posted["ts"], "make", wait=False)
    slack.command("U0ADA", "C0LAB", "help", wait=False)
    slack.command("U0ADA", slack.dm("U0ADA"), "help", wait=False)
    await client.chat_delete(channel="C0LAB", ts=reply["ts"])
    return str(posted["ts"])


async def uploads(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = slack.drop("U0ADA", "C0LAB", "a.pdf", b"%PDF-1.7")
    for oddity in (
        {"file_access": "check_file_info"},
        {"mode": "external", "url": "https://drive.example/x"},
        {"mode": "hidden_by_limit"},
        {"mode": "tombstone"},
    ):
        slack.drop("U0FAR", "C0SHARED", "b.pdf", b"%PDF-1.7", **oddity)
    slack.drop("U0ADA", slack.dm("U0ADA"), "c.pdf", b"%PDF-1.7", text="with words")
    made = await client.files_upload_v2(
        filename="v.mp4", content=b"video", channel="C0LAB", thread_ts=said, alt_txt="a hill"
    )
    for name in slack.state.files:
        await client.files_info(file=name)
    await client.files_delete(file=made["files"][0]["id"])
    slack.delete_message("C0LAB", slack.messages("C0LAB", thread=said)[0].ts)
    slack.say("U0ADA", "C0LAB", "a reply that stays", thread_ts=said)
    slack.delete_message("C0LAB", said)


async def windows(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.open_home("U0ADA")
    await client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [ACTIONS]})
    slack.open_home("U0ADA")
    home = slack.home("U0ADA")
    assert home is not None
    slack.press("U0ADA", home, "go", wait=False)
    opened = await client.views_open(trigger_id=slack.payloads.trigger("U0ADA"), view=FORM)
    await client.views_update(view_id=opened["view"]["id"], view=FORM)
    pushed = await client.views_push(trigger_id=slack.payloads.trigger("U0ADA"), view=FORM)
    (below, top) = slack.views("U0ADA")
    assert top.id == pushed["view"]["id"]
    slack.press("U0ADA", top, "go", wait=False)
    slack.submit("U0ADA", top.id, {"a": "more words"}, wait=False)
    slack.close_view("U0ADA", below.id)


def test_the_fake_and_the_table_name_the_same_methods() -> None:
    from tests.fakes.slack.web_api import METHODS

    assert set(METHODS) == set(table()["methods"])


@pytest.mark.parametrize("part", ["blocks", "elements"])
def test_the_sdk_knows_the_same_fields_of_blocks(part: str) -> None:
    known: dict[str, set[str]] = {}
    for module in (sdk_blocks.blocks, sdk_blocks.block_elements):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            name = getattr(kind, "type", None)
            if isinstance(name, str):
                fields = {one for base in kind.__mro__ for one in parameters_of(base)}
                known[name] = known.get(name, set()) | fields
    for name, fields in TABLE[part].items():
        assert set(fields) - known[name] == set(), name


def parameters_of(kind: type) -> set[str]:
    return set(inspect.signature(kind).parameters) if "__init__" in vars(kind) else set()
