"""A lab on a wire-level Slack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.slack.service import SlackService
from settings import Settings
from storage.chat import Chat
from tests.bots.labs import PDF, ChatLab, house_at, running
from tests.fakes.slack import FakeSlack, Message, View

__all__ = [
    "ADA",
    "BEN",
    "BOSS",
    "BOT",
    "EVE",
    "FAR",
    "GUEST",
    "LAB",
    "MANIFEST",
    "PDF",
    "SECRET",
    "SHARED",
    "WORKSPACE",
    "Lab",
    "lab_at",
    "running",
]

MANIFEST = Path(__file__).parents[3] / "bots" / "slack" / "manifest.yaml"
WORKSPACE = "slack:T0LAB"
ADA, BEN, BOSS, GUEST, EVE, BOT = "U0ADA", "U0BEN", "U0BOSS", "U0GUEST", "U0EVE", "U0BOT"
LAB, SECRET, FAR, SHARED = "C0LAB", "G0SECRET", "C0FAR", "C0SHARED"


@dataclass(kw_only=True)
class Lab(ChatLab):
    """A lab in Slack."""

    platform = "slack"
    workspace = WORKSPACE

    slack: FakeSlack

    @property
    def fake(self) -> FakeSlack:
        """The platform."""
        return self.slack

    def message_at(self, found: Chat) -> Message | None:
        """The message that a job's row speaks of; `None` once it was deleted."""
        return self.slack.state.message(found.channel, str(found.message))

    def asked(self, user: str, text: str, channel: str = LAB) -> Message:
        """`/paper …`, and the message that the job has in the channel."""
        before = len(self.jobs())
        self.slack.command(user, channel, text)
        self.until(lambda: len(self.jobs()) > before)
        return self.message(self.job())

    def whisper(self, user: str, words: str = "") -> Message:
        """What only `user` was shown, once it holds `words`: the last of these."""
        found = self.until(lambda: [one for one in self.slack.ephemerals(user) if words in one.shown])
        return found[-1]

    def view(self, user: str, words: str = "") -> View:
        """The form that `user` has open, once it holds `words`."""
        return self.until(lambda: [one for one in self.slack.views(user) if words in str(one.body)])[-1]


def settings_of(slack: FakeSlack, folder: Path, *, http: bool = False, **more: Any) -> Settings:
    """Settings that lead to the fake."""
    said = {
        "data": folder,
        "height": 240,
        "slack_bot_token": slack.bot_token,
        "slack_app_token": None if http else slack.app_token,
        "slack_signing_secret": slack.signing_secret if http else None,
        "slack_api_url": slack.api_url,
        "slack_file_hosts": slack.file_host,
        **more,
    }
    return Settings(_env_file=None, **said)


def populated(slack: FakeSlack) -> None:
    """The people and the channels of the lab."""
    slack.add_user(ADA, "Ada")
    slack.add_user(BEN, "Ben")
    slack.add_user(BOSS, "Boss", admin=True)
    slack.add_user(GUEST, "Gus", guest=True)
    slack.add_user(EVE, "Eve", team="T0ELSE")
    people = [ADA, BEN, BOSS, GUEST]
    slack.add_channel(LAB, "lab", "public", people)
    slack.add_channel(SECRET, "secret", "private", [ADA, BEN])
    slack.add_channel(FAR, "far", "public", people, bot_in=False)
    slack.add_channel(SHARED, "shared", "public", [ADA, EVE])


@contextmanager
def lab_at(
    folder: Path, valkey_url: str, *, http: bool = False, wait: bool = True, **more: Any
) -> Iterator[Lab]:
    """A lab with the app at work in it; it is stopped, and was well until then, unless a test took its failure.

    With `wait` it is connected when it is given.
    """
    with FakeSlack(manifest=MANIFEST) as slack:
        populated(slack)
        settings = settings_of(slack, folder, http=http, **more)
        with house_at(folder, settings, valkey_url) as house:
            service = SlackService(settings, house, socket=not http)
            lab = Lab(slack=slack, office=house.office, settings=settings, service=service)
            with running(lab):
                if wait and not http:
                    slack.wait_connected()
                yield lab
            if lab.failure is not None:
                raise lab.failure
