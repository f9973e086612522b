"""From a paper to a video, as people see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import JobState
from tests.scenarios.lab import MADE, Lab
from tests.scenarios.papers import PDF, jats, word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
pytestmark = pytest.mark.timeout(300)


def test_a_command_becomes_a_video_in_one_message_and_one_notification(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    title = "Captions that light up when the voice says them"
    message = lab.ask(ada, room, f"{lab.paper(title)} seconds=30")
    lab.shows(message, title, "Annals of Hills", "2020", "asked for by Ada")
    assert lab.has_button(message, "cancel")
    lab.shows(message, "Done", seconds=MADE)
    job = lab.settled(message)

    assert [said.ts for said in lab.hand.of_app(room)] == [message.ts]
    assert not lab.has_button(message, "cancel")
    told = lab.hand.showed(message)
    assert "✓\u00a0script" in told
    assert "▰" in told
    script = lab.in_thread(message, "the passages of the paper")
    assert lab.scripts(message) == [script]
    assert "Word for word: " in script.shown
    assert [file.name.rpartition(job.id)[2] for file in lab.hand.files(message)] == [
        ".mp4",
        "-cover.jpg",
        ".srt",
        ".vtt",
    ]
    video = lab.hand.files(message)[0]
    assert video.content[4:8] == b"ftyp"
    assert video.alt_text
    result = lab.in_thread(message, "Your video is ready.")
    assert f"<@{ada}>" in result.shown
    assert "Every number that is said or shown stands in its passage." in result.shown
    assert "cost nothing" in result.shown
    assert "To post beside it" in result.shown
    assert lab.hand.rang(ada) == [result]
    assert not any(said.unfurls for said in lab.thread(message))


def test_the_same_paper_again_is_there_at_once(slack_lab: Lab) -> None:
    lab = slack_lab
    ada, ben = lab.person("Ada"), lab.person("Ben")
    here, there = lab.channel(ada), lab.channel(ben)
    pmid = lab.paper()
    first = lab.ask(ada, here, f"{pmid} seconds=30")
    lab.shows(first, "Done", seconds=MADE)
    asked = len(lab.ncbi.requests)
    second = lab.ask(ben, there, f"{pmid} seconds=30")
    lab.shows(second, "Done")
    lab.in_thread(second, "Your video is ready.")
    assert len(lab.ncbi.requests) == asked
    assert len(lab.hand.rang(ben)) == 1
    assert lab.hand.files(second)[0].content == lab.hand.files(first)[0].content
    assert "Only Ben" in lab.say(ada, there, f"redo scene 2 {lab.job(second).id}").shown
    before = lab.job(second).revision
    lab.say(ben, there, "redo scene 2")
    lab.until(lambda: lab.job(second).revision > before)
    assert lab.settled(second).state is JobState.DONE
    assert lab.deeds(lab.job(second), "redo") == 1
    assert lab.hand.of_app(there) == [second]
    assert lab.hand.files(first)[0].deleted is False


def test_a_pdf_in_a_direct_message_starts_and_its_passages_have_pages(lab: Lab) -> None:
    ada = lab.person("Ada")
    dm = lab.hand.dm(ada)
    ts = lab.hand.drop(ada, dm, "paper.pdf", PDF.read_bytes(), text="seconds=30 approve=yes")
    message = lab.started(dm, ts)
    lab.shows(message, "Captions timed by the voice itself", "private")
    script = lab.in_thread(message, "the passages of the paper")
    assert "page 1" in script.shown
    question = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, question, "discard")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.", "Nothing was spent.")
    lab.shows(question, "Nothing is made of this script.")
    assert not lab.has_button(question, "approve")
    assert lab.hand.rang(ada) == [question]


def test_a_word_file_is_made_like_a_pdf(lab: Lab, tmp_path: Path) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    title = "Captions in a manuscript that nobody has printed"
    ts = lab.hand.drop(ada, room, "manuscript.docx", word(title, tmp_path), WORD)
    offer = lab.until(lambda: lab.hand.of_app(room, ts))[0]
    assert "Make a video of" in offer.shown
    lab.press(ada, offer, "make-file")
    message = lab.started(room, ts)
    lab.shows(message, title)
    lab.in_thread(message, "the passages of the paper")


def test_a_paper_in_a_channel_is_offered_and_made_in_its_thread(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    assert "30" in lab.say(ada, room, "me seconds=30").shown
    paper = jats("Captions in a file that somebody dropped")
    ts = lab.hand.drop(ada, room, "captions.xml", paper, "application/xml")
    offer = lab.until(lambda: lab.hand.of_app(room, ts))[0]
    assert "Make a video of" in offer.shown
    lab.press(ben, offer, "make-file")
    lab.whisper(ben, "Only whoever dropped the file")
    assert lab.jobs_of(ada) == []
    lab.press(ada, offer, "make-file")
    message = lab.started(room, ts)
    assert not lab.has_button(lab.shows(offer, "is being made"), "make-file")
    lab.shows(message, "Captions in a file that somebody dropped")
    lab.shows(message, "Done", seconds=MADE)
    lab.in_thread(message, "Your video is ready.")
    assert lab.hand.of_app(room) == []
    assert len(lab.hand.rang(ada)) == 1
    assert lab.hand.rang(ben) == []


def test_the_pdf_of_a_closed_article_goes_on_with_the_same_job(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    pmid = lab.paper("A closed article about captions", closed=True)
    message = lab.ask(ada, room, f"{pmid} seconds=30 approve=yes")
    first = lab.in_thread(message, "Only the abstract is free to read")
    lab.shows(message, "Have its PDF?")
    lab.hand.drop(ada, room, "paper.pdf", PDF.read_bytes(), thread_ts=message.ts)
    lab.whisper(ada, "goes on with paper.pdf")
    lab.shows(first, "Another script takes its place.")
    second = lab.until(
        lambda: [one for one in lab.thread(message) if one.ts != first.ts and lab.has_button(one, "approve")]
    )[0]
    assert ["page 1" in one.shown for one in lab.scripts(message)] == [False, True]
    assert len(lab.jobs_of(ada)) == 1
    assert lab.hand.of_app(room) == [message]
    lab.press(ada, second, "discard")
    lab.becomes(message, JobState.CANCELLED)


def test_a_link_in_a_message_becomes_a_video_by_the_shortcut(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    lab.say(ada, room, "me approve=yes seconds=30")
    link = f"https://pubmed.ncbi.nlm.nih.gov/{lab.paper('Captions behind a link')}/"
    ts = lab.hand.write(ben, room, f"Has anybody read {link} ?")
    lab.hand.make_video(ada, room, ts)
    message = lab.started(room, ts)
    question = lab.in_thread(message, "Shall the video be made?")
    lab.shows(message, "Captions behind a link", "asked for by Ada")
    lab.press(ada, question, "discard")
    lab.becomes(message, JobState.CANCELLED)
    assert lab.hand.rang(ben) == []


def test_a_title_with_bad_intentions_is_shown_as_it_is(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    evil = lab.hand.evil
    message = lab.ask(ada, room, f"{lab.paper(evil)} seconds=30 approve=yes")
    lab.until(lambda: evil in lab.hand.reads(message))
    lab.press(ada, lab.in_thread(message, "Shall the video be made?"), "approve")
    lab.shows(message, "Done", seconds=MADE)
    result = lab.in_thread(message, "Your video is ready.")
    assert evil in lab.hand.reads(result)
    assert lab.hand.rang(lab.hand.boss) == []
    assert len(lab.hand.rang(ada)) == 2
    for said in (message, *lab.thread(message)):
        assert not lab.hand.obeys(said)
        assert not said.unfurls
