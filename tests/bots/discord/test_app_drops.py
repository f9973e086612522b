"""Files that are dropped: made at once in direct messages, offered in channels, and fetched with care."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobs.uploads import LARGEST
from storage.records import JobState
from storage.workspaces import change_terms
from tests.bots.discord.labs import ADA, BEN, BOB, FAR, LAB, PDF, WORKSPACE, Lab, lab_at
from tests.fakes.discord import FakeDiscord, Message


def offered(lab: Lab, root: str) -> Message:
    return lab.until(lambda: [one for one in lab.discord.of_app(LAB, root) if "Make video" in one.shown])[-1]


def test_in_direct_messages_a_file_is_a_request(lab: Lab) -> None:
    dm = lab.discord.dm(BOB)
    ts = lab.discord.drop(BOB, dm, "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.job().private
    message = lab.message(lab.job())
    assert (message.channel, message.reference) == (dm, ts)


def test_words_with_a_file_say_what_to_make_of_it(lab: Lab) -> None:
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", PDF, text="make seconds=60")
    lab.until(lab.jobs)
    assert '"seconds":60' in lab.job().order


def test_in_a_channel_it_is_offered_in_the_thread_of_the_file(lab: Lab) -> None:
    ts = lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
    offer = offered(lab, ts)
    assert lab.jobs() == []
    lab.discord.press(BEN, offer, "Make video")
    assert "Only whoever dropped" in lab.whisper(BEN).shown
    lab.discord.press(BOB, offer, "Make video")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts
    lab.until(lambda: "is being made" in offer.shown)
    assert not offer.has_button("Make video")


def test_an_offer_means_the_same_after_a_long_time_and_after_a_restart(lab: Lab) -> None:
    offer = offered(lab, lab.discord.drop(BOB, LAB, "paper.pdf", PDF))
    lab.discord.advance(3 * 24 * 3600)  # its link is long expired
    lab.discord.press(BOB, offer, "Make video")
    lab.until(lab.jobs)


def test_an_offer_can_be_declined(lab: Lab) -> None:
    offer = offered(lab, lab.discord.drop(BOB, LAB, "paper.pdf", PDF))
    lab.discord.press(BOB, offer, "No")
    lab.until(lambda: "No video of" in offer.shown)
    assert lab.jobs() == []


def test_where_an_admin_said_so_it_begins_at_once(lab: Lab) -> None:
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"automatic": (LAB,)}))
    ts = lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
    lab.until(lab.jobs)
    assert lab.message(lab.job()).thread_ts == ts


def test_other_files_are_none_of_our_business(lab: Lab) -> None:
    ts = lab.discord.drop(BOB, LAB, "photo.jpg", b"x", "image/jpeg")
    lab.quiet()
    assert lab.discord.of_app(LAB, ts) == []
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.doc", b"x")
    assert "Save it as .docx or PDF" in lab.direct(BOB, ".doc files").shown


@pytest.mark.parametrize(
    ("oddity", "told"),
    [
        ({"redirect": "http://127.0.0.1:9/x"}, "didn’t hand the file out"),
        ({"status": 500}, "status 500"),
        ({"status": 404}, "not in Discord any more"),
        ({"says_size": LARGEST + 1}, "MB"),
        ({"breaks_after": 3}, "didn’t hand the file out"),
    ],
)
def test_what_can_t_be_had_is_said(lab: Lab, oddity: dict[str, Any], told: str) -> None:
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", PDF, **oddity)
    assert told in lab.direct(BOB, told).shown
    lab.quiet()
    assert lab.jobs() == []
    assert all(not token for _, token in lab.discord.cdn.asked)


def test_what_is_called_a_pdf_and_is_none_is_refused(lab: Lab) -> None:
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", b"MZ not a paper")
    assert "something else" in lab.direct(BOB, "something else").shown


def test_a_host_that_is_not_named_is_not_asked(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, discord_cdn_hosts="cdn.discordapp.com") as lab:
        lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", PDF)
        lab.direct(BOB, "not on a host")
        assert lab.discord.cdn.asked == []


def lacking(lab: Lab) -> Message:
    """The message of a video of Bob's that failed for want of the paper's text."""
    message = lab.asked(BOB, "32296183")
    lab.fail()
    lab.until(lambda: lab.job().state is JobState.FAILED)
    return message


def test_one_s_own_pdf_in_the_thread_of_a_video_that_lacks_it_is_used_at_once(lab: Lab) -> None:
    message = lacking(lab)
    lab.discord.drop(BOB, LAB, "paper.pdf", PDF, thread_ts=message.ts)
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.direct(BOB, "“PMID 32296183” goes on with paper.pdf.")
    assert len(lab.jobs()) == 1


def test_in_direct_messages_a_pdf_in_reply_to_the_video_goes_on_with_it(lab: Lab) -> None:
    dm = lab.discord.dm(BOB)
    message = lab.asked(BOB, "32296183", dm)
    lab.fail()
    lab.until(lambda: lab.job().state is JobState.FAILED)
    file = lab.discord.add_file(BOB, "paper.pdf", PDF)
    lab.discord.say(BOB, dm, "", files=[file], reply_to=message.ts)
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.direct(BOB, "goes on with paper.pdf")
    assert len(lab.jobs()) == 1


def test_somebody_else_s_pdf_in_that_thread_becomes_a_video_where_they_say_so(lab: Lab) -> None:
    """They are asked in their direct messages: the video is made there, and hangs under nothing of the channel."""
    message = lacking(lab)
    lab.discord.drop(BEN, LAB, "paper.pdf", PDF, thread_ts=message.ts)
    offer = lab.direct(BEN, "Only Bob Vale or an admin")
    lab.discord.press(BEN, offer, "make-file")
    lab.until(lambda: len(lab.jobs()) == 2)
    made = lab.message(lab.job())
    assert (made.channel, made.reference) == (lab.discord.dm(BEN), None)
    assert lab.job(0).state is JobState.FAILED


def test_an_admin_s_pdf_in_that_thread_is_offered_to_it(lab: Lab) -> None:
    message = lacking(lab)
    lab.discord.drop(ADA, LAB, "paper.pdf", PDF, thread_ts=message.ts)
    offer = lab.until(lambda: [one for one in lab.discord.of_app(LAB, message.ts) if "Use it" in one.shown])[
        -1
    ]
    assert lab.job().state is JobState.FAILED
    lab.discord.press(ADA, offer, "attach")
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.until(lambda: "goes on with paper.pdf" in offer.shown)
    assert not offer.has_button("attach")


def test_the_button_for_a_pdf_takes_it_in_a_form(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.fail()
    lab.until(lambda: lab.job().state is JobState.FAILED)
    root = lab.message(lab.job())
    said = (LAB, None), (LAB, root.ts)
    message = lab.until(
        lambda: [one for place in said for one in lab.discord.of_app(*place) if one.has_button("attach")]
    )[0]
    lab.discord.press(BEN, message, "attach")
    lab.whisper(BEN, "Bob Vale")
    assert lab.discord.views(BEN) == []  # nobody hands a file over in vain
    lab.discord.press(BOB, message, "attach")
    (view,) = lab.until(lambda: lab.discord.views(BOB))
    lab.discord.submit(BOB, view.id, {"file": lab.discord.add_file(BOB, "paper.pdf", PDF)})
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.whisper(BOB, "“PMID 32296183” goes on with paper.pdf.")


def test_the_menu_of_a_message_makes_its_paper(lab: Lab) -> None:
    ts = lab.discord.say(BEN, LAB, "worth a look: https://pubmed.ncbi.nlm.nih.gov/32296183/")
    lab.discord.shortcut(BOB, LAB, ts, "Make a video")
    lab.until(lab.jobs)
    assert lab.job().source == "32296183"
    assert lab.message(lab.job()).thread_ts == ts
    file = lab.discord.drop(BEN, LAB, "paper.pdf", PDF)
    lab.discord.shortcut(BOB, LAB, file, "Make a video")
    lab.until(lambda: len(lab.jobs()) == 2)
    assert lab.message(lab.job()).thread_ts == file
    lunch = lab.discord.say(BEN, LAB, "lunch?")
    lab.discord.shortcut(BOB, LAB, lunch, "Make a video")
    lab.whisper(BOB, "I find no paper")
    far = lab.discord.say(BEN, FAR, "PMID 28445112")
    lab.discord.shortcut(BOB, FAR, far, "Make a video")
    lab.whisper(BOB, "Continue in DM")
    assert len(lab.jobs()) == 2


def test_without_the_words_of_messages_commands_mentions_and_direct_messages_work(
    tmp_path: Path, valkey_url: str
) -> None:
    with lab_at(tmp_path, valkey_url, discord=FakeDiscord(intents=set())) as lab:
        lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
        lab.asked(BOB, "32296183")
        file = lab.discord.add_file(BOB, "paper.pdf", PDF)
        lab.discord.mention(BOB, LAB, "make", files=[file])
        lab.until(lambda: len(lab.jobs()) == 2)
        lab.discord.drop(BOB, lab.discord.dm(BOB), "other.pdf", PDF + b"2")
        lab.until(lambda: len(lab.jobs()) == 3)
