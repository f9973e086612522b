"""The fake Slack, driven by the real slack-bolt: commands, events, presses, forms, and what they carry."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.bolt import BUTTONS, FORM, app_of, client_of, noting, with_app
from tests.fakes.slack import FakeSlack


def test_a_command_is_acknowledged_and_answered_in_the_channel(slack: FakeSlack) -> None:
    app = app_of(slack)

    @app.command("/paper")
    async def paper(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack("Looking…")
        await client.chat_postMessage(channel=body["channel_id"], text=f"<@{body['user_id']}> {body['text']}")

    def hand() -> None:
        sent = slack.command("U0ADA", "C0LAB", "32296183")
        assert sent.body == {"text": "Looking…"}
        assert sent.latency < 3
        slack.wait_for(lambda: slack.messages("C0LAB"))

    with_app(slack, app, hand)
    (said,) = slack.messages("C0LAB")
    assert said.text == "<@U0ADA> 32296183"
    assert [one.text for one in slack.ephemerals("U0ADA")] == ["Looking…"]
    assert (slack.notifications("U0ADA"), slack.notifications("U0BOB")) == (1, 0)


def test_a_mention_in_a_channel_is_two_events_and_in_a_dm_one(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = noting(app, "app_mention", "message")

    def hand() -> None:
        ts = slack.mention("U0ADA", "C0LAB", "make https://doi.org/10.1/a?b=1&c=2 <now>")
        slack.wait_for(lambda: len(heard) == 2)
        slack.mention("U0ADA", slack.dm("U0ADA"), "help", thread_ts=ts)
        slack.wait_for(lambda: len(heard) == 3)

    with_app(slack, app, hand)
    kinds = sorted(body["event"]["type"] for body in heard)
    assert kinds == ["app_mention", "message", "message"]
    assert heard[0]["event"]["text"] == "<@U0BOT> make <https://doi.org/10.1/a?b=1&amp;c=2> &lt;now&gt;"
    assert heard[2]["event"]["channel_type"] == "im"


def test_what_the_app_did_not_subscribe_to_or_has_no_scope_for_never_comes(slack: FakeSlack) -> None:
    slack.workspace.subscriptions = {"message.im", "reaction_added"}
    slack.workspace.scopes.discard("reactions:read")
    ts = slack.say("U0ADA", "C0LAB", "hello")
    slack.react("U0ADA", "C0LAB", ts, "x")
    slack.say("U0ADA", slack.dm("U0ADA"), "hello")
    assert [sent.payload["event"]["channel_type"] for sent in slack.events()] == ["im"]
    assert slack.workspace.withheld == ["reaction_added needs reactions:read"]


def test_a_press_carries_the_message_and_may_replace_it(slack: FakeSlack) -> None:
    app, pressed = app_of(slack), []

    @app.action("cancel")
    async def cancel(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        pressed.append(body)
        await respond("Cancelled.", replace_original=True)
        await respond("Only you see this.", response_type="ephemeral", replace_original=False)

    def hand() -> None:
        asyncio.run(client_of(slack).chat_postMessage(channel="C0LAB", text="Job", blocks=BUTTONS))
        (said,) = slack.messages("C0LAB")
        assert slack.press("U0BOB", said, "cancel").body == {}
        slack.wait_for(lambda: said.text == "Cancelled." and slack.ephemerals("U0BOB"))

    with_app(slack, app, hand)
    assert pressed[0]["actions"][0]["value"] == "job-1"
    assert pressed[0]["message"]["blocks"][0]["block_id"] == "deeds"
    assert slack.messages("C0LAB")[0].edits[0]["text"] == "Job"


def test_a_form_shows_its_errors_then_changes_then_closes(slack: FakeSlack) -> None:
    app = app_of(slack)
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"scene-1": "Not in the paper."}},
        {"response_action": "update", "view": FORM | {"title": {"type": "plain_text", "text": "Checking…"}}},
        {},
    ]

    @app.command("/paper")
    async def paper(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("edit")
    async def edited(ack: Any, view: dict[str, Any]) -> None:
        assert view["state"]["values"]["scene-1"]["words"]["value"] == "New words"
        await ack(**answers.pop(0))

    def hand() -> None:
        slack.command("U0ADA", "C0LAB", "edit")
        (view,) = slack.wait_for(lambda: slack.views("U0ADA"))
        slack.submit("U0ADA", view.id, {"scene-1": "New words"})
        assert view.errors == {"scene-1": "Not in the paper."}
        slack.submit("U0ADA", view.id)
        assert view.body["title"]["text"] == "Checking…"
        slack.submit("U0ADA", view.id)
        assert slack.views("U0ADA") == []

    with_app(slack, app, hand)
    assert slack.complaints == []


def test_a_shortcut_and_the_home_reach_their_listeners(slack: FakeSlack) -> None:
    app, heard = app_of(slack), []

    @app.message_shortcut("make")
    async def make(ack: Any, shortcut: dict[str, Any]) -> None:
        await ack()
        heard.append(shortcut["message"]["text"])

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})

    def hand() -> None:
        ts = slack.say("U0BOB", "C0LAB", "PMID 32296183")
        slack.shortcut("U0ADA", "C0LAB", ts, "make")
        slack.open_home("U0ADA")
        slack.wait_for(lambda: slack.home("U0ADA") and heard)
        slack.open_home("U0ADA")
        slack.wait_for(lambda: len(slack.calls_of("views.publish")) == 2)

    with_app(slack, app, hand)
    assert heard == ["PMID 32296183"]


def test_bots_strangers_and_deleted_threads_look_as_they_do(slack: FakeSlack) -> None:
    slack.workspace.subscriptions = {"message.channels"}
    slack.add_user("U0BEEP", "Beep", bot=True)
    slack.say("U0BEEP", "C0LAB", "beep")
    slack.integration("C0LAB", "build passed")
    root = slack.say("U0ADA", "C0LAB", "root")
    reply = slack.say("U0BOB", "C0LAB", "reply", thread_ts=root)
    slack.delete_message("C0LAB", root)
    slack.delete_message("C0LAB", reply)
    beep, hook, _, _, root_gone, reply_gone = [sent.payload["event"] for sent in slack.events()]
    assert (beep["bot_id"], beep["user"]) == ("B0BEEP", "U0BEEP")
    assert (hook["subtype"], hook.get("user")) == ("bot_message", None)
    assert (root_gone["subtype"], root_gone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert root_gone["previous_message"]["text"] == "root"
    assert (reply_gone["subtype"], reply_gone["deleted_ts"]) == ("message_deleted", reply)


def test_only_what_the_manifest_says_works() -> None:
    manifest = {
        "features": {
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": False},
            "slash_commands": [
                {"command": "/paper", "description": "Make a video", "should_escape": True},
                {"command": "/plain", "description": "As typed"},
            ],
            "shortcuts": [{"callback_id": "make", "name": "Make", "type": "message", "description": "Make"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "app_mentions:read"]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["app_mention"]},
            "socket_mode_enabled": True,
        },
    }
    with FakeSlack(manifest=manifest) as slack:
        slack.add_user("U0ADA")
        slack.add_channel("C0LAB", members=["U0ADA"])
        assert slack.workspace.scopes == {"commands", "chat:write", "app_mentions:read"}
        ts = slack.mention("U0ADA", "C0LAB", "help")
        assert [sent.payload["event"]["type"] for sent in slack.events()] == ["app_mention"]
        texts = [
            slack.command("U0ADA", "C0LAB", "https://a.example/?a&b", command=command).payload["text"]
            for command in ("/paper", "/plain")
        ]
        assert texts == ["<https://a.example/?a&amp;b>", "https://a.example/?a&amp;b"]
        for forbidden in (
            lambda: slack.command("U0ADA", "C0LAB", "x", command="/video"),
            lambda: slack.shortcut("U0ADA", "C0LAB", ts, "other"),
            lambda: slack.say("U0ADA", slack.dm("U0ADA"), "hello"),
        ):
            with pytest.raises(AssertionError):
                forbidden()


def test_waiting_in_vain_tells_what_is_there(slack: FakeSlack) -> None:
    slack.say("U0ADA", "C0LAB", "hello")
    with pytest.raises(AssertionError, match="U0ADA: 'hello'"):
        slack.wait_for(lambda: False, timeout=0.05)


def test_an_organisation_is_in_every_payload() -> None:
    with FakeSlack(enterprise="E0ORG", org=True) as slack:
        slack.add_user("U0ADA")
        slack.add_channel("C0LAB", members=["U0ADA"])
        said = slack.mention("U0ADA", "C0LAB", "help")
        slack.command("U0ADA", "C0LAB", "help")
        slack.shortcut("U0ADA", "C0LAB", said, "make")
        event, command, shortcut = (
            next(sent.payload for sent in slack.sent if sent.kind == kind)
            for kind in ("events_api", "slash_commands", "interactive")
        )
        known = asyncio.run(client_of(slack).auth_test())
        assert slack.off_contract() == []
    assert (known["enterprise_id"], known["is_enterprise_install"]) == ("E0ORG", True)
    assert event["authorizations"][0]["is_enterprise_install"]
    assert event["context_enterprise_id"] == command["enterprise_id"] == "E0ORG"
    assert (shortcut["enterprise"]["id"], shortcut["is_enterprise_install"]) == ("E0ORG", True)


def test_a_stranger_may_press_in_a_shared_channel(slack: FakeSlack) -> None:
    slack.add_user("U0FAR", "Far Away", team="T0FAR")
    slack.add_channel("C0SHARED", "shared", members=["U0ADA", "U0FAR"])
    asyncio.run(client_of(slack).chat_postMessage(channel="C0SHARED", text="Job", blocks=BUTTONS))
    pressed = slack.press("U0FAR", slack.of_app("C0SHARED")[0], "cancel").payload
    assert (pressed["team"]["id"], pressed["user"]["team_id"]) == ("T0LAB", "T0FAR")


def test_a_channel_that_the_app_left_is_silent(slack: FakeSlack) -> None:
    slack.workspace.subscriptions = {
        "message.channels",
        "channel_left",
        "channel_archive",
        "member_joined_channel",
    }
    slack.kick("C0LAB")
    slack.say("U0ADA", "C0LAB", "nobody listens")
    slack.invite("C0LAB")
    slack.archive("C0LAB")
    told = [sent.payload["event"]["type"] for sent in slack.events()]
    assert told == ["channel_left", "member_joined_channel", "channel_archive"]
