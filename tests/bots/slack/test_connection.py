"""The connection to Slack: it comes back by itself, ends in words when Slack refuses us, and stops when told to."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bots.port import PortRefusedError
from bots.slack.service import refuse_half_settings
from bots.web.web import http_server
from cli.serve import listening, serve
from pipeline.errors import UsageError
from storage.listeners import counts
from storage.listeners import listening as connected
from tests.bots.slack.labs import ADA, LAB, Lab, lab_at
from tests.fakes.slack import FakeSlack
from tests.valkeys import eventually


@pytest.mark.parametrize("politely", [True, False])
def test_a_connection_that_breaks_comes_back(lab: Lab, politely: bool) -> None:
    opened = lab.slack.sockets.opened
    lab.slack.drop_connections(politely=politely)
    lab.until(lambda: lab.slack.sockets.opened > opened and lab.slack.connections >= 1)
    lab.asked(ADA, "32296183")


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_it_moves_when_slack_asks_it_to(lab: Lab, reason: str) -> None:
    opened = lab.slack.sockets.opened
    lab.slack.disconnect(reason)
    lab.until(lambda: lab.slack.sockets.opened > opened and lab.slack.connections >= 1)
    lab.asked(ADA, "32296183")
    assert lab.slack.sockets.opened == opened + 1  # twice would cut off what was said in between


def test_it_is_written_down_that_it_is_connected(lab: Lab) -> None:
    database = lab.office.database
    lab.until(lambda: counts(database) == {"slack": 1})
    (one,) = connected(database, "slack")
    assert one.pid == os.getpid()
    assert counts(database) == {"slack": 1}


def test_without_a_connection_nothing_is_written_down(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, wait=False, slack_app_token="xapp-wrong") as lab:
        eventually(lambda: lab.failure is not None, 20)
        assert counts(lab.office.database) == {}
        lab.failure = None


def test_what_was_said_meanwhile_is_sent_again(lab: Lab) -> None:
    lab.slack.fail_next("apps.connections.open", 500, 1)
    lab.slack.drop_connections()
    lab.slack.mention(ADA, LAB, "32296183")
    lab.until(lambda: lab.jobs(), 40)  # noqa: PLW0108 - it is asked again and again
    lab.message(lab.job())
    lab.quiet()
    assert len(lab.jobs()) == 1


def test_a_token_that_is_revoked_ends_it_in_words(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.slack.workspace.refusal = "token_revoked"
    lab.slack.command(ADA, LAB, "cancel")
    lab.until(lambda: lab.failure is not None, 40)
    assert isinstance(lab.failure, PortRefusedError)
    assert lab.failure.exit_status == 2
    lab.failure = None


@pytest.mark.parametrize("name", ["slack_bot_token", "slack_app_token"])
def test_a_wrong_token_is_one_sentence(tmp_path: Path, valkey_url: str, name: str) -> None:
    wrong = {"slack_bot_token": "xoxb-wrong", "slack_app_token": "xapp-wrong"}
    with (
        pytest.raises(PortRefusedError, match="invalid_auth"),
        lab_at(tmp_path, valkey_url, wait=False, **{name: wrong[name]}) as lab,
    ):
        deadline = time.monotonic() + 20
        while lab.failure is None and time.monotonic() < deadline:
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"slack_bot_token": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"slack_bot_token": "oops", "slack_app_token": "xapp-1"}, "begins with xoxb-"),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "oops"}, "begins with xapp-"),
        ({"slack_bot_token": "xoxb-…", "slack_app_token": "xapp-1"}, "SLACK_BOT_TOKEN .* still the example"),
        (
            {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-..."},
            "SLACK_APP_TOKEN .* still the example",
        ),
        ({"slack_bot_token": "xapp-1", "slack_app_token": "xoxb-1"}, "are swapped"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, given: dict[str, str], sentence: str) -> None:
    from settings import Settings

    with pytest.raises(UsageError, match=sentence):
        refuse_half_settings(Settings(_env_file=None, data=tmp_path, **given), socket=True)  # type: ignore[call-arg, arg-type]


def test_it_stops_soon_whatever_is_under_way(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url) as lab:
        lab.slack.slow_down("users.info", 30)
        lab.slack.command(ADA, LAB, "32296183")
        lab.until(lambda: lab.service.busy)
        began = time.monotonic()
    assert time.monotonic() - began < 8


def test_over_http_slack_posts_to_the_web_process(tmp_path: Path, valkey_url: str) -> None:
    from starlette.routing import Route

    with lab_at(tmp_path, valkey_url, http=True) as lab:
        stop = threading.Event()
        ear = listening("127.0.0.1", 0)
        app = Starlette(routes=[Route("/slack/events", lab.service.handle, methods=["POST"])])
        thread = threading.Thread(target=serve, args=(http_server(app), ear, stop))
        thread.start()
        try:
            url = f"http://127.0.0.1:{ear.getsockname()[1]}/slack/events"
            lab.until(lambda: httpx.post(url, content=b"{}").status_code != 503)
            lab.slack.deliver_to(url)
            assert lab.slack.verify_url()
            lab.asked(ADA, "32296183")
            lab.slack.mention(ADA, LAB, "28445112")
            lab.until(lambda: len(lab.jobs()) == 2)
            _forged(lab.slack, url)
            lab.quiet()
            assert len(lab.jobs()) == 2
        finally:
            stop.set()
            thread.join(20)
            ear.close()


def _forged(slack: FakeSlack, url: str) -> None:
    """What is not signed, or signed long ago, is not listened to."""
    headers = {
        "X-Slack-Signature": "v0=" + "0" * 64,
        "X-Slack-Request-Timestamp": str(int(time.time())),
        "Content-Type": "application/json",
    }
    payload = dict(slack.events("app_mention")[0].payload) | {"event_id": "Ev0FORGED"}
    assert httpx.post(url, json=payload, headers=headers).status_code == 401
    assert httpx.post(url, json=payload).status_code == 401
    assert httpx.post(url, content=b"x" * 5_000_000).status_code == 413
    assert httpx.get(url).status_code == 405
