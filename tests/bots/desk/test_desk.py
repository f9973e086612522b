"""Who may say what to which job, and what is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.commands import Command, parse
from bots.desk.desk import Desk
from bots.desk.replies import Reply
from jobs.office import Office
from storage import audit, members, workspaces
from storage.records import JobState
from tests.bots.desks import (
    ADA,
    BEN,
    BOSS,
    LAB,
    STRANGER,
    ask,
    begun,
    buttons_of,
    done,
    failed,
    jobs_of,
    made,
    pdf,
    pressed,
    unfetched,
    words_of,
)
from tests.jobs.offices import job_now, work_through


def test_the_help_says_only_what_is_understood(desk: Desk) -> None:
    card = desk.command(ask(), "help").card
    spans = [span for block in card.blocks for span in getattr(block, "spans", ())]
    coded = [span.text for span in spans if span.style == "code"]
    said_so = [text.removeprefix("/paper ") for text in coded if text.startswith("/paper ")]
    assert len(said_so) > 4
    assert not [words for words in said_so if not isinstance(parse(words), Command)]
    assert desk.command(ask(), "").card == card
    assert desk.command(ask(), "HELP!").card == card


def test_a_typo_is_answered_and_nothing_is_done(desk: Desk, office: Office) -> None:
    job = made(desk, office)
    reply = desk.command(ask(), "cancle")
    assert "Did you mean /paper cancel?" in reply.card.text
    assert job_now(office, job.id).state is JobState.RUNNING


def test_the_words_while_a_scene_is_made_anew(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    desk.command(ask(), "redo 2")
    assert f"the old video is at {job.link}" in desk.command(ask(), "link").card.text
    deleting = desk.command(ask(), "delete")
    assert "is being made anew: cancel that first" in deleting.card.text
    assert "The video stays as it was" in pressed(desk, ADA, "cancel", job.id).card.text
    assert job_now(office, job.id).state is JobState.DONE


@pytest.mark.parametrize("word", ["cancel", "delete", "retry", "approve", "keep", "redo 1"])
def test_only_its_requester_or_an_admin_acts_on_a_job(desk: Desk, office: Office, word: str) -> None:
    job = done(desk, office) if word in ("delete", "keep", "redo 1") else made(desk, office)
    before = job_now(office, job.id)
    reply = desk.command(ask(BEN), f"{word} {job.id}")
    assert reply.card.text.startswith("Only Ada or an admin can ")
    assert reply.private
    assert job_now(office, job.id) == before
    assert "Only" not in desk.command(ask(BOSS), f"{word} {job.id}").card.text


@pytest.mark.parametrize(
    "deed", ["cancel", "retry", "approve", "edit", "shorter", "discard", "delete", "keep", "redo"]
)
def test_nor_with_buttons(desk: Desk, office: Office, deed: str) -> None:
    job = made(desk, office)
    before = job_now(office, job.id)
    reply = desk.press(ask(BEN), deed, job.id)
    assert reply is not None
    assert reply.card.text.startswith("Only Ada or an admin can ")
    assert reply.modal is None
    assert job_now(office, job.id) == before


def test_a_job_of_another_workspace_does_not_exist(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    for word in ("status", "link", "cancel", "delete", "retry", "keep", "redo 1", "approve"):
        assert f"There is no video {job.id}" in desk.command(ask(STRANGER), f"{word} {job.id}").card.text
    for deed in ("delete", "redo", "edit", "cancel"):
        reply = desk.press(ask(STRANGER), deed, job.id)
        assert reply is not None
        assert reply.card.text == "This video is not there any more."
    assert job_now(office, job.id) == job
    assert "Deleted 0" in pressed(desk, STRANGER, "admin-delete", f'["{job.id}"]').card.text
    assert job_now(office, job.id) == job


@pytest.mark.parametrize("kind", ["dm", "private"])
def test_what_a_private_job_is_about_reaches_nobody_else(
    desk: Desk, office: Office, tmp_path: Path, kind: str
) -> None:
    file = pdf(tmp_path, "Secret manuscript.pdf")
    reply = desk.command(ask(ADA, kind, file=file, origin="1.1"), "")  # type: ignore[arg-type]
    job = begun(office, reply)
    work_through(office)
    assert job_now(office, job.id).private
    secrets = ("Secret", "Caption times", "hill.example", file.name)
    for who in (BEN, BOSS):
        for word in ("status", "link", "delete", "retry", "redo 1", "keep", "approve"):
            said_so = words_of(desk.command(ask(who), f"{word} {job.id}").card)
            assert not any(secret in said_so for secret in secrets), (who.name, word)
        for deed in ("redo", "edit", "keep", "retry"):
            said_so = words_of(pressed(desk, who, deed, job.id).card)
            assert not any(secret in said_so for secret in secrets)
        assert not any(secret in words_of(desk.home(ask(who))) for secret in secrets)
        assert not any(secret in words_of(desk.admin_home(ask(who))) for secret in secrets)
        assert not any(secret in words_of(desk.command(ask(who), "admin list").card) for secret in secrets)
    sheet = desk.sheet(ask(BOSS)).document
    assert sheet is not None
    assert job.id in sheet.content.decode()
    assert not any(secret in sheet.content.decode() for secret in secrets)
    assert "Caption times" in words_of(desk.command(ask(ADA, "dm"), "list").card)
    # What needs no look at it, an admin can do.
    assert pressed(desk, BOSS, "delete", job.id).card.text == "Deleted: a private video."


def test_status_is_the_jobs_card_for_whoever_may_see_it(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    assert "Caption times" in words_of(desk.command(ask(BEN), f"status {job.id}").card)
    assert job.files
    office.objects.delete(job.files[0].key)
    card = desk.command(ask(), "status").card
    assert "missing" in words_of(card)
    assert pressed(desk, ADA, "rebuild", job.id).card.text == "“Caption times” is made again, free of charge."
    assert job_now(office, job.id).state is JobState.RUNNING


def test_cancel_says_so_once(desk: Desk, office: Office) -> None:
    job = made(desk, office)
    assert desk.command(ask(), "cancel").card.text == "Cancelled: “PMID 32296183”."
    assert "nothing to cancel" in desk.command(ask(), "cancel").card.text
    (line,) = audit.entries(office.database, LAB, target=job.id)
    assert (line.actor, line.action) == ("slack:U0ADA", "cancel")


def test_deleting_asks_first(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    reply = desk.command(ask(), "delete")
    assert "Caption times" in reply.card.text
    button = buttons_of(reply.card)["delete"]
    assert job_now(office, job.id).state is JobState.DONE
    assert pressed(desk, ADA, button.deed, button.value).card.text == "Deleted: “Caption times”."
    assert job_now(office, job.id).state is JobState.DELETED
    assert "deleted before" in pressed(desk, ADA, "delete", job.id).card.text


def test_what_is_being_made_is_cancelled_before_it_is_deleted(desk: Desk, office: Office) -> None:
    job = made(desk, office)
    reply = desk.command(ask(), "delete")
    assert "cancel it first" in reply.card.text
    assert buttons_of(reply.card)["cancel"].value == job.id


def test_redo_asks_which_scene(desk: Desk, office: Office) -> None:
    job = done(desk, office)
    assert desk.command(ask(), "redo").modal == f"redo:{job.id}"
    assert pressed(desk, ADA, "redo", job.id).modal == f"redo:{job.id}"
    form = desk.redo_form(ask(), job.id)
    assert not isinstance(form, Reply)
    assert [field.label for field in form.scenes] == ["Scene 1", "Scene 2", "Scene 3"]
    assert "no scene 9" in desk.command(ask(), "redo scene 9").card.text
    assert "no scene 0" in desk.redone(ask(), job.id, 0).card.text
    assert desk.redone(ask(), job.id, 2).card.text.startswith("Scene 2 of “Caption times” is made anew")
    assert job_now(office, job.id).state is JobState.RUNNING
    assert "once it has ended" in desk.command(ask(), "redo").card.text


def test_whoever_may_not_make_videos_may_still_end_them(desk: Desk, office: Office) -> None:
    job = failed(desk, office)
    members.set_preferences(
        office.database,
        workspaces.user_id(office.database, ADA),
        members.Preferences(blocked=True),
    )
    assert "admin of this workspace decided so" in desk.command(ask(), "retry").card.text
    assert "decided so" in desk.command(ask(), "32296184").card.text
    assert job_now(office, job.id).state is JobState.FAILED
    assert pressed(desk, ADA, "delete", job.id).card.text == "Deleted: “PMID 32296183”."


def test_quota_and_cost_are_looked_at_without_making_anything(desk: Desk, office: Office) -> None:
    made(desk, office)
    assert "1 of 10" in words_of(desk.command(ask(), "quota").card)
    assert "costs nothing" in desk.command(ask(), "cost 32296184").card.text
    assert "Which paper?" in desk.command(ask(), "cost").card.text
    assert "costs nothing" in desk.command(ask(file=unfetched()), "cost").card.text
    assert "can read" in desk.command(ask(file=unfetched("a.png")), "cost").card.text
    assert "costs nothing" in desk.command(ask(), "cost 10.1000/xyz").card.text
    assert "DOI" in desk.command(ask(), "cost https://example.org/10.1000/xyz").card.text
    assert len(jobs_of(office)) == 1


def test_what_goes_wrong_below_is_a_sentence(desk: Desk, office: Office, tmp_path: Path) -> None:
    objects = tmp_path / "objects"
    objects.mkdir(exist_ok=True)
    objects.rmdir()
    objects.write_text("a file where the store's folder should be")
    reply = desk.dropped(ask(kind="dm", file=pdf(tmp_path), origin="1.1"))
    assert reply is not None
    assert reply.job is None
    assert str(tmp_path) not in reply.card.text
    assert jobs_of(office) == []


def test_an_account_that_was_closed_keeps_its_videos(desk: Desk, office: Office) -> None:
    finished, running = done(desk, office, paper="1"), made(desk, office, paper="2")
    assert desk.person_gone(ADA) == 1
    assert job_now(office, finished.id).state is JobState.DONE
    assert job_now(office, running.id).state is JobState.CANCELLED
    assert desk.person_gone(BEN) == 0


def test_a_workspace_that_comes_back_is_not_purged(desk: Desk, office: Office) -> None:
    running = made(desk, office)
    assert desk.workspace_gone(LAB) == 1
    assert job_now(office, running.id).state is JobState.CANCELLED
    assert workspaces.terms(office.database, LAB).removed_at is not None
    desk.command(ask(), "help")
    assert workspaces.terms(office.database, LAB).removed_at is None


def test_an_unknown_button_is_said_to_be(desk: Desk, office: Office) -> None:
    job = made(desk, office)
    assert "older message" in pressed(desk, ADA, "explode", job.id).card.text
    assert desk.press(ask(), "watch", job.id) is None
