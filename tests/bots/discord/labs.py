"""A lab on a wire-level Discord: the real app, desk and messenger over a real office whose workers are tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

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
from storage.records import Job
from tests.bots.slack.labs import LASTS, PAPER, SCRIPT, running
from tests.databases import opened
from tests.fakes.discord import GUILD, FakeDiscord, Message
from tests.fakes.discord.state import Sent
from tests.fakes.discord_client import addressed
from tests.jobs.offices import begun, new_office, sent, work_through
from tests.valkeys import eventually

T = TypeVar("T")

WORKSPACE = f"discord:{GUILD}"
ADA, BEN, BOSS = "2000000000000000011", "2000000000000000012", "2000000000000000013"
EVE, STRAY = "2000000000000000014", "2000000000000000015"
LAB, SECRET, FAR = "3000000000000000011", "3000000000000000012", "3000000000000000013"
ELSEWHERE, THERE = "1000000000000000099", "3000000000000000099"
PDF = b"%PDF-1.7 a paper of a few words"


@dataclass
class Lab:
    """What a test holds in its hands. `failure` is what the app ended with, if it did."""

    discord: FakeDiscord
    office: Office
    settings: Settings
    house: Opened
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

    def type(self, who: str, words: str, channel: str = LAB, /, **options: Any) -> Sent:
        """`/paper …`, answered."""
        return self.discord.command(who, channel, f"paper {words}", **options)

    def asked(self, user: str, source: str, channel: str = LAB, **options: Any) -> Message:
        """`/paper make source:…`, and the message that the job has in the channel."""
        before = len(self.jobs())
        self.type(user, "make", channel, source=source, **options)
        self.until(lambda: len(self.jobs()) > before)
        return self.message(self.job())

    def message(self, job: Job) -> Message:
        """The job's message, once it is there."""

        def posted() -> Message | None:
            found = chat.chat_of(self.office.database, job.id)
            if found is None or found.message is None:
                return None
            return self.discord.state.messages.get(found.message)

        message = self.until(posted)
        assert message is not None
        return message

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
    said = {name.lower(): value for name, value in discord.environment.items()}
    return Settings(_env_file=None, **{"data": folder, "height": 240, **said, **more})


def populated(discord: FakeDiscord) -> None:
    """The people and the channels of the lab, and another server with a person of its own."""
    discord.add_user(ADA, "Ada")
    discord.add_user(BEN, "Ben")
    discord.add_user(BOSS, "Boss", admin=True)
    discord.add_channel(LAB, "lab")
    discord.add_channel(SECRET, "secret", "private", [ADA, BEN])
    discord.add_channel(FAR, "far", bot_in=False)
    discord.add_guild(ELSEWHERE, "Another lab")
    discord.add_user(EVE, "Eve", guild=ELSEWHERE)
    discord.add_channel(THERE, "there", guild=ELSEWHERE)
    discord.add_user(STRAY, "Stray", guild=ELSEWHERE)


@contextmanager
def house_at(folder: Path, valkey_url: str, discord: FakeDiscord, **more: Any) -> Iterator[Lab]:
    """A lab on that Discord whose app does not run yet."""
    with opened(None, folder, time.time) as database, ExitStack() as stack:
        settings = settings_of(discord, folder, discord_allowed_guilds=GUILD, **more)
        hints = RedisHints(valkey_url)
        stack.callback(hints.close)
        office = replace(new_office(database, folder), hints=hints)
        house = Opened(office, Kit.of(settings), cast(Any, None), valkey_url)
        yield Lab(discord, office, settings, house, DiscordService(settings, house))


@contextmanager
def lab_at(folder: Path, valkey_url: str, *, intents: set[str] | None = None, **more: Any) -> Iterator[Lab]:
    """A lab with the app at work in it; it is stopped, and was well until then, unless a test took its failure."""
    with FakeDiscord(intents=intents) as discord, addressed(discord):
        populated(discord)
        with house_at(folder, valkey_url, discord, **more) as lab:
            with at_work(lab):
                yield lab
            wrong = discord.off_contract()
            assert not wrong, "\n".join(wrong)


@contextmanager
def at_work(lab: Lab) -> Iterator[None]:
    """The app, at work and connected until the block ends; once more if it was at work before."""
    lab.service = DiscordService(lab.settings, lab.house)
    with running(cast(Any, lab)):
        lab.discord.wait_connected()
        lab.until(lambda: lab.discord.commands() or lab.failure)
        yield
    if lab.failure is not None:
        raise lab.failure
