"""Files that are dropped where the app is."""

from __future__ import annotations

from typing import Any

import pytest

from storage.records import Job
from storage.workspaces import change_terms
from tests.bots.slack.labs import ADA, BEN, BOSS, EVE, LAB, PDF, SHARED, WORKSPACE, Lab
from tests.fakes.slack import Message


def offered(lab: Lab, ts: str, channel: str = LAB) -> Message:
    return lab.until(
        lambda: [one for one in lab.slack.of_app(channel, ts) if "Make video" in str(one.blocks)]
    )[-1]


def test_in_a_direct_message_it_starts(lab: Lab) -> None:
    dm = lab.slack.dm(ADA)
    ts = lab.slack.drop(ADA, dm, "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts
    assert '"upload_name":"paper.pdf"' in lab.job().order


def test_words_beside_it_are_options(lab: Lab) -> None:
    lab.slack.drop(ADA, lab.slack.dm(ADA), "paper.pdf", PDF, text="seconds=90 audience=student")
    lab.until(lab.jobs)
    assert '"seconds":90' in lab.job().order
    lab.slack.drop(ADA, lab.slack.dm(ADA), "other.pdf", PDF + b"!", text="my new manuscript")
    lab.until(lambda: len(lab.jobs()) == 2)


def test_in_a_channel_it_is_offered_and_whoever_dropped_it_decides(lab: Lab) -> None:
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    offer = offered(lab, ts)
    assert lab.slack.notifications(ADA) == 0
    assert lab.jobs() == []
    assert lab.slack.calls_of("files.info") == []  # nothing is fetched before somebody says yes
    lab.slack.press(BEN, offer, "make-file")
    assert "Only whoever dropped" in lab.whisper(BEN).shown
    assert lab.jobs() == []
    lab.slack.press(ADA, offer, "make-file")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts
    lab.until(lambda: "make-file" not in str(offer.blocks))
    assert not lab.job().private


def test_no_is_no(lab: Lab) -> None:
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    offer = offered(lab, ts)
    lab.slack.press(ADA, offer, "not-file")
    lab.until(lambda: "not-file" not in str(offer.blocks))
    assert lab.jobs() == []


def test_two_presses_at_once_make_one_video(lab: Lab) -> None:
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    offer = offered(lab, ts)
    for sent in [lab.slack.press(who, offer, "make-file", wait=False) for who in (ADA, BOSS, ADA)]:
        sent.done.wait(20)
    lab.until(lab.jobs)
    lab.message(lab.job())
    lab.quiet()
    assert len({job.requester.user for job in lab.jobs()}) == len(lab.jobs())


def test_where_an_admin_said_so_it_starts_at_once(lab: Lab) -> None:
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"automatic": (LAB,)}))
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts


def test_other_files_in_channels_are_none_of_our_business(lab: Lab) -> None:
    lab.slack.drop(ADA, LAB, "cat.png", b"png", "image/png")
    lab.slack.say(ADA, LAB, "lunch?")
    lab.quiet()
    assert lab.slack.of_app(LAB) == []
    assert lab.slack.ephemerals(ADA) == []


def test_several_files_are_offered_one_by_one(lab: Lab) -> None:
    files = [lab.slack.add_file(ADA, f"paper{number}.pdf", PDF) for number in range(7)]
    ts = lab.slack.say(ADA, LAB, "read these", files=files)
    offers = lab.until(lambda: list(lab.slack.of_app(LAB, ts)) if len(lab.slack.of_app(LAB, ts)) >= 5 else [])
    lab.whisper(ADA, "first 5")
    assert len(offers) == 5


def test_a_file_of_another_company_is_asked_about(lab: Lab) -> None:
    lab.slack.drop(ADA, lab.slack.dm(ADA), "paper.pdf", PDF, file_access="check_file_info")
    lab.until(lab.jobs)
    assert '"upload_name":"paper.pdf"' in lab.job().order


@pytest.mark.parametrize(
    ("oddity", "sentence"),
    [
        ({"mode": "external", "url": "http://evil.example/paper.pdf"}, "somewhere else"),
        ({"redirect": "elsewhere"}, "didn’t hand the file out"),
        ({"html": True}, "files:read"),
        ({"status": 404}, "not in Slack any more"),
        ({"status": 500}, "status 500"),
        ({"says_size": 60_000_000}, "60 MB"),
    ],
)
def test_a_file_that_cant_be_had_is_explained(lab: Lab, oddity: dict[str, Any], sentence: str) -> None:
    if "redirect" in oddity:
        oddity = {"redirect": lab.slack.elsewhere + "/paper.pdf"}
    dm = lab.slack.dm(ADA)
    ts = lab.slack.drop(ADA, dm, "paper.pdf", PDF, **oddity)
    lab.until(lambda: any(sentence in one.shown for one in lab.slack.of_app(dm, ts)))
    assert lab.jobs() == []
    assert [one for one in lab.slack.host.asked if one[0] == "elsewhere"] == []


def test_something_else_called_a_pdf_is_refused(lab: Lab) -> None:
    dm = lab.slack.dm(ADA)
    ts = lab.slack.drop(ADA, dm, "paper.pdf", b"MZ not a pdf")
    lab.until(lambda: any("holds something else" in one.shown for one in lab.slack.of_app(dm, ts)))
    assert lab.jobs() == []


def test_a_stranger_in_a_shared_channel_is_refused(lab: Lab) -> None:
    lab.slack.drop(EVE, SHARED, "paper.pdf", PDF)
    lab.whisper(EVE, "another workspace")
    assert lab.slack.of_app(SHARED) == []


def test_a_pdf_in_the_thread_of_an_abstract_is_for_that_video(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    job: Job = lab.job()
    ts = lab.slack.drop(ADA, LAB, "paper.pdf", PDF, thread_ts=message.ts)
    offer = offered(lab, message.ts)
    assert offer.thread_ts == message.ts
    assert ts != message.ts
    lab.slack.press(ADA, offer, "make-file")
    lab.until(lambda: len(lab.jobs()) == 2)
    assert lab.job().id != job.id
