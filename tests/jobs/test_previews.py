"""The preview is a file of the video like its others: it is handed on, missed, reconciled and deleted with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs import control
from jobs.office import Office
from jobs.sweeper import TIDY_EVERY, Sweeper
from storage import workspaces
from storage.reconcile import reconcile
from storage.records import Job, JobState
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, finished, job_now, ordered, with_preview, work_through

DAY = 24 * 3600.0


@pytest.fixture
def job(office: Office) -> Job:
    workspaces.set_terms(office.database, "lab", workspaces.Terms(retention_days=30))
    return with_preview(office, finished(office))


def key_of(job: Job) -> str:
    return next(file.key for file in job.files if file.name == "preview.mp4")


def kept(office: Office) -> set[str]:
    return {info.key.rpartition("/")[2] for info in office.objects.list("videos/")}


def test_who_asks_for_the_same_gets_the_same_preview(office: Office, job: Job) -> None:
    again = ordered(office, BEN)
    assert (again.state, again.files) == (JobState.DONE, job.files)
    control.delete(office, job.id, by="Ada")
    assert office.objects.head(key_of(again)) is not None
    control.delete(office, again.id, by="Ben")
    assert not kept(office)


def test_a_video_whose_preview_is_gone_is_made_again(office: Office, job: Job) -> None:
    office.objects.delete(key_of(job))
    assert ordered(office, BEN).state is JobState.RUNNING


def test_it_goes_with_the_video_at_its_end(
    office: Office, job: Job, clock: FakeClock, tmp_path: Path
) -> None:
    for days in (25, 10):
        clock.advance(days * DAY + TIDY_EVERY)
        Sweeper(office, folder=tmp_path, owner="one").tidy()
    assert job_now(office, job.id).state is JobState.DELETED
    assert not kept(office)


def test_the_preview_of_a_video_that_was_made_anew_goes_a_day_later(
    office: Office, job: Job, clock: FakeClock, tmp_path: Path
) -> None:
    control.redo(office, job.id, 0, by="Ada")
    work_through(office)
    assert job_now(office, job.id).state is JobState.DONE
    clock.advance(2 * DAY)
    Sweeper(office, folder=tmp_path, owner="one").tidy()
    assert office.objects.head(key_of(job)) is None


def test_reconciling_knows_whose_it_is(office: Office, job: Job) -> None:
    report = reconcile(office.database, office.objects, fix=True)
    assert (report.orphans, report.young, report.missing) == ((), 0, ())
    office.objects.delete(key_of(job))
    assert reconcile(office.database, office.objects, fix=False).missing == (job.id,)


def test_it_is_the_requesters_alone_that_reads_it(office: Office) -> None:
    private = with_preview(office, finished(office, ADA, "7", private=True))
    assert ordered(office, BEN, "7").files == ()
    assert ordered(office, ADA, "7").files == private.files
