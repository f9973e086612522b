"""HTTP mode: what Slack posts is answered by the web process."""

from __future__ import annotations

import httpx
import pytest

from storage.records import JobState
from tests.scenarios.lab import Lab
from tests.scenarios.processes import free_port
from tests.scenarios.slack_hand import SlackHand

pytestmark = pytest.mark.timeout(300)


def is_ready(lab: Lab, url: str) -> bool:
    """Whether what is posted there would reach the app."""
    try:
        return httpx.post(url).status_code not in {404, 503}
    except httpx.HTTPError:
        return False


def test_over_http_a_command_is_taken_and_nobody_else_is_let_in(slack_lab: Lab[SlackHand]) -> None:
    lab, slack = slack_lab, slack_lab.hand.fake
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    lab.processes.stop("slack")
    socket_mode = slack.delivery.wire
    lab.start("web", SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=slack.signing_secret, PORT=port)
    try:
        lab.until(lambda: is_ready(lab, url))
        wire = slack.deliver_to(url)
        assert slack.verify_url()
        ada = lab.person("Ada")
        room = lab.channel(ada)
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        question = lab.in_thread(message, "Shall the video be made?")
        assert httpx.post(url, content="payload=%7B%7D").status_code == 401
        lab.press(ada, question, "discard")
        lab.becomes(message, JobState.CANCELLED)
        lab.shows(message, "Cancelled.")
        slack.open_home(ada)
        lab.until(lambda: slack.home(ada))
        wire.skew = -600.0
        slack.command(ada, room, lab.paper())
        assert wire.statuses[-1] == 401
        assert lab.hand.of_app(room) == [message]
        lab.processes.stop("web")
    finally:
        slack.delivery.wire = socket_mode
        lab.start("slack")
