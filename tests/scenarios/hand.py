"""What people do and see on a platform, in the words of the stories: each platform has a hand of its own."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Literal, Protocol, TypeVar

T = TypeVar("T")
#: A message as a platform's stand-in holds it: `shown`, `blocks`, `channel`, `ts`, `edits`, `deleted` …
Message = Any
#: Seconds in which what a hand waits for must be there.
SOON = 60.0


class ScriptForm(Protocol):
    """A script that somebody edits."""

    @property
    def shown(self) -> str:
        """All that its editor sees of it now."""
        ...

    @property
    def first(self) -> str:
        """The words of the first scene, as they stand in the form."""
        ...

    def send(self, words: str) -> None:
        """Put these in place of the first scene's, and hand the script in."""
        ...


class Hand(ABC):
    """What is done by the same call on each stand-in is written here; the rest is each platform's own.

    `workspace` is the platform's id in our database; `boss` an admin; `app` the app's own user.
    """

    #: The platform's name, which is that of the command that serves it too.
    platform: ClassVar[str]
    workspace: ClassVar[str]
    boss: ClassVar[str]
    app: ClassVar[str]
    #: A title as only somebody with bad intentions gives it.
    evil: ClassVar[str]
    #: What stands in a refusal to post where the app is not.
    not_there: ClassVar[str]

    def __init__(self, fake: Any) -> None:
        self.fake = fake

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which our processes find the platform."""
        return dict(self.fake.environment)

    @property
    def connections(self) -> int:
        """How many connections the app has."""
        return int(self.fake.connections)

    def wait_for(self, happens: Callable[[], T], seconds: float = SOON) -> T:
        """What it gives, once that is true. Raises `AssertionError` with what is to be seen there."""
        found: T = self.fake.wait_for(happens, seconds)
        return found

    # People and places.

    @abstractmethod
    def person(self, name: str, **more: Any) -> str:
        """Somebody new; their id."""

    @abstractmethod
    def channel(self, *people: str, kind: Literal["public", "private"], bot_in: bool) -> str:
        """A new channel with these people in it; its id."""

    def dm(self, user: str) -> str:
        """Where somebody and the app write to each other."""
        return str(self.fake.dm(user))

    def kick(self, channel: str) -> None:
        """Take the app out of a channel."""
        self.fake.kick(channel)

    @abstractmethod
    def take_out(self) -> None:
        """Take the app out of the workspace."""

    @abstractmethod
    def put_back(self) -> None:
        """Let it in again."""

    # What people do.

    @abstractmethod
    def command(self, user: str, channel: str, text: str) -> Any:
        """`/paper TEXT`, answered by the app."""

    @abstractmethod
    def press(self, user: str, on: Message, deed: str, *, wait: bool = True) -> Any:
        """Press the button of that deed; where a question comes first, say yes."""

    @abstractmethod
    def make_video(self, user: str, channel: str, ts: str) -> None:
        """“Make a video” in the menu of a message."""

    @abstractmethod
    def react(self, user: str, on: Message, emoji: str) -> None:
        """Put a reaction on a message."""

    def write(self, user: str, channel: str, text: str) -> str:
        """Write a message; its `ts`."""
        return str(self.fake.say(user, channel, text))

    def drop(self, user: str, channel: str, name: str, content: bytes, *more: Any, **rest: Any) -> str:
        """Drop a file; the message's `ts`."""
        return str(self.fake.drop(user, channel, name, content, *more, **rest))

    def delete(self, message: Message) -> None:
        """An admin of the platform deletes a message of the app."""
        self.fake.delete_message(message.channel, message.ts)

    @abstractmethod
    def script_form(self, user: str) -> ScriptForm:
        """The script that somebody has just begun to edit, once it is there."""

    @abstractmethod
    def own_page(self, user: str) -> str:
        """All that stands on somebody's page of their own videos, as it is when they open it now."""

    @abstractmethod
    def delete_on_own_page(self, user: str, job: str) -> None:
        """Delete a video there, and say yes to the question that comes first."""

    @abstractmethod
    def admins_page(self, admin: str, of: str) -> str:
        """All that stands on the page of all videos, once `of` stands there too."""

    @abstractmethod
    def delete_ticked(self, admin: str, jobs: list[str], before_yes: Callable[[], object]) -> None:
        """Tick some of the videos there and delete them; `before_yes` is called while they are only ticked."""

    # What people see.

    def messages(self, channel: str) -> list[Message]:
        """What everybody reads in a channel."""
        return list(self.fake.messages(channel))

    def of_app(self, channel: str, thread: str | None = None) -> list[Message]:
        """What the app said there, or in a thread of it."""
        return list(self.fake.of_app(channel, thread))

    @abstractmethod
    def showed(self, message: Message) -> str:
        """All that a message showed, from its first words to what it shows now."""

    @abstractmethod
    def reads(self, message: Message) -> str:
        """What a reader sees of a message, once its marks are drawn."""

    @abstractmethod
    def obeys(self, message: Message) -> bool:
        """Whether anything of `evil` does in a message what it says there, and is more than text."""

    @abstractmethod
    def thread_of(self, root: Message) -> str:
        """The thread that hangs under a message, or that it stands in."""

    def files(self, root: Message) -> list[Any]:
        """The files in the thread of a message."""
        return list(self.fake.files(root.channel, self.thread_of(root)))

    @abstractmethod
    def whispers(self, user: str) -> list[Message]:
        """What only somebody was shown, beside the messages of their videos."""

    @abstractmethod
    def begun_whispers(self, user: str) -> set[str]:
        """The `ts` of these, of those also that show nothing yet."""

    @abstractmethod
    def rang(self, user: str) -> list[Message]:
        """What notified somebody, but for direct answers to what they did."""

    @abstractmethod
    def reactions(self, message: Message, emoji: str) -> list[str]:
        """Who put that reaction on a message."""

    @abstractmethod
    def sheet(self, user: str) -> str:
        """The last sheet that was handed to somebody."""

    def has_button(self, message: Message, deed: str) -> bool:
        """Whether the message has a button of that deed."""
        name = re.escape(deed)
        found = rf"'action_id': '{name}'|'custom_id': '\??{name}(?::\d+)?[|#]"
        return re.search(found, str(message.blocks)) is not None

    @abstractmethod
    def job_on(self, message: Message) -> str | None:
        """The job that is written on a message; `None` where the platform has no place for it."""

    # How the platform behaves.

    @abstractmethod
    def fail_next(self, what: Literal["post", "edit"], how: str | int, times: int = 1) -> None:
        """How the next messages, or edits, are answered: a status, or `lost` (it is done, and that is not heard)."""

    @abstractmethod
    def limits(self) -> AbstractContextManager[None]:
        """The platform's rate limits are on, for as long as the block lasts."""

    def refusals(self) -> int:
        """How often the app was told to wait, so far."""
        return sum(call.status == 429 for call in self.fake.calls)

    def drop_connections(self) -> None:
        """Cut every connection."""
        self.fake.drop_connections()

    @abstractmethod
    def quiet(self) -> None:
        """Wait until everything that was sent to the app was taken."""

    def wrong(self) -> list[str]:
        """Where what was said is not as the platform has it."""
        return list(self.fake.off_contract())
