"""Who speaks, where, and what they hold in their hands: what every platform says of them before the desk listens."""

from __future__ import annotations

from typing import Literal

from storage.records import Record, Requester

#: A conversation of two, one of a few who were invited, or one that everybody of the workspace may read.
PlaceKind = Literal["dm", "private", "public"]


class Place(Record):
    """Where something stands: a conversation of a platform, and the thread in it (`None`: not in a thread)."""

    platform: str
    workspace: str
    channel: str
    kind: PlaceKind
    thread: str | None = None

    @property
    def private(self) -> bool:
        """Whether what is asked for here is nobody else's business."""
        return self.kind != "public"


class Person(Record):
    """Somebody, as the platform knows them.

    `guest`: it calls them so; `ours`: of a team or server that the app is for; `gone`: not there any more;
    `program`: no person at all.
    """

    requester: Requester
    guest: bool = False
    ours: bool = True
    gone: bool = False
    program: bool = False


class DroppedFile(Record):
    """A file that a person handed in. `path` is where it lies on this machine once it was fetched."""

    id: str
    name: str
    bytes: int
    path: str | None = None


class Mention(Record):
    """A person or a channel that the words mention and the platform knows; `id` stands in the words, after @ or #.

    `guest`: a person whom the platform calls so; `outsider`: one of another workspace, whose account is closed, or
    a program. `present`: a channel that the app is in.
    """

    kind: Literal["person", "channel"]
    id: str
    name: str
    guest: bool = False
    outsider: bool = False
    present: bool = True


class Ask(Record):
    """Somebody says something, presses something or drops a file.

    `who.admin` is as the platform says; the desk adds those that an admin made admins. `guest`: the
    platform calls them a guest. `thread_of` is the message whose thread the words were said in, and
    `origin` the message that `file` was dropped with. `mentions` are looked up for an admin's words only:
    whom the platform doesn't know is not among them.
    """

    who: Requester
    guest: bool = False
    place: Place
    thread_of: str | None = None
    file: DroppedFile | None = None
    origin: str | None = None
    mentions: tuple[Mention, ...] = ()
