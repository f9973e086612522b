"""Rows held against objects, on both databases and both stores."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import artefact_uses, jobs
from storage.database import Database
from storage.models import PublishedRow, StageRunRow, User
from storage.objects import FolderObjects
from storage.published import JobFiles, video_folder
from storage.reconcile import Report, reconcile
from storage.records import Job, JobState, RunState
from storage.references import FILE_GONE
from storage.s3 import S3Objects
from tests.databases import FakeClock
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server

HOUR, DAY = 3600.0, 24 * 3600.0


class House:
    """A database and a store; files are as old as the clock says."""

    def __init__(self, db: Database, objects: FolderObjects, folder: Path, clock: FakeClock) -> None:
        self.db, self.objects, self.clock = db, objects, clock
        self._folder = folder
        self._number = 0
        self.user = db.do(
            lambda: (
                User.create(workspace="lab", platform="local", platform_user="ada", created_at=clock.now).id
            )
        )

    def put(self, key: str) -> str:
        file = self._folder / "content"
        file.write_bytes(b"content")
        self.objects.put(key, file, content_type="video/mp4")
        path = self.objects.path(key)
        assert path is not None
        os.utime(path, (self.clock.now, self.clock.now))
        return key

    def job(self, state: JobState = JobState.DONE, *, order: dict[str, object] | None = None) -> str:
        self._number += 1
        job, token = f"job{self._number}", f"{self._number:032x}"
        new = jobs.NewJob(
            id=job,
            workspace="lab",
            user=self.user,
            private=False,
            order=json.dumps({"source": "1"} | (order or {})),
            source="1",
            sameness=job,
            state=state,
            stage="publish",
            needs_approval=False,
            estimate_cents=0,
            token=token,
        )
        self.db.do(lambda: jobs.add(self.db, new))
        return job

    def upload_video(self, job: str) -> JobFiles:
        """The video is in the store; the job's row does not know."""
        token = self.read(job).token
        files = JobFiles(self.objects, video_folder(self.clock.now, "Sleep", token), {"job": job})
        file = self._folder / "video.mp4"
        file.write_bytes(b"frames")
        files.put("video.mp4", file, "video/mp4")
        path = self.objects.path(files.files[0].key)
        assert path is not None
        os.utime(path, (self.clock.now, self.clock.now))
        return files

    def done(self) -> tuple[str, str]:
        """A done job and the key of its video."""
        job = self.job()
        files = self.upload_video(job).files
        self.db.do(lambda: jobs.publish(job, files))
        return job, files[0].key

    def read(self, job: str) -> Job:
        found = self.db.do(lambda: jobs.find(job))
        assert found is not None
        return found

    def there(self) -> list[str]:
        return sorted(info.key for info in self.objects.list(""))

    def reconcile(self, *, fix: bool = False) -> Report:
        return reconcile(self.db, self.objects, fix=fix)


@pytest.fixture
def house(database: Database, tmp_path: Path, clock: FakeClock) -> House:
    return House(database, FolderObjects(tmp_path / "objects"), tmp_path, clock)


def test_a_house_in_order_is_left_alone(house: House) -> None:
    house.done()
    house.clock.advance(10 * DAY)
    keys = house.there()
    report = house.reconcile(fix=True)
    assert report == Report()
    assert report.clean
    assert house.there() == keys


def test_a_video_that_no_job_refers_to_is_deleted_once_it_is_an_hour_old(house: House) -> None:
    _, kept = house.done()
    orphan = house.put("videos/2026-11-16-sleep-ffff/video.mp4")
    house.clock.advance(HOUR - 60)
    assert house.reconcile(fix=True).clean
    house.clock.advance(120)
    assert house.reconcile().orphans == (orphan,)
    assert orphan in house.there()
    report = house.reconcile(fix=True)
    assert (report.orphans, report.deleted) == ((orphan,), 1)
    assert house.there() == [kept]
    assert house.reconcile(fix=True).clean


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED, JobState.DELETED])
def test_what_a_job_that_is_over_left_behind_is_an_orphan(house: House, state: JobState) -> None:
    (file,) = house.upload_video(house.job(state)).files
    house.clock.advance(2 * HOUR)
    assert house.reconcile(fix=True).orphans == (file.key,)
    assert house.there() == []


def test_a_deleted_jobs_row_keeps_no_video(house: House) -> None:
    job, key = house.done()
    house.db.do(lambda: jobs.change(house.db, job, (JobState.DONE,), state=JobState.DELETED))
    house.clock.advance(2 * HOUR)
    assert house.reconcile(fix=True).orphans == (key,)


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.WAITING, JobState.QUEUED])
def test_a_finished_upload_without_status_is_reported_and_kept(house: House, state: JobState) -> None:
    job = house.job(state)
    (file,) = house.upload_video(job).files
    house.clock.advance(HOUR / 2)
    assert house.reconcile(fix=True).clean
    house.clock.advance(HOUR)
    report = house.reconcile(fix=True)
    assert (report.unfinished, report.orphans, report.deleted) == ((job,), (), 0)
    assert house.there() == [file.key]


def test_a_job_whose_publishing_is_done_and_that_is_not_is_reported(house: House) -> None:
    fine, stuck = house.done()[0], house.job(JobState.RUNNING)
    for job in (fine, stuck):
        house.db.do(
            lambda job=job: StageRunRow.create(job=job, stage="publish", state=str(RunState.DONE))  # type: ignore[misc]
        )
    assert house.reconcile().unfinished == (stuck,)


def test_a_done_job_whose_video_is_gone_says_so_until_it_is_back(house: House) -> None:
    job, key = house.done()
    sound, _ = house.done()
    house.objects.delete(key)
    assert house.reconcile().missing == (job,)
    assert house.read(job).message == ""

    report = house.reconcile(fix=True)
    assert (report.missing, report.marked) == ((job,), 1)
    marked = house.read(job)
    assert (marked.state, marked.message, marked.failure) == (JobState.DONE, FILE_GONE, None)
    assert marked.revision == 2
    again = house.reconcile(fix=True)
    assert (again.missing, again.marked) == ((job,), 0)
    assert house.read(job).revision == 2
    assert house.read(sound).message == ""

    house.put(key)
    assert house.reconcile(fix=True).marked == 1
    assert (house.read(job).message, house.read(job).revision) == ("", 3)


def test_a_video_that_two_jobs_share_is_missed_by_both_and_needed_by_either(house: House) -> None:
    first, key = house.done()
    second = house.job()
    files = house.read(first).files
    house.db.do(lambda: jobs.publish(second, files))
    house.db.do(lambda: PublishedRow.delete().where(PublishedRow.job == first).execute())
    house.clock.advance(2 * HOUR)
    assert house.reconcile(fix=True).clean
    house.objects.delete(key)
    assert house.reconcile().missing == (second,)


def test_an_artefact_goes_when_no_job_used_it_for_30_days(house: House) -> None:
    used = house.put("artefacts/lab/scene/used.tar")
    unused = house.put("artefacts/lab/scene/unused.tar")
    old = house.put("artefacts/lab/scene/old.tar")
    house.db.do(lambda: artefact_uses.note(house.db, "lab", "a", [("scene", "old")]))
    house.clock.advance(20 * DAY)
    house.db.do(lambda: artefact_uses.note(house.db, "lab", "b", [("scene", "used")]))
    assert house.reconcile(fix=True).clean
    house.clock.advance(11 * DAY)
    fresh = house.put("artefacts/lab/scene/fresh.tar")
    report = house.reconcile(fix=True)
    assert (report.artefacts, report.deleted) == ((old, unused), 2)
    assert house.there() == [fresh, used]
    assert house.db.do(lambda: artefact_uses.forget("lab", "a")) == []


def test_an_upload_goes_when_no_order_names_it(house: House) -> None:
    paper = house.put("uploads/lab/aa.pdf")
    script = house.put("uploads/lab/bb.json")
    dropped = house.put("uploads/lab/cc.pdf")
    house.job(JobState.FAILED, order={"upload": paper, "takes": {"1": 2}})
    house.job(order={"script": script})
    house.clock.advance(DAY - 60)
    assert house.reconcile(fix=True).clean
    house.clock.advance(120)
    report = house.reconcile(fix=True)
    assert (report.uploads, report.deleted) == ((dropped,), 1)
    assert house.there() == [paper, script]


def test_leftovers_of_a_day_ago_go(house: House) -> None:
    old = house.put("tmp/old")
    house.clock.advance(DAY + 60)
    house.put("tmp/new")
    report = house.reconcile(fix=True)
    assert (report.leftovers, report.deleted) == ((old,), 1)
    assert house.there() == ["tmp/new"]


def test_what_nobody_knows_is_left_alone(house: House) -> None:
    house.put("somebody-elses/file")
    house.clock.advance(400 * DAY)
    assert house.reconcile(fix=True).clean
    assert house.there() == ["somebody-elses/file"]


def test_a_database_that_knows_no_job_deletes_no_video_and_no_upload(house: House) -> None:
    kept = [house.put("uploads/lab/aa.pdf"), house.put("videos/2026-11-16-sleep-ffff/video.mp4")]
    house.clock.advance(400 * DAY)
    report = house.reconcile(fix=True)
    assert (*report.uploads, *report.orphans) == tuple(kept)
    assert report.deleted == 0
    assert house.there() == kept


def test_unattended_it_deletes_only_what_is_surely_its_own(house: House) -> None:
    (mine,) = house.upload_video(house.job(JobState.FAILED)).files
    foreign = house.put("videos/2026-11-16-sleep-ffff/video.mp4")
    upload = house.put("uploads/lab/aa.pdf")
    leftover = house.put("tmp/x")
    house.clock.advance(2 * DAY)
    report = reconcile(house.db, house.objects, fix=True, unattended=True)
    assert sorted(report.orphans) == sorted([mine.key, foreign])
    assert (report.uploads, report.leftovers, report.deleted) == ((upload,), (leftover,), 2)
    assert house.there() == [upload, foreign]


class Meanwhile(FolderObjects):
    """A store in which something happens between the look and the deletion."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.happens = lambda: None

    def list(self, prefix: str) -> Iterator:  # type: ignore[type-arg]
        yield from super().list(prefix)
        if prefix == "tmp/":
            return
        happens, self.happens = self.happens, lambda: None
        happens()


def test_what_was_claimed_or_put_again_meanwhile_stays(
    database: Database, tmp_path: Path, clock: FakeClock
) -> None:
    store = Meanwhile(tmp_path / "objects")
    house = House(database, store, tmp_path, clock)
    house.done()
    put_again = house.put("videos/2026-11-16-sleep-ffff/video.mp4")
    claimed = house.put("uploads/lab/aa.pdf")
    house.clock.advance(2 * DAY)

    def meanwhile() -> None:
        house.put(put_again)
        house.job(order={"upload": claimed})

    store.happens = meanwhile
    report = house.reconcile(fix=True)
    assert report.deleted == 0
    assert {put_again, claimed} <= set(house.there())


def test_on_a_bucket_too(database: Database, tmp_path: Path, clock: FakeClock) -> None:
    House(database, FolderObjects(tmp_path / "objects"), tmp_path, clock).job()
    server = S3Server()
    try:
        bucket = S3Objects(
            server.bucket(), endpoint_url=server.url, access_key=ACCESS_KEY, secret_key=SECRET_KEY
        )
        file = tmp_path / "x"
        file.write_bytes(b"x")
        for key in ("videos/2026-11-16-x-ffff/video.mp4", "tmp/x"):
            bucket.put(key, file, content_type="video/mp4")
        clock.now = max(info.modified for info in bucket.list("")) + 2 * DAY
        report = reconcile(database, bucket, fix=True)
        left = list(bucket.list(""))
    finally:
        server.close()
    assert (report.orphans, report.leftovers) == (("videos/2026-11-16-x-ffff/video.mp4",), ("tmp/x",))
    assert (report.deleted, left) == (2, [])
