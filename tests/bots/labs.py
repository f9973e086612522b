"""A lab on a wire-level platform: the real app, desk and messenger over a real office whose workers are tests."""

from __future__ import annotations

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, TypeVar, cast

from jobs import flow
from jobs.failures import Verdict
from jobs.hints import RedisHints
from jobs.kit import Kit
from jobs.office import Office
from jobs.opening import Opened
from pipeline.model import Script, StageName
from settings import Settings
from storage import chat, jobs
from storage.records import Job
from tests.bots.scripts import SCRIPT, with_story
from tests.databases import opened
from tests.fakes.watched import Watched
from tests.jobs.offices import begun, new_office, sent, work_through
from tests.valkeys import eventually

T = TypeVar("T")

#: What nothing but a person mends.
LASTS: Final = Verdict(
    code="broken",
    sentence="It broke.",
    advice="Retry.",
    reference="HH-TEST",
    transient=False,
    tries=0,
    retryable=True,
)
PDF: Final = b"%PDF-1.7 a paper of a few words"


class Service(Protocol):
    """The platform's side of a process."""

    @property
    def busy(self) -> int:
        """How many things that somebody asked for are under way."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Listen, answer and show until `stop` is set."""
        ...


@dataclass(kw_only=True)
class ChatLab(ABC):
    """What a test holds in its hands. `failure` is what the app ended with, if it did."""

    #: The platform's name, and that of the lab in our database.
    platform: ClassVar[str]
    workspace: ClassVar[str]

    office: Office
    settings: Settings
    service: Service
    failure: BaseException | None = None

    @property
    @abstractmethod
    def fake(self) -> Watched[Any, Any, Any]:
        """The platform."""

    @abstractmethod
    def message_at(self, found: chat.Chat) -> Any:
        """The message that a job's row speaks of, which has an id; `None` once it was deleted."""

    def until(self, happens: Callable[[], T], seconds: float = 20) -> T:
        """Wait until it is true, and give it."""
        return self.fake.wait_for(happens, seconds)

    def job(self, number: int = -1) -> Job:
        """The newest job, or another by its number."""
        return self.jobs()[number]

    def jobs(self) -> list[Job]:
        """All jobs, the oldest first."""
        db = self.office.database
        return list(reversed(db.do(lambda: jobs.recent(self.workspace, limit=1000))))

    def message(self, job: Job) -> Any:
        """The job's message, once it is there."""

        def posted() -> Any:
            found = chat.chat_of(self.office.database, job.id)
            return None if found is None or found.message is None else self.message_at(found)

        return self.until(posted)

    def work(self, until: StageName | None = None, *, script: Script = SCRIPT) -> None:
        """Do what a worker would do until nothing is left; papers and scripts are where the app looks for them."""
        for job in self.jobs():
            with_story(self.office, Kit.of(self.settings), job, script)
        work_through(self.office, until=until, scenes=len(script.scenes))

    def fail(self) -> None:
        """Let whatever a worker would take next fail, in a way that a retry mends."""
        for message in sent(self.office):
            flow.fail(self.office, begun(self.office, message), LASTS)

    def quiet(self) -> None:
        """Wait until everything that was sent to the app was answered, and what it began is done."""
        self.until(lambda: all(sent.done.is_set() for sent in self.fake.sent))
        eventually(lambda: self.service.busy == 0)


@contextmanager
def house_at(folder: Path, settings: Settings, valkey_url: str) -> Iterator[Opened]:
    """What a service is begun with: an office whose hints go through a real Valkey, and nothing of a broker."""
    with opened(None, folder, time.time) as database, closing(RedisHints(valkey_url)) as hints:
        office = replace(new_office(database, folder), hints=hints)
        yield Opened(office, Kit.of(settings), cast(Any, None), valkey_url)


@contextmanager
def running(lab: ChatLab) -> Iterator[None]:
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

    thread = threading.Thread(target=body, name=f"{lab.platform}-app")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the app does not stop"
