"""How a platform names its own things, and how what can be said to the app is typed there."""

from __future__ import annotations

from typing import Final

from bots.cards.card import Span, plain
from storage.records import Record


class Tongue(Record):
    """A platform's way of speaking. `command` is the slash command's name; words follow it as they are.

    `group` is what people there share, `anywhere` where a command can be typed, `let_in` how the app gets
    into a channel, `sheet_sent` what is said of a sheet that was asked for.
    """

    command: str = "/paper"
    group: str = "workspace"
    anywhere: str = "In any channel that I am in, or in a message to me"
    let_in: str = "let me in"
    sheet_sent: str = "Here are the videos as a sheet."

    def say(self, words: str) -> str:
        """What is typed to say `words` (as `bots.commands` reads them)."""
        return f"{self.command} {words}"

    def option(self, name: str, value: str) -> str:
        """What is typed for an option of a command."""
        return f"{name}={value}"

    @property
    def admins_page(self) -> Span:
        """Where an admin finds their page."""
        return plain("the app’s page")


#: Words after a command, as they are.
PLAIN: Final = Tongue()
