from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.errors import ProviderError, TransientProviderError
from pipeline.paper.ncbi_http import AddressError, NcbiHttp
from pipeline.paper.pace import AtOnce


class Odd(BaseHTTPRequestHandler):
    """Sends `/circle` back to itself, and garbage that it calls gzip from anywhere else."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        circle = self.path.startswith("/circle")
        self.send_response(302 if circle else 200)
        self.send_header(*("Location", self.path) if circle else ("Content-Encoding", "gzip"))
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"garbage")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def odd() -> Iterator[str]:
    Odd.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(url: str) -> bytes | None:
    return NcbiHttp(setting="HILL_URL", pace=AtOnce(), first_wait=0).get(url, {"id": "7"}, most_bytes=99)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/eutils",
        "localhost:8000/eutils",
        "https//example.org",
        "http:///eutils",
        "ftp://example.org",
        "http://[::1/eutils",
        "http://example.org:port/",
        "http://example..org/",
        "http://exam\nple.org/",
    ],
)
def test_what_is_no_address_names_the_setting(url: str) -> None:
    with pytest.raises(AddressError) as failure:
        get(url)
    assert "HILL_URL" in failure.value.advice
    assert not failure.value.retryable


def test_a_garbled_answer_is_a_failure_in_words(odd: str) -> None:
    with pytest.raises(ProviderError, match="garbled") as failure:
        get(odd)
    assert not isinstance(failure.value, TransientProviderError)
    assert Odd.asked == 1


def test_a_circle_of_addresses_is_a_failure_in_words(odd: str) -> None:
    with pytest.raises(ProviderError, match="circles") as failure:
        get(f"{odd}/circle")
    assert not isinstance(failure.value, TransientProviderError)
