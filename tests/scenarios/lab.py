"""A lab: people in a Slack of ours, the app and a worker as processes of their own, an NCBI on loopback."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from storage import audit, chat, jobs, workers
from storage.database import Database
from storage.records import Job, JobState
from storage.workspaces import change_terms
from tests.cli.commands import House, processes_of
from tests.fakes.eutils import FakeNcbi
from tests.fakes.slack import FakeSlack, File, Message, View
from tests.fakes.slack.state import Json, Sent
from tests.scenarios.papers import print_paper
from tests.valkeys import eventually

T = TypeVar("T")
Process = Literal["slack", "worker", "web"]

WORKSPACE: Final = "slack:T0LAB"
MANIFEST: Final = Path(__file__).parents[2] / "bots" / "slack" / "manifest.yaml"
#: The admin of the workspace.
BOSS: Final = "U0BOSS"
#: Seconds that something may take that is not made of pictures, and something that is.
SOON, MADE = 60.0, 150.0


@dataclass
class Lab:
    """What a story holds in its hands. People, channels and papers are made for each story anew."""

    slack: FakeSlack
    house: House
    ncbi: FakeNcbi
    database: Database
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # Processes.

    def start(self, name: Process, **variables: str) -> None:
        """Start that command; returns when it is at work (`web`: at once)."""
        environment = {**self.house.environment, **variables}
        if environment.pop(
            "PYTHONDONTWRITEBYTECODE", ""
        ):  # so many starts need not compile all so many times
            environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir(), f"hill-lab-{os.geteuid()}"))
        with self.log(name).open("ab") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-P", "-m", "cli.main", name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.house.data.parent,
            )
        pid = self.processes[name].pid
        if name == "worker":
            self.until(lambda: any(one.pid == pid for one in workers.living(self.database, 60)))
        elif name == "slack":
            self.until(lambda: self.slack.connections)

    def kill(self, name: Process) -> None:
        """SIGKILL; returns when it is gone, and its connections with it."""
        self.processes[name].kill()
        self.processes.pop(name).wait()
        if name == "slack":
            self.until(lambda: not self.slack.connections)

    def stop(self, name: Process) -> None:
        """End it as a deployment does; it ends well."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, self.told()

    def log(self, name: Process) -> Path:
        """Where the process writes to."""
        return self.house.data.parent / f"{name}.log"

    def told(self) -> str:
        """The ends of the logs, for a story that went wrong."""
        logs = [log for log in self.house.data.parent.glob("*.log") if log.stat().st_size]
        return "\n".join(f"{log.name}: …{log.read_text(errors='replace')[-3000:]}" for log in logs)

    # People, places, papers.

    def person(self, name: str, **more: Any) -> str:
        """Somebody who is in no other story; their id."""
        user = f"U{next(self._numbers):05d}{name.upper()}"
        self.slack.add_user(user, name, **more)
        return user

    def channel(
        self,
        *people: str,
        kind: Literal["public", "private"] = "public",
        bot_in: bool = True,
    ) -> str:
        """A channel of no other story; its id."""
        number = next(self._numbers)
        name = f"{'C' if kind == 'public' else 'G'}{number:05d}ROOM"
        self.slack.add_channel(name, f"room-{number}", kind, list(people), bot_in=bot_in)
        return name

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
        before = {said.ts for said in self.slack.of_app(channel)}
        sent = self.slack.command(user, channel, text)
        assert not sent.error
        message = self.until(lambda: [one for one in self.slack.of_app(channel) if one.ts not in before])[-1]
        if noted:
            self.until(lambda: self.is_noted(message))
        return message

    def is_noted(self, message: Message) -> bool:
        """Whether the app has heard that its message is there."""
        found = chat.chat_of(self.database, self.job(message).id)
        return found is not None and found.message == message.ts

    def say(self, user: str, channel: str, text: str) -> Message:
        """`/paper TEXT`; what only they are shown for it."""
        before = len(self.slack.ephemerals(user))
        sent = self.slack.command(user, channel, text)
        assert not sent.error
        return self.until(lambda: self.slack.ephemerals(user)[before:])[-1]

    def press(self, user: str, on: Message, deed: str, *, wait: bool = True) -> Sent:
        """Press the button of that deed, once it is there."""
        self.until(lambda: has_button(on, deed))
        return self.slack.press(user, on, deed, wait=wait)

    # What is seen.

    def until(self, happens: Callable[[], T], seconds: float = SOON) -> T:
        """Wait until it is true, and give it; what the processes say is told when it never is."""
        try:
            return self.slack.wait_for(happens, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.told()}") from None

    def shows(self, message: Message, *words: str, seconds: float = SOON) -> Message:
        """The message, once it shows all of these words."""
        self.until(lambda: all(word in message.shown for word in words), seconds)
        return message

    def in_thread(self, root: Message, words: str, seconds: float = SOON) -> Message:
        """What the app said with these words in the thread of a message, once it did; it said it once."""
        here = root.thread_ts or root.ts
        return self.only(lambda: self.slack.of_app(root.channel, here), words, seconds)

    def only(self, among: Callable[[], list[Message]], words: str, seconds: float = SOON) -> Message:
        """The one message with these words."""
        found = self.until(lambda: [said for said in among() if words in said.shown], seconds)
        assert len(found) == 1, [said.shown for said in found]
        return found[0]

    def whisper(self, user: str, words: str) -> Message:
        """What only they were shown, with these words; once."""
        return self.only(lambda: self.slack.ephemerals(user), words)

    def quiet(self) -> None:
        """Wait until everything that was sent to the app was taken."""
        self.until(lambda: all(sent.done.is_set() for sent in self.slack.sent))

    def files(self, root: Message) -> list[File]:
        """The files in the thread of a message."""
        return self.slack.files(root.channel, root.thread_ts or root.ts)

    def page(self, user: str, *, after: View | None = None) -> View:
        """Their App Home, as it is when they open it now; drawn anew `after` that one, if it is given."""
        before = after or self.slack.home(user)
        drawn = -1 if before is None else len(before.history)
        if after is None:
            self.slack.open_home(user)

        def there() -> View | None:
            view = self.slack.home(user)
            return view if view is not None and len(view.history) > drawn else None

        view = self.until(there)
        assert view is not None
        return view

    # What is written down.

    def job(self, message: Message) -> Job:
        """The job whose message that is."""
        assert message.metadata is not None, message
        name = message.metadata["event_payload"]["job"]
        job = self.database.do(lambda: jobs.find(name))
        assert job is not None
        return job

    def jobs_of(self, user: str) -> list[Job]:
        """All jobs that somebody asked for, the oldest first."""
        every = self.database.do(lambda: jobs.recent(WORKSPACE, limit=1000))
        return [job for job in reversed(every) if job.requester.user == user]

    def becomes(self, message: Message, state: JobState, seconds: float = SOON) -> Job:
        """The message's job, once it is in that state."""
        self.until(lambda: self.job(message).state is state, seconds)
        return self.job(message)

    def settled(self, message: Message) -> Job:
        """The message's job, once it has ended and all of that was shown and said."""

        def shown() -> bool:
            job = self.job(message)
            found = chat.chat_of(self.database, job.id)
            over = job.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DELETED)
            return over and found is not None and found.shown_revision >= job.revision

        self.until(shown, MADE)
        return self.job(message)

    def settled_for_now(self, message: Message) -> None:
        """Wait until the message's job waits for its requester, and all of that was shown and said."""

        def shown() -> bool:
            job = self.job(message)
            found = chat.chat_of(self.database, job.id)
            waits = job.state is JobState.AWAITING_APPROVAL
            return waits and found is not None and found.shown_revision >= job.revision

        self.until(shown)

    def deeds(self, job: Job, action: str) -> int:
        """How often somebody did that to the job."""
        entries = audit.entries(self.database, WORKSPACE, target=job.id, limit=100)
        return sum(entry.action == action for entry in entries)

    def age_workers(self, seconds: float) -> None:
        """Let every worker have been seen so much longer ago."""
        self.database.do(lambda: self.database.run(f"UPDATE worker SET seen_at = seen_at - {seconds}"))

    @contextmanager
    def broken(self, *parts: str) -> Iterator[None]:
        """A folder of the data folder is a file for as long as the block lasts: nothing can be written there."""
        folder = self.house.data.joinpath(*parts)
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


def has_button(message: Message, deed: str) -> bool:
    """Whether the message has a button of that deed."""
    name = re.escape(deed)
    found = rf"'action_id': '{name}'|'custom_id': '\??{name}(?::\d+)?[|#]"
    return re.search(found, str(message.blocks)) is not None


def elements(blocks: list[Json]) -> list[Json]:
    """Everything in the blocks that can be pressed or chosen."""
    found = []
    for block in blocks:
        found += [one for one in block.get("elements") or () if isinstance(one, dict) and "action_id" in one]
        found += [one for one in (block.get("accessory"),) if isinstance(one, dict) and "action_id" in one]
    return found


@contextmanager
def opened_lab(folder: Path, *processes: Process, **variables: str) -> Iterator[Lab]:
    """A lab with these processes at work; nothing of it is left behind."""
    with ExitStack() as stack:
        slack = stack.enter_context(FakeSlack(manifest=MANIFEST))
        ncbi = stack.enter_context(FakeNcbi())
        environment = {
            **slack.environment,
            "NCBI_BASE_URL": ncbi.eutils,
            "PMC_BASE_URL": ncbi.pmc,
            "HIDDEN_HILL_EPHEMERAL_OK": "1",
            "HIDDEN_HILL_JOBS_PER_WORKER": "16",
            "LOG_FORMAT": "text",
            **variables,
        }
        house = House(folder / "data", environment)
        database = stack.enter_context(house.database())
        change_terms(database, WORKSPACE, boundless)
        slack.add_user(BOSS, "Boss", admin=True)
        lab = Lab(slack, house, ncbi, database)
        stack.callback(eventually, lambda: not processes_of(house))
        stack.callback(end, lab)
        for name in processes:
            lab.start(name)
        yield lab


def end(lab: Lab) -> None:
    """End the lab's processes; all of them end well."""
    for process in lab.processes.values():
        process.send_signal(signal.SIGTERM)
    try:
        ends = {name: process.wait(30) for name, process in lab.processes.items()}
    finally:
        for process in lab.processes.values():
            process.kill()
    assert set(ends.values()) <= {0}, f"{ends}\n{lab.told()}"


def boundless(terms: Any) -> Any:
    """The terms without quotas and budgets."""
    none = {name: None for name in type(terms).model_fields if name.startswith(("videos_", "cents_"))}
    return terms.model_copy(update=none)
