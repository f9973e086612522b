"""How Slack names its own things."""

from __future__ import annotations

from bots.cards.card import Span, plain
from bots.cards.tongue import Tongue


class SlackTongue(Tongue):
    """Slack's way of speaking."""

    let_in: str = "invite me"
    sheet_sent: str = "The sheet is in your direct messages with me."

    @property
    def admins_page(self) -> Span:
        """See `Tongue`."""
        return plain("the app’s Home")
