"""Every state can be drawn, and what is drawn keeps to Slack's rules."""

from __future__ import annotations

import pytest

from bots.slack.tongue import SlackTongue
from tests.bots.slack.block_kit import held_to_the_rules, mentions
from tests.fakes.slack.blocks import check_message, check_view
from tests.pictures.page import in_slack, page
from tests.pictures.states import HOMES, states

_STATES = {name: in_slack(shown, home=name in HOMES) for name, shown in states(SlackTongue()).items()}
#: Those that are told to their requester; nothing else mentions anybody.
TOLD = {"result", "result-remarks", "approval", "thread-failed-retryable", "thread-failed-unreadable"}


@pytest.mark.parametrize("name", list(_STATES))
def test_each_state_keeps_to_the_rules_and_mentions_only_whom_it_tells(name: str) -> None:
    for message in _STATES[name]:
        drawn = [dict(block) for block in message.blocks]
        if name in HOMES:
            held_to_the_rules(drawn, 100)
            check_view({"type": "home", "blocks": drawn})
        else:
            held_to_the_rules(drawn)
            check_message(drawn)
        named = [one for one in mentions(drawn) if one != "C0PAPERS"]  # a channel hears of nothing
        assert named == (["U0ADA"] if name in TOLD else [])


def test_a_page_shows_a_nasty_title_as_it_is() -> None:
    html = page("nasty", _STATES["nasty"])

    assert html.count("&lt;!channel&gt; *pwn* &lt;http://evil|x&gt; &amp; ~_`all`_~ of us :tada:") == 2
    assert "<!channel>" not in html
