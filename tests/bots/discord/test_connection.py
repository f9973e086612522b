"""The connection to Discord: it comes back by itself, ends in words when Discord refuses us, stops when told to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.discord.service import refuse_half_settings
from bots.port import PortRefusedError
from pipeline.errors import UsageError
from settings import Settings
from tests.bots.discord.labs import BOB, Lab, lab_at
from tests.fakes.discord import FakeDiscord

BREAKS: dict[str, Callable[[FakeDiscord], None]] = {
    "cut": lambda fake: fake.drop_connections(),
    "closed": lambda fake: fake.drop_connections(4000),
    "asked to come back": lambda fake: fake.reconnect(),
    "session over": lambda fake: fake.invalidate(),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_connection_that_breaks_comes_back(lab: Lab, how: str) -> None:
    lab.message(lab.ordered())
    gateway = lab.discord.gateway
    before = gateway.identifies + gateway.resumes
    BREAKS[how](lab.discord)
    lab.until(lambda: gateway.identifies + gateway.resumes > before and lab.discord.connections >= 1, 40)
    lab.message(lab.ordered())


def test_the_messenger_goes_on_while_the_gateway_is_away(lab: Lab) -> None:
    message = lab.message(lab.ordered())
    lab.discord.fail_next("GET /gateway", 503, 50)
    lab.discord.drop_connections()
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 1)
    assert message.edits


def test_a_token_that_is_revoked_ends_it_in_words(lab: Lab) -> None:
    lab.message(lab.ordered())
    lab.discord.revoke()
    lab.until(lambda: lab.failure is not None, 40)
    assert isinstance(lab.failure, PortRefusedError)
    assert lab.failure.exit_status == 2
    lab.failure = None


def test_a_wrong_token_is_one_sentence(tmp_path: Path, valkey_url: str) -> None:
    with (
        pytest.raises(PortRefusedError, match="DISCORD_TOKEN"),
        lab_at(tmp_path, valkey_url, wait=False, discord_token="MTE.wrong.token") as lab,
    ):
        lab.until(lambda: lab.failure is not None)


def test_it_waits_for_a_discord_that_is_away(tmp_path: Path, valkey_url: str) -> None:
    def away(fake: FakeDiscord) -> None:
        fake.fail_next("GET /users/@me", 503, 2)

    with lab_at(tmp_path, valkey_url, wait=False, before=away) as lab:
        lab.discord.wait_connected(timeout=40)
        lab.message(lab.ordered())


def test_without_the_intent_for_content_it_goes_on_and_says_so(
    tmp_path: Path, valkey_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with lab_at(tmp_path, valkey_url, discord=FakeDiscord(intents=set())) as lab:
        lab.message(lab.ordered())
    assert "Message Content Intent is off" in caplog.text


def test_an_intent_that_is_taken_away_meanwhile_does_not_end_it(
    tmp_path: Path, valkey_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with lab_at(tmp_path, valkey_url) as lab:
        lab.message(lab.ordered())
        lab.discord.world.granted.clear()
        lab.discord.drop_connections(4014)
        lab.until(lambda: "Message Content Intent is off" in caplog.text)
        lab.discord.wait_connected()
        lab.message(lab.ordered())


@pytest.mark.parametrize(
    ("token", "sentence"), [(None, "DISCORD_TOKEN"), ("abc", "three parts"), ("a.b", "three parts")]
)
def test_what_is_missing_is_named(tmp_path: Path, token: str | None, sentence: str) -> None:
    settings = Settings(_env_file=None, data=tmp_path, discord_token=token)
    with pytest.raises(UsageError, match=sentence):
        refuse_half_settings(settings)


def test_it_stops_in_the_middle_of_a_reconnection(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url) as lab:
        lab.discord.fail_next("GET /gateway", 503, 50)
        lab.discord.drop_connections()
        time.sleep(0.5)
        began = time.monotonic()
    assert time.monotonic() - began < 5
