"""Where a file may go is asked in Slack, of whoever handed it in, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.order import JobOrder
from storage.records import JobState
from storage.workspaces import change_terms, terms
from tests.bots.slack.labs import ADA, BEN, BOSS, LAB, PDF, WORKSPACE, Lab, lab_at
from tests.fakes.slack import View


@pytest.fixture
def lab(tmp_path: Path, valkey_url: str) -> Iterator[Lab]:
    """A lab where Gemini would write and speak."""
    with lab_at(tmp_path, valkey_url, gemini_api_key="a-key-that-is-never-used") as one:
        yield one


def cloud(lab: Lab) -> bool | None:
    return JobOrder.model_validate_json(lab.job().order).cloud


def home(lab: Lab, user: str, words: str) -> View:
    return lab.until(lambda: [one for one in [lab.slack.home(user)] if one and words in str(one.body)])[0]


def test_a_file_in_a_direct_message_waits_for_its_owner_s_word(lab: Lab) -> None:
    lab.slack.drop(ADA, lab.slack.dm(ADA), "paper.pdf", PDF)
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    assert "the whole paper to Google Gemini (writing) and the script (voice)" in message.shown
    assert (lab.job().state, cloud(lab)) == (JobState.AWAITING_CONSENT, None)
    lab.slack.press(ADA, message, "send-out")
    lab.until(lambda: lab.job().state is not JobState.AWAITING_CONSENT)
    assert cloud(lab) is True
    lab.until(lambda: "sent to Gemini" in message.shown)
    assert "send-out" not in str(message.blocks)
    lab.work()
    lab.until(lambda: "Done" in message.shown)


def test_where_a_dropped_file_starts_at_once_it_is_asked_in_its_thread(lab: Lab) -> None:
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"automatic": (LAB,)}))
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    assert message.thread_ts == ts
    lab.slack.press(BEN, message, "keep-local")
    assert "Only Ada or an admin can answer for this video." in lab.whisper(BEN).shown
    lab.slack.press(BEN, message, "send-out")
    lab.quiet()
    assert lab.job().state is JobState.AWAITING_CONSENT
    lab.slack.press(BOSS, message, "keep-local")
    lab.until(lambda: "written on our own machines" in message.shown)
    assert cloud(lab) is False


def test_an_offer_asks_in_the_same_breath(lab: Lab) -> None:
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    offer = lab.until(lambda: lab.slack.of_app(LAB, ts))[-1]
    assert "Google Gemini" in offer.shown
    values = [one["value"] for block in offer.blocks for one in block.get("elements", ()) if "value" in one]
    keep = next(value for value in values if '"cloud":false' in value)
    (action,) = [
        one["action_id"]
        for block in offer.blocks
        for one in block.get("elements", ())
        if one.get("value") == keep
    ]
    lab.slack.press(ADA, offer, action, keep)
    lab.until(lab.jobs)
    lab.until(lambda: lab.job().state is JobState.RUNNING)
    assert cloud(lab) is False


def test_an_admin_decides_for_all_in_words_and_on_the_page(lab: Lab) -> None:
    lab.slack.command(BOSS, LAB, "admin uploads local")
    assert "stay on our own machines" in lab.whisper(BOSS).shown
    lab.slack.drop(ADA, lab.slack.dm(ADA), "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.job().state is not JobState.AWAITING_CONSENT
    assert cloud(lab) is False
    lab.slack.open_home(BOSS)
    lab.slack.press(BOSS, home(lab, BOSS, "home-admin"), "home-admin")
    lab.slack.press(BOSS, home(lab, BOSS, "Files stay on our machines"), "home-uploads", "ask")
    lab.slack.press(BOSS, home(lab, BOSS, "ask before they leave"), "home-on-failure", "fail")
    lab.quiet()
    now = terms(lab.office.database, WORKSPACE)
    assert (now.uploads, now.on_failure) == ("ask", "fail")
