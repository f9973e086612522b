"""The hand in Discord."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from tests.fakes.discord import BOT_USER, GUILD, FakeDiscord, Message, Modal, Sent
from tests.fakes.discord.drawn import TEXT, every
from tests.fakes.discord.state import Json
from tests.pictures.discord_markdown import parse, seen, walk
from tests.scenarios.hand import SOON, Hand

_ROUTES: Final = {
    "post": "POST /channels/{channel_id}/messages",
    "edit": "PATCH /channels/{channel_id}/messages/{message_id}",
}
#: Kinds of options, as Discord numbers them.
_NUMBER, _YES_NO, _FILE = 4, 5, 11
_YES: Final = {"yes": True, "on": True, "no": False, "off": False}


class DiscordHand(Hand):
    """People in a server that the app was added to."""

    platform = "discord"
    workspace = f"discord:{GUILD}"
    boss = "2000000000000000099"
    app = BOT_USER
    not_there = "View Channel"
    evil = f"@everyone **pwn** [x](http://evil) <@{boss}> & `so on`"
    fake: FakeDiscord

    def __init__(self, fake: FakeDiscord) -> None:
        super().__init__(fake)
        fake.add_user(self.boss, "Boss", admin=True)

    def person(self, name: str, **more: Any) -> str:
        return self.fake.add_user("", name, **more).id

    def channel(self, *people: str, kind: Literal["public", "private"], bot_in: bool) -> str:
        return self.fake.add_channel("", "room", kind, list(people), bot_in=bot_in).id

    def take_out(self) -> None:
        self.fake.uninstall()

    def put_back(self) -> None:
        self.fake.invite(GUILD)

    def command(self, user: str, channel: str, text: str) -> Sent:
        """The words are put into the options that were registered, in their order."""
        path, options = self._options(shlex.split(text))
        return self.fake.command(user, channel, f"paper {path}", **options)

    def _options(self, words: list[str]) -> tuple[str, Json]:
        (paper,) = [one for one in self.fake.commands() if one["type"] == 1]
        known = {one["name"]: one for one in paper["options"]}
        inside = {one["name"]: one for one in known["admin"]["options"]}
        if words[0] in inside and words[0] not in known:
            words = ["admin", *words]
        elif words[0] not in known:
            words = ["make", *words]
        depth = 2 if words[0] == "admin" else 1
        chosen = inside[words[1]] if depth == 2 else known[words[0]]
        options: Json = {}
        free = [one for one in chosen.get("options") or () if one["type"] != _FILE]
        for word in words[depth:]:
            name, sign, value = word.partition("=")
            if word == "scene":
                continue
            option = next(one for one in free if not sign or one["name"] == name)
            free.remove(option)
            options[option["name"]] = _value(option["type"], value if sign else word)
        return " ".join(words[:depth]), options

    def press(self, user: str, on: Message, deed: str, *, wait: bool = True) -> Sent:
        before = self.begun_whispers(user)
        asks = f"'custom_id': '?{deed}" in str(on.blocks)
        sent = self.fake.press(user, on, deed, wait=wait)
        if asks:
            question = self._next(user, before, lambda one: self.has_button(one, deed))
            sent = self.fake.press(user, question, deed, wait=wait)
        return sent

    def _next(self, user: str, before: set[str], fits: Callable[[Message], bool]) -> Message:
        """The first whisper that was not there before."""
        return self.wait_for(
            lambda: [one for one in self.whispers(user) if one.ts not in before and fits(one)]
        )[0]

    def make_video(self, user: str, channel: str, ts: str) -> None:
        self.fake.shortcut(user, channel, ts, "Make a video")

    def react(self, user: str, on: Message, emoji: str) -> None:
        self.fake.react(user, on.place, on.ts, emoji)

    def script_form(self, user: str) -> DiscordForm:
        panel = self.wait_for(lambda: [one for one in self.whispers(user) if "Edit the script" in one.shown])
        return DiscordForm(self, user, panel[-1])

    def own_page(self, user: str) -> str:
        return self._page(user, "list").shown

    def delete_on_own_page(self, user: str, job: str) -> None:
        page = self._page(user, "list")
        before = self.begun_whispers(user)
        self.fake.press(user, page, "delete", job)
        question = self._next(user, before, lambda one: self.has_button(one, "delete"))
        self.fake.press(user, question, "delete", job)

    def admins_page(self, admin: str, of: str) -> str:
        return self._admins_page(admin, of).shown

    def delete_ticked(self, admin: str, jobs: list[str], before_yes: Callable[[], object]) -> None:
        page = self._admins_page(admin, jobs[0])
        before = self.begun_whispers(admin)
        self.fake.choose(admin, page, "home-delete", *jobs)
        question = self._next(admin, before, lambda one: "Delete what is ticked?" in one.shown)
        before_yes()
        self.fake.press(admin, question, "home-delete")

    def _admins_page(self, admin: str, of: str) -> Message:
        page = self._page(admin, "admin page")
        self.wait_for(lambda: of in str(page.blocks))
        return page

    def _page(self, user: str, words: str) -> Message:
        before = self.begun_whispers(user)
        room = self.fake.add_channel("", "somewhere").id
        self.command(user, room, words)
        return self._next(user, before, lambda _: True)

    def showed(self, message: Message) -> str:
        return "\n".join([*(edit["shown"] for edit in message.edits), message.shown])

    def reads(self, message: Message) -> str:
        return seen(parse(message.shown))

    def obeys(self, message: Message) -> bool:
        """Of labels and descriptions Discord draws no marks."""
        wanted = {"link": "http://evil", "address": "http://evil", "person": self.boss, "everyone": ""}
        texts = [message.text, *(one["content"] for one in every(message.blocks) if one["type"] == TEXT)]
        nodes = [node for text in texts for node in walk(parse(text))]
        return any(node.kind in wanted and node.target.startswith(wanted[node.kind]) for node in nodes)

    def thread_of(self, root: Message) -> str:
        """In direct messages, what is replied to."""
        return root.thread_ts or root.reference or root.ts

    def whispers(self, user: str) -> list[Message]:
        """What is answered to a reaction, a mention or a file comes as a direct message."""
        return [one for one in self._whispers(user) if not one.loading]

    def begun_whispers(self, user: str) -> set[str]:
        return {one.ts for one in self._whispers(user)}

    def _whispers(self, user: str) -> list[Message]:
        return [*self.fake.ephemerals(user), *self.of_app(self.dm(user))]

    def rang(self, user: str) -> list[Message]:
        """A direct answer rings, as every direct message does; what a video has to tell names the person."""
        dm = self.dm(user)
        return [
            one for one in self.fake.notified(user) if one.place != dm or f"<@{user}>" in self.showed(one)
        ]

    def reactions(self, message: Message, emoji: str) -> list[str]:
        return message.reactions.get(emoji, [])

    def sheet(self, user: str) -> str:
        last = self.wait_for(lambda: [one for one in self.whispers(user) if one.files])[-1]
        return self.fake.state.files[last.files[0]].content.decode()

    def job_on(self, message: Message) -> str | None:
        """The number that a message carries says nothing to whoever does not know the job."""
        return None

    def fail_next(self, what: Literal["post", "edit"], how: str | int, times: int = 1) -> None:
        self.fake.fail_next(_ROUTES[what], how, times=times, retry_after=1)

    @contextmanager
    def limits(self) -> Iterator[None]:
        self.fake.limits(on=True)
        try:
            yield
        finally:
            self.fake.limits(on=False)

    def quiet(self) -> None:
        """Nobody acknowledges an event: somebody asks after it, on the same wire, and is answered."""
        self._page(self.boss, "help")
        self.wait_for(lambda: all(sent.done.is_set() for sent in self.fake.sent), SOON)


class DiscordForm:
    """The script on a panel; its pages are modals, which open and close."""

    def __init__(self, hand: DiscordHand, user: str, panel: Message) -> None:
        self._hand, self._user, self._panel = hand, user, panel

    @property
    def shown(self) -> str:
        return self._panel.shown

    @property
    def first(self) -> str:
        view = self._opened()
        self._hand.fake.close_view(self._user, view.id)
        return next(
            str(one.get("value") or "")
            for one in every(view.body["components"])
            if one.get("custom_id") == "scene-0"
        )

    def send(self, words: str) -> None:
        before = len(self._panel.edits)
        self._hand.fake.submit(self._user, self._opened().id, {"scene-0": words})
        self._hand.wait_for(lambda: len(self._panel.edits) > before)
        self._hand.fake.press(self._user, self._panel, "Approve")

    def _opened(self) -> Modal:
        self._hand.fake.press(self._user, self._panel, "edit-page")
        return self._hand.wait_for(lambda: self._hand.fake.views(self._user))[-1]


def _value(kind: int, text: str) -> Any:
    if kind == _NUMBER:
        return int(text)
    if kind == _YES_NO:
        return _YES[text]
    return text.strip("<>@#")
