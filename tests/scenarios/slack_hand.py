"""The hand in Slack."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from tests.fakes.slack import FakeSlack, Message, Sent, View
from tests.fakes.slack.state import BOT_USER, Json, texts_of
from tests.scenarios.hand import SOON, Hand

MANIFEST: Final = Path(__file__).parents[2] / "bots" / "slack" / "manifest.yaml"
#: Slack's names of the reactions.
_NAMES: Final = {"❌": "x", "🔁": "repeat", "🔄": "arrows_counterclockwise", "🗑️": "wastebasket"}
_METHODS: Final = {"post": "chat.postMessage", "edit": "chat.update"}
#: The button of the admins' page that deletes what is ticked.
_DELETE: Final = "home-delete@home-tick"


class SlackHand(Hand):
    """People in a workspace; the app is installed as its manifest says."""

    platform = "slack"
    workspace = "slack:T0LAB"
    boss = "U0BOSS"
    app = BOT_USER
    not_there = "/invite"
    evil = "<!channel> *pwn* <http://evil|x> <@U0BOSS> & `so on`"
    fake: FakeSlack

    def __init__(self, fake: FakeSlack) -> None:
        super().__init__(fake)
        self._numbers = itertools.count(1)
        fake.add_user(self.boss, "Boss", admin=True)

    def person(self, name: str, **more: Any) -> str:
        user = f"U{next(self._numbers):05d}{name.upper()}"
        self.fake.add_user(user, name, **more)
        return user

    def channel(self, *people: str, kind: Literal["public", "private"], bot_in: bool) -> str:
        number = next(self._numbers)
        name = f"{'C' if kind == 'public' else 'G'}{number:05d}ROOM"
        self.fake.add_channel(name, f"room-{number}", kind, list(people), bot_in=bot_in)
        return name

    def take_out(self) -> None:
        self.fake.uninstall()

    def put_back(self) -> None:
        self.fake.workspace.refusal = ""

    def command(self, user: str, channel: str, text: str) -> Sent:
        return self.fake.command(user, channel, text)

    def press(self, user: str, on: Message, deed: str, *, wait: bool = True) -> Sent:
        """Slack itself asks first."""
        return self.fake.press(user, on, deed, wait=wait)

    def make_video(self, user: str, channel: str, ts: str) -> None:
        self.fake.shortcut(user, channel, ts, "make_video")

    def react(self, user: str, on: Message, emoji: str) -> None:
        self.fake.react(user, on.channel, on.ts, _NAMES[emoji])

    def script_form(self, user: str) -> SlackForm:
        view = self.wait_for(lambda: [one for one in self.fake.views(user) if fields(one)])[-1]
        return SlackForm(self.fake, user, view)

    def own_page(self, user: str) -> str:
        return "\n".join(texts_of(self.home(user).body["blocks"]))

    def delete_on_own_page(self, user: str, job: str) -> None:
        view = self.home(user)
        one = next(element for element in elements(view.body["blocks"]) if job in str(element))
        value = _option(one, "delete") if one["type"] == "overflow" else one["value"]
        self.fake.press(user, view, one["action_id"], value)
        for asking in self.fake.views(user):
            for element in elements(asking.body["blocks"]):
                if element["action_id"].startswith("delete"):
                    self.fake.press(user, asking, element["action_id"], element.get("value"))

    def home(self, user: str) -> View:
        """Their App Home, as it is when they open it now."""
        before = self.fake.home(user)
        drawn = -1 if before is None else len(before.history)
        self.fake.open_home(user)

        def there() -> View | None:
            view = self.fake.home(user)
            return view if view is not None and len(view.history) > drawn else None

        view = self.wait_for(there)
        assert view is not None
        return view

    def admins_page(self, admin: str, of: str) -> str:
        view = self._admins_home(admin, of)
        return "\n".join(texts_of(view.body["blocks"]))

    def delete_ticked(self, admin: str, jobs: list[str], before_yes: Callable[[], object]) -> None:
        view = self._admins_home(admin, jobs[0])
        self.fake.press(admin, view, "home-tick", jobs)
        before_yes()
        (button,) = [one for one in elements(view.body["blocks"]) if one["action_id"] == _DELETE]
        assert button["confirm"]["style"] == "danger"
        self.fake.press(admin, view, _DELETE)

    def _admins_home(self, admin: str, of: str) -> View:
        self.fake.press(admin, self.home(admin), "home-admin")

        def there() -> View | None:
            view = self.fake.home(admin)
            return view if view is not None and of in str(view.body["blocks"]) else None

        view = self.wait_for(there)
        assert view is not None
        return view

    def showed(self, message: Message) -> str:
        bodies = [*(edit["blocks"] for edit in message.edits), message.blocks]
        return "\n".join(text for blocks in bodies for text in texts_of(blocks))

    def reads(self, message: Message) -> str:
        """The blocks hold what is shown."""
        return message.shown

    def obeys(self, message: Message) -> bool:
        return "'url': 'http://evil" in str(message.blocks) or "<!channel>" in message.text

    def thread_of(self, root: Message) -> str:
        return root.thread_ts or root.ts

    def whispers(self, user: str) -> list[Message]:
        return self.fake.ephemerals(user)

    def begun_whispers(self, user: str) -> set[str]:
        return {one.ts for one in self.fake.ephemerals(user)}

    def rang(self, user: str) -> list[Message]:
        """Direct answers ring at nobody here."""
        return self.fake.notified(user)

    def reactions(self, message: Message, emoji: str) -> list[str]:
        return message.reactions.get(_NAMES[emoji], [])

    def sheet(self, user: str) -> str:
        dm = self.dm(user)
        return self.wait_for(lambda: self.fake.files(dm))[-1].content.decode()

    def job_on(self, message: Message) -> str | None:
        return None if message.metadata is None else str(message.metadata["event_payload"]["job"])

    def fail_next(self, what: Literal["post", "edit"], how: str | int, times: int = 1) -> None:
        self.fake.fail_next(_METHODS[what], how, times=times, retry_after=1)

    @contextmanager
    def limits(self) -> Iterator[None]:
        self.fake.limits(on=True, chat_update=30)
        try:
            yield
        finally:
            self.fake.limits(on=False)

    def quiet(self) -> None:
        self.wait_for(lambda: all(sent.done.is_set() for sent in self.fake.sent), SOON)

    def wrong(self) -> list[str]:
        return [*super().wrong(), *self.fake.complaints]


class SlackForm:
    """The script in a modal, with a field for each scene."""

    def __init__(self, fake: FakeSlack, user: str, view: View) -> None:
        self._fake, self._user, self._view = fake, user, view

    @property
    def shown(self) -> str:
        return str(self._view.body)

    @property
    def first(self) -> str:
        return next(iter(fields(self._view).values()))

    def send(self, words: str) -> None:
        self._fake.submit(self._user, self._view.id, {next(iter(fields(self._view))): words})


def fields(view: View) -> dict[str, str]:
    """What stands in each field of a form."""
    return {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in view.body["blocks"]
        if block["type"] == "input"
    }


def elements(blocks: list[Json]) -> list[Json]:
    """Everything in the blocks that can be pressed or chosen."""
    found = []
    for block in blocks:
        found += [one for one in block.get("elements") or () if isinstance(one, dict) and "action_id" in one]
        found += [one for one in (block.get("accessory"),) if isinstance(one, dict) and "action_id" in one]
    return found


def _option(menu: Json, deed: str) -> str:
    """The value of the menu's entry for that deed."""
    return next(str(one["value"]) for one in menu["options"] if json.loads(one["value"])[0].startswith(deed))
