"""Reactions on a job's message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bots.desk.desk import Desk
from jobs.office import Office
from storage import audit
from storage.records import JobState
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    LAB,
    ask,
    begun,
    buttons_of,
    failed,
    made,
    shown,
)
from tests.databases import FakeClock
from tests.jobs.offices import job_now


def test_reactions_mean_the_message_they_stand_on(desk: Desk, office: Office) -> None:
    job = failed(desk, office)
    shown(office, job, "100.1")
    assert desk.react(ask(), "retry", "999.9") is None
    other = desk.react(ask(BEN), "retry", "100.1")
    assert other is not None
    assert other.private
    assert "Only Ada or an admin" in other.card.text
    reply = desk.react(ask(), "retry", "100.1")
    assert reply is not None
    assert job_now(office, job.id).state is JobState.RUNNING
    assert desk.react(ask(), "cancel", "100.1") is not None
    assert job_now(office, job.id).state is JobState.CANCELLED
    question = desk.react(ask(), "delete", "100.1")
    assert question is not None
    assert job_now(office, job.id).state is JobState.CANCELLED
    assert buttons_of(question.card)["delete"].value == job.id


def test_a_reaction_is_about_the_message_it_stands_on(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = made(desk, office, paper="1")
    shown(office, first, "100.1")
    clock.advance(60)
    second = begun(office, desk.command(ask(thread="100.1"), "2"))  # asked for in the thread of the first
    assert desk.react(ask(), "cancel", "100.1") is not None
    assert job_now(office, first.id).state is JobState.CANCELLED
    assert job_now(office, second.id).state is JobState.RUNNING


def test_two_reactions_at_once_start_one_retry(desk: Desk, office: Office) -> None:
    job = failed(desk, office)
    shown(office, job, "100.1")
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda who: desk.react(ask(who), "retry", "100.1"), [ADA, BOSS, ADA, BOSS]))
    texts = sorted(reply.card.text for reply in replies if reply is not None)
    assert sum(text == "“PMID 32296183” goes on from where it stopped." for text in texts) == 1
    assert len(audit.entries(office.database, LAB, target=job.id)) == 1
