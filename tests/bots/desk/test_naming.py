"""Which video a word is about: the thread's, the latest, the one that is named."""

from __future__ import annotations

from pathlib import Path

from bots.cards.card import Entry
from bots.desk.desk import Desk
from jobs.office import Office
from storage import jobs
from storage.database import Database
from storage.records import JobState
from tests.bots.desks import (
    ADA,
    BOSS,
    STRANGER,
    ask,
    buttons_of,
    desk_of,
    done,
    failed,
    made,
    pressed,
    shown,
    words_of,
)
from tests.databases import FakeClock
from tests.jobs.offices import job_now, new_office, work_through


def test_the_latest_job_the_threads_job_and_a_named_one(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = made(desk, office, paper="1")
    clock.advance(60)
    second = made(desk, office, paper="2")
    shown(office, first, "100.1")
    shown(office, second, "100.2")
    clock.advance(60)
    latest = made(desk, office, kind="dm", paper="3")
    desk.command(ask(thread="100.1"), "cancel")
    assert [job_now(office, job.id).state for job in (first, second)] == [
        JobState.CANCELLED,
        JobState.RUNNING,
    ]
    desk.command(ask(thread="100.1"), f"cancel {second.id}")
    assert job_now(office, second.id).state is JobState.CANCELLED
    # A thread that is about no job means the one that fits; the same message in another channel is another.
    desk.command(ask(channel="C0OTHER", thread="100.1"), "cancel")
    assert job_now(office, latest.id).state is JobState.CANCELLED


def test_where_several_fit_nobody_guesses(desk: Desk, office: Office, clock: FakeClock) -> None:
    finished = done(desk, office, paper="9")
    clock.advance(60)
    first = made(desk, office, paper="1")
    clock.advance(60)
    second = made(desk, office, paper="2")
    shown(office, second, "100.2")
    reply = desk.command(ask(), "cancel")
    entries = [block for block in reply.card.blocks if isinstance(block, Entry)]
    assert [(entry.text, entry.url) for entry in entries] == [
        ("PMID 2", "https://lab.example/C0LAB/100.2"),
        ("PMID 1", ""),
    ]
    assert {job_now(office, job.id).state for job in (first, second)} == {JobState.RUNNING}
    (button,) = entries[1].buttons
    assert button.confirm is not None
    assert pressed(desk, ADA, button.deed, button.value).card.text == "Cancelled: “PMID 1”."
    # One is left: it is meant.
    assert desk.command(ask(), "cancel").card.text == "Cancelled: “PMID 2”."
    assert "“PMID 2”: this job was cancelled; there is nothing" in desk.command(ask(), "cancel").card.text
    assert "came to nothing" in desk.command(ask(), "retry").card.text
    assert job_now(office, finished.id).state is JobState.DONE


def test_everything_leads_to_the_video(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    shown(office, job, "100.1")
    address = "https://lab.example/C0LAB/100.1"
    for words in ("status", "link"):
        reply = desk.command(ask(), words)
        assert address in [
            button.url for block in reply.card.blocks for button in getattr(block, "buttons", ())
        ]
    (row,) = [block for block in desk.command(ask(), "list").card.blocks if isinstance(block, Entry)]
    (at_home,) = [block for block in desk.home(ask()).blocks if isinstance(block, Entry)]
    assert row.url == at_home.url == address
    again = desk.command(ask(), "32296183")
    assert again.card.text == f"You have “Caption times” already: {job.link}"
    assert buttons_of(again.card)["watch"].url == address


def test_a_private_message_is_no_link_for_others(desk: Desk, office: Office) -> None:
    job = done(desk, office, kind="dm")
    shown(office, job, "100.1")
    assert "lab.example" not in str(desk.command(ask(BOSS), f"status {job.id}"))
    assert "lab.example" in str(desk.command(ask(kind="dm"), f"status {job.id}"))


def test_a_job_that_was_deleted_is_nobodys_latest(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = done(desk, office, paper="1")
    clock.advance(60)
    second = done(desk, office, paper="2")
    desk.press(ask(), "delete", second.id)
    assert first.link is not None
    assert first.link in desk.command(ask(), "link").card.text


def test_without_videos_there_is_no_latest(desk: Desk) -> None:
    assert "no videos yet" in desk.command(ask(), "status").card.text


def test_the_reference_of_a_failure_finds_its_job(desk: Desk, office: Office) -> None:
    failed(desk, office)
    assert "NCBI is away" in words_of(desk.command(ask(), "status HH-7F3K").card)
    assert "There is no video" in desk.command(ask(STRANGER), "status HH-7F3K").card.text


def test_a_private_place_answers_for_its_own_link(desk: Desk, office: Office) -> None:
    job = made(desk, office)
    assert "is being made: it has no link" in desk.command(ask(), "link").card.text
    work_through(office)
    link = job_now(office, job.id).link
    assert link is not None
    assert link in desk.command(ask(), "link").card.text


def test_the_link_is_the_pages_and_the_file_is_named_beside_it(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    page = job.files[0].model_copy(update={"name": "index.html", "key": f"{job.files[0].key}.html"})
    office.database.do(lambda: jobs.publish(job.id, [*job.files, page]))
    said = desk.command(ask(), "link").card.text
    assert said.splitlines() == [f"“Caption times”: {job.link}", f"To download: {job.link}/video.mp4"]


def test_without_an_address_the_file_is_in_the_thread(database: Database, tmp_path: Path) -> None:
    office = new_office(database, tmp_path)
    desk = desk_of(office, tmp_path)
    done(desk, office)
    assert "in its thread" in desk.command(ask(), "link").card.text
