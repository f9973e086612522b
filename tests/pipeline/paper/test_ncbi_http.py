from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.errors import ProviderError, TransientProviderError
from pipeline.paper import ncbi_http
from pipeline.paper.ncbi_http import AddressError, NcbiHttp
from pipeline.paper.pace import AtOnce
from tests.fakes.eutils import FakeNcbi


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

    def do_POST(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

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


# How long a busy server is waited for


def asked_again(fake: FakeNcbi, *, first_wait: float = 0.01) -> bytes | None:
    fake.replies["efetch", "pubmed", "7"] = b"a paper"
    http = NcbiHttp(setting="HILL_URL", pace=AtOnce(), first_wait=first_wait)
    return http.get(f"{fake.eutils}/efetch.fcgi", {"db": "pubmed", "id": "7"}, most_bytes=99)


def date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    "wish", ["0", date(-60), "", "soon", "-1", "Tue, 99 Foo 2026 25:00:00 GMT"], ids=range(6)
)
def test_a_server_that_wants_no_long_pause_is_asked_again(fake: FakeNcbi, wish: str) -> None:
    fake.failures.append(429)
    fake.retry_after = wish
    assert asked_again(fake) == b"a paper"
    assert len(fake.requests) == 2


def test_the_pause_that_a_server_asks_for_counts_and_not_our_own(fake: FakeNcbi) -> None:
    fake.failures.append(429)
    fake.retry_after = "0"
    assert asked_again(fake, first_wait=1_000_000) == b"a paper"


@pytest.mark.parametrize("wish", ["3600", date(3600)], ids=["seconds", "date"])
def test_a_server_that_wants_a_long_pause_gets_it(fake: FakeNcbi, wish: str) -> None:
    fake.failures.append(429)
    fake.retry_after = wish
    with pytest.raises(TransientProviderError) as busy:
        asked_again(fake)
    assert busy.value.retry_after == pytest.approx(3600, abs=600)
    assert len(fake.requests) == 1


def test_trying_has_an_end(fake: FakeNcbi, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.failures.append(503)
    monkeypatch.setattr(ncbi_http, "_LONGEST_TRYING", 0.0)
    with pytest.raises(TransientProviderError, match="503"):
        asked_again(fake)
    assert len(fake.requests) == 1


def test_an_answer_that_trickles_is_given_up(fake: FakeNcbi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncbi_http, "_LONGEST_ANSWER", -1.0)
    with pytest.raises(TransientProviderError, match="too slow"):
        asked_again(fake)


def test_who_was_refused_together_does_not_come_back_together() -> None:
    http = NcbiHttp(setting="HILL_URL", pace=AtOnce(), first_wait=1.0)
    for attempt, least in enumerate((1.0, 2.0, 4.0)):
        pauses = {http._backoff(attempt) for _ in range(50)}
        assert len(pauses) > 40
        assert least <= min(pauses) <= max(pauses) <= least * 1.5


def test_the_key_is_not_carried_to_where_a_server_points(odd: str) -> None:
    client = NcbiHttp(setting="HILL_URL", pace=AtOnce(), first_wait=0)
    with pytest.raises(ProviderError, match="307"):
        client.get(f"{odd}/esearch", {"id": "7", "api_key": "k"}, most_bytes=99)
    assert Odd.asked == 1
