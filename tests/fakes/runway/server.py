"""Runway's REST interface over HTTP, as far as footage needs it; it keeps what it was asked and counts what it sold.

`POST /v1/text_to_video`, `GET` and `DELETE /v1/tasks/ID`, `GET /v1/organization`, and under /output the files that
finished tasks link to. A test says beforehand what becomes of the next orders (`Fate`) and which requests are refused
(`Refusal`).
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal

from tests.fakes.runway.contract import VERSION, off_order, order_reply, organization_reply, task_reply
from tests.fakes.runway.footage import clip

#: The key that the fake knows.
KEY: Final = "key_a-secret-that-no-log-shows"
#: Credits a second, without sound and with it.
_CREDITS: Final = {"gen4.5": (12, 12), "veo3.1_fast": (10, 15), "veo3.1": (20, 40)}

Output = Literal[
    "video",
    "short",
    "html",
    "garbage",
    "expired",
    "gone",
    "slow",
    "endless",
    "oversized",
    "redirect",
    "foreign",
]


@dataclass(frozen=True)
class Fate:
    """What becomes of an order. `states` are what looks find, the last for good.

    `output`: what its link leads to; `expired`: nothing until the task was asked for again, `gone`: nothing ever.
    `after`: seconds after the order when each state but the first begins, whatever the looks; without it each look
    finds the next. `charged`: credits in the end, without it all of them for what succeeded and none for the rest.
    `lost`: nobody knows the task; `remembered`: it is shown after it was cancelled.
    """

    states: tuple[str, ...] = ("PENDING", "RUNNING", "SUCCEEDED")
    code: str = ""
    output: Output = "video"
    elsewhere: str = ""
    lost: bool = False
    remembered: bool = False
    after: tuple[float, ...] = ()
    charged: int | None = None


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the right one. `sells`: the order is taken all the same; `breaks`: the line is cut."""

    status: int = 500
    body: Mapping[str, Any] | str = field(default_factory=lambda: {"error": "Internal error."})
    headers: Mapping[str, str] = field(default_factory=dict)
    sells: bool = False
    breaks: bool = False


@dataclass
class Sale:
    """One task."""

    id: str
    body: Mapping[str, Any]
    fate: Fate
    created: float
    looks: int = 0
    cancelled: bool = False
    links: int = 0

    def state(self, now: float) -> str:
        """What a look finds at that time (epoch seconds)."""
        begun = self.looks
        if self.fate.after:
            begun = sum(now - self.created >= seconds for seconds in self.fate.after)
        return self.fate.states[min(begun, len(self.fate.states) - 1)]

    @property
    def credits(self) -> int:
        silent, loud = _CREDITS.get(self.body["model"], (12, 12))
        return (loud if self.body.get("audio", True) else silent) * int(self.body["duration"])


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None


class FakeRunway:
    """The service, open until `close`.

    `fates` are of the next orders, `refusals` of the next requests of a kind (order, look, output). `before_answer`
    is called when an order is in the books and not answered yet: what happens to the customer then is the worst moment.
    `at_the_door` is called with each request before anything else; where it raises `ConnectionError`, nothing is sold
    and nobody answers.
    `before_output` is called when the first part of an output was sent.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.sales: list[Sale] = []
        self.fates: deque[Fate] = deque()
        self.usual = Fate()
        self.refusals: dict[str, deque[Refusal]] = {"order": deque(), "look": deque(), "output": deque()}
        self.credits = 10_000
        self.before_answer: Callable[[], None] | None = None
        self.at_the_door: Callable[[Request], None] | None = None
        self.before_output: Callable[[], None] | None = None
        self.clock: Callable[[], float] = time.time
        self._lock = threading.Lock()
        self._closing = threading.Event()
        fake = self

        class Handler(_Handler):
            def do_POST(self) -> None:
                fake.answer(self)

            def do_GET(self) -> None:
                fake.answer(self)

            def do_DELETE(self) -> None:
                fake.answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Shut it."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def prompts(self) -> list[str]:
        """What was ordered, in words."""
        return [sale.body["promptText"] for sale in self.sales]

    def answer(self, handler: _Handler) -> None:
        size = int(handler.headers.get("Content-Length", 0))
        body = json.loads(handler.rfile.read(size)) if size else None
        path = handler.path.partition("?")[0]
        request = Request(handler.command, path, dict(handler.headers.items()), body)
        with self._lock:
            self.requests.append(request)
        if self.at_the_door is not None:
            try:
                self.at_the_door(request)
            except ConnectionError:
                handler.refuse(Refusal(breaks=True))
                return
        if path.startswith("/output/"):
            self._output(handler, path)
            return
        if handler.headers.get("Authorization") != f"Bearer {KEY}":
            handler.say({"error": "Invalid API key."}, 401)
        elif handler.headers.get("X-Runway-Version") != VERSION:
            handler.say({"error": "X-Runway-Version is missing or unknown."}, 400)
        elif (handler.command, path) == ("POST", "/v1/text_to_video"):
            self._order(handler, body or {})
        elif (handler.command, path) == ("GET", "/v1/organization"):
            handler.say(organization_reply(self._organization()))
        elif path.startswith("/v1/tasks/"):
            self._task(handler, path.rpartition("/")[2])
        else:
            handler.say({"error": "Not found."}, 404)

    def _refused(self, handler: _Handler, kind: str) -> Refusal | None:
        with self._lock:
            queue = self.refusals[kind]
            return queue.popleft() if queue else None

    def _order(self, handler: _Handler, body: Mapping[str, Any]) -> None:
        refusal = self._refused(handler, "order")
        if refusal is not None and not refusal.sells:
            handler.refuse(refusal)
            return
        if wrong := off_order(body):
            handler.say({"error": "Validation of body failed", "issues": [{"message": wrong}]}, 400)
            return
        with self._lock:
            fate = self.fates.popleft() if self.fates else self.usual
            sale = Sale(str(uuid.uuid4()), body, fate, self.clock())
            if sale.credits > self.credits:
                handler.say({"error": "You do not have enough credits to run this task."}, 400)
                return
            self.credits -= sale.credits
            self.sales.append(sale)
        if self.before_answer is not None:
            self.before_answer()
        if refusal is not None:
            handler.refuse(refusal)
            return
        handler.say(order_reply({"id": sale.id, "estimatedCost": {"credits": sale.credits}}))

    def _task(self, handler: _Handler, name: str) -> None:
        if (refusal := self._refused(handler, "look")) is not None:
            handler.refuse(refusal)
            return
        with self._lock:
            sale = next((sale for sale in self.sales if sale.id == name), None)
            if sale is None or sale.fate.lost or (sale.cancelled and not sale.fate.remembered):
                handler.say({"error": "No task of that id."}, 404)
                return
            if sale.cancelled:
                handler.say(task_reply(self._as_it_is(sale, "CANCELLED")))
                return
            if handler.command == "DELETE":
                sale.cancelled = True
                self.credits += sale.credits
                handler.send_response(204)
                handler.end_headers()
                return
            state = sale.state(self.clock())
            sale.looks += 1
            if state == "SUCCEEDED":
                sale.links += 1
            handler.say(task_reply(self._as_it_is(sale, state)))

    def _as_it_is(self, sale: Sale, state: str) -> dict[str, Any]:
        when = datetime.fromtimestamp(sale.created, UTC).isoformat().replace("+00:00", "Z")
        says: dict[str, Any] = {"id": sale.id, "status": state, "createdAt": when}
        if state in {"PENDING", "THROTTLED", "RUNNING"}:
            says["estimatedCost"] = {"credits": sale.credits}
        else:
            usual = sale.credits if state == "SUCCEEDED" else 0
            says["cost"] = {"credits": usual if sale.fate.charged is None else sale.fate.charged}
        if state == "RUNNING":
            says["progress"] = min(0.25 * sale.looks, 0.95)
        if state == "FAILED":
            says |= {"failure": "Something went wrong.", "failureCode": sale.fate.code or None}
        if state == "SUCCEEDED":
            says["output"] = [sale.fate.elsewhere or f"{self.url}/output/{sale.id}.mp4?_jwt={sale.links}"]
        return says

    def _organization(self) -> dict[str, Any]:
        limits = {"maxConcurrentGenerations": 3, "maxDailyGenerations": 500}
        return {
            "creditBalance": self.credits,
            "tier": {"maxMonthlyCreditSpend": 10_000, "models": {"gen4.5": limits}},
            "usage": {"models": {"gen4.5": {"dailyGenerations": len(self.sales)}}},
        }

    def _output(self, handler: _Handler, path: str) -> None:
        if (refusal := self._refused(handler, "output")) is not None:
            handler.refuse(refusal)
            return
        name = path.rpartition("/")[2].removesuffix(".mp4")
        sale = next(sale for sale in self.sales if sale.id == name)
        kind = sale.fate.output
        if kind == "gone" or (kind == "expired" and handler.path.endswith("=1")):
            handler.say({"error": "Expired."}, 403)
        elif kind == "redirect":
            handler.refuse(Refusal(302, "", {"Location": "https://elsewhere.example/clip.mp4"}))
        elif kind == "html":
            handler.send(b"<html>Sign in</html>", "text/html; charset=utf-8")
        elif kind == "garbage":
            handler.send(bytes(range(256)) * 64, "video/mp4")
        elif kind == "oversized":
            handler.send(b"", "video/mp4", length=400_000_000)
        elif kind in {"slow", "endless"}:
            self._drip(handler, pause=0.05 if kind == "slow" else 0.0)
        else:
            seconds = sale.body["duration"] * (0.4 if kind == "short" else 1.0)
            content = clip(seconds, sale.body["ratio"], hue=self.sales.index(sale) % 3)
            handler.send(content, "video/mp4", halfway=self.before_output)

    def _drip(self, handler: _Handler, *, pause: float) -> None:
        handler.begin("video/mp4", None)
        while not self._closing.wait(pause) and handler.write(b"\0" * 65536):
            pass


@contextmanager
def fake_runway() -> Iterator[FakeRunway]:
    """A Runway that shuts when the block ends."""
    fake = FakeRunway()
    try:
        yield fake
    finally:
        fake.close()


class _Handler(BaseHTTPRequestHandler):
    def say(self, body: Mapping[str, Any], status: int = 200) -> None:
        self.refuse(Refusal(status, body))

    def refuse(self, refusal: Refusal) -> None:
        if refusal.breaks:
            self.connection.close()
            self.close_connection = True
            return
        text = refusal.body if isinstance(refusal.body, str) else json.dumps(refusal.body)
        kind = "text/html" if isinstance(refusal.body, str) else "application/json"
        self.send(text.encode(), kind, status=refusal.status, headers=refusal.headers)

    def send(
        self,
        content: bytes,
        kind: str,
        *,
        status: int = 200,
        length: int | None = None,
        headers: Mapping[str, str] | None = None,
        halfway: Callable[[], None] | None = None,
    ) -> None:
        self.begin(kind, len(content) if length is None else length, status=status, headers=headers)
        middle = len(content) // 2
        self.write(content[:middle])
        if halfway is not None:
            halfway()
        self.write(content[middle:])

    def begin(
        self, kind: str, length: int | None, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("x-request-id", uuid.uuid4().hex)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.close_connection = True

    def write(self, part: bytes) -> bool:
        try:
            self.wfile.write(part)
            self.wfile.flush()
        except OSError:  # the customer is gone
            self.close_connection = True
            return False
        return True

    def log_message(self, *arguments: object) -> None:
        pass
