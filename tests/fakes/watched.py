"""What tests see of a platform's stand-in, whichever it is: what was called and sent, and waiting for what comes."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Called(Protocol):
    """A call of the platform's API."""

    @property
    def method(self) -> str:
        """Its name, or its route."""
        ...


class Sendable(Protocol):
    """Something that was sent to the app."""

    #: Set once the app answered, or the platform gave up waiting.
    done: threading.Event


class Said(Protocol):
    """A message."""

    @property
    def by_app(self) -> bool:
        """Whether the app wrote it."""
        ...


C_co = TypeVar("C_co", bound=Called, covariant=True)
S = TypeVar("S", bound=Sendable)
M = TypeVar("M", bound=Said)


class Remembering(Protocol[C_co, S]):
    """What a platform's state has for this: a lock that is told of every change, and two lists."""

    changed: threading.Condition

    @property
    def calls(self) -> Collection[C_co]: ...

    sent: list[S]


class Watched(ABC, Generic[C_co, S, M]):
    """The half of a hand that only looks, as far as platforms don't differ in it."""

    state: Remembering[C_co, S]

    @abstractmethod
    def messages(self, channel: str, thread: str | None = None, *, deleted: bool = False) -> list[M]:
        """What everybody reads in a conversation, or (`thread`) in a thread of it."""

    @abstractmethod
    def notified(self, user: str) -> list[M]:
        """The messages of the app that rang at that person."""

    @abstractmethod
    def told(self) -> str:
        """The platform in words, for a failed test."""

    @property
    def calls(self) -> list[C_co]:
        """All calls of the API so far."""
        with self.state.changed:
            return list(self.state.calls)

    @property
    def sent(self) -> list[S]:
        """All that was sent to the app."""
        with self.state.changed:
            return list(self.state.sent)

    def calls_of(self, method: str) -> list[C_co]:
        """The calls of one method, or of one route."""
        return [call for call in self.calls if call.method == method]

    def of_app(self, channel: str, thread: str | None = None) -> list[M]:
        """The same as `messages`, only the app's."""
        return [said for said in self.messages(channel, thread) if said.by_app]

    def notifications(self, user: str) -> int:
        """How many messages of the app rang at that person."""
        return len(self.notified(user))

    def wait_for(self, predicate: Callable[[], T], timeout: float = 20) -> T:
        """What `predicate` gives, once that is true; it is asked again after every change.

        Raises:
            AssertionError: it did not become true in `timeout` seconds; what is to be seen is in the message.
        """
        until = time.monotonic() + timeout
        with self.state.changed:
            while True:
                found = predicate()
                if found:
                    return found
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not within {timeout} s; to be seen is:\n{self.told()}")
                # Also what does not happen on the platform may be waited for: look now and then.
                self.state.changed.wait(min(left, 0.05))

    def _waited(self, sent: S) -> S:
        """What was sent, once the app answered or the platform gave up waiting."""
        if not sent.done.wait(60):
            raise AssertionError("the fake was closed while it waited for the app")
        return sent
