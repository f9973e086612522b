"""The probe finds what would fail later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import StorageError, StoreAwayError, StoreRefusedError
from storage.objects import FolderObjects, Links
from storage.probe import probe
from storage.s3 import S3Objects
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server, Status


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


def bucket(name: str, endpoint: str) -> S3Objects:
    return S3Objects(name, endpoint_url=endpoint, access_key=ACCESS_KEY, secret_key=SECRET_KEY, attempts=1)


def test_a_folder_and_a_bucket_pass_and_are_left_empty(s3: S3Server, tmp_path: Path) -> None:
    for objects in (FolderObjects(tmp_path / "objects"), bucket(s3.bucket(), s3.url)):
        probe(objects, Links(objects))
        assert list(objects.list("tmp/")) == []


def test_a_public_domain_must_show_the_bucket(s3: S3Server) -> None:
    name = s3.bucket(public=True)
    objects = bucket(name, s3.url)
    probe(objects, Links(objects, f"{s3.url}/{name}"))
    for elsewhere in (f"{s3.url}/other", "http://127.0.0.1:1", "no address"):
        with pytest.raises(StoreRefusedError) as refused:
            probe(objects, Links(objects, elsewhere))
        assert "PUBLIC_BASE_URL" in refused.value.sentence
    assert list(objects.list("tmp/")) == []


def test_a_bucket_that_is_not_there_is_refused(s3: S3Server) -> None:
    objects = bucket("none-such", s3.url)
    with pytest.raises(StoreRefusedError):
        probe(objects, Links(objects))


@pytest.mark.parametrize(
    ("fault", "error"), [(Status(403, "AccessDenied"), StoreRefusedError), (Status(500), StoreAwayError)]
)
def test_whatever_step_fails_is_told(s3: S3Server, fault: Status, error: type[StorageError]) -> None:
    with s3.wire() as wire:
        for step in ("PUT", "DELETE"):
            objects = bucket(s3.bucket(), wire.url)
            wire.strikes = lambda method, path, step=step: method == step  # type: ignore[misc]
            wire.faults.append(fault)
            with pytest.raises(error):
                probe(objects, Links(objects))
            assert not wire.faults
