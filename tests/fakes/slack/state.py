"""What the fake workspace holds: people, conversations, messages, files, views, and what happened to them."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.downloads import Download

Kind = Literal["public", "private", "dm", "mpim"]
Json = dict[str, Any]
BOT_USER, BOT_ID, APP, TEAM = "U0BOT", "B0BOT", "A0HILL", "T0LAB"


@dataclass
class User:
    """A person or a bot. `team` other than the workspace's: somebody of a connected organisation."""

    id: str
    name: str
    admin: bool = False
    guest: bool = False
    deleted: bool = False
    team: str = TEAM
    bot: bool = False
    org_admin: bool = False


@dataclass
class Channel:
    """A conversation. `bot_in`: the app is a member; `shared`: it is shared with another organisation.

    `made_by` is the team that created it, if that was another's: events from there carry it.
    """

    id: str
    name: str
    kind: Kind
    members: set[str]
    bot_in: bool = True
    shared: bool = False
    archived: bool = False
    made_by: str = ""

    @property
    def type(self) -> str:
        """Its kind as events name it."""
        return {"public": "channel", "private": "group", "dm": "im", "mpim": "mpim"}[self.kind]


@dataclass
class Message:
    """A message in a conversation; `edits` are the texts and blocks that it had before, oldest first.

    `orphan`: it was posted under a message that is gone. `unfurls`: links in it may grow previews.
    `seen_by` is the one user who sees an ephemeral message, else empty.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    edits: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    by_app: bool = False
    broadcast: bool = False
    subtype: str = ""
    unfurls: bool = False
    orphan: bool = False
    seen_by: str = ""
    at: float = field(default_factory=time.monotonic)
    edited_at: float | None = None
    extra: Json = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """All that a reader sees of it, as one text: its blocks, else its text."""
        return "\n".join(texts_of(self.blocks)) if self.blocks else self.text


@dataclass
class File(Download):
    """A file. `html`: whoever fetches it gets a page to log in at."""

    title: str = ""
    created: int = 0
    mode: str = "hosted"
    file_access: str = "visible"
    html: bool = False
    shares: dict[str, str] = field(default_factory=dict)


@dataclass
class View:
    """A modal or an App Home. `history` are the bodies that it had before."""

    id: str
    user: str
    body: Json
    type: str
    hash: str
    root: str
    previous: str | None = None
    values: Json = field(default_factory=dict)
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    """One call of the Web API, with what was answered and when (`time.monotonic`)."""

    method: str
    args: Json
    time: float
    reply: Json
    status: int = 200


@dataclass
class Sent:
    """Something sent to the app, and how it was taken.

    Times are `time.monotonic`. `attempts` counts deliveries, the first included. `error` is what the person
    reads when the app did not answer: `dispatch_failed` without a connection, `operation_timeout`.
    """

    kind: str
    payload: Json
    id: str
    at: float = field(default_factory=time.monotonic)
    acked_at: float | None = None
    body: Json | None = None
    attempts: int = 0
    error: str = ""
    done: threading.Event = field(default_factory=threading.Event)
    reason: str = ""
    first_attempt_at: float | None = None
    #: Done with the app's answer the moment it comes, before anything that the app does next.
    on_answer: Callable[[Sent], None] | None = None

    @property
    def latency(self) -> float:
        """Seconds from sending it until it was acknowledged; for ever if it was not."""
        return float("inf") if self.acked_at is None else self.acked_at - self.at


class State:
    """Everything, behind one lock. `changed` is told after every change."""

    def __init__(self, *, team: str, enterprise: str | None, org: bool, clock: Callable[[], float]) -> None:
        self.team, self.enterprise, self.org = team, enterprise, org
        self.address = self.file_address = ""  # http://host:port of the API and of the files
        self.changed = threading.Condition(threading.RLock())
        self.teams: list[str] = []  # the other teams of the organisation
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.timeline: dict[str, list[Message]] = {}
        self.ephemeral: list[Message] = []
        self.files: dict[str, File] = {}
        self.uploads: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.calls: deque[Call] = deque(maxlen=200_000)
        self.sent: list[Sent] = []
        self._clock, self._last = clock, 0
        self._numbers: dict[str, itertools.count[int]] = {}

    def number(self, what: str) -> int:
        """The next number of that sequence, from 1."""
        return next(self._numbers.setdefault(what, itertools.count(1)))

    def id(self, prefix: str) -> str:
        """A new id of the platform's form, the same in every run."""
        return f"{prefix}{self.number(prefix):08d}"

    def ts(self) -> str:
        """A new time stamp: the clock's microsecond, or the one after the last; it never repeats."""
        self._last = max(self._last + 1, int(self._clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def message(self, channel: str, ts: str) -> Message | None:
        """The message there, unless it was deleted."""
        for message in reversed(self.timeline.get(channel, [])):
            if message.ts == ts:
                return None if message.deleted else message
        return None

    def note_call(self, method: str, args: Json) -> None:
        """Keep a call that is no method of the Web API."""
        self.calls.append(Call(method, args, time.monotonic(), {"ok": True}))

    def replies(self, channel: str, ts: str) -> list[Message]:
        """What hangs under a message."""
        return [
            message
            for message in self.timeline.get(channel, [])
            if message.thread_ts == ts and message.ts != ts and not message.deleted
        ]

    def dm_of(self, user: str) -> Channel:
        """The conversation of the app with that person, opened if there is none yet."""
        for channel in self.channels.values():
            if channel.kind == "dm" and user in channel.members:
                return channel
        channel = Channel(self.id("D"), user, "dm", {user})
        self.channels[channel.id] = channel
        return channel


def texts_of(blocks: Any) -> list[str]:
    """Every text of the blocks that a reader sees, in order; a mention is written as `<@U…>`."""
    found: list[str] = []
    if isinstance(blocks, list):
        for block in blocks:
            found += texts_of(block)
    elif isinstance(blocks, Mapping):
        if blocks.get("type") == "user":
            found.append(f"<@{blocks.get('user_id')}>")
        elif blocks.get("type") == "broadcast":
            found.append(f"<!{blocks.get('range')}>")
        for name, value in blocks.items():
            if name in {"text", "alt_text"} and isinstance(value, str):
                found.append(value)
            elif name != "confirm":
                found += texts_of(value)
    return found


def mrkdwn_of(blocks: Any) -> list[str]:
    """The texts of the blocks in which a mention works."""
    found: list[str] = []
    if isinstance(blocks, list):
        for block in blocks:
            found += mrkdwn_of(block)
    elif isinstance(blocks, Mapping):
        match blocks.get("type"):
            case "mrkdwn" | "markdown":
                return [str(blocks.get("text", ""))]
            case "user":
                return [f"<@{blocks.get('user_id')}>"]
            case "broadcast":
                return [f"<!{blocks.get('range')}>"]
            case "plain_text":
                return []
        for name, value in blocks.items():
            if name != "confirm":
                found += mrkdwn_of(value)
    return found
