"""docs/slack.md followed word by word, from the manifest to the first video; what is typed is read out of it."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.cli.commands import House, processes_of
from tests.fakes.eutils import FakeNcbi
from tests.fakes.slack import FakeSlack
from tests.scenarios.lab import MADE, SOON
from tests.scenarios.papers import print_paper
from tests.valkeys import eventually

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(300),
]

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "slack.md").read_text(encoding="utf-8")
#: The steps, by their numbers.
STEPS: Final = {
    int(number): text
    for number, text in re.findall(
        r"(?ms)^(\d)\. (.*?)(?=^\S|\Z)", GUIDE.partition("first video\n")[2].partition("\n## ")[0]
    )
}
#: How a line of the guide calls our command.
OURS: Final = ".venv/bin/hidden-hill "


def typed(step: int) -> list[str]:
    """The words after `hidden-hill` in the last line that the step has one type in a terminal."""
    lines = re.findall(r"(?m)^ *\$ (.*)$", STEPS[step])
    assert lines[-1].startswith(OURS), lines
    assert all("pip install" in line or "-m venv" in line for line in lines[:-1]), (
        "a new command: try it here"
    )
    return shlex.split(lines[-1].removeprefix(OURS))


def written_into_env(step: int, **tokens: str) -> str:
    """The file of the step, with one's own tokens in place of the examples."""
    lines = re.findall(r"(?m)^ *([A-Z_]+=.*)$", STEPS[step].partition("```\n")[2].partition("```")[0])
    names = [line.partition("=")[0] for line in lines if line.endswith("…")]
    assert names == list(tokens)
    return "\n".join(
        f"{line.partition('=')[0]}={tokens[line.partition('=')[0]]}" if line.endswith("…") else line
        for line in lines
    )


def said_in_slack(step: int) -> str:
    """What the step has one type in Slack."""
    (words,) = re.findall(r"`(/[^`]+)`", STEPS[step])
    return str(words)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_whoever_follows_the_guide_gets_a_video(tmp_path: Path) -> None:
    command, _, pmid = said_in_slack(9).partition(" ")
    with FakeSlack() as slack, FakeNcbi() as ncbi:
        print_paper(ncbi, pmid, "The paper of the guide")
        away_from_home = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_FILE_HOSTS": slack.file_host,
            "NCBI_BASE_URL": ncbi.eutils,
            "PMC_BASE_URL": ncbi.pmc,
            "PORT": free_port(),
        }
        house = House(tmp_path / "data", away_from_home)

        manifest = house.run(*typed(1))
        assert manifest.status == 0, manifest
        printed = yaml.safe_load(manifest.out)
        slack.install(printed)
        slack.add_user("U0ADA", "Ada")
        slack.add_channel("C0LAB", "lab", "public", ["U0ADA"], bot_in=False)

        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
        tmp_path.joinpath(".env").write_text(written_into_env(5, **tokens), encoding="utf-8")

        log = tmp_path / "up.log"
        with log.open("wb") as output:
            up = subprocess.Popen(
                [sys.executable, "-P", "-m", "cli.main", *typed(6)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=house.environment,
                cwd=tmp_path,
            )
        try:
            shown = re.findall(r"(?m)^ +((?:Starting|Hidden Hill) .*)$", STEPS[6])
            eventually(lambda: shown[-1].partition(" after ")[0] in log.read_text(), SOON)
            assert shown[0] in log.read_text()

            check = house.run(*typed(7))
            assert check.status == 0, check.out
            assert {line[0] for line in check.out.splitlines()[:-1]} == {"✓", "·"}
            assert check.out.splitlines()[-1] in STEPS[7].replace("\n   ", " ")

            assert said_in_slack(8) == f"/invite @{printed['features']['bot_user']['display_name']}"
            slack.invite("C0LAB")

            assert not slack.command("U0ADA", "C0LAB", pmid, command=command).error
            (message,) = slack.wait_for(lambda: slack.of_app("C0LAB"), SOON)

            def videos() -> list[str]:
                return [one.name for one in slack.files("C0LAB", message.ts) if one.mimetype == "video/mp4"]

            slack.wait_for(videos, MADE)
            assert "The paper of the guide" in message.shown
            assert slack.complaints == []
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.read_text()[-3000:]}") from None
        finally:
            up.send_signal(signal.SIGINT)
            try:
                status = up.wait(30)
            finally:
                up.kill()
        assert status == 0
    eventually(lambda: not processes_of(house), 30)
