"""What Slack's way of writing means."""

from __future__ import annotations

import pytest

from bots.slack.words import after_mention, mentions, plain_words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("32296183", "32296183"),
        ("<https://pubmed.ncbi.nlm.nih.gov/32296183/>", "https://pubmed.ncbi.nlm.nih.gov/32296183/"),
        ("<https://x.org/?a=1&amp;b=2|the paper>", "https://x.org/?a=1&b=2"),
        ("admin add <@U1|ada> <@U2>", "admin add @U1 @U2"),
        ("admin auto <#C1|lab> on", "admin auto #C1 on"),
        ("<mailto:a@b.org|a@b.org> <tel:123|1-23>", "a@b.org 1-23"),
        ("<!here> <!subteam^S1|@lab> <!date^1^{date}|yesterday>", "@lab yesterday"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("a < b > c <", "a < b > c <"),
        ("", ""),
    ],
)
def test_words(written: str, meant: str) -> None:
    assert " ".join(plain_words(written).split()) == meant


def test_mentions() -> None:
    assert after_mention("hey <@U0BOT> cancel <@U0BOT>", "U0BOT") == " cancel <@U0BOT>"
    assert after_mention("<@U0BOT|hill> 1", "U0BOT") == " 1"
    assert after_mention("cancel", "U0BOT") == "cancel"
    assert mentions("a <@U0BOT> b", "U0BOT")
    assert not mentions("a <@U0BOTTOM> b", "U0BOT")
