"""Papers that are named and files that are dropped become jobs, each with its place in the chat."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bots.desk.desk import Desk
from bots.desk.making import MOST_FILES, FileOffer
from bots.people import DroppedFile
from jobs.office import Office
from jobs.order import JobOrder
from jobs.uploads import LARGEST
from pipeline.paper.file_kind import OLE
from storage import chat, workspaces
from storage.models import ChatMessage
from storage.records import JobState
from storage.workspaces import Terms
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    KNOWN,
    LAB,
    ask,
    begun,
    buttons_of,
    chat_at,
    jobs_of,
    pdf,
    there,
    unfetched,
)
from tests.databases import FakeClock
from tests.jobs.offices import RecordedQueue, sent, work_through
from tests.pipeline.paper.docx_press import manuscript, press


def test_a_command_stands_in_its_channel(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(), "PMID: 32296183 seconds=60 figures=all force=yes"))
    order = JobOrder.model_validate_json(job.order)
    assert (order.source, order.seconds, order.figures, order.force) == ("32296183", 60, "all", True)
    assert (order.width, order.height) == (360, 640)
    assert job.requester.user == "U0ADA"
    at = chat_at(office, job)
    assert (at.channel, at.kind, at.thread, at.origin, at.message) == ("C0LAB", "public", None, None, None)
    assert not job.private


def test_a_mention_in_a_thread_stands_there(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(thread="100.1"), "32296183"))
    assert chat_at(office, job).thread == "100.1"


@pytest.mark.parametrize("kind", ["dm", "private"])
def test_what_is_asked_for_in_private_is_private(desk: Desk, office: Office, kind: str) -> None:
    job = begun(office, desk.command(ask(ADA, kind), "32296183"))  # type: ignore[arg-type]
    assert job.private
    assert chat_at(office, job).kind == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("make", "Which paper?"),
        ("https://doi.org/about", "not one of a paper"),
        ("https://example.org/paper", "not one of a paper"),
        ("123456789", "too long for a PMID"),
        ("paper.pdf", "drop the file itself"),
        ("https://example.org/paper.pdf", "not one of a paper"),
        ("make something nice", "no paper that I know"),
        ("make /etc/passwd", "no paper that I know"),
    ],
)
def test_what_is_no_paper_is_said_to_be(desk: Desk, office: Office, text: str, words: str) -> None:
    reply = desk.command(ask(), text)
    assert words in reply.card.text
    assert reply.private
    assert jobs_of(office) == []


def test_files_of_this_machine_are_not_made_nor_told_of(desk: Desk, office: Office, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    absent = desk.command(ask(), f"make {secret}").card.text
    secret.write_bytes(b"%PDF-1.7 words")
    assert desk.command(ask(), f"make {secret}").card.text == absent
    secret.rename(tmp_path / "32")
    assert desk.command(ask(), f"make {tmp_path}/32").job is None
    assert jobs_of(office) == []


@pytest.mark.parametrize(("words", "offered"), [("", True), (" approve=no", False), (" approve=yes", False)])
def test_a_video_of_an_abstract_is_offered_unless_they_said_so(
    desk: Desk, office: Office, words: str, offered: bool
) -> None:
    job = begun(office, desk.command(ask(), f"32296183{words}"))
    assert JobOrder.model_validate_json(job.order).offer_closed is offered


def test_a_double_click_is_one_job(desk: Desk, office: Office, clock: FakeClock) -> None:
    first = begun(office, desk.command(ask(), "32296183"))
    clock.advance(2)
    again = desk.command(ask(), "https://pubmed.ncbi.nlm.nih.gov/32296183/")
    assert again.job is None
    assert "just now" in again.card.text
    clock.advance(60)
    follower = begun(office, desk.command(ask(), "32296183"))
    assert follower.follows == first.id
    # Another person, another length, or another place are no double click.
    assert begun(office, desk.command(ask(BEN), "32296183")).follows == first.id
    assert begun(office, desk.command(ask(), "32296183 seconds=45")).follows is None
    assert begun(office, desk.command(ask(kind="dm"), "32296183")).private


def test_however_often_it_is_clicked_at_once(desk: Desk, office: Office) -> None:
    desk.command(ask(), "help")
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: desk.command(ask(), "32296183"), range(12)))
    assert sum(reply.job is not None for reply in replies) == 1
    assert len(jobs_of(office)) == 1


def test_what_was_made_before_is_there_at_once(desk: Desk, office: Office, clock: FakeClock) -> None:
    begun(office, desk.command(ask(), "32296183"))
    work_through(office)
    clock.advance(60)
    again = begun(office, desk.command(ask(BEN), "32296183"))
    assert again.state is JobState.DONE
    assert chat_at(office, again).channel == "C0LAB"
    clock.advance(2)
    assert desk.command(ask(BEN), "32296183").job is None


def test_a_quota_says_when_it_is_possible_again(desk: Desk, office: Office) -> None:
    workspaces.set_terms(office.database, LAB, Terms(videos_per_user_day=1))
    begun(office, desk.command(ask(), "1"))
    reply = desk.command(ask(), "2")
    assert reply.job is None
    assert "The next is possible from 00:00 UTC" in reply.card.text
    assert len(jobs_of(office)) == 1
    assert len(office.database.do(lambda: list(ChatMessage.select()))) == 1


def test_a_job_never_stands_without_its_place_in_the_chat(
    desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(chat, "open_chat", crash)
    with pytest.raises(KeyboardInterrupt):
        desk.command(ask(), "32296183")
    assert jobs_of(office) == []
    assert sent(office) == []


def test_work_is_announced_after_the_place_is_written(desk: Desk, office: Office) -> None:
    """Whoever hears of the job finds the row of its message."""
    seen: list[bool] = []

    class Watching(RecordedQueue):
        def send(self, stage: object, job: str, *args: object, **more: object) -> None:
            seen.append(chat.chat_of(office.database, job) is not None)

    object.__setattr__(office, "queue", Watching())
    begun(office, desk.command(ask(), "32296183"))
    assert seen == [True]


def test_a_pdf_dropped_in_a_direct_message_starts(desk: Desk, office: Office, tmp_path: Path) -> None:
    wanted = there(desk.dropped(ask(kind="dm", file=unfetched(), origin="100.1")))
    assert (wanted.fetch, wanted.job) == ("F1", None)
    assert jobs_of(office) == []
    job = begun(office, desk.dropped(ask(kind="dm", file=pdf(tmp_path), origin="100.1")))
    order = JobOrder.model_validate_json(job.order)
    assert (order.source, order.upload_name) == ("paper.pdf", "paper.pdf")
    assert order.upload is not None
    assert office.objects.head(order.upload) is not None
    at = chat_at(office, job)
    assert (at.thread, at.origin, at.kind) == ("100.1", "100.1", "dm")
    assert job.private


def test_in_a_channel_it_is_offered_in_its_thread(desk: Desk, office: Office, tmp_path: Path) -> None:
    offer = there(desk.dropped(ask(file=unfetched(), origin="100.1")))
    assert (offer.private, offer.thread, offer.fetch) == (False, "100.1", None)
    assert offer.card.text == "Make a video of paper.pdf?"
    button = buttons_of(offer.card)["make-file"]
    in_thread = ask(thread="100.1")
    assert there(desk.press(in_thread, "make-file", button.value)).fetch == "F1"
    assert jobs_of(office) == []
    reply = there(desk.press(ask(thread="100.1", file=pdf(tmp_path)), "make-file", button.value))
    assert reply.replace
    job = begun(office, reply)
    at = chat_at(office, job)
    assert (at.thread, at.origin) == ("100.1", "100.1")
    assert not job.private
    # Pressed twice, it is made once.
    again = there(desk.press(ask(thread="100.1", file=pdf(tmp_path)), "make-file", button.value))
    assert again.job is None
    assert len(jobs_of(office)) == 1


def test_in_a_thread_of_a_channel_it_is_offered_there(desk: Desk, office: Office, tmp_path: Path) -> None:
    offer = there(desk.dropped(ask(thread="50.5", file=unfetched(), origin="100.1")))
    assert offer.thread == "50.5"
    value = buttons_of(offer.card)["make-file"].value
    job = begun(office, desk.press(ask(thread="50.5", file=pdf(tmp_path)), "make-file", value))
    assert (chat_at(office, job).thread, chat_at(office, job).origin) == ("50.5", "100.1")


def test_only_its_owner_or_an_admin_answers_an_offer(desk: Desk, office: Office, tmp_path: Path) -> None:
    offer = there(desk.dropped(ask(file=unfetched(), origin="100.1")))
    value = buttons_of(offer.card)["make-file"].value
    for deed in ("make-file", "not-file"):
        reply = there(desk.press(ask(BEN, file=pdf(tmp_path)), deed, value))
        assert "Only whoever dropped the file" in reply.card.text
        assert not reply.replace
        assert reply.fetch is None
    no = there(desk.press(ask(), "not-file", value))
    assert no.replace
    assert jobs_of(office) == []
    assert (
        begun(office, desk.press(ask(BOSS, file=pdf(tmp_path)), "make-file", value)).requester.user
        == "U0BOSS"
    )


@pytest.mark.parametrize("value", ["", "{}", "null", '{"id": 3}', "F1"])
def test_a_value_that_is_none_of_ours_makes_nothing(desk: Desk, office: Office, value: str) -> None:
    assert there(desk.press(ask(), "make-file", value)).job is None
    assert jobs_of(office) == []


def test_an_automatic_channel_starts_at_once(desk: Desk, office: Office, tmp_path: Path) -> None:
    desk.command(ask(BOSS, mentions=KNOWN), "admin auto #C0LAB on")
    job = begun(office, desk.dropped(ask(file=pdf(tmp_path), origin="100.1")))
    assert chat_at(office, job).thread == "100.1"
    desk.command(ask(BOSS, mentions=KNOWN), "admin auto #C0LAB off")
    assert there(desk.dropped(ask(file=pdf(tmp_path), origin="100.2"))).job is None


@pytest.mark.parametrize("name", ["photo.png", "notes.txt", "paper", "paper.pdf.exe", ""])
def test_other_files_are_none_of_our_business_in_a_channel(desk: Desk, name: str) -> None:
    assert desk.dropped(ask(file=unfetched(name), origin="1.1")) is None
    assert "can read" in there(desk.dropped(ask(kind="dm", file=unfetched(name), origin="1.1"))).card.text


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "a.rtf"])
def test_files_of_other_word_processors_are_told_what_to_become(desk: Desk, name: str) -> None:
    reply = there(desk.dropped(ask(kind="dm", file=unfetched(name), origin="1.1")))
    assert "Save it as .docx or PDF" in reply.card.text
    assert desk.dropped(ask(file=unfetched(name), origin="1.1")) is None


def test_a_word_file_is_taken_like_a_pdf(desk: Desk, office: Office, tmp_path: Path) -> None:
    content = press(tmp_path / "x.docx", *manuscript()).read_bytes()
    word = pdf(tmp_path, "paper.docx", content=content)
    job = begun(office, desk.dropped(ask(kind="dm", file=word, origin="1.1")))
    order = JobOrder.model_validate_json(job.order)
    assert (order.source, order.upload_name) == ("paper.docx", "paper.docx")
    assert (order.upload or "").endswith(".docx")
    offer = there(desk.dropped(ask(file=unfetched("paper.docx"), origin="1.2")))
    assert offer.card.text == "Make a video of paper.docx?"


def test_a_file_is_taken_for_what_it_holds(desk: Desk, office: Office, tmp_path: Path) -> None:
    misnamed = pdf(tmp_path, "paper.xml", content=b"%PDF-1.7 words")
    order = JobOrder.model_validate_json(
        begun(office, desk.dropped(ask(kind="dm", file=misnamed, origin="1.1"))).order
    )
    assert (order.upload or "").endswith(".pdf")


def test_what_is_too_large_is_not_even_fetched(desk: Desk) -> None:
    reply = there(desk.dropped(ask(kind="dm", file=unfetched(size=LARGEST + 1), origin="1.1")))
    assert "MB are taken at most" in reply.card.text
    assert reply.fetch is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("paper.pdf", b"<html>Please log in</html>", "holds something else"),
        ("paper.pdf", b"", "holds something else"),
        ("paper.xml", b"<article><front>", "paper.xml: This XML file is cut off"),
        ("paper.docx", OLE + b"\0" * 600, "paper.docx: This is a file of the old Word format"),
        ("paper.docx", b"PK\x03\x04 and no more", "paper.docx: This Word file is cut off or damaged"),
        ("paper.docx", b"words", "paper.docx: This file is not a Word file"),
        ("paper.xml", b"<html><body>Please log in</body></html>", "paper.xml: This file is a web page"),
    ],
)
def test_a_file_is_what_its_name_says(
    desk: Desk, office: Office, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    reply = there(desk.dropped(ask(kind="dm", file=pdf(tmp_path, name, content=content), origin="1.1")))
    assert words in reply.card.text
    assert str(tmp_path) not in reply.card.text
    assert jobs_of(office) == []


def test_an_article_in_jats_is_read_without_what_lies_beside_it(
    desk: Desk, office: Office, tmp_path: Path, example: Path
) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    for beside in example.parent.iterdir():
        if beside.is_file():
            (folder / beside.name).write_bytes(beside.read_bytes())
    file = DroppedFile(id="F1", name="article.xml", bytes=1, path=str(folder / example.name))
    job = begun(office, desk.dropped(ask(kind="dm", file=file, origin="1.1")))
    upload = JobOrder.model_validate_json(job.order).upload
    assert upload is not None
    assert upload.endswith(".xml")


def test_names_of_files_are_shown_without_folders_and_not_too_long(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    offer = there(desk.dropped(ask(file=unfetched("../../x\\" + "n" * 5_000 + ".pdf"), origin="1.1")))
    value = buttons_of(offer.card)["make-file"].value
    assert len(value) < 2_000
    assert FileOffer.model_validate_json(value).name.endswith(".pdf")
    job = begun(office, desk.dropped(ask(kind="dm", file=pdf(tmp_path, "a/b\nc.pdf"), origin="1.1")))
    assert job.source == "b c.pdf"


def test_several_files_are_looked_at_one_by_one_and_no_more_than_a_few(desk: Desk) -> None:
    files = [unfetched(f"{number}.pdf", number=f"F{number}") for number in range(8)]
    replies = desk.dropped_together(ask(origin="1.1"), files)
    assert [reply.card.text for reply in replies[:-1]] == [
        f"Make a video of {number}.pdf?" for number in range(MOST_FILES)
    ]
    assert "first 5 of 8" in replies[-1].card.text
    started = desk.dropped_together(ask(kind="dm", origin="1.1"), files[:2])
    assert [reply.fetch for reply in started] == ["F0", "F1"]
    assert desk.dropped_together(ask(origin="1.1"), [unfetched("a.png")] * 9) == []


def test_words_that_come_with_a_file_are_about_it(desk: Desk, office: Office, tmp_path: Path) -> None:
    job = begun(office, desk.command(ask(file=pdf(tmp_path), origin="1.1"), "seconds=45"))
    order = JobOrder.model_validate_json(job.order)
    assert (order.seconds, order.upload_name) == (45, "paper.pdf")
    named = begun(office, desk.command(ask(file=pdf(tmp_path), origin="1.2"), "32296183"))
    assert JobOrder.model_validate_json(named.order).upload is None


def test_whoever_may_not_is_not_offered_anything(desk: Desk, tmp_path: Path) -> None:
    desk.command(ask(BOSS), "admin allow listed")
    assert desk.dropped(ask(file=unfetched(), origin="1.1")) is None
    no = there(desk.dropped(ask(kind="dm", file=unfetched(), origin="1.1")))
    assert no.fetch is None
    assert "let in" in no.card.text
