"""HTTP mode: what Slack posts is answered by the web process."""

from __future__ import annotations

import socket

import httpx
import pytest

from storage.records import JobState
from tests.scenarios.lab import Lab

pytestmark = pytest.mark.timeout(300)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def is_ready(lab: Lab, url: str) -> bool:
    """Whether what is posted there would reach the app."""
    try:
        return httpx.post(url).status_code not in {404, 503}
    except httpx.HTTPError:
        return False


def test_over_http_a_command_is_taken_and_nobody_else_is_let_in(lab: Lab) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    lab.stop("slack")
    socket_mode = lab.slack.delivery.wire
    lab.start("web", SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=lab.slack.signing_secret, PORT=str(port))
    try:
        lab.until(lambda: is_ready(lab, url))
        wire = lab.slack.deliver_to(url)
        assert lab.slack.verify_url()
        ada = lab.person("Ada")
        room = lab.channel(ada)
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        question = lab.in_thread(message, "Shall the video be made?")
        assert httpx.post(url, content="payload=%7B%7D").status_code == 401
        lab.press(ada, question, "discard")
        lab.becomes(message, JobState.CANCELLED)
        lab.shows(message, "Cancelled.")
        lab.slack.open_home(ada)
        lab.until(lambda: lab.slack.home(ada))
        wire.skew = -600.0
        lab.slack.command(ada, room, lab.paper())
        assert wire.statuses[-1] == 401
        assert lab.slack.of_app(room) == [message]
        lab.stop("web")
    finally:
        lab.slack.delivery.wire = socket_mode
        lab.start("slack")
