"""What is to be seen on the platform: the half of the hand that only looks."""

from __future__ import annotations

import time
from abc import ABC
from collections.abc import Callable
from typing import TypeVar

from tests.fakes.discord.contract import off_contract
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.rest import Api
from tests.fakes.discord.state import Call, File, Json, Message, Modal, Sent, State
from tests.fakes.discord.world import World

T = TypeVar("T")


class Reading(ABC):
    """What people see."""

    state: State
    world: World
    api: Api
    gateway: Gateway

    @property
    def calls(self) -> list[Call]:
        """All calls of the API so far."""
        with self.state.changed:
            return list(self.state.calls)

    @property
    def sent(self) -> list[Sent]:
        """All interactions that were sent to the app."""
        with self.state.changed:
            return list(self.state.sent)

    def messages(self, channel: str, thread: str | None = None, *, deleted: bool = False) -> list[Message]:
        """What everybody reads in a channel, or (`thread`) in a thread of it.

        Direct messages have no threads: there `thread` gives what replies to that message.
        """
        with self.state.changed:
            room = self.state.channels[channel]
            said = self.state.timeline.get(thread or channel, [])
            if room.kind == "dm":
                said = [
                    one
                    for one in self.state.timeline.get(channel, [])
                    if thread is None or one.reference == thread
                ]
            return [one for one in said if not (one.seen_by or one.system) and (deleted or not one.deleted)]

    def of_app(self, channel: str, thread: str | None = None) -> list[Message]:
        """The same, only the app's."""
        return [said for said in self.messages(channel, thread) if said.by_app]

    def ephemerals(self, user: str, channel: str | None = None) -> list[Message]:
        """What only that person was shown, in this channel and its threads if it is named."""
        with self.state.changed:
            said = [one for one in self.state.messages.values() if one.seen_by == user and not one.deleted]
            return [one for one in said if channel in (None, one.channel, one.place)]

    def notifications(self, user: str) -> int:
        """How many messages of the app rang at that person; see `pings.py` for what rings."""
        return len(self.notified(user))

    def notified(self, user: str) -> list[Message]:
        """Those messages; one that was deleted since has rung all the same."""
        with self.state.changed:
            return [one for one in self.state.messages.values() if one.by_app and user in one.pinged]

    def views(self, user: str) -> list[Modal]:
        """The modals that person has open, the topmost last."""
        with self.state.changed:
            return [modal for modal in self.state.modals.values() if modal.user == user and modal.open]

    def files(self, channel: str, thread: str | None = None) -> list[File]:
        """The files in a channel, or in a thread, that are still there."""
        with self.state.changed:
            return [self.state.files[name] for said in self.messages(channel, thread) for name in said.files]

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one route, such as `POST /channels/{channel_id}/messages`."""
        return [call for call in self.calls if call.method == method]

    def commands(self, guild: str = "") -> list[Json]:
        """The commands that are registered for a guild of its own, or for all."""
        with self.state.changed:
            return list(self.state.commands.get(guild, []))

    def off_contract(self) -> list[str]:
        """Where what was said so far is not as the contract table has it."""
        with self.state.changed:
            calls, sent = list(self.state.calls), list(self.state.sent)
            sessions = list(self.gateway.all_sessions)
        return off_contract(calls, sent, sessions)

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
                    raise AssertionError(f"not within {timeout} s; the platform:\n{self.told()}")
                # Also what does not happen on the platform may be waited for: look now and then.
                self.state.changed.wait(min(left, 0.05))

    def told(self) -> str:
        """The platform in words, for a failed test."""
        lines = [f"sent: {len(self.state.sent)}, calls: {[call.method for call in self.state.calls][-20:]}"]
        for place, said_there in self.state.timeline.items():
            for said in said_there:
                mark = "×" if said.deleted else f"only {said.seen_by}" if said.seen_by else "•"
                lines.append(f"{place} {mark} {said.ts} {said.user}: {said.shown[:200]!r} {said.files or ''}")
        refused = [call for call in self.state.calls if call.status >= 400]
        lines += [f"refused: {call.method} {call.status} {call.reply}" for call in refused[-10:]]
        lines += [
            f"not answered: {sent.kind} {sent.payload.get('data')}" for sent in self.state.sent if sent.error
        ]
        return "\n".join(lines)
