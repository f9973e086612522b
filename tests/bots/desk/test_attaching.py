"""The PDF of a closed article goes on with the job that lacked it."""

from __future__ import annotations

from pathlib import Path

from bots.desk.desk import Desk
from bots.desk.making import FileOffer
from bots.people import Ask, DroppedFile
from jobs import flow
from jobs.failures import Verdict
from jobs.office import Office
from jobs.order import JobOrder
from storage.records import Job, JobState
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    ask,
    begun,
    buttons_of,
    jobs_of,
    pdf,
    shown,
    there,
    unfetched,
)
from tests.jobs.offices import begun as claimed
from tests.jobs.offices import job_now, sent


def closed(office: Office, desk: Desk, kind: str = "public") -> Job:
    """A job of Ada's whose paper could not be had, shown as message 100.1."""
    job = begun(office, desk.command(ask(ADA, kind), "32296183"))  # type: ignore[arg-type]
    (message,) = sent(office)
    verdict = Verdict(code="too-little-text", sentence="There is no abstract.", reference="HH-AAAA")
    flow.fail(office, claimed(office, message), verdict)
    shown(office, job, "100.1")
    return job_now(office, job.id)


def in_thread(file: DroppedFile, who: object = ADA) -> Ask:
    return ask(who, thread="100.1", file=file, origin="100.9")  # type: ignore[arg-type]


def test_the_pdf_of_a_closed_article_goes_on_with_the_same_job(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    job = closed(office, desk)
    assert there(desk.dropped(in_thread(unfetched()))).fetch == "F1"
    assert (
        "holds something else. Open it"
        in there(desk.dropped(in_thread(pdf(tmp_path, content=b"a page")))).card.text
    )
    assert job_now(office, job.id).state is JobState.FAILED
    assert (
        there(desk.dropped(in_thread(pdf(tmp_path)))).card.text == "“PMID 32296183” goes on with paper.pdf."
    )
    now = job_now(office, job.id)
    assert now.state is JobState.RUNNING
    assert JobOrder.model_validate_json(now.order).upload_name == "paper.pdf"
    assert [one.id for one in jobs_of(office)] == [job.id]


def test_an_admin_is_asked_what_theirs_is_for(desk: Desk, office: Office, tmp_path: Path) -> None:
    job = closed(office, desk)
    offer = there(desk.dropped(in_thread(unfetched(), BOSS)))
    assert (offer.private, offer.thread) == (False, "100.1")
    deeds = buttons_of(offer.card)
    assert set(deeds) == {"attach", "make-file", "not-file"}
    other = begun(office, desk.press(in_thread(pdf(tmp_path), BOSS), "make-file", deeds["make-file"].value))
    assert other.id != job.id
    assert job_now(office, job.id).state is JobState.FAILED
    assert there(desk.press(in_thread(unfetched(), BOSS), "attach", deeds["attach"].value)).fetch == "F1"
    reply = there(desk.press(in_thread(pdf(tmp_path), BOSS), "attach", deeds["attach"].value))
    assert reply.replace
    assert job_now(office, job.id).state is JobState.RUNNING


def test_somebody_elses_pdf_in_that_thread_may_be_a_video_of_its_own(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    job = closed(office, desk)
    offer = there(desk.dropped(in_thread(unfetched(), BEN)))
    assert offer.private
    assert offer.card.text == "Only Ada or an admin can give a PDF to this video."
    assert set(buttons_of(offer.card)) == {"make-file"}
    value = buttons_of(offer.card)["make-file"].value
    assert begun(office, desk.press(in_thread(pdf(tmp_path), BEN), "make-file", value)).id != job.id
    forged = FileOffer(id="F1", name="paper.pdf", bytes=9, owner="U0BEN", job=job.id).model_dump_json()
    reply = there(desk.press(in_thread(pdf(tmp_path), BEN), "attach", forged))
    assert "Only Ada or an admin" in reply.card.text
    assert job_now(office, job.id).state is JobState.FAILED


def test_the_attach_button_of_a_card_says_where_to_drop(desk: Desk, office: Office) -> None:
    job = closed(office, desk)
    assert (
        "Reply to the video’s message with the paper’s PDF"
        in there(desk.press(ask(), "attach", job.id)).card.text
    )
    assert "Only Ada or an admin" in there(desk.press(ask(BEN), "attach", job.id)).card.text
