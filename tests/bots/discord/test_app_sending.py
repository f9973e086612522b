"""Where a file may go is asked in Discord, of whoever handed it in, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.order import JobOrder
from storage.records import JobState
from storage.workspaces import change_terms, terms
from tests.bots.discord.labs import ADA, BEN, BOB, LAB, PDF, WORKSPACE, Lab, again, lab_at, running

KEY = {"gemini_api_key": "a-key-that-is-never-used", "runway_api_secret": "another"}


@pytest.fixture
def lab(tmp_path: Path, valkey_url: str) -> Iterator[Lab]:
    """A lab where Gemini and Runway would be used."""
    with lab_at(tmp_path, valkey_url, **KEY) as one:
        yield one


def cloud(lab: Lab) -> bool | None:
    return JobOrder.model_validate_json(lab.job().order).cloud


def test_where_a_dropped_file_starts_at_once_it_is_asked_in_its_thread(lab: Lab) -> None:
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"automatic": (LAB,)}))
    ts = lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    assert message.thread_ts == ts
    assert "the whole paper to Google Gemini (writing) and the script (voice)" in message.shown
    assert "a phrase of it to Runway (footage)" in message.shown
    lab.discord.press(BEN, message, "Send to Gemini and Runway")
    lab.whisper(BEN, "Only Bob Vale or an admin can answer for this video.")
    assert lab.job().state is JobState.AWAITING_CONSENT
    lab.discord.press(ADA, message, "Keep local")
    lab.until(lambda: "written on our own machines" in message.shown)
    assert cloud(lab) is False


def test_an_offer_asks_in_the_same_breath(lab: Lab) -> None:
    ts = lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
    offer = lab.until(lambda: lab.discord.of_app(LAB, ts))[-1]
    assert "Google Gemini" in offer.shown
    lab.discord.press(BEN, offer, "Send to Gemini and Runway")
    assert "Only whoever dropped" in lab.whisper(BEN).shown
    lab.discord.press(BOB, offer, "Send to Gemini and Runway")
    lab.until(lab.jobs)
    lab.until(lambda: lab.job().state is JobState.RUNNING)
    assert cloud(lab) is True


def test_the_question_means_the_same_after_a_restart(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False, **KEY) as lab:
        with running(lab):
            lab.discord.wait_connected()
            lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", PDF)
            lab.until(lab.jobs)
            message = lab.message(lab.job())
            ts = lab.discord.drop(BOB, LAB, "other.pdf", PDF + b"2")
            offer = lab.until(lambda: lab.discord.of_app(LAB, ts))[-1]
        second = again(lab, valkey_url)
        with running(second):
            lab.discord.wait_connected()
            assert lab.job().state is JobState.AWAITING_CONSENT
            lab.discord.press(BOB, message, "Send to Gemini and Runway")
            lab.until(lambda: lab.job().state is JobState.RUNNING)
            assert cloud(lab) is True
            lab.discord.press(BOB, offer, "Keep local")
            lab.until(lambda: len(lab.jobs()) == 2)
            assert cloud(lab) is False


def test_an_admin_decides_for_all_by_command_and_on_the_page(lab: Lab) -> None:
    lab.type(ADA, "admin providers", **{"uploads": "local", "on-failure": "fail"})
    lab.whisper(ADA, "stay on our own machines")
    now = terms(lab.office.database, WORKSPACE)
    assert (now.uploads, now.on_failure) == ("local", "fail")
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.job().state is not JobState.AWAITING_CONSENT
    assert cloud(lab) is False
    lab.type(ADA, "admin page")
    page = lab.whisper(ADA, "Search a paper")
    lab.discord.press(ADA, page, "home-uploads", "ask")
    lab.until(lambda: terms(lab.office.database, WORKSPACE).uploads == "ask")
