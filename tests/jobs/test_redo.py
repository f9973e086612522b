"""A video that is made anew: the old one is whole until the new one is there, and its link never dies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jobs import flow
from jobs.control import cancel, delete, rebuild, redo
from jobs.ending import video_link
from jobs.failures import Verdict
from jobs.office import Office
from jobs.sweeper import TIDY_EVERY, Sweeper
from storage import jobs, references
from storage.objects import Links
from storage.reconcile import reconcile
from storage.records import Job, JobState, PublishedFile
from tests.databases import FakeClock
from tests.jobs.offices import BEN, begun, finished, job_now, ordered, outcome, put, sent, work_through
from tests.jobs.pages import delivered, published

LASTS = Verdict(code="voice", sentence="The voice broke.", retryable=True, reference="HH-AAAA")
DAY = 24 * 3600.0


@pytest.fixture
def public(office: Office) -> Office:
    """An office whose links lead straight to the objects."""
    return replace(office, links=Links(office.objects, "https://cdn.example", None))


def tidy(office: Office, clock: FakeClock, folder: Path, days: float = 0.0) -> None:
    """What a sweeper does that comes `days` from now."""
    clock.advance(days * DAY + TIDY_EVERY)
    Sweeper(office, folder=folder, owner="one").tidy()


def redone(office: Office, job: Job) -> Job:
    redo(office, job.id, 0, by="Ada")
    work_through(office)
    again = job_now(office, job.id)
    assert again.state is JobState.DONE
    return again


def with_cover(office: Office, job: Job) -> PublishedFile:
    """The job's cover, which stands beside its video."""
    cover = job.files[0].model_copy(update={"name": "cover.jpg", "key": f"{job.files[0].key}.jpg"})
    put(office, cover.key)
    office.database.do(lambda: jobs.publish(job.id, [*job.files, cover]))
    return cover


def words(office: Office, key: str) -> str:
    file = office.objects.path(key)
    assert file is not None, key
    return file.read_text()


@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_a_redo_that_ends_badly_while_it_publishes_leaves_the_very_file(office: Office, how: str) -> None:
    job = finished(office)
    places = set()
    for _ in range(2):
        redo(office, job.id, 0, by="Ada")
        work_through(office, until="publish")
        claim = begun(office, sent(office)[0])
        made = outcome(office, claim).files
        assert made is not None
        put(office, made[0].key, "another video")
        places.add(made[0].key)
        if how == "cancelled":
            cancel(office, job.id, by="Ada")
        else:
            flow.fail(office, claim, LASTS)
        now = job_now(office, job.id)
        assert (now.state, now.files, now.link) == (JobState.DONE, job.files, job.link)
        assert words(office, job.files[0].key) == "video"
    assert len(places) == 2, "what came to nothing is in nobody's way"


def test_what_a_redo_left_behind_goes(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    job = finished(office)
    redo(office, job.id, 0, by="Ada")
    work_through(office, until="publish")
    outcome(office, begun(office, sent(office)[0]))
    cancel(office, job.id, by="Ada")
    tidy(office, clock, tmp_path, 1)
    assert [info.key for info in office.objects.list("videos/")] == [job.files[0].key]


def test_the_old_video_goes_a_day_after_the_new_one_is_there(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    job = finished(office)
    again = redone(office, job)
    assert again.link == job.link
    tidy(office, clock, tmp_path, 0.5)
    assert words(office, job.files[0].key) == "video", "somebody may be watching it"
    assert reconcile(office.database, office.objects, fix=False).orphans == ()
    tidy(office, clock, tmp_path, 0.5)
    assert [info.key for info in office.objects.list("videos/")] == [again.files[0].key]


def test_a_posted_link_to_the_object_itself_never_dies(
    public: Office, clock: FakeClock, tmp_path: Path
) -> None:
    job = finished(public)
    cover = with_cover(public, job)
    videos = [job.files[0].key]
    assert job.link == f"https://cdn.example/{videos[0]}"
    for _ in range(2):
        job = redone(public, job)
        assert [file.key for file in job.files] == [videos_key(job)]
        videos.append(job.files[0].key)
        tidy(public, clock, tmp_path, 40)
    assert job.link == f"https://cdn.example/{videos[-1]}"
    assert sorted(info.key for info in public.objects.list("videos/")) == sorted(videos)
    assert public.objects.head(cover.key) is None
    report = reconcile(public.database, public.objects, fix=True)
    assert (report.clean, report.deleted) == (True, 0)
    delete(public, job.id, by="Ada")
    assert list(public.objects.list("videos/")) == []


def test_a_posted_page_keeps_what_it_shows_and_goes_with_the_job(
    public: Office, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Links, "works", lambda self, link, key: self.objects.head(key) is not None)
    types = {"video.mp4": "video/mp4", "captions.vtt": "text/vtt", "index.html": "text/html"}
    files = {name: tmp_path / name for name in types}
    for file in files.values():
        file.write_text(file.name)
    job = delivered(public, files, types)
    assert job.link == f"https://cdn.example/{next(f.key for f in job.files if f.name == 'index.html')}"
    assert video_link(job) == f"https://cdn.example/{next(f.key for f in job.files if f.name == 'video.mp4')}"
    redo(public, job.id, 0, by="Ada")
    again = published(public, job, files, types)
    assert again.link != job.link
    tidy(public, clock, tmp_path, 40)
    both = sorted(file.key for file in (*job.files, *again.files))
    assert sorted(info.key for info in public.objects.list("videos/")) == both
    assert reconcile(public.database, public.objects, fix=False).clean
    delete(public, job.id, by="Ada")
    assert list(public.objects.list("videos/")) == []


def test_where_the_video_itself_is_to_be_had(office: Office) -> None:
    job = finished(office)
    assert video_link(job) == job.link == f"https://hill.example/v/{job.token}"
    page = job.files[0].model_copy(update={"name": "index.html", "key": f"{job.files[0].key}.html"})
    with_page = job.model_copy(update={"files": (*job.files, page)})
    assert video_link(with_page) == f"https://hill.example/v/{job.token}/video.mp4"
    assert video_link(with_page.model_copy(update={"link": None})) is None
    straight = f"https://cdn.example/{job.files[0].key}"
    assert video_link(with_page.model_copy(update={"link": straight})) == straight


def videos_key(job: Job) -> str:
    assert job.link is not None
    return job.link.removeprefix("https://cdn.example/")


def test_a_missing_old_video_does_not_mark_the_job(public: Office) -> None:
    job = finished(public)
    again = redone(public, job)
    public.objects.delete(job.files[0].key)
    assert reconcile(public.database, public.objects, fix=True).missing == ()
    assert job_now(public, job.id).message == again.message


def test_an_old_video_that_another_was_given_outlives_the_job(public: Office) -> None:
    job = finished(public)
    given = ordered(public, BEN)
    redone(public, job)
    assert public.database.do(lambda: jobs.publishers(job.files[0].key)) == [given.id]
    delete(public, job.id, by="Ada")
    assert words(public, given.files[0].key) == "video"
    delete(public, given.id, by="Ben")
    assert list(public.objects.list("videos/")) == []


@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_a_rebuild_that_comes_to_nothing_says_that_the_file_is_missing(office: Office, how: str) -> None:
    job = finished(office)
    office.objects.delete(job.files[0].key)
    rebuild(office, job.id, by="Ada")
    if how == "cancelled":
        cancel(office, job.id, by="Ada")
    else:
        flow.fail(office, begun(office, sent(office)[0]), LASTS)
    now = job_now(office, job.id)
    assert (now.state, now.failure) == (JobState.DONE, None)
    assert now.message == (
        "cancelled by Ada; the video's file is still missing"
        if how == "cancelled"
        else "Making it again failed (HH-AAAA): The voice broke. The video's file is still missing."
    )


def test_the_reference_of_a_redo_that_failed_finds_the_job(office: Office) -> None:
    job = finished(office)

    def found() -> str | None:
        there = office.database.do(lambda: jobs.by_reference("HH-AAAA"))
        return None if there is None else there.id

    redo(office, job.id, 0, by="Ada")
    flow.fail(office, begun(office, sent(office)[0]), LASTS)
    assert "HH-AAAA" in job_now(office, job.id).message
    assert found() == job.id
    redo(office, job.id, 0, by="Ada")
    cancel(office, job.id, by="Ada")
    assert found() == job.id, "whoever was told it may ask later"


def test_a_rebuild_puts_the_file_where_it_was(public: Office) -> None:
    job = redone(public, finished(public))
    public.objects.delete(job.files[0].key)
    rebuild(public, job.id, by="Ada")
    work_through(public)
    again = job_now(public, job.id)
    assert (again.state, again.link, again.files) == (JobState.DONE, job.link, job.files)
    assert public.database.do(lambda: references.is_published(job.files[0].key))
