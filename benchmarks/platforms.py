"""The chat platforms that the app is measured on: what is said to each, and what is seen there, in one way.

Both are stand-ins on loopback that obey their platform's limits and share the machine with the app.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.slack import FakeSlack

Name = Literal["slack", "discord"]
NAMES: Final[tuple[Name, ...]] = ("slack", "discord")
MANIFEST: Final = Path(__file__).parents[1] / "bots" / "slack" / "manifest.yaml"


class Said(Protocol):
    """A message there; `at` is the monotonic second in which it came."""

    ts: str
    at: float

    @property
    def shown(self) -> str:
        """What people read in it."""
        ...


class Asked(Protocol):
    """Something that was typed; `done` is set when it was answered, or given up."""

    done: Any

    @property
    def latency(self) -> float:
        """Seconds until it was acknowledged; for ever if it was not."""
        ...


class Platform(Protocol):
    """A platform with one workspace, and the app in it. `seconds_to_answer` is what it gives the app at most."""

    name: Name
    workspace: str

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which the app finds it."""
        ...

    @property
    def refused(self) -> int:
        """How many calls so far were one too many (status 429)."""
        ...

    def wait_connected(self) -> None:
        """Until the app hears what is said."""
        ...

    def people(self, count: int) -> list[str]:
        """So many people who did nothing yet."""
        ...

    def room(self, people: Sequence[str], /) -> str:
        """A new public channel with these people and the app in it."""
        ...

    def dm(self, user: str) -> str:
        """Where that person and the app speak alone."""
        ...

    def help(self, user: str, room: str) -> None:
        """Ask what there is to say, and wait for the answer."""
        ...

    def ask(self, user: str, room: str, paper: str, *, wait: bool = True) -> Asked:
        """Ask for a video of the paper with the slash command."""
        ...

    def drop(self, user: str, room: str, content: bytes) -> str:
        """Drop a PDF; its message."""
        ...

    def of_app(self, room: str, thread: str | None = None) -> Sequence[Said]:
        """The app's messages there."""
        ...

    def message(self, room: str, ts: str) -> Said | None:
        """The message, unless it is gone."""
        ...

    def edits(self, room: str, message: str) -> Iterator[tuple[float, str]]:
        """When the message was changed (monotonic seconds), and what was written; the oldest first."""
        ...

    def writes(self, room: str, since: float) -> list[float]:
        """When something was posted or changed in the channel, or was to be, since then (monotonic seconds)."""
        ...

    def off_contract(self) -> Sequence[str]:
        """What was said that is not as the platform has it."""
        ...


@dataclass
class Slack:
    """Slack in Socket Mode."""

    fake: FakeSlack
    name: Name = "slack"
    workspace: str = "slack:T0LAB"

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self.environment = self.fake.environment
        self.dm, self.of_app, self.message = self.fake.dm, self.fake.of_app, self.fake.state.message
        self.off_contract = self.fake.off_contract

    @property
    def refused(self) -> int:
        return self.fake.api.limits.refused

    def wait_connected(self) -> None:
        self.fake.wait_connected(timeout=180)

    def people(self, count: int) -> list[str]:
        users = [f"U{next(self._numbers):08d}" for _ in range(count)]
        for user in users:
            self.fake.add_user(user)
        return users

    def room(self, people: Sequence[str], /) -> str:
        name = f"C{next(self._numbers):08d}"
        self.fake.add_channel(name, members=list(people))
        return name

    def help(self, user: str, room: str) -> None:
        self.fake.command(user, room, "help")

    def ask(self, user: str, room: str, paper: str, *, wait: bool = True) -> Asked:
        return self.fake.command(user, room, paper, wait=wait)

    def drop(self, user: str, room: str, content: bytes) -> str:
        return self.fake.drop(user, room, "paper.pdf", content)

    def edits(self, room: str, message: str) -> Iterator[tuple[float, str]]:
        for call in self.fake.calls_of("chat.update"):
            if (call.args.get("channel"), call.args.get("ts")) == (room, message) and call.reply.get("ok"):
                yield call.time, _plain(call.args["blocks"])

    def writes(self, room: str, since: float) -> list[float]:
        return [
            call.time
            for method in ("chat.postMessage", "chat.update")
            for call in self.fake.calls_of(method)
            if call.time >= since and call.args.get("channel") == room
        ]


@dataclass
class Discord:
    """A server of Discord."""

    fake: FakeDiscord
    name: Name = "discord"
    workspace: str = f"discord:{GUILD}"

    def __post_init__(self) -> None:
        self.environment = self.fake.environment
        self.dm, self.of_app, self.message = self.fake.dm, self.fake.of_app, self.fake.state.message
        self.off_contract = self.fake.off_contract

    @property
    def refused(self) -> int:
        return sum(call.status == 429 for call in self.fake.calls)

    def wait_connected(self) -> None:
        self.fake.wait_connected(timeout=180)
        self.fake.wait_for(self.fake.commands, 180)

    def people(self, count: int) -> list[str]:
        return [self.fake.add_user().id for _ in range(count)]

    def room(self, _: Sequence[str], /) -> str:
        return self.fake.add_channel().id

    def help(self, user: str, room: str) -> None:
        self.fake.command(user, room, "paper help")

    def ask(self, user: str, room: str, paper: str, *, wait: bool = True) -> Asked:
        return self.fake.command(user, room, "paper make", source=paper, wait=wait)

    def drop(self, user: str, room: str, content: bytes) -> str:
        return self.fake.drop(user, room, "paper.pdf", content)

    def edits(self, room: str, message: str) -> Iterator[tuple[float, str]]:
        for call in self.fake.calls_of("PATCH /channels/{channel_id}/messages/{message_id}"):
            if call.path == f"/channels/{room}/messages/{message}" and call.status == 200:
                yield call.time, _plain(call.args["components"])

    def writes(self, room: str, since: float) -> list[float]:
        return [
            call.time
            for call in self.fake.calls
            if call.time >= since and call.method in _WRITES and call.path.split("/")[2] == room
        ]


_WRITES: Final = frozenset(
    {"POST /channels/{channel_id}/messages", "PATCH /channels/{channel_id}/messages/{message_id}"}
)


@contextmanager
def platform(name: Name) -> Iterator[Platform]:
    """The platform of that name, with its limits on."""
    if name == "slack":
        with FakeSlack(manifest=MANIFEST) as slack:
            slack.limits(on=True)
            yield Slack(slack)
    else:
        with FakeDiscord() as discord:
            discord.limits(on=True)
            yield Discord(discord)


def _plain(blocks: Any) -> str:
    """All words in blocks or components, with plain hyphens and spaces."""
    words = str(blocks).replace("\\u25b8", "▸").replace("\u2011", "-")
    return words.replace("\u00a0", " ").replace("\\xa0", " ").replace("\\u00a0", " ")
