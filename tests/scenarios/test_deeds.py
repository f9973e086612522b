"""What people do to a video that is being made, or is there."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.scenarios.lab import MADE, Lab

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("how", ["reaction", "button"])
def test_a_video_is_cancelled(lab: Lab, how: str) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.hand.react(ben, message, "❌")
    lab.whisper(ben, "Only Ada or an admin can cancel this video.")
    assert lab.job(message).state is not JobState.CANCELLED
    if how == "reaction":
        lab.hand.react(ada, message, "❌")
    else:
        lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.", "Nothing was spent.")
    assert not lab.has_button(message, "cancel")
    assert lab.deeds(lab.job(message), "cancel") == 1
    assert len(lab.hand.whispers(ben)) == 1
    assert lab.hand.rang(ben) == []


def test_a_failure_is_told_and_retried_from_where_it_failed_once(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben, lab.hand.boss)
    with lab.broken("artefacts", lab.hand.workspace, "generate-script"):
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        lab.becomes(message, JobState.FAILED)
    failed = lab.in_thread(message, "Your video could not be made.")
    assert "Nothing was spent" in failed.shown
    assert "HH-" in failed.shown
    assert f"<@{ada}>" in failed.shown
    lab.shows(message, "Something unforeseen went wrong while writing the script.")
    lab.until(lambda: lab.hand.app in lab.hand.reactions(message, "🔁"))
    lab.hand.react(ben, message, "🔁")
    lab.whisper(ben, "Only Ada or an admin can retry this video.")
    asked = len(lab.ncbi.requests)
    lab.hand.react(ada, message, "🔁")
    lab.hand.react(lab.hand.boss, message, "🔄")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.hand.quiet()
    job = lab.job(message)
    assert lab.deeds(job, "retry") == 1
    assert len(lab.ncbi.requests) == asked
    lab.until(lambda: lab.hand.app not in lab.hand.reactions(message, "🔁"))
    assert lab.hand.of_app(room) == [message]
    assert lab.hand.rang(ada) == [failed, question]
    lab.press(ada, question, "discard")
    lab.becomes(message, JobState.CANCELLED)


def test_a_pdf_that_cant_be_read_says_so_and_asks_for_a_better_one(lab: Lab) -> None:
    ada = lab.person("Ada")
    dm = lab.hand.dm(ada)
    ts = lab.hand.drop(ada, dm, "scan.pdf", b"%PDF-1.7 and nothing that is one")
    message = lab.started(dm, ts)
    lab.becomes(message, JobState.FAILED)
    failed = lab.in_thread(message, "Your video could not be made.")
    assert "Have a better PDF of it?" in failed.shown
    assert "HH-" in failed.shown
    assert lab.has_button(failed, "attach")
    lab.settled(message)
    assert lab.hand.reactions(message, "🔁") == []
    assert not lab.has_button(message, "retry")
    assert lab.hand.rang(ada) == [failed]


def test_ones_own_page_shows_a_video_and_deletes_it_with_its_files(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room, other = lab.channel(ada), lab.channel(ben)
    title, pmid = "Captions that are to be deleted", lab.paper("Captions that are to be deleted")
    theirs = lab.ask(ben, other, f"{pmid} seconds=30")
    lab.shows(theirs, "Done", seconds=MADE)
    message = lab.ask(ada, room, f"{pmid} seconds=30")
    lab.shows(message, "Done")
    lab.settled(message)
    assert len(lab.hand.files(message)) == 4
    assert title in lab.hand.own_page(ada)
    lab.hand.delete_on_own_page(ada, lab.job(message).id)
    lab.becomes(message, JobState.DELETED)
    lab.until(lambda: not lab.hand.files(message))
    lab.shows(message, "This video was deleted.")
    assert title not in message.shown
    lab.until(lambda: not any(title in said.shown for said in lab.thread(message)))
    assert title not in lab.hand.own_page(ada)
    lab.settled(theirs)
    assert len(lab.hand.files(theirs)) == 4
    assert lab.job(theirs).state is JobState.DONE
