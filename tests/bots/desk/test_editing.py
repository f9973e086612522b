"""The script in a form: each scene's words are held to the paper before the video is made with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.desk.desk import Desk, EditForm
from bots.desk.replies import Reply
from jobs.kit import Kit
from jobs.office import Office
from jobs.order import JobOrder
from jobs.uploads import hand_out_script
from pipeline.model import ImageVisual, Scene, Script
from pipeline.script.by_hand import load_script
from storage.records import Job, JobState
from tests.bots.desks import ADA, BEN, BOSS, ask, begun
from tests.bots.scripts import SCRIPT, with_story
from tests.jobs.offices import job_now, work_through

KEPT = [scene.narration for scene in SCRIPT.scenes]


@pytest.fixture
def waiting(desk: Desk, office: Office, tmp_path: Path) -> Callable[..., Job]:
    """Makes a job of Ada's whose script waits for her word."""

    def work(kind: str = "public", script: Script = SCRIPT) -> Job:
        job = begun(office, desk.command(ask(ADA, kind), "32296183 approve=yes"))  # type: ignore[arg-type]
        work_through(office)
        with_story(office, Kit(data=tmp_path), job, script)
        job = job_now(office, job.id)
        assert job.state is JobState.AWAITING_APPROVAL
        return job

    return work


def form(answer: EditForm | Reply) -> EditForm:
    assert isinstance(answer, EditForm), answer
    return answer


def complaints(answer: list[str] | Reply) -> list[str]:
    assert isinstance(answer, list), answer
    return answer


def seen(job: Job) -> str:
    """The name of the job's script."""
    return hashlib.sha256(f"generate-script-{job.id}".encode()).hexdigest()[:16]


def said(answer: object) -> str:
    assert isinstance(answer, Reply), answer
    return answer.card.text


def test_a_field_for_each_scene(desk: Desk, waiting: Callable[..., Job]) -> None:
    job = waiting()
    opening = desk.press(ask(), "edit", job.id)
    assert opening is not None
    assert opening.modal == f"edit:{job.id}"
    shown = form(desk.edit_form(ask(), job.id))
    assert (shown.job, shown.title) == (job.id, "Caption times")
    assert [(scene.label, scene.text) for scene in shown.scenes] == [
        ("Scene 1 · finding", KEPT[0]),
        ("Scene 2 · takeaway", KEPT[1]),
        ("Scene 3 · source", KEPT[2]),
    ]
    passage = "“Captions were late in 12 of 40 videos.” (Results)"
    assert [scene.passages for scene in shown.scenes] == [passage, passage, ""]
    assert all(len(scene.text) < scene.most <= 3_000 for scene in shown.scenes)


def test_scenes_are_called_as_in_the_thread(desk: Desk, waiting: Callable[..., Job]) -> None:
    opening = Scene(kind="hook", narration="Caption times.")
    method = SCRIPT.scenes[1].model_copy(update={"kind": "method"})
    script = SCRIPT.model_copy(update={"scenes": (opening, method, SCRIPT.scenes[2])})
    shown = form(desk.edit_form(ask(), waiting(script=script).id))
    assert [scene.label for scene in shown.scenes] == [
        "Scene 1 · opening",
        "Scene 2 · what they did",
        "Scene 3 · source",
    ]


def test_a_number_that_the_paper_does_not_hold_is_not_accepted(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    job = waiting()
    wrong = complaints(
        desk.edited(ask(), job.id, ["Captions were late in 13 of 40 videos.", *KEPT[1:]], seen(job))
    )
    assert "13" in wrong[0]
    assert wrong[0].startswith("It says")
    assert wrong[1:] == ["", ""]
    assert job_now(office, job.id) == job


@pytest.mark.parametrize(("text", "words"), [("  ", "needs words"), ("word " * 700, "too long")])
def test_a_scene_has_some_words_and_not_too_many(
    desk: Desk, office: Office, waiting: Callable[..., Job], text: str, words: str
) -> None:
    job = waiting()
    wrong = complaints(desk.edited(ask(), job.id, [KEPT[0], text, KEPT[2]], seen(job)))
    assert words in wrong[1]
    assert (wrong[0], wrong[2]) == ("", "")
    assert job_now(office, job.id) == job


def test_words_that_hold_go_on(
    desk: Desk, office: Office, waiting: Callable[..., Job], tmp_path: Path
) -> None:
    job = waiting()
    new = "In 12 of 40 videos,\n captions were late."
    answer = said(desk.edited(ask(), job.id, [new, *KEPT[1:]], seen(job))).split("\n")
    assert answer[0] == "Approved with your words: it goes on."
    assert answer[1:] == ["Scene 1 is in a person's own words: its numbers were checked, its sense was not."]
    now = job_now(office, job.id)
    assert now.state is JobState.RUNNING
    key = JobOrder.model_validate_json(now.order).script
    assert key is not None
    script = load_script(hand_out_script(office.objects, key, tmp_path / "out"))
    assert script.scenes[0].narration == "In 12 of 40 videos, captions were late."
    assert script.scenes[0].claims == SCRIPT.scenes[0].claims
    assert [scene.by_hand for scene in script.scenes] == [True, False, False]
    assert script.scenes[1:] == SCRIPT.scenes[1:]
    assert "can’t be edited now" in said(desk.edited(ask(), job.id, KEPT, seen(job)))


def test_words_that_the_passage_does_not_hold_are_named_in_the_answer(
    desk: Desk, waiting: Callable[..., Job]
) -> None:
    job = waiting()
    new = "Unicorns were much better in 12 of 40 videos."
    answer = said(desk.edited(ask(), job.id, [new, *KEPT[1:]], seen(job)))
    assert answer.endswith("its sense was not. These words are not in its passage: Unicorns, much, better.")


def test_words_left_as_they_are_approve_the_script_as_it_is(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    job = waiting()
    assert said(desk.edited(ask(), job.id, KEPT, seen(job))) == "Approved: “Caption times” goes on."
    assert JobOrder.model_validate_json(job_now(office, job.id).order).script is None


def test_only_its_requester_reads_and_edits_it(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    job = waiting("dm")
    for who in (BEN, BOSS):
        assert "Captions" not in said(desk.edit_form(ask(who), job.id))
        assert "Captions" not in said(desk.redo_form(ask(who), job.id))
        assert "this video" in said(desk.edited(ask(who), job.id, KEPT, seen(job))).lower()
    assert job_now(office, job.id) == job


def test_an_admin_edits_what_is_public(desk: Desk, waiting: Callable[..., Job]) -> None:
    job = waiting()
    assert "Only Ada or an admin" in said(desk.edit_form(ask(BEN), job.id))
    assert form(desk.edit_form(ask(BOSS), job.id)).scenes


def test_a_script_that_was_written_anew_meanwhile(desk: Desk, waiting: Callable[..., Job]) -> None:
    job = waiting()
    assert "changed meanwhile" in said(desk.edited(ask(), job.id, KEPT, "another"))
    assert "changed meanwhile" in said(
        desk.edited(ask(), job.id, ["Captions were late.", *KEPT[1:]], "another")
    )


def test_a_script_with_pictures_of_ones_own_is_for_the_terminal(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    pictured = SCRIPT.scenes[1].model_copy(update={"visual": ImageVisual(file="mine.png")})
    script = SCRIPT.model_copy(update={"scenes": (SCRIPT.scenes[0], pictured, SCRIPT.scenes[2])})
    job = waiting(script=script)
    assert "terminal" in said(desk.edited(ask(), job.id, ["Captions were late.", *KEPT[1:]], seen(job)))
    assert job_now(office, job.id) == job


def test_a_script_that_is_not_at_hand(desk: Desk, office: Office) -> None:
    job = begun(office, desk.command(ask(), "32296183 approve=yes"))
    assert "can’t be edited now" in said(desk.edit_form(ask(), job.id))
    work_through(office)
    assert "not at hand" in said(desk.edit_form(ask(), job.id))
    assert "not at hand" in said(desk.edited(ask(), job.id, KEPT, seen(job)))


def test_the_script_that_was_read_is_approved_and_no_other(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    job = waiting()
    assert form(desk.edit_form(ask(), job.id)).script == seen(job)
    assert "changed meanwhile" in said(desk.press(ask(), "approve", f"{job.id}:another"))
    assert job_now(office, job.id) == job
    assert "goes on" in said(desk.press(ask(), "approve", f"{job.id}:{seen(job)}"))
    assert job_now(office, job.id).state is not JobState.AWAITING_APPROVAL


def test_approve_shorter_and_discard(desk: Desk, office: Office, waiting: Callable[..., Job]) -> None:
    job = waiting()
    shorter = desk.press(ask(), "shorter", job.id)
    assert shorter is not None
    assert "a fifth shorter" in shorter.card.text
    assert JobOrder.model_validate_json(job_now(office, job.id).order).seconds == 55
    early = desk.press(ask(), "discard", job.id)
    assert early is not None
    assert "no script to discard" in early.card.text
    work_through(office)
    assert desk.command(ask(), "approve").card.text == "Approved: “Caption times” goes on."
    other = begun(office, desk.command(ask(), "32296184 approve=yes"))
    work_through(office)
    discarded = desk.press(ask(), "discard", other.id)
    assert discarded is not None
    assert job_now(office, other.id).state is JobState.CANCELLED


def test_the_scenes_to_choose_from_say_what_is_in_them(
    desk: Desk, office: Office, waiting: Callable[..., Job]
) -> None:
    job = waiting()
    desk.press(ask(), "approve", job.id)
    work_through(office)
    shown = form(desk.redo_form(ask(), job.id))
    assert [scene.text for scene in shown.scenes] == KEPT
