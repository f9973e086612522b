"""A chat platform in memory, with what real ones do wrong, and processes that die at any moment.

It outlives the messengers that are tried on it, and knows nothing of them but `bots.port`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import RLock, local
from typing import Any, Literal, TypeVar

from bots.cards.card import Card, Paragraph, plainly
from bots.people import Place
from bots.port import Attachment, MessageGoneError, PlaceGoneError, Tag, Uploads
from storage.database import Database

T = TypeVar("T")


class Crash(BaseException):
    """What ends a process in the midst of its work: nothing catches it."""


class Fate:
    """When a process dies: at its `at`-th moment. Once dead it does nothing any more."""

    def __init__(self, at: int | None = None) -> None:
        self._at = at
        self._lock = RLock()
        self.moments = 0
        self.dead = False

    def moment(self) -> None:
        with self._lock:
            self.moments += 1
            self.dead = self.dead or self.moments == self._at
            if self.dead:
                raise Crash


class MortalDatabase:
    """A real database, as a process uses it that may die before and after each of its transactions."""

    def __init__(self, database: Database, fate: Fate) -> None:
        self._database = database
        self._fate = fate
        self._inside = local()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def do(self, work: Callable[[], T]) -> T:
        if getattr(self._inside, "now", False):
            return self._database.do(work)
        self._fate.moment()
        self._inside.now = True
        try:
            result = self._database.do(work)
        finally:
            self._inside.now = False
        self._fate.moment()
        return result


@dataclass
class Post:
    """A message as the platform holds it."""

    id: str
    channel: str
    thread: str | None
    card: Card | None
    tag: Tag
    files: tuple[str, ...] = ()
    whole: str = ""
    edits: int = 0
    reactions: set[str] = field(default_factory=set)
    deleted: bool = False
    at: float = 0.0

    @property
    def text(self) -> str:
        return "" if self.card is None else self.card.text

    @property
    def mentions(self) -> list[str]:
        """Whom the message notifies."""
        blocks = self.card.blocks if self.card is not None else ()
        spans = [span for block in blocks if isinstance(block, Paragraph) for span in block.spans]
        return [span.target for span in spans if span.style == "person"]

    @property
    def words(self) -> str:
        """All that it says in paragraphs."""
        blocks = self.card.blocks if self.card is not None else ()
        return "\n".join(plainly(block.spans) for block in blocks if hasattr(block, "spans"))


@dataclass
class Platform:
    """What is on the platform. `trouble` is asked before each call: what it raises, the call raises."""

    posts: list[Post] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    log: list[tuple[float, str, str]] = field(default_factory=list)
    trouble: Callable[[str, str], None] = lambda method, channel: None
    admin_ids: list[str] = field(default_factory=list)
    uploads: Uploads = field(default_factory=lambda: Uploads(largest=1_000_000))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def living(self, channel: str | None = None) -> list[Post]:
        return [post for post in self.posts if not post.deleted and channel in (None, post.channel)]

    def of(self, what: str) -> list[Post]:
        """The living posts whose tag says `what` before the first colon."""
        return [post for post in self.living() if post.tag.what.split(":")[0] == what]

    def get(self, message: str) -> Post:
        return next(post for post in self.posts if post.id == message)

    def delete(self, post: Post) -> None:
        post.deleted = True

    def new(self, **values: Any) -> Post:
        post = Post(id=f"m{next(self._numbers)}", **values)
        self.posts.append(post)
        return post


class PlatformPort:
    """`bots.port.Port` for one process. `fate`: when it dies; before a call takes effect, or before it is answered."""

    platform = "slack"

    def __init__(self, platform: Platform, fate: Fate | None = None) -> None:
        self._on = platform
        self._fate = fate or Fate()

    def uploads(self, place: Place) -> Uploads:
        return self._on.uploads

    async def _called(self, method: str, channel: str) -> None:
        await asyncio.sleep(0)
        self._fate.moment()
        self._on.calls[method] += 1
        self._on.log.append((asyncio.get_running_loop().time(), method, channel))
        self._on.trouble(method, channel)

    async def _answered(self) -> None:
        self._fate.moment()
        await asyncio.sleep(0)

    def _open(self, place: Place) -> None:
        if place.channel in self._on.closed:
            raise PlaceGoneError("The app is not in there.")
        if place.thread is not None and place.thread.startswith("m") and self._on.get(place.thread).deleted:
            raise MessageGoneError("The message that the thread hangs under was deleted.")

    async def post(self, place: Place, card: Card, *, tag: Tag) -> str:
        await self._called("post", place.channel)
        self._open(place)
        now = asyncio.get_running_loop().time()
        post = self._on.new(channel=place.channel, thread=place.thread, card=card, tag=tag, at=now)
        await self._answered()
        return post.id

    async def edit(self, place: Place, message: str, card: Card, *, tag: Tag) -> None:
        await self._called("edit", place.channel)
        self._open(place.model_copy(update={"thread": None}))
        post = self._on.get(message)
        if post.deleted:
            raise MessageGoneError("It was deleted.")
        post.card, post.edits = card, post.edits + 1
        await self._answered()

    async def find(self, place: Place, tag: Tag, *, since: float) -> str | None:
        await self._called("find", place.channel)
        self._open(place.model_copy(update={"thread": None}))
        found = [post.id for post in self._on.living(place.channel) if post.tag == tag]
        await self._answered()
        return next(iter(found), None)

    async def upload(self, place: Place, files: Sequence[Attachment], *, tag: Tag) -> str:
        await self._called("upload", place.channel)
        self._open(place)
        assert all(one.path.is_file() for one in files)
        named = tuple(one.name for one in files)
        assert set(named) <= set(tag.files)
        whole = next((one.whole for one in files if one.whole), "")
        post = self._on.new(
            channel=place.channel, thread=place.thread, card=None, tag=tag, files=named, whole=whole
        )
        await self._answered()
        return post.id

    async def remove(self, place: Place, handle: str) -> None:
        await self._called("remove", place.channel)
        self._on.delete(self._on.get(handle))
        await self._answered()

    async def react(self, place: Place, message: str, name: Literal["retry"]) -> None:
        await self._called("react", place.channel)
        if self._on.get(message).deleted:
            raise MessageGoneError("It was deleted.")
        self._on.get(message).reactions.add(name)
        await self._answered()

    async def unreact(self, place: Place, message: str, name: Literal["retry"]) -> None:
        await self._called("unreact", place.channel)
        self._on.get(message).reactions.discard(name)
        await self._answered()

    async def dm(self, user: str) -> Place:
        await self._called("dm", f"D-{user}")
        if user in self._on.strangers:
            raise PlaceGoneError("There is no such person any more.")
        return Place(platform=self.platform, workspace="slack:T1", channel=f"D-{user}", kind="dm")

    async def admins(self, workspace: str) -> Sequence[str]:
        await self._called("admins", workspace)
        return list(self._on.admin_ids)
