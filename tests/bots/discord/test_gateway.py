"""The gateway as it really is: it goes silent, takes sessions back, replays what was missed, says why it closes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.discord import connection
from bots.port import PortRefusedError
from tests.bots.discord.labs import BOB, LAB, Lab, lab_at
from tests.fakes.discord import FakeDiscord

SESSION_KEPT: dict[str, Callable[[FakeDiscord], None]] = {
    "closed for no reason": lambda fake: fake.drop_connections(4000),
    "closed as if all were well": lambda fake: fake.drop_connections(1000),
    "too many words": lambda fake: fake.drop_connections(4008),
    "asked to come back": lambda fake: fake.reconnect(),
    "asked to begin the session again": lambda fake: fake.invalidate(resumable=True),
}


@pytest.mark.parametrize("how", SESSION_KEPT)
def test_what_was_said_meanwhile_is_heard_once_the_session_goes_on(lab: Lab, how: str) -> None:
    gateway = lab.discord.gateway
    lab.message(lab.ordered())
    begun = len(gateway.identifies)
    lab.discord.slow_down("GET /gateway", 1)
    SESSION_KEPT[how](lab.discord)
    lab.discord.mention(BOB, LAB, "28445112")
    lab.until(lambda: len(lab.jobs()) == 2, 40)
    lab.message(lab.job())
    lab.quiet()
    assert len(gateway.resumes) >= 1
    assert len(gateway.identifies) == begun
    assert len(lab.jobs()) == 2


def test_a_session_that_is_over_begins_anew_and_messages_catch_up(lab: Lab) -> None:
    message = lab.message(lab.ordered())
    begun = len(lab.discord.gateway.identifies)
    lab.discord.invalidate()
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 1, 40)
    lab.until(lambda: len(lab.discord.gateway.identifies) == begun + 1, 40)
    lab.asked(BOB, "28445112")
    assert message.edits


def test_a_connection_that_went_silent_is_left_for_another(
    tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENCE", 1.0)
    with lab_at(tmp_path, valkey_url, before=lambda fake: fake.heartbeat_every(0.2)) as lab:
        lab.message(lab.ordered())
        resumed = len(lab.discord.gateway.resumes)
        lab.discord.make_zombies()
        lab.discord.mention(BOB, LAB, "28445112")
        lab.until(lambda: len(lab.discord.gateway.resumes) > resumed, 40)
        lab.until(lambda: len(lab.jobs()) == 2, 40)
        lab.message(lab.job())


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013])
def test_what_only_we_can_mend_ends_it_in_words(lab: Lab, code: int) -> None:
    lab.message(lab.ordered())
    lab.discord.drop_connections(code)
    lab.until(lambda: lab.failure is not None, 40)
    assert isinstance(lab.failure, PortRefusedError)
    assert f"code {code}" in lab.failure.sentence
    lab.failure = None


def test_an_intent_that_is_gone_when_a_new_session_begins_is_done_without(
    tmp_path: Path, valkey_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with lab_at(tmp_path, valkey_url) as lab:
        lab.message(lab.ordered())
        lab.discord.world.granted.clear()
        lab.discord.invalidate()
        lab.until(lambda: "Message Content Intent is off" in caplog.text, 40)
        lab.discord.wait_connected()
        lab.asked(BOB, "28445112")
