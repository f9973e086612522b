"""People and workspaces that leave, and what is purged when a workspace does not come back."""

from __future__ import annotations

from pathlib import Path

from jobs.control import delete
from jobs.office import Office
from jobs.removal import KEPT, cancel_of, purge, workspace_back, workspace_removed
from jobs.sweeper import Sweeper
from storage import audit, chat, jobs, ledger, members, workspaces
from storage.members import Preferences
from storage.records import Job, JobState, Requester
from storage.workspaces import Terms
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, finished, job_now, ordered, sent, work_through

EVE = Requester(workspace="other", platform="terminal", user="eve", name="Eve")


def opened(office: Office, job: Job) -> None:
    chat.open_chat(
        office.database,
        job=job.id,
        platform="slack",
        workspace=job.workspace,
        channel="C1",
        kind="public",
    )


def test_a_closed_accounts_jobs_are_cancelled_and_its_videos_stay(office: Office) -> None:
    done = finished(office, source="1")
    running, queued, others = (
        ordered(office, source="2"),
        ordered(office, source="3"),
        ordered(office, BEN, source="4"),
    )
    sent(office)
    gone = cancel_of(office, ADA)
    assert {job.id for job in gone} == {running.id, queued.id}
    assert {job.state for job in gone} == {JobState.CANCELLED}
    assert {job.reserved_cents for job in gone} == {0}
    assert job_now(office, done.id).state is JobState.DONE
    assert job_now(office, others.id).state in jobs.UNFINISHED
    assert cancel_of(office, ADA) == []


def test_somebody_unknown_has_nothing_to_cancel_and_is_not_written_down(office: Office) -> None:
    assert cancel_of(office, EVE) == []
    assert members.find(office.database, EVE) is None


def test_who_follows_a_cancelled_job_goes_on_alone(office: Office) -> None:
    ordered(office)
    follower = ordered(office, BEN)
    cancel_of(office, ADA)
    work_through(office)
    assert job_now(office, follower.id).state is JobState.DONE


def test_an_uninstalled_workspace_stops_and_is_kept_for_a_while(office: Office, clock: FakeClock) -> None:
    done, running = finished(office, source="1"), ordered(office, source="2")
    elsewhere = ordered(office, EVE)
    assert [job.id for job in workspace_removed(office, "lab")] == [running.id]
    assert workspaces.terms(office.database, "lab").removed_at == clock.now
    left = clock.now
    clock.advance(3600.0)
    assert workspace_removed(office, "lab") == []
    assert workspaces.terms(office.database, "lab").removed_at == left
    clock.advance(KEPT - 3601.0)
    assert purge(office) == 0
    assert job_now(office, done.id).state is JobState.DONE
    assert job_now(office, elsewhere.id).state in jobs.UNFINISHED


def test_who_does_not_come_back_is_purged_whole(office: Office, clock: FakeClock) -> None:
    db = office.database
    done, elsewhere = finished(office), finished(office, EVE)
    for job in (done, elsewhere):
        opened(office, job)
    workspaces.change_terms(
        db, "lab", lambda now: now.model_copy(update={"admins": ("U1",), "automatic": ("C1",)})
    )
    user, other = (workspaces.user_id(db, who) for who in (ADA, EVE))
    for one in (user, other):
        members.set_preferences(db, one, Preferences(seconds=45))
    workspace_removed(office, "lab")
    clock.advance(KEPT + 1.0)
    assert purge(office) == 1
    gone = job_now(office, done.id)
    assert (gone.state, gone.files, gone.paper.title, gone.source) == (JobState.DELETED, (), "", "")
    assert office.objects.head(done.files[0].key) is None
    assert chat.chat_of(db, done.id) is None
    assert audit.entries(db, "lab") == []
    assert gone.requester.name == ""
    assert members.preferences(db, user) == Preferences()
    assert workspaces.terms(db, "lab") == Terms()
    assert purge(office) == 0

    assert job_now(office, elsewhere.id).state is JobState.DONE
    assert office.objects.head(elsewhere.files[0].key) is not None
    assert chat.chat_of(db, elsewhere.id) is not None
    assert workspaces.requester(db, other).name == "Eve"
    assert members.preferences(db, other).seconds == 45


def test_what_was_spent_stays_in_the_books(office: Office, clock: FakeClock) -> None:
    job = finished(office)
    ledger.charge(office.database, job=job.id, purchase="p", cents=7)
    workspace_removed(office, "lab")
    clock.advance(KEPT + 1.0)
    purge(office)
    assert ledger.of_job(office.database, job.id)[1] == 7


def test_who_comes_back_in_time_finds_everything(office: Office, clock: FakeClock) -> None:
    job = finished(office)
    assert not workspace_back(office, "lab")
    workspace_removed(office, "lab")
    clock.advance(KEPT - 1.0)
    assert workspace_back(office, "lab")
    clock.advance(KEPT)
    assert purge(office) == 0
    assert job_now(office, job.id).state is JobState.DONE
    actions = {entry.action for entry in audit.entries(office.database, "lab")}
    assert {"uninstalled", "installed again"} <= actions


def test_what_was_begun_after_leaving_is_purged_too(office: Office, clock: FakeClock) -> None:
    workspace_removed(office, "lab")
    job = ordered(office)
    clock.advance(KEPT + 1.0)
    assert purge(office) == 1
    assert job_now(office, job.id).state is JobState.DELETED


def test_a_video_that_is_being_made_anew_goes_too(office: Office, clock: FakeClock) -> None:
    from jobs.control import redo

    job = finished(office)
    redo(office, job.id, 0, by="Ada")
    workspace_removed(office, "lab")
    assert job_now(office, job.id).state is JobState.DONE
    redo(office, job.id, 0, by="Ada")
    clock.advance(KEPT + 1.0)
    assert purge(office) == 1
    assert job_now(office, job.id).state is JobState.DELETED


def test_the_sweeper_purges(office: Office, clock: FakeClock, tmp_path: Path) -> None:
    finished(office)
    workspace_removed(office, "lab")
    clock.advance(KEPT + 1.0)
    assert Sweeper(office, tmp_path, "one").tidy()["workspaces purged"] == 1


def test_the_sweeper_forgets_the_messages_of_deleted_jobs(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    job = finished(office)
    opened(office, job)
    gone = delete(office, job.id, by="Ada")
    assert isinstance(gone, Job)
    chat.take(office.database, job.id, "bot", 30.0)
    chat.keep_shown(office.database, job.id, "bot", shown_revision=gone.revision)
    chat.release(office.database, job.id, "bot")
    sweeper = Sweeper(office, tmp_path, "one")
    assert sweeper.tidy().get("messages forgotten", 0) == 0
    clock.advance(25 * 3600.0)
    assert sweeper.tidy()["messages forgotten"] == 1
    assert chat.chat_of(office.database, job.id) is None
