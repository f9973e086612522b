"""Buttons, questions, menus and forms; each means the same after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage import kept
from storage.records import JobState
from storage.workspaces import change_terms
from tests.bots.discord.labs import ADA, BEN, BOB, LAB, PDF, WORKSPACE, Lab, again, lab_at, running
from tests.fakes.discord import Message


def asked_for_approval(lab: Lab) -> Message:
    message = lab.asked(BOB, "32296183", approve=True)
    lab.work()
    lab.until(lambda: lab.job().state is JobState.AWAITING_APPROVAL)
    return lab.until(
        lambda: [
            one
            for one in (*lab.discord.of_app(LAB), *lab.discord.of_app(LAB, message.ts))
            if one.has_button("edit")
        ]
    )[-1]


def test_cancel_asks_first_and_is_for_whoever_asked_or_an_admin(lab: Lab) -> None:
    message = lab.with_button(lab.asked(BOB, "32296183"), "cancel")
    lab.discord.press(BEN, message, "cancel")
    assert "Bob Vale" in lab.whisper(BEN).shown
    lab.discord.press(BOB, message, "cancel")
    question = lab.whisper(BOB, "Stop this video?")
    assert lab.job().state is not JobState.CANCELLED
    lab.discord.press(BOB, question, "Go on")
    lab.until(lambda: question.deleted)
    lab.discord.press(BOB, message, "cancel")
    lab.discord.press(BOB, lab.whisper(BOB, "Stop this video?"), "Stop it")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.until(lambda: "ancelled" in message.shown)
    lab.whisper(BOB, "Cancelled")
    second = lab.with_button(lab.asked(BOB, "28445112"), "cancel")
    lab.discord.press(ADA, second, "cancel")
    lab.discord.press(ADA, lab.whisper(ADA, "Stop this video?"), "Stop it")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


def test_retry_needs_no_question(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.fail()
    lab.discord.press(BOB, lab.with_button(message, "retry"), "retry")
    lab.until(lambda: lab.job().state is not JobState.FAILED)


def test_lists_turn_their_pages_in_place(lab: Lab) -> None:
    change_terms(
        lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"videos_per_user_day": None})
    )
    for number in range(12):
        lab.type(BOB, "make", source=str(32296183 + number))
    lab.until(lambda: len(lab.jobs()) == 12)
    lab.type(BOB, "list")
    page = lab.whisper(BOB, "Older")
    before = len(lab.discord.ephemerals(BOB))
    lab.discord.press(BOB, page, "Older →")
    lab.until(lambda: "Newer" in page.shown)
    assert len(lab.discord.ephemerals(BOB)) == before


def test_preferences_are_chosen_in_place(lab: Lab) -> None:
    lab.type(BOB, "me")
    card = lab.whisper(BOB, "Length")
    lab.discord.choose(BOB, card, "me-seconds", "45")
    lab.until(lambda: "From now on: seconds=45" in card.shown)
    lab.asked(BOB, "32296183")
    assert '"seconds":45' in lab.job().order


def test_forget_me_asks_and_forgets(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.type(BOB, "forget-me")
    button = lab.whisper(BOB, "Forget me…")
    lab.discord.press(BOB, button, "Forget me…")
    lab.discord.press(BOB, lab.whisper(BOB, "All your videos"), "Forget me")
    lab.until(lambda: lab.job().state in (JobState.CANCELLED, JobState.DELETED))


def test_a_script_is_edited_in_forms_and_approved(lab: Lab) -> None:
    message = asked_for_approval(lab)
    lab.discord.press(BEN, message, "edit")
    lab.whisper(BEN, "Bob Vale")
    lab.discord.press(BOB, message, "edit")
    panel = lab.whisper(BOB, "Edit the script")
    lab.discord.press(BOB, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(BOB))
    lab.discord.submit(BOB, view.id, {"scene-1": "Captions were late in 99 of 40 videos."})
    lab.until(lambda: "99" in panel.shown)
    lab.discord.press(BOB, panel, "Approve")
    lab.until(lambda: "One scene is marked" in panel.shown)
    assert lab.job().state is JobState.AWAITING_APPROVAL
    lab.discord.press(BOB, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(BOB))
    assert "99" in str(view.body)  # what was typed is still there
    lab.discord.submit(BOB, view.id, {"scene-1": "Captions came late."})
    lab.until(lambda: "came late" in panel.shown)
    lab.discord.press(BOB, panel, "Approve")
    lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
    lab.until(lambda: "Approved with your words" in panel.shown)
    assert kept.kept(lab.office.database, WORKSPACE, f"draft:{lab.job().id}:{BOB}") is None


def test_a_scene_is_chosen_to_be_made_anew(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    lab.discord.press(BOB, lab.with_button(message, "redo"), "redo")
    card = lab.whisper(BOB, "Which scene")
    lab.discord.choose(BOB, card, "redo-scene", "2")
    lab.until(lambda: lab.job().state is not JobState.DONE)
    lab.until(lambda: "Scene 2 of “Caption times” is made anew" in card.shown)
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    lab.type(BOB, "redo", scene=1)
    lab.whisper(BOB, "Scene 1 of “Caption times” is made anew")


def test_while_typing_one_s_own_videos_and_scenes_are_offered(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.asked(BOB, "28445112", lab.discord.dm(BOB))
    first, second = lab.job(0), lab.job(1)

    def offered(user: str, words: str, focused: str, **typed: Any) -> list[object]:
        sent = lab.discord.autocomplete(user, LAB, f"paper {words}", focused, **typed)
        return [one["value"] for one in sent.choices or ()]

    assert offered(BOB, "status", "video") == [second.id, first.id]
    assert offered(BOB, "status", "video", video="322961") == [first.id]
    assert offered(BOB, "status", "video", video=first.id) == [first.id]
    assert offered(BOB, "retry", "video") == []
    assert offered(BEN, "status", "video") == []
    assert offered(BEN, "status", "video", video=second.id) == []
    assert offered(ADA, "cancel", "video") == [first.id]  # not what was asked for in private
    lab.work()
    lab.until(lambda: lab.job(0).state is JobState.DONE)
    assert offered(BOB, "redo", "scene", video=first.id) == [1, 2, 3]
    assert offered(BOB, "redo", "scene", video=first.id, scene="takeaway") == [2]
    assert offered(BEN, "redo", "scene", video=second.id) == []


def test_an_admin_s_page_filters_searches_limits_and_deletes(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.asked(BEN, "28445112")
    lab.type(BEN, "admin page")
    lab.whisper(BEN, "Only an admin")
    lab.type(ADA, "admin page")
    page = lab.whisper(ADA, "Search a paper")
    assert "32296183" in page.shown
    assert "28445112" in page.shown
    lab.discord.press(ADA, page, "home-search")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    lab.discord.submit(ADA, view.id, {"paper": "32296183"})
    lab.until(lambda: "28445112" not in page.shown)
    lab.discord.press(ADA, page, "home-csv")
    sheet = lab.whisper(ADA, "as a sheet")
    assert lab.discord.state.files[sheet.files[0]].content.count(b"\n") == 2
    lab.discord.press(ADA, page, "home-limits")
    whose = lab.whisper(ADA, "Which limits?")
    lab.discord.press(ADA, whose, "For one person …")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    lab.discord.submit(ADA, view.id, {"videos_per_user_day": "7"})
    lab.until(lambda: "7" in whose.shown)
    lab.discord.choose(ADA, page, "home-delete", lab.job(0).id)
    lab.discord.press(ADA, lab.whisper(ADA, "Delete what is ticked?"), "Delete them")
    lab.until(lambda: lab.job(0).state is JobState.DELETED)
    lab.whisper(ADA, "Deleted 1 of 1.")
    assert not [
        one for one in lab.discord.ephemerals(ADA) if "ticked" in one.shown and "Search" not in one.shown
    ]
    assert lab.job(1).state is not JobState.DELETED
    lab.type(ADA, "admin list", user=BEN, since="2026-01-01")
    lab.whisper(ADA, "28445112")
    lab.type(ADA, "admin auto", channel=LAB, on=True)
    lab.whisper(ADA, "is made into a video at once")
    lab.type(ADA, "admin page")
    rules = lab.whisper(ADA, "starts at once in")
    lab.discord.choose(ADA, rules, "home-auto-off", LAB)
    lab.until(lambda: "starts at once in" not in rules.shown)
    lab.type(ADA, "admin block", person=BEN)
    lab.whisper(ADA, "can’t have videos made here any more")
    lab.type(BEN, "make", source="32296190")
    lab.whisper(BEN, "You can’t have videos made")


def test_a_late_press_is_let_be(lab: Lab) -> None:
    message = lab.with_button(lab.asked(BOB, "32296183"), "cancel")
    lab.discord.fail_next("POST /interactions/{interaction_id}/{interaction_token}/callback", 10062, 1)
    lab.discord.press(BOB, message, "cancel", wait=False)
    lab.discord.press(BOB, message, "cancel")
    lab.whisper(BOB, "Stop this video?")


def test_when_the_ticket_ran_out_the_answer_comes_directly(lab: Lab) -> None:
    lab.discord.fail_next("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", 50027, 1)
    lab.type(BOB, "quota")
    lab.direct(BOB, "Your quota")


def test_buttons_and_drafts_mean_the_same_after_a_restart(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        discord = lab.discord
        with running(lab):
            discord.wait_connected()
            ts = discord.drop(BOB, LAB, "paper.pdf", PDF)
            offer = lab.until(lambda: discord.of_app(LAB, ts))[-1]
            message = asked_for_approval(lab)
            discord.press(BOB, message, "edit")
            panel = lab.whisper(BOB, "Edit the script")
            discord.press(BOB, panel, "edit-page")
            (view,) = lab.until(lambda: discord.views(BOB))
            discord.submit(BOB, view.id, {"scene-1": "Captions came late."})
            lab.until(lambda: "came late" in panel.shown)
        second = again(lab, valkey_url)
        with running(second):
            discord.wait_connected()
            discord.press(BOB, panel, "Approve")
            lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
            discord.press(BOB, offer, "Make video")
            lab.until(lambda: len(lab.jobs()) == 2)
        told = discord.calls_of("PUT /applications/{application_id}/commands")
        assert len(told) == 1  # they had not changed


def test_what_was_forgotten_is_said(lab: Lab) -> None:
    message = asked_for_approval(lab)
    lab.discord.press(BOB, message, "edit")
    panel = lab.whisper(BOB, "Edit the script")
    kept.let_go(lab.office.database, WORKSPACE, "draft:")
    lab.discord.press(BOB, panel, "edit-page")
    lab.whisper(BOB, "not being edited any more")
    lab.discord.press(BOB, panel, "Approve")
    lab.until(lambda: "not being edited any more" in panel.shown)


def test_a_form_that_can_t_be_there_in_time_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    message = asked_for_approval(lab)
    lab.discord.press(BOB, message, "edit")
    panel = lab.whisper(BOB, "Edit the script")
    monkeypatch.setattr("bots.discord.presses._FORM_WITHIN", 0.0)
    lab.discord.press(BOB, panel, "edit-page")
    lab.whisper(BOB, "a moment too long")
    assert lab.discord.views(BOB) == []
