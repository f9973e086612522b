"""A loopback S3: moto's server, and in front of it a wire that breaks when it is told to.

What moto does not mind, the wire does: a presigned address that has run out is refused, as R2 and AWS do.
"""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_numbers = itertools.count()
ACCESS_KEY, SECRET_KEY = "AKIAHIDDENHILL", "a-secret-that-no-message-shows"


@dataclass(frozen=True)
class Status:
    """Answer with this status and S3's error `code`, in these words, in place of the real answer."""

    status: int
    code: str = "InternalError"
    message: str = "made up"


@dataclass(frozen=True)
class Silence:
    """Take the request, never answer: until `FaultyWire.close`."""


@dataclass(frozen=True)
class TornUpload:
    """Hang up once so many bytes of the request's body have come."""

    after: int


@dataclass(frozen=True)
class TornAnswer:
    """Hang up once so many bytes of the real answer's body are sent."""

    after: int


Fault = Status | Silence | TornUpload | TornAnswer


class FaultyWire:
    """Passes requests on to `upstream` (host, port). `faults` strike first, one a request, in order.

    `strikes` says which requests a fault may strike (method, path). `clock` judges presigned addresses.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.faults: deque[Fault] = deque()
        self.strikes: Callable[[str, str], bool] = lambda method, path: True
        self.clock: Callable[[], float] = time.time
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        wire = self

        class Handler(_Handler):
            def handle_one(self) -> None:
                wire.serve(self, upstream)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; silent requests are hung up on."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, handler: _Handler, upstream: tuple[str, int]) -> None:
        fault = self._fault_for(handler)
        match fault:
            case Silence():
                self._closing.wait(60)
                handler.hang_up()
            case TornUpload(after):
                handler.rfile.read(min(after, handler.length))
                handler.hang_up()
            case Status(status, code, message):
                handler.rfile.read(handler.length)
                handler.say(status, _error(code, message))
            case _ if self._has_run_out(handler.path):
                handler.say(403, _error("AccessDenied"))
            case _:
                torn = fault.after if isinstance(fault, TornAnswer) else None
                handler.pass_on(upstream, torn=torn)

    def _fault_for(self, handler: _Handler) -> Fault | None:
        with self._lock:
            self.requests.append((handler.command, handler.path, dict(handler.headers.items())))
            if self.faults and self.strikes(handler.command, handler.path):
                return self.faults.popleft()
        return None

    def _has_run_out(self, path: str) -> bool:
        query = parse_qs(urlsplit(path).query)
        if "X-Amz-Date" not in query:
            return False
        signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return not 0 <= self.clock() - signed.timestamp() + 1 <= float(query["X-Amz-Expires"][0]) + 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.handle_one
        raise AttributeError(name)

    @property
    def length(self) -> int:
        return int(self.headers.get("Content-Length", 0))

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def pass_on(self, upstream: tuple[str, int], *, torn: int | None) -> None:
        connection = http.client.HTTPConnection(*upstream, timeout=30)
        try:
            passed = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            connection.request(self.command, self.path, self.rfile.read(self.length), passed)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if torn is not None:
            self.wfile.write(body[:torn])
            self.hang_up()
        elif self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def _error(code: str, message: str = "made up") -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


class S3Server:
    """moto's server on a port of its own. Buckets are made by `bucket`."""

    def __init__(self) -> None:
        from moto.server import ThreadedMotoServer

        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._moto.start()
        self.address: tuple[str, int] = self._moto.get_host_and_port()
        self.url = f"http://{self.address[0]}:{self.address[1]}"

    def bucket(self, *, public: bool = False) -> str:
        """The name of a new and empty bucket; what is in a `public` one may be read by everybody."""
        import json

        # All servers of a process share what moto remembers.
        name = f"hill-{next(_numbers)}"
        self.client.create_bucket(Bucket=name)
        if public:
            rule = {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{name}/*",
            }
            self.client.put_bucket_policy(
                Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [rule]})
            )
        return name

    @cached_property
    def client(self) -> Any:
        """A plain client of boto3, to look behind the scenes."""
        import boto3

        session = boto3.session.Session(ACCESS_KEY, SECRET_KEY, region_name="us-east-1")
        return session.client("s3", endpoint_url=self.url)

    def close(self) -> None:
        self._moto.stop()
        server = self._moto._server
        if server is not None:
            server.server_close()

    @contextmanager
    def wire(self) -> Iterator[FaultyWire]:
        """A breakable wire in front of it."""
        wire = FaultyWire(self.address)
        try:
            yield wire
        finally:
            wire.close()
