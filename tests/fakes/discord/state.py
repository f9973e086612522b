"""What the fake platform holds: guilds, people, channels, messages, files, and what happened to them."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from tests.fakes.discord.drawn import find, texts_of_components, texts_of_embeds
from tests.fakes.discord.table import limit
from tests.fakes.downloads import Download

Kind = Literal["public", "private", "voice", "dm", "forum", "thread", "private-thread"]
Json = dict[str, Any]
#: The bot's user and its application have the same id, as every app's of today.
BOT_USER = APP = "1100000000000000001"
GUILD, BOT_ROLE = "1000000000000000001", "1000000000000000002"
EPOCH = 1420070400000
#: What a person reads when the app did not answer in time.
NO_ANSWER = "The application did not respond"
EPHEMERAL, LOADING, SUPPRESS_EMBEDS, SILENT, V2 = 1 << 6, 1 << 7, 1 << 2, 1 << 12, 1 << 15
HAS_THREAD = 1 << 5


@dataclass
class User:
    """A person or a bot. `closed`: takes no direct messages."""

    id: str
    name: str
    bot: bool = False
    closed: bool = False

    @property
    def handle(self) -> str:
        """The name that is unique: small letters without blanks."""
        return re.sub(r"[^a-z0-9_.]", "", self.name.lower()) or "somebody"


@dataclass
class Role:
    """A role of a guild; `permissions` is their number."""

    id: str
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    managed: bool = False


@dataclass
class Member:
    """Somebody in a guild."""

    user: str
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    joined_at: float = 0.0


@dataclass
class Guild:
    """A guild. `bot_in`: the app is installed there; `commands_in`: its commands alone may be.

    `upload_bytes` is what one file may have.
    """

    id: str
    name: str
    owner: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    bot_in: bool = True
    commands_in: bool = False
    upload_bytes: int = limit("upload_bytes")


@dataclass
class Channel:
    """A channel, a thread or a direct message. `overwrites`: (allow, deny) by the id of a role or a user."""

    id: str
    name: str
    kind: Kind
    guild: str | None
    members: set[str] = field(default_factory=set)
    overwrites: dict[str, tuple[int, int]] = field(default_factory=dict)
    parent: str | None = None
    owner: str = ""
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    auto_archive: int = 1440
    created_at: float = 0.0
    topic: str | None = None
    position: int = 0

    @property
    def type(self) -> int:
        """Its kind as the wire names it."""
        return {
            "public": 0,
            "private": 0,
            "dm": 1,
            "voice": 2,
            "thread": 11,
            "private-thread": 12,
            "forum": 15,
        }[self.kind]


@dataclass
class Message:
    """A message. `channel` is where it stands; for one in a thread the thread's parent, and `thread_ts` the
    thread. `ts` is its id. `edits` is what it showed before, oldest first. `seen_by` is the one user who
    sees an ephemeral message, else empty. `pinged` are those at whom it rang. `webhook`: it answered an
    interaction.
    """

    channel: str
    ts: str
    user: str
    text: str = ""
    embeds: list[Json] = field(default_factory=list)
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    files: list[str] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    reference: str | None = None
    edits: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    by_app: bool = False
    seen_by: str = ""
    pinned: bool = False
    webhook: bool = False
    nonce: str | None = None
    allowed: Json | None = None
    pinged: set[str] = field(default_factory=set)
    interaction: Json | None = None
    said_at: float = 0.0
    at: float = field(default_factory=time.monotonic)
    edited_at: float | None = None
    edited: float | None = None

    @property
    def place(self) -> str:
        """The id of the channel or thread that it stands in."""
        return self.thread_ts or self.channel

    @property
    def loading(self) -> bool:
        """Whether it still says that the app is thinking."""
        return bool(self.flags & LOADING)

    @property
    def unfurls(self) -> bool:
        """Whether a link in it may grow a preview."""
        bare = re.sub(r"<https?://[^>\s]*>", "", self.text)
        return not self.flags & (SUPPRESS_EMBEDS | V2) and re.search(r"https?://", bare) is not None

    @property
    def system(self) -> bool:
        """Whether the platform wrote it: a thread's first line, a pin."""
        return self.type not in (0, 19, 20, 23)

    @property
    def shown(self) -> str:
        """All that a reader sees of it, as one text: content, embeds, components with their buttons."""
        if self.loading:
            return "…is thinking"
        return "\n".join(
            one
            for one in (self.text, *texts_of_embeds(self.embeds), *texts_of_components(self.blocks))
            if one
        )

    def has_button(self, name: str, value: str | None = None) -> bool:
        """Whether a button or menu of it is called so; see `drawn.find`."""
        return find(self.blocks, name, value) is not None

    def keep(self) -> None:
        """Put what it shows with what it showed."""
        self.edits.append(
            {"text": self.text, "embeds": self.embeds, "blocks": self.blocks, "shown": self.shown}
        )


@dataclass
class File(Download):
    """An attachment, of a `message` in a `channel`; `ephemeral`: of a command, and of no message."""

    channel: str = ""
    message: str = ""
    ephemeral: bool = False


@dataclass(frozen=True)
class Call:
    """One call of the API: the route with its parameters' names, what was sent and answered, and when."""

    method: str
    args: Json
    time: float
    reply: Any
    status: int = 200
    path: str = ""
    query: Json = field(default_factory=dict)
    files: tuple[str, ...] = ()
    headers: Json = field(default_factory=dict)


@dataclass
class Sent:
    """An interaction sent to the app, and how it was taken.

    Times are `time.monotonic`. `kind`: command, autocomplete, press, choose, shortcut or submit. `body` is
    the callback's. `error` is what the person reads when the app did not answer in time.
    """

    kind: str
    payload: Json
    id: str
    user: str
    at: float = field(default_factory=time.monotonic)
    acked_at: float | None = None
    body: Json | None = None
    error: str = ""
    done: threading.Event = field(default_factory=threading.Event)
    token: str = ""
    created: float = 0.0
    message: Message | None = None
    on: Message | None = None
    origin: Sent | None = None
    late: bool = False
    followed: bool = False

    @property
    def latency(self) -> float:
        """Seconds from sending it until it was acknowledged; for ever if it was not."""
        return float("inf") if self.acked_at is None else self.acked_at - self.at

    @property
    def choices(self) -> list[Json]:
        """What an autocomplete was answered with."""
        return list(((self.body or {}).get("data") or {}).get("choices") or [])


@dataclass
class Modal:
    """A form that somebody has open. `values` is what was typed, by custom id."""

    id: str
    user: str
    body: Json
    origin: Sent
    values: Json = field(default_factory=dict)
    open: bool = True


class State:
    """Everything, behind one lock. `changed` is told after every change. `ahead` is how far the clock was put on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.api_address = self.cdn_address = ""  # http://host:port of the API and of the files
        self.changed = threading.Condition(threading.RLock())
        self.guilds: dict[str, Guild] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.timeline: dict[str, list[Message]] = {}
        self.files: dict[str, File] = {}
        self.commands: dict[str, list[Json]] = {}  # by guild, those of all guilds under ""
        self.modals: dict[str, Modal] = {}
        self.calls: deque[Call] = deque(maxlen=200_000)
        self.sent: list[Sent] = []
        self.tokens: dict[str, Sent] = {}
        self.ahead = 0.0
        self._clock, self._last = clock, 0

    def now(self) -> float:
        """The platform's time, in seconds since 1970."""
        return self._clock() + self.ahead

    def id(self) -> str:
        """A new snowflake: later ones are greater."""
        self._last = max(self._last + 1, (int(self.now() * 1000) - EPOCH) << 22)
        return str(self._last)

    def message(self, place: str, ts: str) -> Message | None:
        """The message in that channel or thread, unless it was deleted."""
        said = self.messages.get(ts)
        return None if said is None or said.deleted or said.place != place else said

    def dm_of(self, user: str) -> Channel:
        """The conversation of the app with that person, opened if there is none yet."""
        for channel in self.channels.values():
            if channel.kind == "dm" and user in channel.members:
                return channel
        channel = Channel(self.id(), "", "dm", None, {user, BOT_USER}, created_at=self.now())
        self.channels[channel.id] = channel
        return channel


def time_of(snowflake: str) -> float:
    """When that id was made, in seconds since 1970."""
    return ((int(snowflake) >> 22) + EPOCH) / 1000


def stamp(seconds: float) -> str:
    """A time as the wire writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
