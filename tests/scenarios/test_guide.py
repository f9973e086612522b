"""The guides followed word by word, from nothing to the first video; what is typed is read out of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.commands import House
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.eutils import FakeNcbi
from tests.fakes.slack import FakeSlack
from tests.scenarios.guide import Guide, up
from tests.scenarios.hand import SOON
from tests.scenarios.lab import MADE
from tests.scenarios.papers import print_paper
from tests.scenarios.processes import free_port

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc"),
    pytest.mark.timeout(300),
]


def test_whoever_follows_the_guide_for_slack_gets_a_video(tmp_path: Path) -> None:
    guide = Guide("slack.md")
    command, _, pmid = guide.said(9).partition(" ")
    with FakeSlack() as slack, FakeNcbi() as ncbi:
        print_paper(ncbi, pmid, "The paper of the guide")
        house = House(
            tmp_path / "data",
            {
                "SLACK_API_URL": slack.api_url,
                "SLACK_FILE_HOSTS": slack.file_host,
                "NCBI_BASE_URL": ncbi.eutils,
                "PMC_BASE_URL": ncbi.pmc,
                "PORT": free_port(),
            },
        )

        manifest = house.run(*guide.typed(1))
        assert manifest.status == 0, manifest
        printed = yaml.safe_load(manifest.out)
        slack.install(printed)
        slack.add_user("U0ADA", "Ada")
        slack.add_channel("C0LAB", "lab", "public", ["U0ADA"], bot_in=False)

        guide.written_into_env(5, tmp_path, SLACK_BOT_TOKEN=slack.bot_token, SLACK_APP_TOKEN=slack.app_token)
        with up(house, guide.typed(6), guide.shown(6), lambda: slack.connections):
            guide.check_passes(7, house.run(*guide.typed(7)))

            assert guide.said(8) == f"/invite @{printed['features']['bot_user']['display_name']}"
            slack.invite("C0LAB")

            assert not slack.command("U0ADA", "C0LAB", pmid, command=command).error
            (message,) = slack.wait_for(lambda: slack.of_app("C0LAB"), SOON)
            slack.wait_for(lambda: videos(slack, "C0LAB", message.ts), MADE)
            assert "The paper of the guide" in message.shown
            assert slack.complaints == []


def test_whoever_follows_the_guide_for_discord_gets_a_video(tmp_path: Path) -> None:
    guide = Guide("discord.md")
    command, _, pmid = guide.said(9).removeprefix("/").partition(" source: ")
    with FakeDiscord(everyone=0) as discord, FakeNcbi() as ncbi:
        print_paper(ncbi, pmid, "The paper of the guide")
        house = House(
            tmp_path / "data",
            {
                **{name: value for name, value in discord.environment.items() if name != "DISCORD_TOKEN"},
                "NCBI_BASE_URL": ncbi.eutils,
                "PMC_BASE_URL": ncbi.pmc,
                "PORT": free_port(),
            },
        )
        discord.uninstall()
        ada = discord.add_user("", "Ada").id
        room = discord.add_channel("", "lab").id

        guide.written_into_env(5, tmp_path, DISCORD_TOKEN=discord.bot_token)
        invitation = house.run(*guide.typed(6))
        assert invitation.status == 0, invitation
        discord.authorize(invitation.out.strip(), GUILD)
        assert invitation.out.partition("&")[2].strip() in guide.steps[6]

        with up(house, guide.typed(7), guide.shown(7), lambda: discord.connections and discord.commands()):
            guide.check_passes(8, house.run(*guide.typed(8)))

            assert not discord.command(ada, room, command, source=pmid).error
            (message,) = discord.wait_for(lambda: discord.of_app(room), SOON)
            discord.wait_for(lambda: videos(discord, room, message.ts), MADE)
            assert "The paper of the guide" in message.shown
            assert not [call for call in discord.calls if call.status == 403]
            assert discord.off_contract() == []


def videos(fake: FakeSlack | FakeDiscord, channel: str, thread: str) -> list[str]:
    """The names of the videos in a thread."""
    return [one.name for one in fake.files(channel, thread) if one.mimetype == "video/mp4"]
