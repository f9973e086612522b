"""Reactions on a job's message; what is deleted, and who leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import chat
from storage.records import JobState
from storage.workspaces import terms
from tests.bots.discord.labs import ADA, BEN, BOB, LAB, SECRET, WORKSPACE, Lab, again, lab_at, running
from tests.fakes.discord import BOT_USER, GUILD


@pytest.mark.parametrize("emoji", ["🔁", "🔄"])
def test_a_reaction_retries_and_the_app_shows_how(lab: Lab, emoji: str) -> None:
    message = lab.asked(BOB, "32296183")
    lab.fail()
    lab.until(lambda: "🔁" in message.reactions)
    assert message.reactions["🔁"] == [BOT_USER]
    lab.discord.react(BEN, LAB, message.ts, emoji)
    assert "Bob Vale" in lab.direct(BEN).shown
    assert lab.job().state is JobState.FAILED
    lab.discord.react(BOB, LAB, message.ts, emoji)
    lab.until(lambda: lab.job().state is not JobState.FAILED)
    lab.until(lambda: BOT_USER not in message.reactions.get("🔁", []))


@pytest.mark.parametrize("bin_", ["🗑️", "🗑"])
def test_a_reaction_cancels_and_another_asks_before_it_deletes(lab: Lab, bin_: str) -> None:
    message = lab.asked(BOB, "32296183")
    lab.discord.react(BOB, LAB, message.ts, "❌")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.discord.react(BOB, LAB, message.ts, bin_)
    question = lab.direct(BOB, "Delete")
    assert lab.job().state is JobState.CANCELLED
    lab.discord.press(BOB, question, "delete")
    lab.until(lambda: lab.job().state is JobState.DELETED)


def test_a_reaction_in_direct_messages(lab: Lab) -> None:
    dm = lab.discord.dm(BOB)
    message = lab.asked(BOB, "32296183", dm)
    lab.discord.react(BOB, dm, message.ts, "❌")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


def test_a_reaction_on_a_message_in_a_thread(lab: Lab) -> None:
    root = lab.discord.say(BEN, LAB, "worth a look: 32296183")
    lab.discord.mention(BOB, LAB, "32296183", thread_ts=root)
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    assert message.thread_ts == root
    lab.discord.react(BOB, LAB, message.ts, "❌")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


def test_other_reactions_and_other_messages_mean_nothing(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    ts = lab.discord.say(BEN, LAB, "lunch?")
    lab.discord.react(BOB, LAB, ts, "❌")
    lab.discord.react(BOB, LAB, message.ts, "👍")
    robot = lab.discord.add_user("", "Robot", bot=True)
    lab.discord.react(robot.id, LAB, message.ts, "❌")
    lab.quiet()
    assert lab.job().state is not JobState.CANCELLED
    assert lab.discord.notifications(BOB) == 0


def test_an_admin_may_cancel_what_is_private_without_seeing_it(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183", SECRET)
    lab.discord.react(ADA, SECRET, message.ts, "❌")
    lab.until(lambda: lab.job().state is JobState.CANCELLED)


def test_a_deleted_message_is_not_put_there_again(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.discord.delete_message(LAB, message.ts)

    def gone() -> bool:
        found = chat.chat_of(lab.office.database, lab.job().id)
        return found is not None and found.gone

    lab.until(gone)
    lab.fail()
    lab.quiet()
    assert [one for one in lab.discord.of_app(LAB) if "It broke" in one.shown and not one.thread_ts] == []


def test_the_app_is_taken_out_of_the_server(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.discord.kick(GUILD)
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    lab.until(lambda: terms(lab.office.database, WORKSPACE).removed_at)
    lab.discord.invite(GUILD)
    lab.until(lambda: terms(lab.office.database, WORKSPACE).removed_at is None)


def test_who_left_is_found_out(tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord tells it only to apps with a privilege that this one doesn't ask for."""
    monkeypatch.setattr("bots.discord.leaving.EVERY", 0.3)
    with lab_at(tmp_path, valkey_url) as lab:
        lab.asked(BOB, "32296183")
        lab.asked(BEN, "28445112")
        lab.discord.leave(BOB)
        lab.until(lambda: lab.job(0).state is JobState.CANCELLED)
        assert lab.job(1).state is not JobState.CANCELLED


def test_that_discord_is_away_is_not_that_somebody_left(
    tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.discord.leaving.EVERY", 0.3)
    with lab_at(tmp_path, valkey_url) as lab:
        lab.asked(BOB, "32296183")
        lab.discord.fail_next("GET /guilds/{guild_id}/members/{user_id}", 403, 3)
        asked = len(lab.discord.calls_of("GET /guilds/{guild_id}/members/{user_id}"))
        lab.until(lambda: len(lab.discord.calls_of("GET /guilds/{guild_id}/members/{user_id}")) > asked + 3)
        assert lab.job().state is not JobState.CANCELLED


def test_a_server_that_took_the_app_out_while_it_was_down_is_left(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        with running(lab):
            lab.discord.wait_connected()
            lab.until(lab.discord.commands)
            lab.asked(BOB, "32296183")
        lab.discord.kick(GUILD)
        assert lab.job().state is not JobState.CANCELLED
        with running(again(lab, valkey_url)):
            lab.until(lambda: lab.job().state is JobState.CANCELLED)
            assert terms(lab.office.database, WORKSPACE).removed_at is not None


def test_two_processes_answer_once(lab: Lab, valkey_url: str) -> None:
    second = again(lab, valkey_url)
    with running(second):
        lab.discord.wait_connected(2)
        message = lab.asked(BOB, "32296183")
        lab.discord.mention(BEN, LAB, "28445112")
        lab.until(lambda: len(lab.jobs()) == 2)
        lab.type(BOB, "quota")
        lab.whisper(BOB, "Your quota")
        lab.discord.press(BOB, lab.with_button(message, "cancel"), "cancel")
        lab.whisper(BOB, "Stop this video?")
        lab.discord.react(BEN, LAB, message.ts, "❌")
        lab.direct(BEN, "Only Bob")
        lab.quiet()
        assert len(lab.jobs()) == 2
        assert len([one for one in lab.discord.ephemerals(BOB) if not one.loading]) == 2
        assert len(lab.discord.of_app(lab.discord.dm(BEN))) == 1
        assert [sent.error for sent in lab.discord.sent if sent.error] == []
