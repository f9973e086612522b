"""Where a file may go that is handed in: who is asked, who answers, and what the workspace decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.desk.desk import Desk
from bots.desk.replies import Reply
from bots.slack.tongue import SlackTongue
from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from storage import audit, workspaces
from storage.records import Job, JobState
from storage.workspaces import Terms
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    LAB,
    address,
    ask,
    begun,
    buttons_of,
    jobs_of,
    pdf,
    pressed,
    there,
    unfetched,
    words_of,
)
from tests.jobs.offices import job_now, sent
from tests.pipeline.paper.docx_press import manuscript, press


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    """Its desk, with the keys of providers that would be used."""
    kit = Kit(data=tmp_path, gemini_key=SecretStr("g"), runway_key=SecretStr("r"))
    return Desk(office, kit, tongue=SlackTongue(), size=(360, 640), versions=("test 1",), address=address)


def order_of(job: Job) -> JobOrder:
    return JobOrder.model_validate_json(job.order)


def handed_in(desk: Desk, office: Office, folder: Path, kind: str = "dm") -> Job:
    return begun(office, desk.dropped(ask(ADA, kind, file=pdf(folder))))  # type: ignore[arg-type]


def set_terms(office: Office, **terms: object) -> None:
    workspaces.set_terms(office.database, LAB, Terms.model_validate(terms))


def named(reply: Reply) -> dict[str, tuple[str, str]]:
    """The buttons of an answer by what stands on them: deed and value."""
    rows = [block for block in reply.card.blocks if block.kind == "buttons"]
    return {button.label: (button.deed, button.value) for row in rows for button in row.buttons}


def test_whoever_drops_a_file_where_it_starts_at_once_is_asked(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    job = handed_in(desk, office, tmp_path)
    assert (job.state, sent(office)) == (JobState.AWAITING_CONSENT, [])
    assert "Only its owner or an admin can answer for" in pressed(desk, BEN, "send-out", job.id).card.text
    assert "only its owner can answer for it" in pressed(desk, BOSS, "send-out", job.id).card.text
    assert "goes on, with what was named" in pressed(desk, ADA, "send-out", job.id).card.text
    job = job_now(office, job.id)
    assert job.state is JobState.RUNNING
    assert order_of(job).may_leave
    assert "asks nothing of its file" in pressed(desk, ADA, "keep-local", job.id).card.text
    assert order_of(job_now(office, job.id)).may_leave


def test_a_word_file_is_asked_for_alike(desk: Desk, office: Office, tmp_path: Path) -> None:
    content = press(tmp_path / "x.docx", *manuscript()).read_bytes()
    file = pdf(tmp_path, "paper.docx", content=content)
    job = begun(office, desk.dropped(ask(ADA, "dm", file=file)))
    assert (job.state, order_of(job).may_leave, sent(office)) == (JobState.AWAITING_CONSENT, False, [])


def test_an_admin_may_answer_for_what_everybody_sees(desk: Desk, office: Office, tmp_path: Path) -> None:
    set_terms(office, automatic=("C0LAB",))
    job = handed_in(desk, office, tmp_path, "public")
    assert (
        "Only Ada or an admin can answer for this video."
        in pressed(desk, BEN, "keep-local", job.id).card.text
    )
    assert "nothing of its file leaves" in pressed(desk, BOSS, "keep-local", job.id).card.text
    assert order_of(job_now(office, job.id)).cloud is False
    actions = [(one.actor, one.action) for one in audit.entries(office.database, LAB)]
    assert ("slack:U0BOSS", "keep-local") in actions


def test_an_offer_asks_in_the_same_breath(desk: Desk, office: Office, tmp_path: Path) -> None:
    offer = there(desk.dropped(ask(file=unfetched(), origin="100.1")))
    words = words_of(offer.card)
    assert "the whole paper to Google Gemini (writing) and the script (voice)" in words
    assert "a phrase of it to Runway (footage)" in words
    answers = named(offer)
    assert list(answers) == ["Send to Gemini and Runway", "Keep local", "No"]
    for label, cloud in (("Send to Gemini and Runway", True), ("Keep local", False)):
        deed, value = answers[label]
        assert len(value) < 2_000
        assert "Only whoever dropped" in there(desk.press(ask(BEN), deed, value)).card.text
        job = begun(office, desk.press(ask(file=pdf(tmp_path, number=label)), deed, value))
        assert job.state is JobState.RUNNING
        assert order_of(job).cloud is cloud


def test_a_command_with_a_file_and_a_file_for_a_job_ask_on_the_card(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    job = begun(office, desk.command(ask(file=pdf(tmp_path)), "make seconds=60"))
    assert job.state is JobState.AWAITING_CONSENT
    assert (
        begun(office, desk.command(ask(), "32296183")).state is JobState.RUNNING
    )  # what is published is no secret


@pytest.mark.parametrize(("uploads", "cloud"), [("cloud", True), ("local", False)])
def test_where_the_workspace_decided_nobody_is_asked(
    desk: Desk, office: Office, tmp_path: Path, uploads: str, cloud: bool
) -> None:
    set_terms(office, uploads=uploads)
    job = handed_in(desk, office, tmp_path)
    assert job.state is JobState.RUNNING
    assert order_of(job).may_leave is cloud
    assert list(named(there(desk.dropped(ask(file=unfetched()))))) == ["Make video", "No"]


def test_an_older_button_sends_nothing_where_files_stay_by_now(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    deed, value = named(there(desk.dropped(ask(file=unfetched()))))["Send to Gemini and Runway"]
    waiting = handed_in(desk, office, tmp_path)
    set_terms(office, uploads="local")
    job = begun(office, desk.press(ask(file=pdf(tmp_path, number="F2", content=b"%PDF-1.7 2")), deed, value))
    assert not order_of(job).may_leave
    assert "an admin decided so" in pressed(desk, ADA, "send-out", waiting.id).card.text
    assert job_now(office, waiting.id).state is JobState.AWAITING_CONSENT


def test_without_keys_nobody_is_asked(office: Office, tmp_path: Path) -> None:
    keyless = Desk(
        office, Kit(data=tmp_path), tongue=SlackTongue(), size=(360, 640), versions=("1",), address=address
    )
    job = handed_in(keyless, office, tmp_path)
    assert (job.state, order_of(job).leaving) == (JobState.RUNNING, None)
    assert "make-file" in buttons_of(there(keyless.dropped(ask(file=unfetched()))).card)


def test_an_admin_decides_where_files_go_and_what_happens_when_a_provider_fails(
    desk: Desk, office: Office
) -> None:
    def told(words: str) -> str:
        return desk.command(ask(BOSS), f"admin {words}").card.text

    assert "stay on our own machines" in told("uploads local")
    assert "the video fails" in told("on-failure fail")
    terms = workspaces.terms(office.database, LAB)
    assert (terms.uploads, terms.on_failure) == ("local", "fail")
    assert told("providers") == f"{told('uploads local')} {told('on-failure fail')}"
    told("providers uploads=cloud on-failure=default")
    terms = workspaces.terms(office.database, LAB)
    assert (terms.uploads, terms.on_failure) == ("cloud", None)
    assert "Say where files may go" in told("uploads everywhere")
    assert "Say what happens" in told("on-failure")
    assert "Only an admin" in desk.command(ask(ADA), "admin uploads cloud").card.text
    assert "said which files go to providers outside: cloud" in words_of(
        desk.command(ask(BOSS), "admin audit").card
    )
    page = words_of(desk.admin_home(ask(BOSS)))
    assert "Files go to Gemini and Runway" in page
    assert len(jobs_of(office)) == 0
