"""What the sweeper does as time goes by, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jobs import control
from jobs.office import Office
from jobs.sweeper import TIDY_EVERY, Sweeper
from storage import workspaces
from storage.objects import FolderObjects
from storage.records import Job, JobState
from tests.databases import FakeClock
from tests.jobs.offices import finished, job_now, ordered, put, sent, work_through

DAY = 24 * 3600.0


def sweeper(office: Office, folder: Path, owner: str = "one") -> Sweeper:
    return Sweeper(office, folder=folder, owner=owner)


@pytest.fixture
def kept_30_days(office: Office) -> Office:
    """The same office, whose workspace keeps videos for thirty days."""
    workspaces.set_terms(office.database, "lab", workspaces.Terms(retention_days=30))
    return office


def state(office: Office, job: Job) -> JobState:
    return job_now(office, job.id).state


def tidy(office: Office, clock: FakeClock, folder: Path, days: float = 0.0) -> dict[str, int]:
    """What a sweeper does that comes `days` from now."""
    clock.advance(days * DAY + TIDY_EVERY)
    return sweeper(office, folder).sweep()


def test_a_video_is_deleted_a_week_after_its_requester_was_told(
    kept_30_days: Office, clock: FakeClock, tmp_path: Path
) -> None:
    office = kept_30_days
    job = finished(office)
    assert "told of their end" not in tidy(office, clock, tmp_path, 22.5)
    assert tidy(office, clock, tmp_path, 1)["told of their end"] == 1
    told = job_now(office, job.id)
    assert told.message.startswith("This video will be deleted on 16 December 2026")
    assert "told of their end" not in tidy(office, clock, tmp_path, 5)
    assert state(office, job) is JobState.DONE
    assert tidy(office, clock, tmp_path, 2)["deleted at their end"] == 1
    assert state(office, job) is JobState.DELETED
    assert not list(office.objects.list("videos/"))


def test_a_video_that_somebody_keeps_stays(kept_30_days: Office, clock: FakeClock, tmp_path: Path) -> None:
    office = kept_30_days
    job = finished(office)
    tidy(office, clock, tmp_path, 25)
    control.keep(office, job.id, by="Ada")
    tidy(office, clock, tmp_path, 400)
    assert state(office, job) is JobState.DONE


def test_a_sweeper_that_was_away_still_gives_a_week(
    kept_30_days: Office, clock: FakeClock, tmp_path: Path
) -> None:
    office = kept_30_days
    job = finished(office)
    assert tidy(office, clock, tmp_path, 60)["told of their end"] == 1
    tidy(office, clock, tmp_path, 6)
    assert state(office, job) is JobState.DONE
    tidy(office, clock, tmp_path, 1)
    assert state(office, job) is JobState.DELETED


def test_a_video_made_anew_is_told_of_anew(kept_30_days: Office, clock: FakeClock, tmp_path: Path) -> None:
    office = kept_30_days
    job = finished(office)
    tidy(office, clock, tmp_path, 25)
    control.redo(office, job.id, 0, by="Ada")
    work_through(office)
    tidy(office, clock, tmp_path, 10)
    assert state(office, job) is JobState.DONE
    assert tidy(office, clock, tmp_path, 60)["told of their end"] == 1
    assert state(office, job) is JobState.DONE


def test_without_a_retention_nothing_is_deleted(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    job = finished(office)
    assert tidy(office, clock, tmp_path, 4000).get("deleted at their end") is None
    assert state(office, job) is JobState.DONE
    assert list(office.objects.list("videos/"))


def test_one_of_two_sweepers_is_at_work_and_the_other_takes_over(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    one, two = sweeper(office, tmp_path, "one"), sweeper(office, tmp_path, "two")
    ordered(office)
    one.sweep()
    sent(office)
    clock.advance(45)
    assert one.sweep()["lost messages"] == 1
    ordered(office, source="31978945")
    clock.advance(10)
    assert two.sweep() == {}
    sent(office)
    clock.advance(45)  # the first is gone
    assert two.sweep()["lost messages"] >= 1


def test_a_part_that_fails_keeps_the_others_from_nothing(
    office: Office, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Office) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("jobs.sweeper.due_again", broken)
    put(office, "tmp/old")
    age(office, "tmp/old", clock.now - 2 * DAY)
    assert sweeper(office, tmp_path).sweep()["objects deleted"] == 1


def age(office: Office, key: str, moment: float) -> None:
    assert isinstance(office.objects, FolderObjects)
    path = office.objects.path(key)
    assert path is not None
    os.utime(path, (moment, moment))


def test_old_leftovers_go_and_what_is_used_stays(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    job = finished(office)
    for key in ("tmp/old", "tmp/young", "uploads/lab/old.pdf", "artefacts/lab/speech/old.tar"):
        put(office, key)
        age(office, key, clock.now - (3600 if key == "tmp/young" else 40 * DAY))
    age(office, job.files[0].key, clock.now - 40 * DAY)
    assert sweeper(office, tmp_path).sweep()["objects deleted"] == 2
    left = {
        info.key
        for prefix in ("tmp/", "uploads/", "artefacts/", "videos/")
        for info in office.objects.list(prefix)
    }
    assert left == {"tmp/young", "uploads/lab/old.pdf", job.files[0].key}


def test_this_machines_artefacts_go_when_nobody_used_them(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    assert office.local_artefacts is not None
    artefacts = office.local_artefacts("lab")
    for key in ("old", "young"):
        with artefacts.make("speech", key) as folder:
            (folder / "speech.wav").write_text("")
        moment = clock.now - (31 if key == "old" else 29) * DAY
        os.utime(tmp_path / "artefacts" / "lab" / "used" / "speech" / key, (moment, moment))
    assert sweeper(office, tmp_path).sweep()["artefacts of this machine"] == 1
    assert artefacts.find("speech", "young")
    assert not artefacts.find("speech", "old")


def test_a_clock_that_is_set_back_stops_no_tidying(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    one = sweeper(office, tmp_path)
    one.sweep()
    clock.advance(-400 * DAY)
    put(office, "tmp/old")
    age(office, "tmp/old", clock.now - 2 * DAY)
    assert one.sweep()["objects deleted"] == 1
