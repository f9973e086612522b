"""Artefacts that move between machines: two machines are two local folders and one store."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from storage.artefacts import FolderArtefacts
from storage.errors import StoreAwayError
from storage.objects import FolderObjects, Objects
from storage.s3 import S3Objects
from storage.shared_artefacts import SharedArtefacts, TornError, pack, unpack
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server, Status

OBJECT = "artefacts/lab/scene/k.tar"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return FolderObjects(tmp_path / "objects")
    server: S3Server = request.getfixturevalue("server")
    return opened(server.url, server.bucket())


def opened(url: str, bucket: str) -> S3Objects:
    return S3Objects(bucket, endpoint_url=url, access_key=ACCESS_KEY, secret_key=SECRET_KEY, attempts=1)


def machine(tmp_path: Path, name: str, objects: Objects) -> SharedArtefacts:
    return SharedArtefacts(FolderArtefacts(tmp_path / name), objects, "artefacts/lab")


def made(artefacts: SharedArtefacts, content: str = "frames") -> Path:
    with artefacts.make("scene", "k") as scratch:
        (scratch / "images").mkdir()
        (scratch / "empty").mkdir()
        (scratch / "clip.mp4").write_text(content)
        (scratch / "images" / "grün 1.png").write_text("pixels")
    folder = artefacts.find("scene", "k")
    assert folder is not None
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else ""
        for path in folder.rglob("*")
    }


WHOLE = {"images": "", "empty": "", "clip.mp4": "frames", "images/grün 1.png": "pixels"}


def test_what_one_machine_makes_another_finds(objects: Objects, tmp_path: Path) -> None:
    one, two = machine(tmp_path, "one", objects), machine(tmp_path, "two", objects)
    assert two.find("scene", "k") is None
    here = made(one)
    os.utime(here, (1_700_000_000, 1_700_000_000))
    there = two.find("scene", "k")
    assert there is not None
    assert contents(there) == contents(here) == WHOLE
    assert tmp_path / "two" in there.parents


def test_an_artefact_is_as_old_on_every_machine(objects: Objects, tmp_path: Path) -> None:
    one, two = machine(tmp_path, "one", objects), machine(tmp_path, "two", objects)
    with one.make("scene", "k") as scratch:
        (scratch / "clip.mp4").write_text("frames")
        os.utime(scratch, (1_700_000_000, 1_700_000_000))
    there = two.find("scene", "k")
    assert there is not None
    assert there.stat().st_mtime == 1_700_000_000


def test_another_prefix_shares_nothing(objects: Objects, tmp_path: Path) -> None:
    made(machine(tmp_path, "one", objects))
    other_lab = SharedArtefacts(FolderArtefacts(tmp_path / "two"), objects, "artefacts/other")
    assert other_lab.find("scene", "k") is None


def test_a_build_that_fails_is_nowhere(objects: Objects, tmp_path: Path) -> None:
    one = machine(tmp_path, "one", objects)
    with pytest.raises(RuntimeError), one.make("scene", "k"):
        raise RuntimeError("disk full")
    assert one.find("scene", "k") is None
    assert list(objects.list("")) == []


def test_what_was_evicted_here_comes_back_from_the_store(objects: Objects, tmp_path: Path) -> None:
    one = machine(tmp_path, "one", objects)
    made(one)
    FolderArtefacts(tmp_path / "one").remove("scene", "k")
    folder = one.find("scene", "k")
    assert folder is not None
    assert contents(folder) == WHOLE


def torn_within_a_file(tar: bytes) -> bytes:
    return tar[: tar.rindex(b"frames") + 3]


def torn_at_a_member(tar: bytes) -> bytes:
    """Cut where a header begins: a tar that ends too early and looks sound."""
    with tarfile.open(fileobj=BytesIO(tar)) as packed:
        return tar[: packed.getmembers()[2].offset]


def with_a_flipped_byte(tar: bytes) -> bytes:
    at = tar.rindex(b"frames")
    return tar[:at] + b"F" + tar[at + 1 :]


@pytest.mark.parametrize(
    "tear",
    [torn_within_a_file, torn_at_a_member, with_a_flipped_byte, lambda _: b"", lambda _: b"no tar at all"],
)
def test_a_torn_tar_counts_as_not_there_and_is_replaced(
    objects: Objects, tmp_path: Path, tear: Callable[[bytes], bytes]
) -> None:
    made(machine(tmp_path, "one", objects))
    objects.get(OBJECT, tmp_path / "whole.tar")
    (tmp_path / "torn.tar").write_bytes(tear((tmp_path / "whole.tar").read_bytes()))
    objects.put(OBJECT, tmp_path / "torn.tar", content_type="application/x-tar")
    two = machine(tmp_path, "two", objects)
    assert two.find("scene", "k") is None
    made(two)
    third = machine(tmp_path, "three", objects).find("scene", "k")
    assert third is not None
    assert contents(third) == WHOLE


def test_the_same_artefact_is_the_same_tar(tmp_path: Path) -> None:
    for name in ("b", "a"):
        folder = tmp_path / name
        (folder / "images").mkdir(parents=True)
        for file in ("z.txt", "images/1.png", "a.txt") if name == "a" else ("a.txt", "images/1.png", "z.txt"):
            (folder / file).write_text(file)
            (folder / file).chmod(0o600 if name == "a" else 0o644)
        os.utime(folder, (1_700_000_000, 1_700_000_000))
        pack(folder, tmp_path / f"{name}.tar")
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil-of-hidden-hill", "link"])
def test_a_tar_that_reaches_out_of_its_folder_is_torn(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as out:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        out.addfile(member, BytesIO())
    (tmp_path / "into").mkdir()
    with pytest.raises(TornError):
        unpack(tmp_path / "evil.tar", tmp_path / "into")
    assert not (tmp_path / "evil").exists()
    assert not Path("/tmp/evil-of-hidden-hill").exists()


def test_work_is_kept_while_the_store_is_away_and_sent_once_it_is_back(
    server: S3Server, tmp_path: Path
) -> None:
    with server.wire() as wire:
        objects = opened(wire.url, server.bucket())
        one = machine(tmp_path, "one", objects)
        wire.faults.extend([Status(503), Status(503)])
        with pytest.raises(StoreAwayError):
            made(one)
        # Somebody else would not find it: so the stage is not done yet, here neither.
        with pytest.raises(StoreAwayError):
            one.find("scene", "k")
        folder = one.find("scene", "k")
        assert folder is not None
        assert contents(folder) == WHOLE
        there = machine(tmp_path, "two", objects).find("scene", "k")
        assert there is not None
        assert contents(there) == WHOLE


def test_what_the_store_has_is_not_sent_again(server: S3Server, tmp_path: Path) -> None:
    with server.wire() as wire:
        objects = opened(wire.url, server.bucket())
        made(machine(tmp_path, "one", objects))
        machine(tmp_path, "two", objects).find("scene", "k")
        asked = len(wire.requests)
        for name in ("one", "two"):
            assert machine(tmp_path, name, objects).find("scene", "k") is not None
        assert len(wire.requests) == asked


def test_no_scratch_is_left(objects: Objects, tmp_path: Path) -> None:
    made(machine(tmp_path, "one", objects))
    machine(tmp_path, "two", objects).find("scene", "k")
    for name in ("one", "two"):
        assert list((tmp_path / name / "tmp").iterdir()) == []
