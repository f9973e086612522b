"""A Slack on loopback: Web API, Socket Mode and HTTP mode, files, and a hand for the test to act with.

It speaks Slack's wire protocol over real sockets, so that slack-bolt and slack_sdk run against it unchanged,
and it refuses what the real one refuses. What the wire looks like stands in `tests/contracts/slack.json`.
"""

from tests.fakes.slack.server import FakeSlack, every_scope
from tests.fakes.slack.state import Call, Channel, File, Message, Sent, User, View

__all__ = ["Call", "Channel", "FakeSlack", "File", "Message", "Sent", "User", "View", "every_scope"]
