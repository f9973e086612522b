"""The same lab in Discord: stories that mean the same there are told once, and heard by both platforms."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from storage import audit, chat, jobs
from storage.records import Job
from storage.workspaces import change_terms
from tests.cli.commands import House, processes_of
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.eutils import FakeNcbi
from tests.fakes.slack import FakeSlack
from tests.scenarios.lab import Lab, Process, boundless, has_button
from tests.scenarios.lab import end as end_of
from tests.valkeys import eventually

T = TypeVar("T")

WORKSPACE: Final = f"discord:{GUILD}"
#: The admin of the server.
BOSS: Final = "2000000000000000099"
#: Slack's names for the reactions of the stories, and of what stands in a message's menu.
_EMOJI: Final = {"x": "❌", "repeat": "🔁", "arrows_counterclockwise": "🔄", "wastebasket": "🗑️"}
_SHORTCUTS: Final = {"make_video": "Make a video"}
_NUMBERS: Final = {"seconds", "scene"}
_VERBS: Final = frozenset(
    "approve cancel cost delete forget-me help join keep link list make me quota redo retry status".split()
)


class SlackLike:
    """The hand that acts in Discord, with the words that the stories were written in."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fake, name)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put a reaction on a message, by Slack's name of it."""
        self._fake.react(user, channel, ts, _EMOJI[name])

    def shortcut(self, user: str, channel: str, ts: str, name: str) -> Any:
        """Choose an app's entry in a message's menu."""
        return self._fake.shortcut(user, channel, ts, _SHORTCUTS[name])

    def command(self, user: str, channel: str, text: str) -> Any:
        """`/paper …` in the words that Slack takes, put into the options that Discord has."""
        verb, *words = shlex.split(text)
        if verb not in _VERBS:
            verb, words = "make", [verb, *words]
        options: dict[str, Any] = {}
        for word in words:
            name, sign, value = word.partition("=")
            if not sign:
                name, value = "source" if verb in {"make", "cost"} else "video", word
            options[name] = int(value) if name in _NUMBERS else {"yes": True, "no": False}.get(value, value)
        return self._fake.command(user, channel, f"paper {verb}", **options)


class DiscordLab(Lab):
    """A lab whose people are in Discord."""

    def __init__(self, fake: FakeDiscord, house: House, ncbi: FakeNcbi, database: Any) -> None:
        super().__init__(cast(FakeSlack, SlackLike(fake)), house, ncbi, database)

    def start(self, name: Process | Literal["discord"], **variables: str) -> None:
        """Start that command; returns when it is at work."""
        if name != "discord":
            super().start(name, **variables)
            return
        with self.log(cast(Process, name)).open("ab") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-P", "-m", "cli.main", name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**self.house.environment, **variables},
                cwd=self.house.data.parent,
            )
        self.until(lambda: self.slack.connections)

    def kill(self, name: Process | Literal["discord"]) -> None:
        """SIGKILL; returns when it is gone, and its connections with it."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes.pop(name).wait()
        if name == "discord":
            self.until(lambda: not self.slack.connections)

    def person(self, name: str, **more: Any) -> str:
        """Somebody who is in no other story; their id."""
        return str(cast(FakeDiscord, self.slack).add_user("", name, **more).id)

    def channel(
        self, *people: str, kind: Literal["public", "private"] = "public", bot_in: bool = True
    ) -> str:
        """A channel of no other story; its id."""
        room = cast(FakeDiscord, self.slack).add_channel("", "room", kind, list(people), bot_in=bot_in)
        return str(room.id)

    def say(self, user: str, channel: str, text: str) -> Any:
        """`/paper TEXT`; what only they are shown for it."""
        before = len(self.slack.ephemerals(user))
        sent = self.slack.command(user, channel, text)
        assert not sent.error
        found = self.until(lambda: [one for one in self._whispers(user)[before:] if not one.loading])
        return found[-1]

    def press(self, user: str, on: Any, deed: str, *, wait: bool = True) -> Any:
        """Press the button of that deed, once it is there; where a question comes first, say yes."""
        self.until(lambda: has_button(on, deed))
        before = len(self._whispers(user))
        asks = f"'custom_id': '?{deed}" in str(on.blocks)
        sent = self.slack.press(user, on, deed, wait=wait)
        if asks:
            found = self.until(
                lambda: [one for one in self._whispers(user)[before:] if has_button(one, deed)]
            )
            sent = self.slack.press(user, found[-1], deed, wait=wait)
        return sent

    def in_thread(self, root: Any, words: str, seconds: float = 60.0) -> Any:
        """What the app said with these words in the thread of a message, or in reply to what that replies to."""
        return self.only(lambda: self.slack.of_app(root.channel, _thread_of(root)), words, seconds)

    def files(self, root: Any) -> list[Any]:
        """The files in the thread of a message."""
        return self.slack.files(root.channel, _thread_of(root))

    def only(self, among: Callable[[], list[Any]], words: str, seconds: float = 60.0) -> Any:
        """The one message with these words."""
        found = self.until(lambda: [said for said in among() if words in said.shown], seconds)
        assert len(found) == 1, [said.shown for said in found]
        return found[0]

    def job(self, message: Any) -> Job:
        """The job whose message that is."""
        name = self.until(lambda: chat.job_at(self.database, "discord", message.channel, message.ts))
        assert name is not None
        job = self.database.do(lambda: jobs.find(name))
        assert job is not None
        return job

    def jobs_of(self, user: str) -> list[Job]:
        """All jobs that somebody asked for, the oldest first."""
        every = self.database.do(lambda: jobs.recent(WORKSPACE, limit=1000))
        return [job for job in reversed(every) if job.requester.user == user]

    def deeds(self, job: Job, action: str) -> int:
        """How often somebody did that to the job."""
        entries = audit.entries(self.database, WORKSPACE, target=job.id, limit=100)
        return sum(entry.action == action for entry in entries)

    def _whispers(self, user: str) -> list[Any]:
        return list(self.slack.ephemerals(user))


def _thread_of(root: Any) -> str:
    return str(root.thread_ts or root.reference or root.ts)


@contextmanager
def opened_lab(folder: Path, *processes: str, **variables: str) -> Iterator[DiscordLab]:
    """A lab with these processes at work; nothing of it is left behind."""
    with ExitStack() as stack:
        fake = stack.enter_context(FakeDiscord())
        ncbi = stack.enter_context(FakeNcbi())
        environment = {
            **fake.environment,
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
        fake.add_user(BOSS, "Boss", admin=True)
        lab = DiscordLab(fake, house, ncbi, database)
        stack.callback(eventually, lambda: not processes_of(house))
        stack.callback(end_of, lab)
        for name in processes:
            lab.start(cast(Process, name))
        yield lab
