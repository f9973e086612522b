"""`hidden-hill slack`: as a process on a real wire, what it says of its set-up, and its manifest."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cli.up import Part, parts_of
from settings import Settings
from storage import listeners, workers
from tests.bots.slack.labs import ADA, LAB, MANIFEST, populated
from tests.cli.commands import House
from tests.fakes.slack import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(manifest=MANIFEST) as one:
        populated(one)
        yield one


def house_of(folder: Path, slack: FakeSlack, **more: str) -> House:
    variables = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "SLACK_FILE_HOSTS": slack.file_host,
        "HIDDEN_HILL_EPHEMERAL_OK": "1",
        "LOG_FORMAT": "json",
        **more,
    }
    return House(folder / "data", variables)


def test_it_answers_and_stops_when_it_is_told_to(tmp_path: Path, slack: FakeSlack) -> None:
    process: subprocess.Popen[str] = house_of(tmp_path, slack).start("slack")
    with process:
        try:
            slack.wait_connected(timeout=60)
            slack.command(ADA, LAB, "32296183")
            slack.wait_for(lambda: slack.of_app(LAB), 40)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert time.monotonic() - began < 8
    assert "connected to Slack" in said
    assert "Traceback" not in said
    assert slack.bot_token not in said
    assert slack.app_token not in said
    assert "32296183" not in said  # what people ask for is not logged


def test_a_refused_token_is_one_sentence(tmp_path: Path, slack: FakeSlack) -> None:
    answer = house_of(tmp_path, slack).run("slack", SLACK_BOT_TOKEN="xoxb-wrong-one")
    assert answer.status == 2
    assert "Slack refuses the app (invalid_auth). Run `hidden-hill slack --check`" in answer.err
    assert "Traceback" not in answer.err
    assert "xoxb-wrong-one" not in answer.err


def test_it_says_what_is_missing(tmp_path: Path, slack: FakeSlack) -> None:
    house = house_of(tmp_path, slack)
    nothing = house.type("slack", SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="")
    assert nothing.status == 2
    assert "SLACK_BOT_TOKEN" in nothing.err
    assert "SLACK_APP_TOKEN" in nothing.err
    wiped = house.type("slack", HIDDEN_HILL_EPHEMERAL_OK="")
    assert wiped.status == 2
    assert "Set DATABASE_URL." in wiped.err


def test_in_http_mode_it_says_so_and_waits(tmp_path: Path, slack: FakeSlack) -> None:
    """A Procfile starts it whatever the mode is, and a host starts again what ends."""
    house = house_of(tmp_path, slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=slack.signing_secret)
    process = house.start("slack")
    with process:
        try:
            assert process.stderr is not None
            assert any("Slack calls `hidden-hill web` (HTTP mode)" in line for line in process.stderr)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(1)
            process.terminate()
            process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert not slack.state.calls


def test_check_finds_everything_well(tmp_path: Path, slack: FakeSlack) -> None:
    house = house_of(tmp_path, slack)
    with house.database() as database:
        sign = workers.WorkerSign(id="worker-1", host="here", pid=1, io=1, cpu=1)
        workers.seen(database, sign)
        ear = listeners.Listener(id="slack-1", platform="slack", host="here", pid=2)
        listeners.connected(database, ear)
    answer = house.type("slack", "--check")
    lines = answer.out.splitlines()
    assert answer.status == 0, answer
    assert not [line for line in lines if line.startswith("✗")]
    assert lines[0].startswith("✓ bot token: @")
    assert "slack:T0LAB" in lines[0]
    assert "✓ Socket Mode: Slack lets us in" in lines
    assert any(line.startswith("· events: ") and "message.channels" in line for line in lines)
    assert "✓ app: 1 connected to Slack" in lines
    assert lines[-1] == "Nothing is missing, as far as can be asked."
    assert any(line.startswith("· command: ") and "/paper help" in line for line in lines)
    assert "✓ worker: 1 alive" in lines


def test_check_says_what_to_do(tmp_path: Path, slack: FakeSlack) -> None:
    slack.workspace.scopes.discard("files:read")
    house = house_of(tmp_path, slack, SLACK_ALLOWED_TEAMS="T0OTHER", SLACK_APP_TOKEN="xapp-wrong")
    answer = house.type("slack", "--check")
    wrong = [line for line in answer.out.splitlines() if line.startswith("✗")]
    assert answer.status == 2
    assert [line.split(":")[0] for line in wrong] == [
        "✗ scopes",
        "✗ teams",
        "✗ Socket Mode",
        "✗ worker",
        "✗ app",
    ]
    assert "files:read (to fetch the PDF" in wrong[0]
    assert "Reinstall" in wrong[0]
    assert "T0LAB" in wrong[1]
    assert "connections:write" in wrong[2]
    assert "hidden-hill worker" in wrong[3]
    assert "hidden-hill slack" in wrong[4]
    assert answer.out.splitlines()[-1] == "5 things are still to be done: see ✗."


def test_check_of_http_mode_wants_an_address_that_slack_posts_to(tmp_path: Path, slack: FakeSlack) -> None:
    house = house_of(tmp_path, slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s3cret")

    def told(address: str) -> str:
        answer = house.type("slack", "--check", HIDDEN_HILL_WEB_URL=address)
        return next(line for line in answer.out.splitlines() if "HTTP mode" in line)

    assert told("").startswith("✗ HTTP mode: HIDDEN_HILL_WEB_URL is not set")
    assert told("http://hill.example.org").startswith(
        "✗ HTTP mode: HIDDEN_HILL_WEB_URL must begin with https://"
    )
    assert told("https://hill.example.org").startswith(
        "✓ HTTP mode: Slack is to post to https://hill.example.org/"
    )


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "SLACK_BOT_TOKEN is not set"),
        ("xapp-1-mixed-up", "an app-level token"),
        ("xoxb-…", "still the example"),
        ("xoxb-wrong-one", "invalid_auth"),
    ],
)
def test_check_of_a_wrong_token(tmp_path: Path, slack: FakeSlack, token: str, sentence: str) -> None:
    answer = house_of(tmp_path, slack, SLACK_BOT_TOKEN=token).type("slack", "--check")
    assert answer.status == 2
    assert answer.out.splitlines()[0].startswith("✗ bot token: ")
    assert sentence in answer.out.splitlines()[0]
    assert "mixed-up" not in answer.out
    assert "wrong-one" not in answer.out


def test_check_of_swapped_tokens(tmp_path: Path, slack: FakeSlack) -> None:
    swapped = {"SLACK_BOT_TOKEN": slack.app_token, "SLACK_APP_TOKEN": slack.bot_token}
    answer = house_of(tmp_path, slack, **swapped).type("slack", "--check")
    lines = [line for line in answer.out.splitlines() if "swapped" in line]
    assert [line.split(":")[0] for line in lines] == ["✗ bot token", "✗ Socket Mode"]


def test_the_manifest_is_printed_with_the_commands_name(tmp_path: Path) -> None:
    answer = House(tmp_path / "data", {"HIDDEN_HILL_COMMAND": "/video"}).type("slack", "--manifest")
    assert answer.status == 0
    assert yaml.safe_load(answer.out)["features"]["slash_commands"][0]["command"] == "/video"


def test_web_answers_slack_over_http(tmp_path: Path, slack: FakeSlack) -> None:
    house = house_of(tmp_path, slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=slack.signing_secret, PORT="0")
    process = house.start("web")
    with process:
        try:
            assert process.stderr is not None
            port = next(json.loads(line)["port"] for line in process.stderr if '"port"' in line)
            assert any("listening for Slack over HTTP" in line for line in process.stderr)
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            assert slack.verify_url()
            slack.command(ADA, LAB, "32296183")
            slack.wait_for(lambda: slack.of_app(LAB), 40)
            process.terminate()
            process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0


def test_up_runs_what_the_settings_ask_for(tmp_path: Path) -> None:
    def parts(**given: str) -> tuple[str, ...]:
        return parts_of(Settings(_env_file=None, data=tmp_path, **given))  # type: ignore[call-arg, arg-type]

    assert parts() == ("worker", "web")
    assert parts(slack_bot_token="xoxb-1", slack_app_token="xapp-1") == ("worker", "web", "slack")
    assert parts(slack_bot_token="xoxb-1") == ("worker", "web", "slack")  # which says what is missing
    assert parts(slack_bot_token="xoxb-1", slack_signing_secret="s") == ("worker", "web")


def test_a_part_that_was_well_and_is_refused_later_takes_nobody_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cli.up.WELL_AFTER", -1.0)
    part = Part("slack", ["true"])
    part.process = subprocess.Popen(["sh", "-c", "exit 2"], stdin=subprocess.PIPE)
    part.began = time.monotonic() - 1
    part.process.wait(20)
    part.look()
    assert part.process is None
    assert part.was_well
