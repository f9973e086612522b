"""A job handed to workers on Postgres, Redis and S3 gives the same bytes as `hidden-hill make` in one process."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.commands import House
from tests.databases import PostgresServer
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server

#: What a video is. manifest.json says when and how it was made, so it differs.
FILES = (
    *("video.mp4", "preview.mp4", "cover.jpg", "captions.srt", "captions.vtt"),
    *("script.json", "post.md", "transcript.txt"),
)


@pytest.mark.timeout(400)
def test_the_bytes_are_those_of_make(
    example: Path, tmp_path: Path, valkey_url: str, postgres_server: PostgresServer
) -> None:
    made = House(tmp_path / "make")
    out = tmp_path / "out"
    assert made.run("make", str(example), "--seconds", "30", "--out", str(out)).status == 0
    s3 = S3Server()
    with postgres_server.new_database() as database:
        services = {
            "DATABASE_URL": database,
            "REDIS_URL": valkey_url,
            "AWS_STORAGE_BUCKET_NAME": s3.bucket(),
            "AWS_S3_ENDPOINT_URL": s3.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }
        person = House(tmp_path / "person", services)
        machine = House(tmp_path / "machine", services)
        assert person.run("migrate").status == 0
        worker = machine.start("worker")
        with worker:
            try:
                answer = person.run(
                    "submit", str(example), "--seconds", "30", "--wait", "--json", seconds=300
                )
                assert answer.status == 0, answer
            finally:
                worker.terminate()
                _, said = worker.communicate(timeout=60)
    job = answer.objects[-1]
    assert '.tar"' in job["order"]  # its figures were handed in too
    published = {file["name"]: file["sha256"] for file in job["files"]}
    here = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if path.is_file()
    }
    del here["paper.json"]  # the paper's full text stays here: a link is passed on
    assert published.keys() == here.keys()
    assert {name: published[name] for name in FILES} == {name: here[name] for name in FILES}
    stored = s3.client.list_objects_v2(Bucket=services["AWS_STORAGE_BUCKET_NAME"], Prefix="videos/")[
        "Contents"
    ]
    assert {Path(one["Key"]).name for one in stored} == here.keys()
    assert worker.returncode == 0
    assert SECRET_KEY not in said + answer.out + answer.err
    s3.close()
