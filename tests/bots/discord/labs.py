"""A lab on a wire-level Discord."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from bots.discord.invite import CALLS
from bots.discord.service import DiscordService
from jobs.kit import Kit
from jobs.opening import Opened
from settings import Settings
from storage import chat
from storage.records import Job, Requester
from tests.bots.discord.ports import ADA, BOB, LAB, WORKSPACE
from tests.bots.labs import PDF, ChatLab, house_at, running
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.discord.state import Sent
from tests.fakes.discord_client import addressed
from tests.jobs.offices import ordered

__all__ = [
    "ADA",
    "BEN",
    "BOB",
    "ELSEWHERE",
    "EVE",
    "FAR",
    "LAB",
    "PDF",
    "SECRET",
    "WORKSPACE",
    "Lab",
    "lab_at",
    "running",
]

BEN, EVE = "2000000000000000004", "2000000000000000005"
SECRET, FAR = "3000000000000000002", "3000000000000000003"
ELSEWHERE = "1000000000000000009"


@dataclass(kw_only=True)
class Lab(ChatLab):
    """A lab in Discord."""

    platform = "discord"
    workspace = WORKSPACE

    discord: FakeDiscord

    @property
    def fake(self) -> FakeDiscord:
        """The platform."""
        return self.discord

    def message_at(self, found: chat.Chat) -> Message | None:
        """The message that a job's row speaks of; `None` once it was deleted."""
        place = found.thread if found.thread and found.kind != "dm" else found.channel
        return self.discord.state.message(place, str(found.message))

    def ordered(self, user: str = BOB, channel: str = LAB, *, kind: chat.Kind = "public") -> Job:
        """A job that was asked for there, as if by a command; the messenger finds it by itself."""
        who = Requester(workspace=WORKSPACE, platform="discord", user=user, name="Bob Vale")
        job = ordered(self.office, who, f"{32296183 + len(self.jobs())}", private=kind != "public")
        chat.open_chat(
            self.office.database,
            job=job.id,
            platform="discord",
            workspace=WORKSPACE,
            channel=channel,
            kind=kind,
        )
        self.office.hints.changed(job.id)
        return job

    def type(self, who: str, words: str, channel: str = LAB, /, **options: Any) -> Sent:
        """`/paper …`, answered."""
        return self.discord.command(who, channel, f"paper {words}", **options)

    def asked(self, user: str, source: str, channel: str = LAB, **options: Any) -> Message:
        """`/paper make source:…`, and the message that the job has in the channel."""
        before = len(self.jobs())
        self.type(user, "make", channel, source=source, **options)
        self.until(lambda: len(self.jobs()) > before)
        return self.message(self.job())

    def with_button(self, message: Message, deed: str) -> Message:
        """The message, once it has that button."""
        return self.until(lambda: message if message.has_button(deed) else None) or message

    def whisper(self, user: str, words: str = "") -> Message:
        """What only `user` was shown, once it holds `words`: the last of these."""

        def shown() -> list[Message]:
            there = self.discord.ephemerals(user)
            return [one for one in there if words in one.shown and not one.loading]

        return self.until(shown)[-1]

    def direct(self, user: str, words: str = "") -> Message:
        """What stands in somebody's direct messages, once it holds `words`: the last of these."""
        dm = self.discord.dm(user)
        return self.until(lambda: [one for one in self.discord.of_app(dm) if words in one.shown])[-1]


def settings_of(discord: FakeDiscord, folder: Path, **more: Any) -> Settings:
    """Settings that lead to the fake."""
    there = discord.environment
    said = {
        "data": folder,
        "height": 240,
        "discord_token": there["DISCORD_TOKEN"],
        "discord_api_url": there["DISCORD_API_URL"],
        "discord_gateway_url": there["DISCORD_GATEWAY_URL"],
        "discord_cdn_hosts": there["DISCORD_CDN_HOSTS"],
        **more,
    }
    return Settings(_env_file=None, **said)


def populated(discord: FakeDiscord) -> None:
    """People, and channels of each kind. `ADA` looks after the server; `EVE` is in another one."""
    discord.add_user(ADA, "Ada Hill", admin=True)
    discord.add_user(BOB, "Bob Vale")
    discord.add_user(BEN, "Ben Dale")
    discord.add_channel(LAB, "lab")
    discord.add_channel(SECRET, "secret", "private", [ADA, BOB])
    discord.add_channel(FAR, "far", bot_in=False)
    discord.add_guild(ELSEWHERE, "Elsewhere", bot_in=False)
    discord.add_user(EVE, "Eve", guild=ELSEWHERE)


@contextmanager
def lab_at(
    folder: Path,
    valkey_url: str,
    *,
    wait: bool = True,
    stays: bool = True,
    discord: FakeDiscord | None = None,
    before: Callable[[FakeDiscord], object] = lambda _: None,
    **more: Any,
) -> Iterator[Lab]:
    """A lab with the app at work in it; it is stopped, and was well until then, unless a test took its failure.

    With `wait` it is connected when it is given; without `stays` it is not begun (`running`).
    `before` does something to Discord before the app begins.
    """
    with discord or FakeDiscord() as fake:
        populated(fake)
        before(fake)
        settings = settings_of(fake, folder, **more)
        with house_at(folder, settings, valkey_url) as house, addressed(fake):
            service = DiscordService(settings, house)
            lab = Lab(discord=fake, office=house.office, settings=settings, service=service)
            with running(lab) if stays else nullcontext():
                if wait and stays:
                    fake.wait_connected()
                    lab.until(lambda: fake.commands(settings.discord_dev_guild) or lab.failure)
                yield lab
            if lab.failure is not None:
                raise lab.failure
            wrong = fake.off_contract()
            assert not wrong, "\n".join(wrong)
            unlisted = {one.method for one in fake.calls if " /channels/" in one.method} - set(CALLS)
            assert not unlisted, f"not in bots/discord/invite.py: {unlisted}"


def again(lab: Lab, valkey_url: str) -> Lab:
    """Another process of the same app, which was not begun (`running`)."""
    house = Opened(lab.office, Kit.of(lab.settings), cast(Any, None), valkey_url)
    return replace(lab, service=DiscordService(lab.settings, house), failure=None)
