"""S3Objects over HTTP, against moto's server behind a wire that breaks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import botocore.auth
import httpx
import pytest

from storage.errors import ObjectMissingError, StoreAwayError, StoreRefusedError
from storage.links import Links
from storage.records import PublishedFile
from storage.s3 import LONGEST_ADDRESS, S3Objects
from tests.fakes.s3 import (
    ACCESS_KEY,
    SECRET_KEY,
    FaultyWire,
    S3Server,
    Silence,
    Status,
    TornAnswer,
    TornUpload,
)

DAY = 24 * 3600
KEY = "videos/2026-11-16-a-paper-0123/video.mp4"
PARTS = 9 * 1024 * 1024  # more than one part


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


@pytest.fixture
def wire(server: S3Server) -> Iterator[FaultyWire]:
    with server.wire() as wire:
        yield wire


@pytest.fixture
def bucket(server: S3Server) -> str:
    return server.bucket()


@pytest.fixture
def store(wire: FaultyWire, bucket: str) -> S3Objects:
    return opened(wire.url, bucket)


def opened(url: str, bucket: str, *, attempts: int = 1, read_seconds: float = 20.0) -> S3Objects:
    return S3Objects(
        bucket,
        endpoint_url=url,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        attempts=attempts,
        read_seconds=read_seconds,
    )


def written(folder: Path, size: int = 1000, *, name: str = "video.mp4") -> Path:
    file = folder / name
    file.write_bytes(random.Random(size).randbytes(size))
    return file


@pytest.mark.parametrize("size", [0, 1000, PARTS])
def test_what_was_put_comes_back_the_same_at_any_size(store: S3Objects, tmp_path: Path, size: int) -> None:
    file = written(tmp_path, size)
    store.put(KEY, file, content_type="video/mp4")
    store.get(KEY, tmp_path / "deep" / "back")
    assert (tmp_path / "deep" / "back").read_bytes() == file.read_bytes()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["back"]


@pytest.mark.parametrize("size", [1000, PARTS])
def test_an_object_carries_its_type_its_cache_control_and_its_job(
    store: S3Objects, server: S3Server, bucket: str, tmp_path: Path, size: int
) -> None:
    file = written(tmp_path, size)
    store.put(
        KEY, file, content_type="video/mp4", cache_control="public, max-age=300", metadata={"job": "j1"}
    )
    said = server.client.head_object(Bucket=bucket, Key=KEY)
    assert (said["ContentType"], said["CacheControl"]) == ("video/mp4", "public, max-age=300")
    info = store.head(KEY)
    assert info is not None
    assert (info.key, info.bytes, info.metadata) == (KEY, size, {"job": "j1"})


def test_no_checksum_is_sent_that_r2_would_not_take(
    store: S3Objects, wire: FaultyWire, tmp_path: Path
) -> None:
    store.put(KEY, written(tmp_path), content_type="video/mp4")
    (_, _, headers) = next(request for request in wire.requests if request[0] == "PUT")
    names = {name.lower() for name in headers}
    assert not any(name.startswith("x-amz-checksum") or name == "x-amz-trailer" for name in names)


def test_what_is_not_there_is_missing_and_may_be_deleted(store: S3Objects, tmp_path: Path) -> None:
    assert store.head("videos/none") is None
    store.delete("videos/none")
    with pytest.raises(ObjectMissingError):
        store.get("videos/none", tmp_path / "back")
    assert list(tmp_path.iterdir()) == []


def test_deleting_and_listing_by_prefix(store: S3Objects, tmp_path: Path) -> None:
    file = written(tmp_path)
    for key in ("videos/a/1", "videos/b/1", "tmp/x"):
        store.put(key, file, content_type="video/mp4")
    assert sorted(info.key for info in store.list("videos/")) == ["videos/a/1", "videos/b/1"]
    store.delete("videos/a/1")
    assert [(info.key, info.bytes) for info in store.list("videos/")] == [("videos/b/1", 1000)]


def test_the_list_goes_on_after_the_first_page(
    store: S3Objects, wire: FaultyWire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    file = written(tmp_path)
    for number in range(7):
        store.put(f"tmp/{number}", file, content_type="video/mp4")
    assert sorted(info.key for info in store.list("tmp/")) == [f"tmp/{number}" for number in range(7)]
    assert sum("list-type=2" in path for _, path, _ in wire.requests) == 3


@pytest.mark.parametrize(
    "key", ["../x", "/etc/passwd", "videos//x", "videos/../x", "", ".hidden", "a\\b", "a\nb"]
)
def test_a_key_that_leads_elsewhere_is_refused(store: S3Objects, tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, written(tmp_path), content_type="video/mp4")


def test_an_address_serves_the_object_without_keys_and_under_a_name(store: S3Objects, tmp_path: Path) -> None:
    file = written(tmp_path)
    store.put(KEY, file, content_type="video/mp4")
    answer = httpx.get(store.address(KEY, seconds=60, filename="Müller 2026.mp4"))
    assert answer.content == file.read_bytes()
    assert SECRET_KEY not in str(answer.url)
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''M%C3%BCller%202026.mp4"


def test_an_address_never_claims_to_live_longer_than_it_can(store: S3Objects) -> None:
    assert f"X-Amz-Expires={LONGEST_ADDRESS}" in store.address(KEY, seconds=400 * DAY)


def test_a_posted_link_still_leads_to_the_video_400_days_later(
    store: S3Objects, wire: FaultyWire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)
    store.put(KEY, file, content_type="video/mp4")
    published = PublishedFile(name="video.mp4", key=KEY, sha256="", bytes=1000, content_type="video/mp4")
    posted = Links(store, None, "https://hill.example").link("a-token", published)
    assert posted == "https://hill.example/v/a-token"
    signed_at_once = store.address(KEY, seconds=LONGEST_ADDRESS)
    assert httpx.get(signed_at_once).status_code == 200

    here = botocore.auth.get_current_datetime
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: here() + timedelta(days=400))
    today = wire.clock
    wire.clock = lambda: today() + 400 * DAY
    assert httpx.get(signed_at_once).status_code == 403
    # What the web process does at a click on the posted link.
    assert httpx.get(store.address(KEY, seconds=600)).content == file.read_bytes()


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_store_that_breaks_for_a_moment_is_asked_again(
    wire: FaultyWire, bucket: str, tmp_path: Path, status: int
) -> None:
    store = opened(wire.url, bucket, attempts=3)
    wire.faults.extend([Status(status, "SlowDown"), Status(status, "SlowDown")])
    store.put(KEY, written(tmp_path), content_type="video/mp4")
    assert store.head(KEY) is not None
    assert not wire.faults


ASKED: dict[str, Callable[[S3Objects, Path], object]] = {
    "put": lambda store, folder: store.put(KEY, written(folder), content_type="video/mp4"),
    "put-parts": lambda store, folder: store.put(KEY, written(folder, PARTS), content_type="video/mp4"),
    "get": lambda store, folder: store.get(KEY, folder / "back"),
    "head": lambda store, folder: store.head(KEY),
    "delete": lambda store, folder: store.delete(KEY),
    "list": lambda store, folder: list(store.list("videos/")),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("fault", [Status(503), Silence(), TornUpload(0)], ids=str)
def test_a_store_that_stays_away_is_told_as_such(
    wire: FaultyWire, bucket: str, tmp_path: Path, asked: str, fault: Status | Silence | TornUpload
) -> None:
    wire.faults.extend([fault] * 9)
    with pytest.raises(StoreAwayError) as caught:
        ASKED[asked](opened(wire.url, bucket, read_seconds=0.2), tmp_path)
    assert SECRET_KEY not in f"{caught.value.sentence} {caught.value.advice}"


def test_a_port_where_nothing_listens_is_away(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(StoreAwayError):
        opened("http://127.0.0.1:1", bucket).head(KEY)


@pytest.mark.parametrize("size", [100_000, PARTS])
def test_a_torn_upload_leaves_nothing_to_see_and_passes_the_next_time(
    store: S3Objects, wire: FaultyWire, server: S3Server, bucket: str, tmp_path: Path, size: int
) -> None:
    file = written(tmp_path, size)
    wire.strikes = lambda method, path: method == "PUT"
    wire.faults.append(TornUpload(after=60_000))
    with pytest.raises(StoreAwayError):
        store.put(KEY, file, content_type="video/mp4")
    assert store.head(KEY) is None
    assert list(store.list("")) == []
    assert "Uploads" not in server.client.list_multipart_uploads(Bucket=bucket)
    store.put(KEY, file, content_type="video/mp4")
    store.get(KEY, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == file.read_bytes()


def test_a_torn_upload_does_not_spoil_what_was_there(
    store: S3Objects, wire: FaultyWire, tmp_path: Path
) -> None:
    store.put(KEY, written(tmp_path, 1000), content_type="video/mp4")
    wire.strikes = lambda method, path: method == "PUT"
    wire.faults.append(TornUpload(after=500))
    with pytest.raises(StoreAwayError):
        store.put(KEY, written(tmp_path, 2000), content_type="video/mp4")
    info = store.head(KEY)
    assert info is not None
    assert info.bytes == 1000


@pytest.mark.parametrize("size", [100_000, PARTS])
def test_a_torn_download_leaves_no_file_and_passes_the_next_time(
    store: S3Objects, wire: FaultyWire, tmp_path: Path, size: int
) -> None:
    file = written(tmp_path, size)
    store.put(KEY, file, content_type="video/mp4")
    wire.strikes = lambda method, path: method == "GET"
    wire.faults.append(TornAnswer(after=60_000))
    with pytest.raises(StoreAwayError):
        store.get(KEY, tmp_path / "there" / "back")
    assert list((tmp_path / "there").iterdir()) == []
    store.get(KEY, tmp_path / "there" / "back")
    assert (tmp_path / "there" / "back").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("status", "code", "setting"),
    [
        (403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (403, "AccessDenied", "AWS_ACCESS_KEY_ID"),
        (404, "NoSuchBucket", "AWS_STORAGE_BUCKET_NAME"),
        (403, "RequestTimeTooSkewed", "clock"),
        (400, "SomethingNew", "AWS_STORAGE_BUCKET_NAME"),
    ],
)
def test_a_refusal_says_which_setting_to_look_at(
    store: S3Objects, wire: FaultyWire, tmp_path: Path, status: int, code: str, setting: str
) -> None:
    wire.faults.append(Status(status, code))
    with pytest.raises(StoreRefusedError) as caught:
        store.put(KEY, written(tmp_path), content_type="video/mp4")
    assert setting in caught.value.advice
    assert not caught.value.transient
    said = f"{caught.value} {caught.value.advice}"
    assert SECRET_KEY not in said
    assert ACCESS_KEY not in said


def test_a_bucket_that_is_not_there_is_refused(wire: FaultyWire, tmp_path: Path) -> None:
    with pytest.raises(StoreRefusedError, match="bucket"):
        opened(wire.url, "no-such-bucket").put(KEY, written(tmp_path), content_type="video/mp4")


@pytest.mark.parametrize("url", ["no address", "example.com"])
def test_an_endpoint_that_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(StoreRefusedError) as caught:
        opened(url, "bucket")
    assert "AWS_S3_ENDPOINT_URL" in caught.value.advice


def test_a_public_link_works_while_its_object_is_there(
    wire: FaultyWire, server: S3Server, tmp_path: Path
) -> None:
    bucket = server.bucket(public=True)
    store = opened(wire.url, bucket)
    key = "videos/2026-11-16-β blocker-0123/video.mp4"
    links = Links(store, f"{wire.url}/{bucket}/", "https://hill.example")
    link = links.link("t", PublishedFile(name="video.mp4", key=key, sha256="", bytes=1, content_type=""))
    assert link is not None
    assert not links.works(link, key)
    file = written(tmp_path)
    store.put(key, file, content_type="video/mp4")
    assert links.works(link, key)
    assert httpx.get(link).content == file.read_bytes()
    wire.strikes = lambda method, path: method == "GET"
    wire.faults.append(Status(404, "NoSuchKey"))
    assert not links.works(link, key)


def test_a_public_domain_that_does_not_answer_makes_no_working_link(store: S3Objects, tmp_path: Path) -> None:
    store.put(KEY, written(tmp_path), content_type="video/mp4")
    links = Links(store, "http://127.0.0.1:1", None)
    assert not links.works(f"http://127.0.0.1:1/{KEY}", KEY)
