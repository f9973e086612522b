"""What is to be seen in the workspace, and how the platform behaves: the half of the hand that only looks."""

from __future__ import annotations

from abc import abstractmethod

from tests.fakes.slack.chat import check_content
from tests.fakes.slack.contract import off_contract
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.payloads import Payloads
from tests.fakes.slack.state import BOT_USER, Call, File, Json, Message, Sent, State, View
from tests.fakes.slack.views import change_view, checked_view
from tests.fakes.slack.web_api import Api
from tests.fakes.slack.workspace import Workspace
from tests.fakes.watched import Watched


class Reading(Watched[Call, Sent, Message]):
    """What people see. `complaints` are the answers of the app that the platform would not understand."""

    state: State
    workspace: Workspace
    api: Api
    payloads: Payloads
    complaints: list[str]

    @abstractmethod
    def send(self, kind: str, payload: Json) -> Sent:
        """Put an envelope on its way: `events_api`, `slash_commands` or `interactive`."""

    def messages(self, channel: str, thread: str | None = None, *, deleted: bool = False) -> list[Message]:
        """The messages of a conversation: those that no thread hides, or (`thread`) the replies under one."""
        with self.state.changed:
            found = []
            for said in self.state.timeline.get(channel, []):
                is_reply = said.thread_ts is not None and said.thread_ts != said.ts
                here = said.thread_ts == thread and is_reply if thread else not is_reply or said.broadcast
                if here and (deleted or not said.deleted):
                    found.append(said)
            return found

    def ephemerals(self, user: str, channel: str | None = None) -> list[Message]:
        """What only that person was shown."""
        with self.state.changed:
            return [
                said
                for said in self.state.ephemeral
                if said.seen_by == user and not said.deleted and channel in (None, said.channel)
            ]

    def notified(self, user: str) -> list[Message]:
        """The messages of the app that rang at that person. Edits and ephemeral messages ring at nobody."""
        with self.state.changed:
            return self.workspace.notified(user)

    def views(self, user: str) -> list[View]:
        """The modals that person has open, the topmost last."""
        with self.state.changed:
            return [view for view in self.state.views.values() if view.user == user and view.open]

    def home(self, user: str) -> View | None:
        """The App Home as that person sees it."""
        with self.state.changed:
            return self.state.homes.get(user)

    def files(self, channel: str, thread: str | None = None) -> list[File]:
        """The files in a conversation or a thread that are still there."""
        with self.state.changed:
            names = [name for said in self.messages(channel, thread) for name in said.files]
            return [self.state.files[name] for name in names if not self.state.files[name].deleted]

    def off_contract(self) -> list[str]:
        """Where what was said so far is not as the contract table has it."""
        with self.state.changed:
            return off_contract(self.state)

    def take_answer(self, view: View, sent: Sent) -> None:
        """Do with a submitted modal what the app answered."""
        body = sent.body
        if body is None:
            return
        with self.state.changed:
            try:
                self._take(view, body)
            except RefusedError as refused:
                self.complaints.append(f"view_submission: {refused.code} {refused.more}")
            self.state.changed.notify_all()

    def _take(self, view: View, body: Json) -> None:
        match body.get("response_action"):
            case None:
                if body:
                    self.complaints.append(f"view_submission: {body}")
                view.open = False
                if view.previous in self.state.views:
                    self.state.views[view.previous].open = True
            case "clear":
                for one in self.state.views.values():
                    one.open = one.open and one.root != view.root
            case "errors":
                inputs = {block["block_id"] for block in view.body["blocks"] if block.get("type") == "input"}
                strange = set(body.get("errors") or {"": ""}) - inputs
                if strange:
                    self.complaints.append(f"view_submission: errors for {sorted(strange)}")
                view.errors = body["errors"]
            case "update":
                change_view(view, checked_view(body.get("view"), "modal"))
            case "push":
                kept = checked_view(body.get("view"), "modal")
                name = self.state.id("V")
                self.state.views[name] = View(
                    name, view.user, kept, "modal", f"hash-{name}-1", root=view.root, previous=view.id
                )
            case other:
                self.complaints.append(f"view_submission: response_action {other}")

    def _answered(self, sent: Sent, *, wait: bool, channel: str = "", user: str = "") -> Sent:
        if not wait:
            return sent
        self._waited(sent)
        if channel and sent.body:
            self._show_answer(sent.body, channel, user)
        return sent

    def _show_answer(self, body: Json, channel: str, user: str) -> None:
        """A command's acknowledgement may hold a message."""
        with self.state.changed:
            try:
                text, blocks = check_content(body)
            except RefusedError as refused:
                self.complaints.append(f"slash command: {refused.code}")
                return
            said = Message(channel, self.state.ts(), BOT_USER, text, blocks, by_app=True)
            if body.get("response_type") == "in_channel":
                self.workspace.post(said)
            else:
                said.seen_by = user
                self.state.ephemeral.append(said)
            self.state.changed.notify_all()

    def told(self) -> str:
        """The workspace in words, for a failed test."""
        lines = [f"sent: {len(self.state.sent)}, calls: {[call.method for call in self.state.calls][-20:]}"]
        for name, said_there in self.state.timeline.items():
            for said in said_there:
                mark = "×" if said.deleted else "↳" if said.thread_ts else "•"
                lines.append(f"{name} {mark} {said.ts} {said.user}: {said.shown[:200]!r} {said.files or ''}")
        lines += [f"only {said.seen_by}: {said.shown[:200]!r}" for said in self.state.ephemeral]
        refused = [call for call in self.state.calls if not call.reply.get("ok")]
        lines += [f"refused: {call.method} {call.reply}" for call in refused[-10:]]
        return "\n".join(lines + self.complaints)
