"""What is to be seen on the platform: the half of the hand that only looks."""

from __future__ import annotations

from tests.fakes.discord.contract import off_contract
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.rest import Api
from tests.fakes.discord.state import Call, File, Json, Message, Modal, Sent, State
from tests.fakes.discord.world import World
from tests.fakes.watched import Watched


class Reading(Watched[Call, Sent, Message]):
    """What people see."""

    state: State
    world: World
    api: Api
    gateway: Gateway

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

    def ephemerals(self, user: str, channel: str | None = None) -> list[Message]:
        """What only that person was shown, in this channel and its threads if it is named."""
        with self.state.changed:
            said = [one for one in self.state.messages.values() if one.seen_by == user and not one.deleted]
            return [one for one in said if channel in (None, one.channel, one.place)]

    def notified(self, user: str) -> list[Message]:
        """The messages of the app that rang at that person, since deleted or not; see `pings.py` for what rings."""
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
