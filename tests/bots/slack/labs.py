"""A lab on a wire-level Slack: the real app, desk and messenger over a real office whose workers are tests."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from bots.slack.service import SlackService
from jobs import flow
from jobs.failures import Verdict
from jobs.hints import RedisHints
from jobs.kit import Kit
from jobs.office import Office
from jobs.opening import Opened
from pipeline.keys import write
from pipeline.model import Claim, Evidence, Paper, Scene, Script, Section, StageName
from settings import Settings
from storage import chat, jobs
from storage.records import Job
from tests.databases import opened
from tests.fakes.slack import FakeSlack, Message, View
from tests.jobs.offices import begun, new_office, sent, work_through
from tests.valkeys import eventually

T = TypeVar("T")

#: What nothing but a person mends.
LASTS = Verdict(
    code="broken",
    sentence="It broke.",
    advice="Retry.",
    reference="HH-TEST",
    transient=False,
    tries=0,
    retryable=True,
)
PAPER = Paper(
    title="Caption times",
    sections=(
        Section(title="Results", kind="results", paragraphs=("Captions were late in 12 of 40 videos.",)),
    ),
    source="pmid:1",
)
_BACKED = (
    Claim(
        text="Captions were late.",
        evidence=(Evidence(quote="Captions were late in 12 of 40 videos.", section="Results"),),
    ),
)
SCRIPT = Script(
    scenes=(
        Scene(kind="finding", narration="Captions were late in 12 of 40 videos.", claims=_BACKED),
        Scene(kind="takeaway", narration="Captions were late.", claims=_BACKED),
        Scene(kind="source", narration="Caption times."),
    )
)

MANIFEST = Path(__file__).parents[3] / "bots" / "slack" / "manifest.yaml"
WORKSPACE = "slack:T0LAB"
ADA, BEN, BOSS, GUEST, EVE, BOT = "U0ADA", "U0BEN", "U0BOSS", "U0GUEST", "U0EVE", "U0BOT"
LAB, SECRET, FAR, SHARED = "C0LAB", "G0SECRET", "C0FAR", "C0SHARED"
PDF = b"%PDF-1.7 a paper of a few words"


@dataclass
class Lab:
    """What a test holds in its hands. `failure` is what the app ended with, if it did."""

    slack: FakeSlack
    office: Office
    settings: Settings
    service: SlackService
    failure: BaseException | None = None

    def until(self, happens: Callable[[], T], seconds: float = 20) -> T:
        """Wait until it is true, and give it."""
        return self.slack.wait_for(happens, seconds)

    def job(self, number: int = -1) -> Job:
        """The newest job, or another by its number."""
        return self.jobs()[number]

    def jobs(self) -> list[Job]:
        """All jobs, the oldest first."""
        db = self.office.database
        return list(reversed(db.do(lambda: jobs.recent(WORKSPACE, limit=1000))))

    def asked(self, user: str, text: str, channel: str = LAB) -> Message:
        """`/paper …`, and the message that the job has in the channel."""
        before = len(self.jobs())
        self.slack.command(user, channel, text)
        self.until(lambda: len(self.jobs()) > before)
        return self.message(self.job())

    def message(self, job: Job) -> Message:
        """The job's message, once it is there."""

        def posted() -> Message | None:
            found = chat.chat_of(self.office.database, job.id)
            if found is None or found.message is None:
                return None
            return self.slack.state.message(found.channel, found.message)

        message = self.until(posted)
        assert message is not None
        return message

    def whisper(self, user: str, words: str = "") -> Message:
        """What only `user` was shown, once it holds `words`: the last of these."""
        found = self.until(lambda: [one for one in self.slack.ephemerals(user) if words in one.shown])
        return found[-1]

    def view(self, user: str, words: str = "") -> View:
        """The form that `user` has open, once it holds `words`."""
        return self.until(lambda: [one for one in self.slack.views(user) if words in str(one.body)])[-1]

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
        self.until(lambda: all(sent.done.is_set() for sent in self.slack.sent))
        eventually(lambda: self.service.busy == 0)


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
    with (
        FakeSlack(manifest=MANIFEST) as slack,
        opened(None, folder, time.time) as database,
        ExitStack() as stack,
    ):
        populated(slack)
        settings = settings_of(slack, folder, http=http, **more)
        hints = RedisHints(valkey_url)
        stack.callback(hints.close)
        office = replace(new_office(database, folder), hints=hints)
        house = Opened(office, Kit.of(settings), cast(Any, None), valkey_url)
        service = SlackService(settings, house, socket=not http)
        lab = Lab(slack, office, settings, service)
        with running(lab):
            if wait and not http:
                slack.wait_connected()
            yield lab
        if lab.failure is not None:
            raise lab.failure


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

    thread = threading.Thread(target=body, name="slack-app")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the app does not stop"
