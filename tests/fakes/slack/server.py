"""`FakeSlack`: the workspace behind real sockets on loopback, in a thread with a loop of its own."""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from tests.fakes.served import Served, address_of, listening
from tests.fakes.slack import rooms as _rooms  # noqa: F401 - its methods are registered
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.files import FileHost
from tests.fakes.slack.hand import Hand
from tests.fakes.slack.http_mode import HttpMode
from tests.fakes.slack.manifest import refusals
from tests.fakes.slack.payloads import Payloads
from tests.fakes.slack.shapes import BOT_NAME
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.state import BOT_USER, TEAM, Json, Sent, State, User
from tests.fakes.slack.table import table
from tests.fakes.slack.views import ResponseUrls
from tests.fakes.slack.web_api import Api, Fault
from tests.fakes.slack.workspace import Workspace


class FakeSlack(Served, Hand):
    """A workspace `T0LAB` with the app installed in it. Use it with `with`.

    `scopes` are those of the bot token and `events` what the app subscribed to: by default all that the
    contract table knows. `manifest` (a file, or what is in one) sets both and the commands and shortcuts, so
    that nothing works which the manifest forgot. `enterprise` is the organisation that the workspace belongs
    to, if any; with `org` the app is installed in all of it. `clock` is where time stamps come from.
    """

    def __init__(
        self,
        *,
        manifest: Path | Mapping[str, Any] | None = None,
        scopes: set[str] | None = None,
        events: set[str] | None = None,
        team: str = TEAM,
        enterprise: str | None = None,
        org: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("fake-slack")
        self.bot_token, self.app_token = "xoxb-1-fake-bot", "xapp-1-A0HILL-1-fake"
        self.signing_secret = "a-signing-secret"
        self.complaints: list[str] = []
        self.state = State(team=team, enterprise=enterprise, org=org, clock=clock)
        self.workspace = Workspace(self.state, self.send)
        self.workspace.scopes = set(scopes if scopes is not None else every_scope())
        self.workspace.subscriptions = set(events if events is not None else table()["subscriptions"])
        if manifest is not None:
            self.install(manifest)
        self.state.users[BOT_USER] = User(BOT_USER, BOT_NAME, team=team, bot=True)

    def install(self, manifest: Path | Mapping[str, Any]) -> None:
        """Install the app anew, as its manifest says; one that the platform refuses fails the test."""
        read = yaml.safe_load(manifest.read_text()) if isinstance(manifest, Path) else manifest
        features, settings = read.get("features", {}), read.get("settings", {})
        refused = refusals(read)
        assert not refused, f"Slack refuses this manifest: {refused}"
        self.workspace.scopes = set(read["oauth_config"]["scopes"]["bot"])
        self.workspace.subscriptions = set(settings.get("event_subscriptions", {}).get("bot_events", []))
        self.workspace.commands = {one["command"] for one in features.get("slash_commands", [])}
        escaped = {one["command"] for one in features.get("slash_commands", []) if one.get("should_escape")}
        self.workspace.escaped_commands = escaped
        self.workspace.shortcuts = {one["callback_id"] for one in features.get("shortcuts", [])}
        home = features.get("app_home", {})
        self.workspace.home_tab = bool(home.get("home_tab_enabled"))
        self.workspace.messages_tab = bool(
            home.get("messages_tab_enabled") and not home.get("messages_tab_read_only_enabled", True)
        )
        self.workspace.interactive = bool(settings.get("interactivity", {}).get("is_enabled"))

    # -- the sockets --

    async def _open(self) -> list[web.AppRunner]:
        self.sockets = SocketMode(self.state)
        self.api = Api(self.workspace, self.sockets, bot_token=self.bot_token, app_token=self.app_token)
        self.payloads = Payloads(self.api)
        self.host = FileHost(self.api)
        self.delivery = Delivery(self.state, self.sockets)
        main = [
            web.route("*", "/api/{method}", self.api.answer),
            web.get("/link/", self.sockets.connect),
            web.post("/commands/{key}", ResponseUrls(self.api).answer),
        ]
        download = [
            web.get("/files-pri/{key}/{way:.*}", self.host.give),
            web.post("/upload/v1/{name}", self.host.take),
        ]
        runners = [
            await listening(main),
            await listening(download),
            await listening([web.route("*", "/{way:.*}", self.host.elsewhere)]),
        ]
        self.state.address, self.state.file_address, self.elsewhere = (address_of(one) for one in runners)
        self.api_url = f"{self.state.address}/api/"
        self.file_host = self.state.file_address.removeprefix("http://")
        return runners

    async def _close(self) -> None:
        self.api.closing.set()
        await self.delivery.close()
        await self.delivery.wire.close()
        await self.sockets.close()

    def send(self, kind: str, payload: Json) -> Sent:
        """Put an envelope on its way, whatever is in it."""
        with self.state.changed:
            name = payload.get("event_id") or f"envelope-{self.state.number('envelope')}"
            sent = Sent(kind, copy.deepcopy(payload), name)
            self.state.sent.append(sent)
        self._loop.call_soon_threadsafe(self.delivery.start, sent)
        return sent

    # -- how the platform behaves --

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a process of ours finds this Slack in Socket Mode."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_FILE_HOSTS": self.file_host,
        }

    @property
    def connections(self) -> int:
        """How many sockets the app has open."""
        return self.sockets.connections

    def wait_connected(self, count: int = 1, timeout: float = 20) -> None:
        """Wait until the app has that many sockets open."""
        self.wait_for(lambda: self.sockets.connections >= count, timeout)

    def deliver_to(self, url: str) -> HttpMode:
        """HTTP mode from now on: everything is posted to `url`."""
        wire = HttpMode(url, self.signing_secret)
        self.delivery.wire = wire
        return wire

    def verify_url(self) -> bool:
        """What the platform does when an address is entered: whether the app answers the challenge."""
        wire, challenge = self.delivery.wire, f"challenge-{self.state.number('challenge')}"
        assert isinstance(wire, HttpMode), "there is no address"
        payload = {"token": "verification-token", "challenge": challenge, "type": "url_verification"}
        answer = self._do(wire.deliver(Sent("events_api", payload, challenge, attempts=1), 3.0))
        return answer is not None and answer.get("challenge", answer.get("text")) == challenge

    def drop_connections(self, *, politely: bool = False) -> None:
        """Cut every socket, or close it as it should be closed."""
        self._do(self.sockets.drop(politely=politely))

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send `disconnect` on every socket: warning, refresh_requested or link_disabled."""
        self._do(self.sockets.disconnect(reason))

    def lose_acks(self, count: int) -> None:
        """Overlook the next acknowledgements, so that what was sent is sent again."""
        self.sockets.deaf = count

    def redeliver(self, sent: Sent) -> Sent:
        """Send the same thing once more, as if its acknowledgement had been lost."""
        again = self.send(sent.kind, sent.payload)
        again.reason = "timeout"
        return again

    def events(self, kind: str | None = None) -> list[Sent]:
        """The events that were sent, of one type if it is named."""
        found = [sent for sent in self.sent if sent.kind == "events_api"]
        return [sent for sent in found if kind in (None, sent.payload["event"]["type"])]

    def fail_next(self, method: str, what: str | int, times: int = 1, *, retry_after: int = 1) -> None:
        """Answer the next calls of the method (`*`: of any) with an error's code or a status.

        `hang`: no answer at all; `break`: the connection breaks; `lost`: it is done, and then breaks.
        """
        with self.state.changed:
            self.api.faults.setdefault(method, deque()).append(Fault(what, times, retry_after))

    def slow_down(self, method: str, seconds: float) -> None:
        """Answer that method so much later."""
        self.api.slow[method] = seconds

    def limits(self, *, on: bool = True, **per_minute: float) -> None:
        """Obey the tiers. Names with `_` for `.` override them: `chat_update=20` calls a minute."""
        with self.state.changed:
            self.api.limits.on = on
            self.api.limits.per_minute = {name.replace("_", "."): float(n) for name, n in per_minute.items()}

    @property
    def token_showings(self) -> list[tuple[str, str, str]]:
        """Requests to the hosts of files: which host, path, and the bearer token that was shown."""
        return list(self.host.asked)


def every_scope() -> set[str]:
    """All scopes that the contract table knows for a bot."""
    known = {method["scopes"] for method in table()["methods"].values()}
    known |= {one for kinds in table()["scopes_by_kind"].values() for one in kinds.values()}
    known |= {event["scope"] for event in table()["subscriptions"].values()}
    return {one for one in known if one and not one.startswith("*")} - {"connections:write"} | {"commands"}
