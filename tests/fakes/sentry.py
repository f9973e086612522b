"""Sentry's ingest endpoint over HTTP: keeps the envelopes that it is sent."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class FakeSentry:
    """`dsn` to send to; `events` are the errors received, `transactions` the spans, `raw` all as text."""

    def __init__(self, port: int) -> None:
        self.dsn = f"http://public-key@127.0.0.1:{port}/1"
        self.events: list[dict[str, Any]] = []
        self.transactions: list[dict[str, Any]] = []
        self.raw = ""

    def take(self, envelope: bytes) -> None:
        self.raw += envelope.decode()
        lines = envelope.splitlines()
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            kind = json.loads(header)["type"]
            if kind == "event":
                self.events.append(json.loads(payload))
            elif kind == "transaction":
                self.transactions.append(json.loads(payload))


@contextmanager
def fake_sentry() -> Iterator[FakeSentry]:
    """A server on loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            sentry.take(body)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sentry = FakeSentry(server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sentry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
