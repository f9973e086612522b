"""`hidden-hill discord`: as a process on a real wire, what it says of its set-up, and its invitation."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.discord.invite import integer
from cli.up import parts_of
from settings import Settings
from storage import listeners, workers
from tests.bots.discord.labs import BOB, LAB, populated
from tests.cli.commands import House
from tests.fakes.discord import GUILD, FakeDiscord

SECRET = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.wrong.secret"


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as one:
        populated(one)
        yield one
        assert one.off_contract() == []


def house_of(folder: Path, discord: FakeDiscord, **more: str) -> House:
    variables = {
        **discord.environment,
        "HIDDEN_HILL_EPHEMERAL_OK": "1",
        "LOG_FORMAT": "json",
        "DISCORD_ALLOWED_GUILDS": GUILD,
        **more,
    }
    return House(folder / "data", variables)


def test_it_answers_and_stops_when_it_is_told_to(tmp_path: Path, discord: FakeDiscord) -> None:
    process: subprocess.Popen[str] = house_of(tmp_path, discord).start("discord")
    with process:
        try:
            discord.wait_connected(timeout=60)
            discord.wait_for(discord.commands, 40)
            discord.command(BOB, LAB, "paper make", source="32296183")
            discord.wait_for(lambda: discord.of_app(LAB), 40)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert time.monotonic() - began < 8
    assert "connected to Discord" in said
    assert "Traceback" not in said
    assert discord.bot_token not in said
    assert "32296183" not in said  # what people ask for is not logged


def test_a_refused_token_is_one_sentence(tmp_path: Path, discord: FakeDiscord) -> None:
    answer = house_of(tmp_path, discord).run("discord", DISCORD_TOKEN=SECRET)
    assert answer.status == 2
    assert "Discord refuses DISCORD_TOKEN. Run `hidden-hill discord --check`" in answer.err
    assert "Traceback" not in answer.err
    assert SECRET not in answer.err


def test_it_says_what_is_missing(tmp_path: Path, discord: FakeDiscord) -> None:
    house = house_of(tmp_path, discord)
    nothing = house.type("discord", DISCORD_TOKEN="")
    assert (nothing.status, "DISCORD_TOKEN" in nothing.err) == (2, True)
    wiped = house.type("discord", HIDDEN_HILL_EPHEMERAL_OK="")
    assert (wiped.status, "Set DATABASE_URL." in wiped.err) == (2, True)


def test_check_finds_everything_well(tmp_path: Path, discord: FakeDiscord) -> None:
    house = house_of(tmp_path, discord)
    with house.database() as database:
        workers.seen(database, workers.WorkerSign(id="worker-1", host="here", pid=1, io=1, cpu=1))
        ear = listeners.Listener(id="discord-1", platform="discord", host="here", pid=2)
        listeners.connected(database, ear)
    answer = house.type("discord", "--check")
    lines = answer.out.splitlines()
    assert answer.status == 0, answer
    assert not [line for line in lines if line.startswith("✗")]
    assert lines[0].startswith("✓ bot token: ")
    assert "✓ Message Content Intent: granted" in lines
    assert "✓ gateway: greets us" in lines
    assert any(line.startswith("✓ server The lab") for line in lines)
    assert "✓ worker: 1 alive" in lines
    assert "✓ app: 1 connected to Discord" in lines
    assert lines[-1] == "Nothing is missing, as far as can be asked."


def test_check_says_what_to_do(tmp_path: Path) -> None:
    with FakeDiscord(intents=set(), permissions=integer() & ~(1 << 35), everyone=0) as discord:
        populated(discord)
        house = house_of(tmp_path, discord, DISCORD_ALLOWED_GUILDS="", DISCORD_GATEWAY_URL="ws://127.0.0.1:9")
        answer = house.type("discord", "--check")
        lines = answer.out.splitlines()
        wrong = [line for line in lines if line.startswith("✗")]
        assert answer.status == 2
        assert [line.split(":")[0] for line in wrong] == [
            "✗ server The lab",
            "✗ gateway",
            "✗ worker",
            "✗ app",
        ]
        assert "Create Public Threads (to begin the thread" in wrong[0]
        assert f"permissions={integer()}" in wrong[0]
        assert "hidden-hill discord" in wrong[3]
        assert lines[-1] == "4 things are still to be done: see ✗."
        assert any(line.startswith("· Message Content Intent: is off") for line in lines)
        assert any(line.startswith("· strangers: ") for line in lines)


def test_check_of_servers(tmp_path: Path, discord: FakeDiscord) -> None:
    house = house_of(tmp_path, discord, DISCORD_ALLOWED_GUILDS="1000000000000000042")
    assert "✗ servers: DISCORD_ALLOWED_GUILDS names" in house.type("discord", "--check").out
    discord.uninstall()
    assert (
        "✗ servers: the app is in none. Add it: https://discord.com/" in house.type("discord", "--check").out
    )


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "DISCORD_TOKEN is not set"),
        ("0123456789abcdef", "no bot’s token"),
        (SECRET, "Discord refuses DISCORD_TOKEN"),
    ],
)
def test_check_of_a_wrong_token(tmp_path: Path, discord: FakeDiscord, token: str, sentence: str) -> None:
    answer = house_of(tmp_path, discord, DISCORD_TOKEN=token).type("discord", "--check")
    assert answer.status == 2
    assert answer.out.splitlines()[0].startswith("✗ bot token: ")
    assert sentence in answer.out.splitlines()[0]
    assert "wrong.secret" not in answer.out


def test_the_invitation_is_printed(tmp_path: Path, discord: FakeDiscord) -> None:
    answer = house_of(tmp_path, discord).type("discord", "--invite")
    assert answer.status == 0
    assert f"permissions={integer()}" in answer.out


def test_up_runs_discord_where_its_token_is_set(tmp_path: Path) -> None:
    def parts(**given: str) -> tuple[str, ...]:
        return parts_of(Settings(_env_file=None, data=tmp_path, **given))  # type: ignore[arg-type]

    assert parts(discord_token="a.b.c") == ("worker", "web", "discord")
    both = parts(discord_token="a.b.c", slack_bot_token="xoxb-1", slack_app_token="xapp-1")
    assert both == ("worker", "web", "slack", "discord")
