"""The fake Slack's ways to the app: sockets, acknowledgements, redelivery, and HTTP with signatures."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
from aiohttp import ClientError, web
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.bolt import FORM, app_of, client_of, noting, with_app
from tests.fakes.slack import FakeSlack


def test_nobody_connected_is_said_to_who_typed(slack: FakeSlack) -> None:
    assert slack.command("U0ADA", "C0LAB", "help").error == "dispatch_failed"


def test_a_command_without_an_ack_times_out_and_is_not_sent_again(slack: FakeSlack) -> None:
    slack.delivery.ack_within = 0.2
    app = app_of(slack)

    @app.command("/paper")
    async def paper(body: dict[str, Any]) -> None:
        pass

    def hand() -> None:
        sent = slack.command("U0ADA", "C0LAB", "help")
        assert (sent.error, sent.attempts, sent.latency) == ("operation_timeout", 1, float("inf"))

    with_app(slack, app, hand)


def test_an_event_whose_ack_was_lost_comes_again_as_the_same_event(slack: FakeSlack) -> None:
    slack.delivery.ack_within = 0.2
    slack.lose_acks(2)
    app = app_of(slack)
    heard = noting(app, "app_mention")
    retries: list[Any] = []

    @app.middleware
    async def note_retry(req: Any, next_: Any) -> None:
        retries.append((req.headers.get("x-slack-retry-num"), req.headers.get("x-slack-retry-reason")))
        await next_()

    def hand() -> None:
        slack.delivery.retry_pauses = (0.0, 0.01, 0.01)
        slack.workspace.subscriptions = {"app_mention"}
        slack.mention("U0ADA", "C0LAB", "help")
        slack.wait_for(slack.events()[0].done.is_set)

    with_app(slack, app, hand)
    (sent,) = slack.events()
    assert sent.attempts == 3
    assert {body["event_id"] for body in heard} == {sent.payload["event_id"]}
    assert len(heard) == 3
    assert [retry for retry, _ in retries] == [["0"], ["1"], ["2"]]
    assert retries[1][1] == ["timeout"]


def test_several_connections_share_the_load_and_a_cut_one_comes_back(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = noting(app, "app_mention")
    slack.workspace.subscriptions = {"app_mention"}

    @app.command("/paper")
    async def paper(ack: Any) -> None:
        await ack()

    disturbances: list[Callable[[], object]] = [slack.drop_connections, slack.disconnect]

    def hand() -> None:
        slack.wait_connected(2)
        assert all(not slack.command("U0ADA", "C0LAB", str(n)).error for n in range(4))
        for number, disturb in enumerate(disturbances, start=1):
            opened = slack.sockets.opened
            disturb()
            # What is sent while the app changes sockets may be lost, and is sent again.
            slack.mention("U0ADA", "C0LAB", "help")
            slack.wait_for(partial(event_ids, number))
            assert slack.sockets.opened > opened

    def event_ids(count: int) -> bool:
        return len({body["event_id"] for body in heard}) == count

    with_app(slack, app, hand, sockets=2)


def test_an_event_waits_for_an_app_that_was_away(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = noting(app, "app_mention")
    slack.workspace.subscriptions = {"app_mention"}
    slack.mention("U0ADA", "C0LAB", "help")
    slack.wait_for(lambda: slack.events()[0].error == "dispatch_failed")
    with_app(slack, app, lambda: slack.wait_for(lambda: heard))
    assert slack.events()[0].attempts > 1


def test_a_ticket_is_good_once(slack: FakeSlack) -> None:
    async def statuses() -> list[int]:
        client = AsyncWebClient(base_url=slack.api_url)
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url) as socket:
                assert (await socket.receive_json())["type"] == "hello"
            async with session.get(url) as again:
                return [again.status]

    assert asyncio.run(statuses()) == [403]


def test_http_mode_is_signed_and_tried_again(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = noting(app, "app_mention")
    slack.workspace.subscriptions = {"app_mention"}

    @app.command("/paper")
    async def paper(ack: Any) -> None:
        await ack("Looking…")

    @app.view("edit")
    async def edited(ack: Any) -> None:
        await ack(response_action="errors", errors={"scene-1": "No."})

    def hand(url: str) -> None:
        wire = slack.deliver_to(url)
        assert slack.verify_url()
        assert slack.command("U0ADA", "C0LAB", "help & <more>").body == {"text": "Looking…"}
        opened = asyncio.run(
            client_of(slack).views_open(trigger_id=slack.payloads.trigger("U0ADA"), view=FORM)
        )
        slack.submit("U0ADA", opened["view"]["id"])
        assert slack.views("U0ADA")[0].errors == {"scene-1": "No."}
        slack.mention("U0ADA", "C0LAB", "help")
        slack.wait_for(lambda: heard)
        wire.skew = -600
        assert slack.command("U0ADA", "C0LAB", "late").error == "dispatch_failed"
        wire.skew, wire.secret = 0, "another secret"
        slack.delivery.retry_pauses = (0.0, 0.0)
        slack.mention("U0ADA", "C0LAB", "forged")
        slack.wait_for(slack.events()[1].done.is_set)
        assert (slack.events()[1].attempts, wire.statuses[-3:]) == (3, [401, 401, 401])

    async def run() -> None:
        runner = web.AppRunner(app.web_app("/slack/events"), handle_signals=False, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            await asyncio.to_thread(hand, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        finally:
            await runner.cleanup()

    asyncio.run(run())
    assert len(heard) == 1


def test_two_hundred_commands_at_once_are_all_taken(slack: FakeSlack) -> None:
    app = app_of(slack)

    @app.command("/paper")
    async def paper(ack: Any) -> None:
        await ack()

    def hand() -> None:
        sent = [slack.command("U0ADA", "C0LAB", str(n), wait=False) for n in range(200)]
        slack.wait_for(lambda: all(one.acked_at for one in sent), timeout=30)
        assert {one.attempts for one in sent} == {1}

    with_app(slack, app, hand)


def test_the_same_event_once_more(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = noting(app, "app_mention")
    slack.workspace.subscriptions = {"app_mention"}

    def hand() -> None:
        slack.mention("U0ADA", "C0LAB", "help")
        slack.redeliver(slack.events()[0])
        slack.wait_for(lambda: len(heard) == 2)

    with_app(slack, app, hand)
    assert heard[0] == heard[1]


def test_closing_does_not_wait_for_a_call_that_hangs() -> None:
    with FakeSlack() as slack:
        slack.fail_next("auth.test", "hang")
        started = threading.Thread(target=lambda: asyncio.run(hanging(slack)))
        started.start()
        slack.wait_for(lambda: not slack.api.faults["auth.test"])
    started.join(10)
    assert not started.is_alive()


async def hanging(slack: FakeSlack) -> None:
    with contextlib.suppress(ClientError):
        await AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=60
        ).auth_test()
