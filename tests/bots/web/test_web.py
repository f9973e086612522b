"""The web process over HTTP: its health, its numbers, and links that never die."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from bots.web.metrics_door import MetricsDoor
from bots.web.web import application, http_server
from jobs import control, logs
from jobs.office import Office, Rules
from pipeline.publish.page.page import PAGE
from storage.database import Database
from storage.objects import Objects
from storage.records import Job
from storage.s3 import S3Objects
from tests.databases import FakeClock
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server, Status
from tests.jobs.offices import ADA, finished, new_office, ordered, with_preview
from tests.jobs.pages import delivered
from tests.pictures import samples
from tests.pipeline.publish.sharing import TYPES
from tests.pipeline.publish.sharing import published as written

DAY = 24 * 3600.0
OPEN = MetricsDoor()


@contextmanager
def served(
    database: Database,
    objects: Objects,
    ready: dict[str, Callable[[], object]] | None = None,
    metrics: MetricsDoor = OPEN,
) -> Iterator[httpx.Client]:
    """A client of the application, which runs on a port of its own."""
    app = application(database, objects, Rules(), ready or {}, metrics)
    server = http_server(app)
    ear = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([ear],), daemon=True)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{ear.getsockname()[1]}") as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        ear.close()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return new_office(database, tmp_path, web="https://hill.example")


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    with served(office.database, office.objects) as client:
        yield client


def refuse() -> object:
    raise ConnectionError("a secret address")


def test_it_lives_and_says_what_is_away(office: Office) -> None:
    ready = {"database": lambda: 1, "store": refuse}
    with served(office.database, office.objects, ready) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"ready": False, "database": "ok", "store": "ConnectionError"}
        ready["store"] = lambda: None
        assert client.get("/readyz").status_code == 200


def test_a_link_leads_to_the_video_whole_or_in_part(office: Office, client: httpx.Client) -> None:
    job = finished(office)
    link = f"/v/{job.token}"
    whole = client.get(link)
    assert (whole.status_code, whole.content) == (200, b"video")
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["referrer-policy"] == "no-referrer"
    part = client.get(link, headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"id", "bytes 1-2/5")
    head = client.head(link)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "5")
    assert client.get(f"{link}/video.mp4").content == b"video"
    assert client.get(f"{link}/").content == b"video"


def test_a_link_leads_to_the_page_where_there_is_one(
    office: Office, client: httpx.Client, tmp_path: Path
) -> None:
    job = delivered(office, written(tmp_path / "made"), TYPES)
    there = client.get(f"/v/{job.token}")
    assert (there.status_code, there.headers["location"]) == (307, f"{job.token}/")
    page = client.get(f"/v/{job.token}/")
    assert samples.PAPER.title in page.text
    policy = page.headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors 'none'")
    assert policy.split("; frame-ancestors")[0] in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get(f"/v/{job.token}/{PAGE}").text == page.text
    part = client.get(f"/v/{job.token}/video.mp4", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert "content-disposition" not in part.headers
    saved = client.get(f"/v/{job.token}/video.mp4?download")
    assert saved.headers["content-disposition"] == 'attachment; filename="video.mp4"'
    vtt = client.get(f"/v/{job.token}/captions.vtt")
    assert vtt.headers["content-type"].startswith("text/vtt")
    office.objects.delete(next(file.key for file in job.files if file.name == PAGE))
    assert "is missing" in client.get(f"/v/{job.token}/").text


def test_the_preview_is_under_the_same_link(office: Office, client: httpx.Client) -> None:
    job = with_preview(office, finished(office))
    assert client.get(f"/v/{job.token}/preview.mp4").content == b"small"
    assert client.get(f"/v/{job.token}").content == b"video"
    control.delete(office, job.id, by="Ada")
    assert client.get(f"/v/{job.token}/preview.mp4").status_code == 404


@pytest.mark.parametrize(
    "token", ["0" * 32, "nothing", "%00", "a" * 500, "..%2f..%2fhidden-hill.db", "ä" * 20]
)
def test_a_link_that_is_none_gets_a_page(client: httpx.Client, token: str) -> None:
    answer = client.get(f"/v/{token}")
    assert answer.status_code == 404
    assert "There is no such video." in answer.text


def test_a_file_that_is_none_gets_a_page(office: Office, client: httpx.Client) -> None:
    job = finished(office)
    for name in ("nothing.srt", "..%2f..%2fvideo.mp4", "%00"):
        answer = client.get(f"/v/{job.token}/{name}")
        assert answer.status_code == 404
        assert "There is no such file." in answer.text


def test_a_job_under_way_has_no_video_yet(office: Office, client: httpx.Client) -> None:
    job = ordered(office)
    answer = client.get(f"/v/{job.token}")
    assert answer.status_code == 404
    assert "may not be finished yet" in answer.text


def test_nobody_learns_that_there_was_a_video_which_is_deleted(office: Office, client: httpx.Client) -> None:
    job = finished(office)
    control.delete(office, job.id, by="Ada")
    for name in ("", "/", "/video.mp4"):
        deleted, unknown = client.get(f"/v/{job.token}{name}"), client.get(f"/v/{'0' * 32}{name}")
        told = [
            (answer.status_code, answer.text, {k: v for k, v in answer.headers.items() if k != "date"})
            for answer in (deleted, unknown)
        ]
        assert told[0] == told[1]
        assert deleted.status_code == 404


def test_a_video_whose_file_is_missing_says_so(office: Office, client: httpx.Client) -> None:
    job = finished(office)
    office.objects.delete(job.files[0].key)
    answer = client.get(f"/v/{job.token}")
    assert answer.status_code == 404
    assert "is missing" in answer.text


def test_anything_else_gets_a_page(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_no_token_reaches_the_log(office: Office, client: httpx.Client) -> None:
    job = finished(office)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    heard = io.StringIO()
    logs.configure("json", "debug", stream=heard)
    try:
        client.get(f"/v/{job.token}")
        client.get(f"/v/{job.token}/nothing")
        logging.getLogger("bots").debug("heard")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    assert "heard" in heard.getvalue()
    assert job.token not in heard.getvalue()


def test_metrics_can_be_read_and_begin_at_nothing(office: Office, client: httpx.Client) -> None:
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}
    assert {sample.value for sample in families["hidden_hill_jobs"].samples} == {0.0}
    tries = {s.labels["stage"]: s.value for s in families["hidden_hill_stage_failing_tries"].samples}
    assert tries["publish"] == 0.0


def test_metrics_want_their_token(office: Office) -> None:
    door = MetricsDoor(token="tök", loopback_only=True)
    with served(office.database, office.objects, metrics=door) as client:
        for sent in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic tök".encode()}):
            refused = client.get("/metrics", headers=sent)  # type: ignore[arg-type]
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert "hidden_hill" not in refused.text
        assert client.get("/metrics", headers={b"Authorization": "Bearer tök".encode()}).status_code == 200
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 403),
        ("testclient", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
    ],
)
def test_in_production_metrics_without_a_token_are_for_this_machine(
    office: Office, host: str, headers: dict[str, str], status: int
) -> None:
    app = application(office.database, office.objects, Rules(), {}, MetricsDoor(loopback_only=True))

    async def ask() -> int:
        wire = httpx.ASGITransport(app, client=(host, 1))
        async with httpx.AsyncClient(transport=wire, base_url="http://hill") as client:
            return (await client.get("/metrics", headers=headers)).status_code

    assert asyncio.run(ask()) == status


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


def in_bucket(office: Office, s3: S3Server, wire: str, folder: Path) -> tuple[Job, S3Objects]:
    """A finished job whose video is in a bucket that is reached by `wire`."""
    objects = S3Objects(
        s3.bucket(), endpoint_url=wire, access_key=ACCESS_KEY, secret_key=SECRET_KEY, attempts=1
    )
    job = finished(office, ADA)
    (file,) = job.files
    video = folder / "video"
    video.write_bytes(b"video")
    objects.put(file.key, video, content_type="video/mp4")
    return job, objects


def test_a_link_to_a_bucket_works_400_days_later(
    office: Office, s3: S3Server, clock: FakeClock, tmp_path: Path
) -> None:
    with s3.wire() as wire:
        job, objects = in_bucket(office, s3, wire.url, tmp_path)
        with served(office.database, objects) as client:
            first = client.get(f"/v/{job.token}")
            assert first.status_code == 307
            assert httpx.get(first.headers["location"]).content == b"video"
            clock.advance(400 * DAY)
            # boto3 signs by the machine's own clock: the old address is what ages.
            old, real = first.headers["location"], wire.clock
            wire.clock = lambda: real() + 400 * DAY
            assert httpx.get(old).status_code == 403
            wire.clock = real
            again = client.get(f"/v/{job.token}", follow_redirects=True)
            assert again.content == b"video"
            assert again.history[0].headers["cache-control"] == "no-store"


def test_a_store_that_is_away_is_a_page_and_not_ready(office: Office, s3: S3Server, tmp_path: Path) -> None:
    with s3.wire() as wire:
        job, objects = in_bucket(office, s3, wire.url, tmp_path)
        ready: dict[str, Callable[[], object]] = {"store": lambda: objects.head("tmp/ready")}
        with served(office.database, objects, ready) as client:
            wire.faults.extend([Status(500), Status(500)])
            answer = client.get(f"/v/{job.token}")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "10"
            assert client.get("/readyz").json() == {"ready": False, "store": "StoreAwayError"}
            assert client.get("/readyz").json() == {"ready": True, "store": "ok"}


def test_what_breaks_is_a_page_without_details(office: Office) -> None:
    class Broken:
        def head(self, key: str) -> None: ...
        def path(self, key: str) -> None: ...
        def address(self, key: str, *, seconds: int) -> str:
            raise ZeroDivisionError("inside")

    job = finished(office)
    with served(office.database, Broken()) as client:  # type: ignore[arg-type]
        answer = client.get(f"/v/{job.token}")
    assert answer.status_code == 500
    assert "inside" not in answer.text
