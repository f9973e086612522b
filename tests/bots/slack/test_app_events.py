"""Buttons and reactions on a job's message; what is deleted, and who leaves."""

from __future__ import annotations

import pytest

from bots.desk.desk import Desk
from bots.port import PortRefusedError
from storage import chat
from storage.errors import DatabaseAwayError
from storage.records import Job, JobState, Requester
from storage.workspaces import terms
from tests.bots.slack.labs import ADA, BEN, BOSS, BOT, LAB, SECRET, WORKSPACE, Lab
from tests.fakes.slack import Message


def with_button(lab: Lab, message: Message, deed: str) -> Message:
    return lab.until(lambda: message if f"'action_id': '{deed}'" in str(message.blocks) else None) or message


def test_cancel_is_for_whoever_asked_or_an_admin(lab: Lab) -> None:
    message = with_button(lab, lab.asked(ADA, "32296183"), "cancel")
    lab.slack.press(BEN, message, "cancel")
    assert "Ada" in lab.whisper(BEN).shown
    assert lab.job().state is not JobState.CANCELLED
    lab.slack.press(ADA, message, "cancel")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.until(lambda: "ancelled" in message.shown)
    second = with_button(lab, lab.asked(ADA, "28445112"), "cancel")
    lab.slack.press(BOSS, second, "cancel")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


@pytest.mark.parametrize("name", ["repeat", "arrows_counterclockwise", "arrows_clockwise"])
def test_a_reaction_retries_and_the_app_shows_how(lab: Lab, name: str) -> None:
    message = lab.asked(ADA, "32296183")
    lab.fail()
    lab.until(lambda: "repeat" in message.reactions)
    assert message.reactions["repeat"] == [BOT]
    lab.slack.react(BEN, LAB, message.ts, name)
    assert "Ada" in lab.whisper(BEN).shown
    assert lab.job().state is JobState.FAILED
    lab.slack.react(ADA, LAB, message.ts, name)
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.until(lambda: BOT not in message.reactions.get("repeat", []))


def test_a_reaction_cancels_and_another_asks_before_it_deletes(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    lab.slack.react(ADA, LAB, message.ts, "x")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.slack.react(ADA, LAB, message.ts, "wastebasket")
    question = lab.whisper(ADA, "Delete")
    assert lab.job().state is JobState.CANCELLED
    lab.slack.press(ADA, question, "delete")
    lab.until(lambda: lab.job().state is JobState.DELETED)
    assert "Deleted" in lab.whisper(ADA, "Deleted").shown


def test_other_reactions_and_other_messages_mean_nothing(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    ts = lab.slack.say(BEN, LAB, "lunch?")
    lab.slack.react(ADA, LAB, ts, "x")
    lab.slack.react(ADA, LAB, message.ts, "tada")
    lab.quiet()
    assert lab.slack.ephemerals(ADA) == []
    assert lab.job().state is not JobState.CANCELLED


def test_a_deleted_message_is_not_put_there_again(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183")
    lab.slack.delete_message(LAB, message.ts)

    def gone() -> bool:
        found = chat.chat_of(lab.office.database, lab.job().id)
        return found is not None and found.gone

    lab.until(gone)
    lab.slack.command(ADA, LAB, "cancel")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.whisper(ADA, "Cancelled")
    assert lab.slack.of_app(LAB) == []


def test_what_a_closed_account_had_made_is_stopped(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.asked(BEN, "28445112")
    lab.slack.change_user(ADA, deleted=True)
    lab.until(lambda: lab.job(0).state is JobState.CANCELLED)
    assert lab.job(1).state is not JobState.CANCELLED
    lab.slack.change_user(BEN, name="Benjamin")
    lab.quiet()
    assert lab.job(1).state is not JobState.CANCELLED
    lab.slack.command(BEN, LAB, "quota")
    lab.whisper(BEN)
    assert lab.job(1).requester.name == "Benjamin"


@pytest.mark.parametrize("how", ["uninstall", "revoke"])
def test_an_uninstalled_workspace_is_left(lab: Lab, how: str) -> None:
    lab.asked(ADA, "32296183")
    getattr(lab.slack, how)()
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    assert terms(lab.office.database, WORKSPACE).removed_at is not None
    lab.until(lambda: lab.failure is not None)
    assert isinstance(lab.failure, PortRefusedError)
    assert "--check" in lab.failure.advice
    lab.failure = None


def test_private_titles_reach_nobody_else(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183", SECRET)
    job: Job = lab.job()
    lab.slack.command(BEN, LAB, f"status {job.id}")
    assert "32296183" not in lab.whisper(BEN).shown
    lab.slack.command(ADA, LAB, "list")
    assert "32296183" in lab.whisper(ADA).shown
    assert message.channel == SECRET


def test_which_scene_is_asked_in_a_form(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.work()
    lab.until(lambda: lab.job().state is JobState.DONE)
    lab.slack.command(ADA, LAB, "redo")
    view = lab.view(ADA, "Which scene?")
    assert "Scene 1" in str(view.body)
    lab.slack.submit(ADA, view.id, {"scene": "2"})
    lab.until(lambda: lab.job().state is not JobState.DONE)
    lab.until(lambda: " is made anew" in str(view.body))
    assert lab.slack.complaints == []
    lab.slack.mention(BEN, LAB, f"redo {lab.job().id}")
    assert "Ada" in lab.whisper(BEN).shown


def test_words_get_a_button_for_the_form(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.work()
    lab.slack.mention(ADA, LAB, "redo")
    lab.slack.press(ADA, lab.whisper(ADA), "redo")
    lab.view(ADA, "Which scene?")


def test_the_script_is_edited_and_held_to_the_paper(lab: Lab) -> None:
    message = lab.asked(ADA, "32296183 approve=yes")
    lab.work()
    lab.until(lambda: lab.job().state is JobState.AWAITING_APPROVAL)
    question = lab.until(
        lambda: [one for one in lab.slack.of_app(LAB, message.ts) if "'edit'" in str(one.blocks)]
    )
    lab.slack.press(BEN, question[0], "edit")
    assert "Ada" in lab.whisper(BEN).shown
    assert lab.slack.views(BEN) == []
    lab.slack.press(ADA, question[0], "edit")
    view = lab.view(ADA, "Captions were late in 12")
    lab.slack.submit(ADA, view.id, {"scene-000-0": "Captions were late in 39 of 40 videos."})
    lab.until(lambda: "One scene is marked" in str(view.body))
    assert lab.job().state is JobState.AWAITING_APPROVAL
    assert "39 of 40" in str(view.body)
    assert any("Checking" in str(body) for body in view.history)
    lab.slack.submit(ADA, view.id, {"scene-000-1": "In 12 of 40 videos, captions were late."})
    lab.until(lambda: lab.job().state is not JobState.AWAITING_APPROVAL)
    lab.until(lambda: "Approved with your words" in str(view.body))
    assert lab.slack.complaints == []
    assert '"script":"' in lab.job().order


def test_whoever_presses_in_the_channel_is_answered_in_the_channel(lab: Lab) -> None:
    """The message has replies: in its thread, the answer would be seen by nobody who has not opened that."""
    message = lab.asked(ADA, "32296183")
    lab.slack.say(ADA, LAB, "thank you", thread_ts=message.ts)
    lab.slack.press(BEN, message, "cancel")
    whisper = lab.whisper(BEN, "Ada")
    assert whisper.thread_ts is None


def test_a_form_that_comes_twice_is_not_left_waiting(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.work()
    lab.slack.command(ADA, LAB, "redo")
    view = lab.view(ADA, "Which scene?")
    sent = lab.slack.submit(ADA, view.id, {"scene": "2"})
    lab.until(lambda: "is made anew" in str(view.body))
    again = lab.slack.redeliver(sent)
    assert again.done.wait(20)
    lab.until(lambda: "sent already" in str(view.body))


def test_who_left_is_dealt_with_also_when_the_database_was_away(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack was answered by then, and tells it once."""
    real, tries = Desk.person_gone, []

    def away_at_first(desk: Desk, who: Requester) -> None:
        tries.append(who.user)
        if len(tries) < 3:
            raise DatabaseAwayError("The database can’t be reached.")
        real(desk, who)

    monkeypatch.setattr(Desk, "person_gone", away_at_first)
    lab.asked(ADA, "32296183")
    lab.slack.change_user(ADA, deleted=True)
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    assert tries == [ADA] * 3


def test_a_press_that_took_too_long_is_asked_for_again(lab: Lab) -> None:
    lab.asked(ADA, "32296183")
    lab.work()
    lab.slack.fail_next("views.open", "expired_trigger_id")
    lab.slack.command(ADA, LAB, "redo")
    assert "press it again" in lab.whisper(ADA).shown
