"""A lab on a wire-level Discord: the real app, desk and messenger over a real office whose workers are tests."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from bots.discord.invite import CALLS
from bots.discord.service import DiscordService
from jobs import flow
from jobs.hints import RedisHints
from jobs.kit import Kit
from jobs.office import Office
from jobs.opening import Opened
from pipeline.keys import write
from pipeline.model import Script, StageName
from settings import Settings
from storage import chat, jobs
from storage.records import Job, Requester
from tests.bots.discord.ports import ADA, BOB, LAB, WORKSPACE
from tests.bots.slack.labs import LASTS, PAPER, SCRIPT
from tests.databases import opened
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.discord.state import Sent
from tests.fakes.discord_client import addressed
from tests.jobs.offices import begun, new_office, ordered, sent, work_through
from tests.valkeys import eventually

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
]

T = TypeVar("T")

BEN, EVE = "2000000000000000004", "2000000000000000005"
SECRET, FAR = "3000000000000000002", "3000000000000000003"
ELSEWHERE = "1000000000000000009"
PDF = b"%PDF-1.7 a paper of a few words"


@dataclass
class Lab:
    """What a test holds in its hands. `failure` is what the app ended with, if it did."""

    discord: FakeDiscord
    office: Office
    settings: Settings
    service: DiscordService
    failure: BaseException | None = None

    def until(self, happens: Callable[[], T], seconds: float = 20) -> T:
        """Wait until it is true, and give it."""
        return self.discord.wait_for(happens, seconds)

    def job(self, number: int = -1) -> Job:
        """The newest job, or another by its number."""
        return self.jobs()[number]

    def jobs(self) -> list[Job]:
        """All jobs, the oldest first."""
        db = self.office.database
        return list(reversed(db.do(lambda: jobs.recent(WORKSPACE, limit=1000))))

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

    def message(self, job: Job) -> Message:
        """The job's message, once it is there."""

        def posted() -> Message | None:
            found = chat.chat_of(self.office.database, job.id)
            if found is None or found.message is None:
                return None
            place = found.thread if found.thread and found.kind != "dm" else found.channel
            return self.discord.state.message(place, found.message)

        message = self.until(posted)
        assert message is not None
        return message

    def work(self, until: StageName | None = None, *, script: Script = SCRIPT) -> None:
        """Do what a worker would do until nothing is left; papers and scripts are where the app looks for them."""
        for job in self.jobs():
            self._write(job, script)
        work_through(self.office, until=until, scenes=len(script.scenes))

    def fail(self) -> None:
        """Let whatever a worker would take next fail, in a way that a retry mends."""
        for message in sent(self.office):
            flow.fail(self.office, begun(self.office, message), LASTS)

    def _write(self, job: Job, script: Script) -> None:
        artefacts = Kit.of(self.settings).artefacts(WORKSPACE, self.office.objects)
        for stage, name, value in (
            ("fetch-paper", "paper.json", PAPER),
            ("generate-script", "script.json", script),
        ):
            if artefacts.find(stage, f"{stage}-{job.id}") is None:
                with artefacts.make(stage, f"{stage}-{job.id}") as folder:
                    write(folder / name, value)

    def quiet(self) -> None:
        """Wait until everything that was sent to the app was answered, and what it began is done."""
        self.until(lambda: all(sent.done.is_set() for sent in self.discord.sent))
        eventually(lambda: self.service.busy == 0)


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
    with (
        discord or FakeDiscord() as fake,
        opened(None, folder, time.time) as database,
        ExitStack() as stack,
    ):
        populated(fake)
        before(fake)
        settings = settings_of(fake, folder, **more)
        hints = RedisHints(valkey_url)
        stack.callback(hints.close)
        office = replace(new_office(database, folder), hints=hints)
        house = Opened(office, Kit.of(settings), cast(Any, None), valkey_url)
        lab = Lab(fake, office, settings, DiscordService(settings, house))
        stack.enter_context(addressed(fake))
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


@contextmanager
def running(lab: Lab) -> Iterator[None]:
    """The app in a thread with a loop of its own."""
    stop = threading.Event()

    async def run() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wait() -> None:
            stop.wait()
            with suppress(RuntimeError):  # the app has ended by itself
                loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=wait, daemon=True).start()
        await lab.service.run(ended)
        stop.set()

    def body() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - raised in the test
            lab.failure = error

    thread = threading.Thread(target=body, name="discord-app")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the app does not stop"
