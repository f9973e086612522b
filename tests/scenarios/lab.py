"""A lab: people on a platform of ours, the app and a worker as processes of their own, an NCBI on loopback."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

from storage import audit, chat, jobs, workers
from storage.database import Database
from storage.records import Job, JobState
from storage.workspaces import change_terms
from tests.cli.commands import House, processes_of
from tests.fakes.discord import FakeDiscord
from tests.fakes.eutils import FakeNcbi
from tests.fakes.slack import FakeSlack
from tests.scenarios.discord_hand import DiscordHand
from tests.scenarios.hand import SOON, Hand, Message
from tests.scenarios.papers import print_paper
from tests.scenarios.processes import Processes
from tests.scenarios.slack_hand import MANIFEST, SlackHand
from tests.valkeys import eventually

T = TypeVar("T")
H = TypeVar("H", bound=Hand)

PLATFORMS: Final = ("slack", "discord")
#: Seconds that something may take that is made of pictures.
MADE: Final = 150.0


@dataclass
class Lab(Generic[H]):
    """What a story holds in its hands. People, channels and papers are made for each story anew."""

    hand: H
    processes: Processes
    ncbi: FakeNcbi
    database: Database
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    #: The jobs of messages, by channel and `ts`: a job that moves away has another message.
    _jobs: dict[tuple[str, str], str] = field(default_factory=dict)

    # Processes.

    def start(self, name: str, **variables: str) -> None:
        """Start that command; returns when it is at work (`web`: at once)."""
        pid = self.processes.start(name, **variables)
        if name == "worker":
            self.until(lambda: any(one.pid == pid for one in workers.living(self.database, 60)))
        elif name == self.hand.platform:
            self.until(lambda: self.hand.connections)

    def kill(self, name: str) -> None:
        """SIGKILL; returns when it is gone, and its connections with it."""
        self.processes.kill(name)
        if name == self.hand.platform:
            self.until(lambda: not self.hand.connections)

    def kill_app(self) -> None:
        """SIGKILL for the app."""
        self.kill(self.hand.platform)

    def start_app(self) -> None:
        """The app, connected."""
        self.start(self.hand.platform)

    def at_work(self) -> None:
        """The app and a worker, if a story before broke off, or none was told yet."""
        for name in (self.hand.platform, "worker"):
            if not self.processes.lives(name):
                self.start(name)

    # People, places, papers.

    def person(self, name: str, **more: Any) -> str:
        """Somebody who is in no other story; their id."""
        return self.hand.person(name, **more)

    def channel(
        self, *people: str, kind: Literal["public", "private"] = "public", bot_in: bool = True
    ) -> str:
        """A channel of no other story; its id."""
        return self.hand.channel(*people, kind=kind, bot_in=bot_in)

    def paper(self, title: str = "", *, closed: bool = False) -> str:
        """A paper that nobody asked for yet; its PMID."""
        number = next(self._numbers)
        pmid = str(31_000_000 + number)
        print_paper(self.ncbi, pmid, title or f"Captions that come on time, part {number}", closed=closed)
        return pmid

    # What is done.

    def ask(self, user: str, channel: str, text: str, *, noted: bool = True) -> Message:
        """`/paper TEXT`; the job's message in the channel.

        `noted`: once the app has heard that it is there, for nobody reacts within a hundredth of a second.
        """
        before = {said.ts for said in self.hand.of_app(channel)}
        sent = self.hand.command(user, channel, text)
        assert not sent.error
        message = self.until(lambda: [one for one in self.hand.of_app(channel) if one.ts not in before])[-1]
        if noted:
            self.until(lambda: self.is_noted(message))
        return message

    def is_noted(self, message: Message) -> bool:
        """Whether the app has heard that its message is there."""
        found = self._job_at(message)
        if found is not None:
            self._jobs[message.channel, message.ts] = found
        return found is not None

    def say(self, user: str, channel: str, text: str) -> Message:
        """`/paper TEXT`; what only they are shown for it."""
        before = self.hand.begun_whispers(user)
        sent = self.hand.command(user, channel, text)
        assert not sent.error
        return self.until(lambda: [one for one in self.hand.whispers(user) if one.ts not in before])[-1]

    def press(self, user: str, on: Message, deed: str, *, wait: bool = True) -> Any:
        """Press the button of that deed, once it is there."""
        self.until(lambda: self.has_button(on, deed))
        return self.hand.press(user, on, deed, wait=wait)

    def started(self, channel: str, thread: str | None = None) -> Message:
        """The message of the job that was begun there without a command, once the app has heard that it is there."""
        return self.until(lambda: [one for one in self.hand.of_app(channel, thread) if self.is_noted(one)])[0]

    # What is seen.

    def until(self, happens: Callable[[], T], seconds: float = SOON) -> T:
        """Wait until it is true, and give it; what the processes say is told when it never is."""
        try:
            return self.hand.wait_for(happens, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.processes.told()}") from None

    def shows(self, message: Message, *words: str, seconds: float = SOON) -> Message:
        """The message, once it shows all of these words."""
        self.until(lambda: all(word in message.shown for word in words), seconds)
        return message

    def has_button(self, message: Message, deed: str) -> bool:
        """Whether the message has a button of that deed."""
        return self.hand.has_button(message, deed)

    def thread(self, root: Message) -> list[Message]:
        """What the app said in the thread of a message."""
        return self.hand.of_app(root.channel, self.hand.thread_of(root))

    def scripts(self, root: Message) -> list[Message]:
        """The scripts that were shown in the thread of a message."""
        return [one for one in self.thread(root) if one.shown.lstrip("# ").startswith("The script\n")]

    def in_thread(self, root: Message, words: str, seconds: float = SOON) -> Message:
        """What the app said with these words in the thread of a message, once it did; it said it once."""
        return self.only(lambda: self.thread(root), words, seconds)

    def only(self, among: Callable[[], list[Message]], words: str, seconds: float = SOON) -> Message:
        """The one message with these words."""
        found = self.until(lambda: [said for said in among() if words in said.shown], seconds)
        assert len(found) == 1, [said.shown for said in found]
        return found[0]

    def whisper(self, user: str, words: str) -> Message:
        """What only they were shown, with these words; once."""
        return self.only(lambda: self.hand.whispers(user), words)

    # What is written down.

    def job(self, message: Message) -> Job:
        """The job whose message that is."""
        at = (message.channel, message.ts)
        name = self._jobs.get(at) or self.hand.job_on(message) or self.until(lambda: self._job_at(message))
        self._jobs[at] = str(name)
        job = self.database.do(lambda: jobs.find(str(name)))
        assert job is not None
        return job

    def _job_at(self, message: Message) -> str | None:
        return chat.job_of(self.database, self.hand.platform, message.channel, message.ts)

    def jobs_of(self, user: str) -> list[Job]:
        """All jobs that somebody asked for, the oldest first."""
        every = self.database.do(lambda: jobs.recent(self.hand.workspace, limit=1000))
        return [job for job in reversed(every) if job.requester.user == user]

    def becomes(self, message: Message, state: JobState, seconds: float = SOON) -> Job:
        """The message's job, once it is in that state."""
        self.until(lambda: self.job(message).state is state, seconds)
        return self.job(message)

    def settled(self, message: Message) -> Job:
        """The message's job, once it has ended and all of that was shown and said."""
        ends = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)
        self.until(lambda: self._is_shown(message, ends), MADE)
        return self.job(message)

    def settled_for_now(self, message: Message) -> None:
        """Wait until the message's job waits for its requester, and all of that was shown and said."""
        self.until(lambda: self._is_shown(message, (JobState.AWAITING_APPROVAL,)))

    def _is_shown(self, message: Message, states: tuple[JobState, ...]) -> bool:
        job = self.job(message)
        found = chat.chat_of(self.database, job.id)
        return job.state in states and found is not None and found.shown_revision >= job.revision

    def deeds(self, job: Job, action: str) -> int:
        """How often somebody did that to the job."""
        entries = audit.entries(self.database, self.hand.workspace, target=job.id, limit=100)
        return sum(entry.action == action for entry in entries)

    def age_workers(self, seconds: float) -> None:
        """Let every worker have been seen so much longer ago."""
        self.database.do(lambda: self.database.run(f"UPDATE worker SET seen_at = seen_at - {seconds}"))

    @contextmanager
    def broken(self, *parts: str) -> Iterator[None]:
        """A folder of the data folder is a file for as long as the block lasts: nothing can be written there."""
        folder = self.processes.house.data.joinpath(*parts)
        aside = folder.with_name(f"{folder.name}-aside")
        if folder.exists():
            folder.rename(aside)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("in the way")
        try:
            yield
        finally:
            folder.unlink()
            if aside.exists():
                aside.rename(folder)


@contextmanager
def opened_labs(folder: Path, *platforms: str, **variables: str) -> Iterator[dict[str, Lab[Any]]]:
    """A lab for each of these platforms, in one house with one worker. Nothing is started; nothing is left behind."""
    with ExitStack() as stack:
        ncbi = stack.enter_context(FakeNcbi())
        hands: list[Hand] = []
        if "slack" in platforms:
            hands.append(SlackHand(stack.enter_context(FakeSlack(manifest=MANIFEST))))
        if "discord" in platforms:
            hands.append(DiscordHand(stack.enter_context(FakeDiscord())))
        environment = {
            "NCBI_BASE_URL": ncbi.eutils,
            "PMC_BASE_URL": ncbi.pmc,
            "HIDDEN_HILL_EPHEMERAL_OK": "1",
            "HIDDEN_HILL_JOBS_PER_WORKER": "16",
            "LOG_FORMAT": "text",
        }
        for hand in hands:
            environment |= hand.environment
        house = House(folder / "data", environment | variables)
        database = stack.enter_context(house.database())
        processes, numbers = Processes(house), itertools.count(1)
        stack.callback(eventually, lambda: not processes_of(house))
        stack.callback(processes.end)
        for hand in hands:
            change_terms(database, hand.workspace, boundless)
        yield {hand.platform: Lab(hand, processes, ncbi, database, numbers) for hand in hands}


def boundless(terms: Any) -> Any:
    """The terms without quotas and budgets."""
    none = {name: None for name in type(terms).model_fields if name.startswith(("videos_", "cents_"))}
    return terms.model_copy(update=none)
