"""What the sweeper does as time goes by, and what it leaves alone."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event

import pytest

from jobs import control
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.sweeper import TIDY_EVERY, Sweeper
from storage import artefact_uses, workspaces
from storage.errors import StoreAwayError
from storage.objects import FolderObjects
from storage.purchases import Purchases
from storage.quotas import Refusal
from storage.reconcile import Report
from storage.records import Job, JobState
from tests.databases import FakeClock
from tests.jobs.offices import ADA, finished, job_now, ordered, put, sent, work_through

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
    return sweeper(office, folder).tidy()


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
    one = sweeper(office, tmp_path)
    one.sweep()
    one.rest()
    assert office.objects.head("tmp/old") is None


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
    assert sweeper(office, tmp_path).tidy()["objects deleted"] == 2
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
    clock.advance(-400 * DAY)  # the files have their times from this machine, not from the server
    for key in ("old", "young"):
        with artefacts.make("speech", key) as folder:
            (folder / "speech.wav").write_text("")
        moment = time.time() - (31 if key == "old" else 29) * DAY
        os.utime(tmp_path / "artefacts" / "lab" / "used" / "speech" / key, (moment, moment))
    assert sweeper(office, tmp_path).tidy()["artefacts of this machine"] == 1
    assert artefacts.find("speech", "young")
    assert not artefacts.find("speech", "old")


def test_a_clock_that_is_set_back_stops_no_tidying(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    one = sweeper(office, tmp_path)
    one.sweep()
    one.rest()
    clock.advance(-400 * DAY)
    put(office, "tmp/old")
    age(office, "tmp/old", clock.now - 2 * DAY)
    one.sweep()
    one.rest()
    assert office.objects.head("tmp/old") is None


@pytest.mark.parametrize("shared", [True, False])
def test_what_belongs_to_no_job_goes_at_once_where_it_is_a_copy(
    office: Office, tmp_path: Path, shared: bool
) -> None:
    assert office.local_artefacts is not None
    assert isinstance(office.objects, FolderObjects)
    office.objects.shared = shared
    artefacts = office.local_artefacts("lab")
    office.database.do(lambda: artefact_uses.note(office.database, "lab", "job", [("speech", "used")]))
    for key in ("used", "deleted", "at work"):
        with artefacts.make("speech", key) as folder:
            (folder / "speech.wav").write_text("")
        moment = time.time() - (600 if key == "at work" else 2 * 3600)
        os.utime(tmp_path / "artefacts" / "lab" / "used" / "speech" / key, (moment, moment))
    sweeper(office, tmp_path).tidy()
    # A job that was deleted elsewhere, or a stage that was cut off: only the store knows.
    left = {"used", "at work"} if shared else {"used", "deleted", "at work"}
    assert {key for key in ("used", "deleted", "at work") if artefacts.find("speech", key)} == left


def test_a_retention_that_is_lifted_deletes_nothing_and_the_notice_is_taken_back(
    kept_30_days: Office, clock: FakeClock, tmp_path: Path
) -> None:
    office = kept_30_days
    job = finished(office)
    assert tidy(office, clock, tmp_path, 25)["told of their end"] == 1
    workspaces.set_terms(office.database, "lab", workspaces.Terms())
    assert tidy(office, clock, tmp_path, 60)["no longer ending"] == 1
    now = job_now(office, job.id)
    assert (now.state, now.message, now.expires_at) == (JobState.DONE, "", None)
    workspaces.set_terms(office.database, "lab", workspaces.Terms(retention_days=30))
    assert tidy(office, clock, tmp_path, 60)["told of their end"] == 1
    assert state(office, job) is JobState.DONE  # it was told anew, and has a week


def test_a_retention_set_later_reaches_finished_videos(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    job = finished(office)
    workspaces.set_terms(office.database, "lab", workspaces.Terms(retention_days=30))
    assert job_now(office, job.id).expires_at == clock.now + 30 * DAY
    tidy(office, clock, tmp_path, 60)
    tidy(office, clock, tmp_path, 8)
    assert state(office, job) is JobState.DELETED


def test_a_kept_video_that_is_made_anew_stays_kept(
    kept_30_days: Office, clock: FakeClock, tmp_path: Path
) -> None:
    office = kept_30_days
    job = finished(office)
    control.keep(office, job.id, by="Ada")
    control.redo(office, job.id, 0, by="Ada")
    work_through(office)
    assert job_now(office, job.id).expires_at is None
    tidy(office, clock, tmp_path, 60)
    tidy(office, clock, tmp_path, 8)
    assert state(office, job) is JobState.DONE


def test_what_the_store_did_not_delete_is_deleted_later(
    office: Office, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = "uploads/lab/" + "a" * 64 + ".pdf"
    put(office, upload)
    job = finished(office, source="a.pdf", upload=upload)

    def away(*_: object) -> None:
        raise StoreAwayError("The store is away.")

    with monkeypatch.context() as broken:
        broken.setattr(FolderObjects, "delete", away)
        control.delete(office, job.id, by="Ada")
        tidy(office, clock, tmp_path)
    assert office.objects.head(upload) is not None
    tidy(office, clock, tmp_path)
    assert office.objects.head(upload) is None
    assert not list(office.objects.list("videos/"))


def test_what_was_doomed_and_is_ordered_again_stays(
    office: Office, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = "uploads/lab/" + "a" * 64 + ".pdf"
    put(office, upload)
    job = finished(office, source="a.pdf", upload=upload)

    def away(*_: object) -> None:
        raise StoreAwayError("The store is away.")

    with monkeypatch.context() as broken:
        broken.setattr(FolderObjects, "delete", away)
        control.delete(office, job.id, by="Ada")
    again = ordered(office, source="b.pdf", upload=upload)
    tidy(office, clock, tmp_path)
    assert office.objects.head(upload) is not None
    assert state(office, again) is JobState.RUNNING


def test_what_was_handed_in_with_a_refused_order_goes_after_a_day(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    workspaces.set_terms(office.database, "lab", workspaces.Terms(paused=True))
    upload = "uploads/lab/" + "a" * 64 + ".pdf"
    put(office, upload)
    assert isinstance(submit(office, ADA, JobOrder(source="a.pdf", upload=upload)), Refusal)
    tidy(office, clock, tmp_path, 0.5)
    assert office.objects.head(upload) is not None
    tidy(office, clock, tmp_path, 0.5)
    assert office.objects.head(upload) is None


def test_tidying_that_takes_long_keeps_nobody_from_mending(
    office: Office, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing, go_on = Event(), Event()

    def slow(*_: object, **__: object) -> Report:
        listing.set()
        assert go_on.wait(60)
        return Report()

    monkeypatch.setattr("jobs.sweeper.reconcile", slow)
    one = sweeper(office, tmp_path)
    ordered(office)
    one.sweep()
    assert listing.wait(60)
    try:
        sent(office)
        clock.advance(45)
        assert one.sweep()["lost messages"] == 1
    finally:
        go_on.set()
        one.rest()


def test_what_an_ended_job_was_buying_when_it_was_cut_off_counts_as_spent(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(_: str) -> str:
        raise Killed

    job = ordered(office, estimate_cents=200)
    buyer = Purchases(office.database, "lab", job.id)
    for what, repeatable in (("clip", False), ("voice", True)):
        with pytest.raises(Killed):
            buyer.once(what, provider="shop", cents=100, ask=die, repeatable=repeatable)
    clock.advance(60)
    one = sweeper(office, tmp_path)
    one.sweep()
    assert job_now(office, job.id).spent_cents == 0  # its worker's successor asks again
    control.cancel(office, job.id, by="Ada")
    assert one.sweep()["purchases unsure"] == 2
    assert "purchases unsure" not in one.sweep()
    one.rest()
    assert job_now(office, job.id).spent_cents == 200
    # Nobody is asked twice for what knows its id.
    control.retry(office, job.id, by="Ada")
    ids = [
        buyer.once(what, provider="shop", cents=100, ask=lambda number: number, repeatable=repeatable)
        for what, repeatable in (("clip", False), ("voice", True))
    ]
    assert len(ids) == 2
    assert job_now(office, job.id).spent_cents == 300
