"""A provider on the wire that sells scripts and pictures, and counts what it sold.

`POST /buys` with `{"kind": …, "what": …}` answers with a task; `GET /tasks/TASK` says "not-yet", "ready" or
"failed"; `GET /tasks/TASK/result` is the ware: the same bytes for the same thing, always.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Sale:
    """One thing sold, and how often somebody looked whether it is ready."""

    task: str
    kind: str
    what: str
    key: str
    looks: int = 0


class Shop:
    """The shop, open until `close`.

    With `honours_keys`, an order whose `Idempotency-Key` it has seen is no new sale. A ware is ready once it was
    looked at `looks` times. `before_answer` is called with an order's headers when it is in the books and not
    yet answered: what happens to the customer then is the worst moment. The tasks in `failing` have failed.
    """

    def __init__(self, *, honours_keys: bool = True, looks: int = 1) -> None:
        self.sales: list[Sale] = []
        self.orders = 0
        self.failing: set[str] = set()
        self.before_answer: Callable[[Mapping[str, str]], None] | None = None
        self._honours_keys = honours_keys
        self._looks = looks
        self._lock = threading.Lock()
        shop = self

        class Handler(_Handler):
            def do_POST(self) -> None:
                shop._sell(self)

            def do_GET(self) -> None:
                shop._show(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Shut it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def bought(self) -> Counter[str]:
        """How often each thing was bought."""
        with self._lock:
            return Counter(f"{sale.kind} {sale.what}" for sale in self.sales)

    def bought_twice(self) -> list[str]:
        """What was bought more than once."""
        return [what for what, times in self.bought().items() if times > 1]

    def _sell(self, handler: _Handler) -> None:
        order = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length", 0))))
        key = handler.headers.get("Idempotency-Key", "")
        with self._lock:
            self.orders += 1
            known = [sale for sale in self.sales if key and sale.key == key]
            if known and self._honours_keys:
                sale = known[0]
            else:
                sale = Sale(f"task-{len(self.sales) + 1}", order["kind"], order["what"], key)
                self.sales.append(sale)
        if self.before_answer is not None:
            self.before_answer(dict(handler.headers.items()))
        handler.say(json.dumps({"task": sale.task}).encode())

    def _show(self, handler: _Handler) -> None:
        _, _, task, *result = handler.path.split("/")
        with self._lock:
            sale = next((sale for sale in self.sales if sale.task == task), None)
            if sale is None:
                handler.say(b"no such task", 404)
            elif result:
                handler.say(ware(sale.kind, sale.what))
            else:
                sale.looks += 1
                state = "ready" if sale.looks > self._looks else "not-yet"
                handler.say(json.dumps({"state": "failed" if task in self.failing else state}).encode())


def ware(kind: str, what: str) -> bytes:
    """What is delivered: for a "picture" a PNG of one colour, else a line of text."""
    digest = hashlib.sha256(f"{kind} {what}".encode())
    if kind != "picture":
        return digest.hexdigest().encode()
    from PIL import Image

    red, green, blue = digest.digest()[:3]
    png = io.BytesIO()
    Image.new("RGB", (320, 240), (red, green, blue)).save(png, "PNG")
    return png.getvalue()


@contextmanager
def open_shop(*, honours_keys: bool = True, looks: int = 1) -> Iterator[Shop]:
    """A shop that shuts when the block ends."""
    shop = Shop(honours_keys=honours_keys, looks=looks)
    try:
        yield shop
    finally:
        shop.close()


class _Handler(BaseHTTPRequestHandler):
    def say(self, body: bytes, status: int = 200) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the customer was killed
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass
