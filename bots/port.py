"""What a platform gives the messenger: a few things that can be done in a place, and what can go wrong there.

A platform's own room (`bots/slack`, …) fits this protocol; nothing here knows one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from bots.cards.card import Card
from bots.people import Place
from pipeline.errors import HiddenHillError
from storage.records import Record


class Tag(Record):
    """What a post of ours is: of which job, and which of the things that are said of it ("message", "end:…").

    It is written on the message where nobody sees it, so that the message is found again after a crash.
    `files` are the names of the files that an upload consists of: platforms that write nothing on
    uploads find them by these. No two tags are equal, nor do two have a file name in common.
    """

    job: str
    what: str
    files: tuple[str, ...] = ()


class Attachment(Record):
    """A file to hand over: its name there, its title, where it lies here, and words for who can't see it.

    `whole` is the address of the whole video, where the file is only its preview; "" where there is none.
    """

    name: str
    title: str
    path: Path
    alt: str = ""
    whole: str = ""


class Uploads(Record):
    """What may be uploaded in a place: the most that one file may have (bytes), and which video stands there.

    With `preview_first` that is the preview, and the link to the whole one with it, as long as there is such a
    link. Without it, or without a link, it is the whole one, and the preview only where the whole one is too large.
    """

    largest: int
    preview_first: bool = False


class PortError(HiddenHillError):
    """The root of what can go wrong at a platform."""

    code = "platform"


class PlaceGoneError(PortError):
    """Raised when nothing can be written in a place any more: the app was removed, or it is archived or deleted."""

    code = "place-gone"


class MessageGoneError(PortError):
    """Raised when the message to be changed, or the one that a thread hangs under, was deleted."""

    code = "message-gone"


class MessageOldError(PortError):
    """Raised when a message is too old to be edited for as long as its job goes on: a new one must take its place."""

    code = "message-old"


class BusyError(PortError):
    """Raised when the platform wants to be left alone for `retry_after` seconds; nothing was written."""

    code = "platform-busy"
    retryable: ClassVar[bool] = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"The platform asks us to wait for {retry_after:.0f} s.")
        self.retry_after = retry_after


class UploadRefusedError(PortError):
    """Raised when the platform won't take these files, now or later: too large, of a wrong kind, no room left."""

    code = "upload-refused"


class PostRefusedError(PortError):
    """Raised when the platform won't take this post, now or later."""

    code = "post-refused"


class PortRefusedError(PortError):
    """Raised when the platform refuses us altogether: our token is wrong, or was revoked."""

    code = "platform-refused"
    exit_status: ClassVar[int] = 2


class PortAwayError(PortError):
    """Raised when the platform can't be reached or fails; whether something was written is unknown."""

    code = "platform-away"
    retryable: ClassVar[bool] = True


class Port(Protocol):
    """A platform, as the messenger uses it.

    A *handle* names what was posted: the message's id, or for an upload whatever `remove` understands
    (at most a few hundred characters, of which none is a white space). Every method may raise
    `PlaceGoneError`, `BusyError`, `PostRefusedError`, `PortRefusedError` and `PortAwayError`, and is cancellable.
    """

    @property
    def platform(self) -> str:
        """The platform's name, as in `storage.records.Requester.platform`."""
        ...

    def uploads(self, place: Place) -> Uploads:
        """What may be uploaded there, as far as it is known now."""
        ...

    async def post(self, place: Place, card: Card, *, tag: Tag) -> str:
        """Post a new message, in `place.thread` if there is one; returns its handle.

        Raises `MessageGoneError` when the message that the thread hangs under was deleted.
        """
        ...

    async def edit(self, place: Place, message: str, card: Card, *, tag: Tag) -> None:
        """Show `card` in place of what the message shows.

        Raises `MessageGoneError` when it was deleted, `MessageOldError` where old messages aren't edited.
        """
        ...

    async def find(self, place: Place, tag: Tag, *, since: float) -> str | None:
        """The handle of the post of ours that carries `tag`, of those not older than `since` (epoch seconds).

        `None` when it was never posted. A post that a person deleted since counts as never posted.
        """
        ...

    async def upload(self, place: Place, files: Sequence[Attachment], *, tag: Tag) -> str:
        """Post the files together, in `place.thread` if there is one; returns their handle.

        Each of them is as `uploads` allows. Raises `UploadRefusedError` when they are not taken,
        `MessageGoneError` as `post` does.
        """
        ...

    async def remove(self, place: Place, handle: str) -> None:
        """Take away what was posted or uploaded under `handle`; no error when it is not there any more."""
        ...

    async def react(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """Put the reaction of that name on the message; no error when it is there. Raises `MessageGoneError`."""
        ...

    async def unreact(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """Take our own reaction away; no error when it isn't there, or the message isn't."""
        ...

    async def dm(self, user: str) -> Place:
        """The place where only this person reads. Raises `PlaceGoneError` for one who is there no more."""
        ...

    async def admins(self, workspace: str) -> Sequence[str]:
        """The platform's ids of those who look after the workspace, as the platform knows them."""
        ...
