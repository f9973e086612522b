"""Buttons, questions, menus and forms; each means the same after a restart."""

from __future__ import annotations

from pathlib import Path

from storage import kept
from storage.records import JobState
from storage.workspaces import change_terms
from tests.bots.discord.labs import ADA, BEN, BOSS, LAB, PDF, WORKSPACE, Lab, at_work, house_at, populated
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.discord_client import addressed


def asked_for_approval(lab: Lab) -> Message:
    message = lab.asked(ADA, "32296183", approve=True)
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
    message = lab.with_button(lab.asked(ADA, "32296183"), "cancel")
    lab.discord.press(BEN, message, "cancel")
    assert "Ada" in lab.whisper(BEN).shown
    lab.discord.press(ADA, message, "cancel")
    question = lab.whisper(ADA, "Stop this video?")
    assert lab.job().state is not JobState.CANCELLED
    lab.discord.press(ADA, question, "Go on")
    lab.until(lambda: question.deleted)
    lab.discord.press(ADA, message, "cancel")
    lab.discord.press(ADA, lab.whisper(ADA, "Stop this video?"), "Stop it")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.until(lambda: "ancelled" in message.shown)
    lab.whisper(ADA, "Cancelled")
    second = lab.with_button(lab.asked(ADA, "28445112"), "cancel")
    lab.discord.press(BOSS, second, "cancel")
    lab.discord.press(BOSS, lab.whisper(BOSS, "Stop this video?"), "Stop it")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


def test_retry_needs_no_question(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    lab.fail()
    lab.discord.press(ADA, lab.with_button(message, "retry"), "retry")
    lab.until(lambda: lab.job().state is not JobState.FAILED)


def test_lists_turn_their_pages_in_place(lab: Lab) -> None:
    change_terms(
        lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"videos_per_user_day": None})
    )
    for number in range(12):
        lab.type(ADA, "make", source=str(32296183 + number))
    lab.until(lambda: len(lab.jobs()) == 12)
    lab.type(ADA, "list")
    page = lab.whisper(ADA, "Older")
    before = len(lab.discord.ephemerals(ADA))
    lab.discord.press(ADA, page, "Older →")
    lab.until(lambda: "Newer" in page.shown)
    assert len(lab.discord.ephemerals(ADA)) == before


def test_preferences_are_chosen_in_place(lab: Lab) -> None:
    lab.type(ADA, "me")
    card = lab.whisper(ADA, "Length")
    lab.discord.choose(ADA, card, "me-seconds", "45")
    lab.quiet()
    lab.asked(ADA, "32296183")
    assert '"seconds":45' in lab.job().order


def test_forget_me_asks_and_forgets(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.type(ADA, "forget-me")
    button = lab.whisper(ADA, "Forget me…")
    lab.discord.press(ADA, button, "Forget me…")
    lab.discord.press(ADA, lab.whisper(ADA, "All your videos"), "Forget me")
    lab.until(lambda: lab.job().state in (JobState.CANCELLED, JobState.DELETED))


def test_a_script_is_edited_in_forms_and_approved(lab: Lab) -> None:
    message = asked_for_approval(lab)
    lab.discord.press(BEN, message, "edit")
    lab.whisper(BEN, "Ada")
    lab.discord.press(ADA, message, "edit")
    panel = lab.whisper(ADA, "Edit the script")
    lab.discord.press(ADA, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    lab.discord.submit(ADA, view.id, {"scene-1": "Captions were late in 99 of 40 videos."})
    lab.until(lambda: "99" in panel.shown)
    lab.discord.press(ADA, panel, "Approve")
    lab.until(lambda: "One scene is marked" in panel.shown)
    assert lab.job().state is JobState.AWAITING_APPROVAL
    lab.discord.press(ADA, panel, "edit-page")
    (view,) = lab.until(lambda: lab.discord.views(ADA))
    assert "99" in str(view.body)  # what was typed is still there
    lab.discord.submit(ADA, view.id, {"scene-1": "Captions came late."})
    lab.until(lambda: "came late" in panel.shown)
    lab.discord.press(ADA, panel, "Approve")
    lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
    lab.until(lambda: "Approved with your words" in panel.shown)
    assert kept.kept(lab.office.database, WORKSPACE, f"draft:{lab.job().id}:{ADA}") is None


def test_a_scene_is_chosen_to_be_made_anew(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    lab.discord.press(ADA, lab.with_button(message, "redo"), "redo")
    card = lab.whisper(ADA, "Which scene")
    lab.discord.choose(ADA, card, "redo-scene", "2")
    lab.until(lambda: lab.job().state is not JobState.DONE)
    lab.until(lambda: "Scene 2 is made anew" in card.shown)
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    lab.type(ADA, "redo", scene=1)
    lab.whisper(ADA, "Scene 1 is made anew")


def test_while_typing_one_s_own_videos_and_scenes_are_offered(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.asked(ADA, "28445112", lab.discord.dm(ADA))
    first, second = lab.job(0), lab.job(1)

    def offered(user: str, words: str, focused: str, **typed: object) -> list[object]:
        sent = lab.discord.autocomplete(user, LAB, f"paper {words}", focused, **typed)
        return [one["value"] for one in sent.choices or ()]

    assert offered(ADA, "status", "video") == [second.id, first.id]
    assert offered(ADA, "status", "video", video="322961") == [first.id]
    assert offered(ADA, "status", "video", video=first.id) == [first.id]
    assert offered(ADA, "retry", "video") == []
    assert offered(BEN, "status", "video") == []
    assert offered(BEN, "status", "video", video=second.id) == []
    assert offered(BOSS, "cancel", "video") == [first.id]  # not what was asked for in private
    lab.work()
    lab.until(lambda: lab.job(0).state is JobState.DONE)
    assert offered(ADA, "redo", "scene", video=first.id) == [1, 2, 3]
    assert offered(ADA, "redo", "scene", video=first.id, scene="takeaway") == [2]
    assert offered(BEN, "redo", "scene", video=second.id) == []


def test_an_admin_s_page_filters_searches_limits_and_deletes(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.asked(BEN, "28445112")
    lab.type(BEN, "admin page")
    lab.whisper(BEN, "Only an admin")
    lab.type(BOSS, "admin page")
    page = lab.whisper(BOSS, "Search a paper")
    assert "32296183" in page.shown
    assert "28445112" in page.shown
    lab.discord.press(BOSS, page, "home-search")
    (view,) = lab.until(lambda: lab.discord.views(BOSS))
    lab.discord.submit(BOSS, view.id, {"paper": "32296183"})
    lab.until(lambda: "28445112" not in page.shown)
    lab.discord.press(BOSS, page, "home-csv")
    sheet = lab.whisper(BOSS, "as a sheet")
    assert lab.discord.state.files[sheet.files[0]].content.count(b"\n") == 2
    lab.discord.press(BOSS, page, "home-limits")
    whose = lab.whisper(BOSS, "Which limits?")
    lab.discord.press(BOSS, whose, "For one person …")
    (view,) = lab.until(lambda: lab.discord.views(BOSS))
    lab.discord.submit(BOSS, view.id, {"videos_per_user_day": "7"})
    lab.until(lambda: "7" in whose.shown)
    lab.discord.choose(BOSS, page, "home-delete", lab.job(0).id)
    lab.discord.press(BOSS, lab.whisper(BOSS, "Delete what is ticked?"), "Delete them")
    lab.until(lambda: lab.job(0).state is JobState.DELETED)
    assert lab.job(1).state is not JobState.DELETED
    lab.type(BOSS, "admin list", user=BEN, state="queued")
    lab.whisper(BOSS, "28445112")
    lab.type(BOSS, "admin auto", channel=LAB, on=True)
    lab.quiet()
    lab.type(BOSS, "admin block", person=BEN)
    lab.quiet()
    lab.type(BEN, "make", source="32296190")
    lab.whisper(BEN, "You can’t have videos made")


def test_a_late_press_is_let_be(lab: Lab) -> None:
    message = lab.with_button(lab.asked(ADA, "32296183"), "cancel")
    lab.discord.fail_next("POST /interactions/{interaction_id}/{interaction_token}/callback", 10062, 1)
    lab.discord.press(ADA, message, "cancel", wait=False)
    lab.discord.press(ADA, message, "cancel")
    lab.whisper(ADA, "Stop this video?")


def test_when_the_ticket_ran_out_the_answer_comes_directly(lab: Lab) -> None:
    lab.discord.fail_next("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", 50027, 1)
    lab.type(ADA, "quota")
    lab.direct(ADA, "Your quota")


def test_buttons_and_drafts_mean_the_same_after_a_restart(tmp_path: Path, valkey_url: str) -> None:
    with FakeDiscord() as discord, addressed(discord):
        populated(discord)
        with house_at(tmp_path, valkey_url, discord) as lab:
            with at_work(lab):
                ts = discord.drop(ADA, LAB, "paper.pdf", PDF)
                offer = lab.until(lambda: discord.of_app(LAB, ts))[-1]
                message = asked_for_approval(lab)
                discord.press(ADA, message, "edit")
                panel = lab.whisper(ADA, "Edit the script")
                discord.press(ADA, panel, "edit-page")
                (view,) = lab.until(lambda: discord.views(ADA))
                discord.submit(ADA, view.id, {"scene-1": "Captions came late."})
                lab.until(lambda: "came late" in panel.shown)
            with at_work(lab):
                discord.press(ADA, panel, "Approve")
                lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
                discord.press(ADA, offer, "Make video")
                lab.until(lambda: len(lab.jobs()) == 2)
            told = discord.calls_of("PUT /applications/{application_id}/commands")
            assert len(told) == 1  # they had not changed
