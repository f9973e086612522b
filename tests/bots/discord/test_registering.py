"""Commands are told when they changed, once, and in one place alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from bots.discord.service import DiscordService
from jobs.kit import Kit
from jobs.opening import Opened
from tests.bots.discord.labs import BOB, ELSEWHERE, Lab, lab_at, running
from tests.fakes.discord import GUILD

EVERYWHERE = "PUT /applications/{application_id}/commands"
IN_ONE = "PUT /applications/{application_id}/guilds/{guild_id}/commands"


def started(lab: Lab, valkey_url: str, **settings: Any) -> None:
    """The app begins, hears somebody, and ends; all of it as another process, with other settings."""
    other = lab.settings.model_copy(update=settings)
    house = Opened(lab.office, Kit.of(other), cast(Any, None), valkey_url)
    one = replace(lab, settings=other, service=DiscordService(other, house), failure=None)
    with running(one):
        lab.discord.wait_connected()
        lab.discord.mention(BOB, lab.discord.dm(BOB), "quota")
        lab.until(lambda: lab.discord.of_app(lab.discord.dm(BOB)))
    assert one.failure is None
    for message in lab.discord.of_app(lab.discord.dm(BOB)):
        lab.discord.delete_message(message.channel, message.ts)


def told(lab: Lab) -> tuple[int, int]:
    """How often Discord was told of commands: for all servers, for one."""
    return len(lab.discord.calls_of(EVERYWHERE)), len(lab.discord.calls_of(IN_ONE))


def names(lab: Lab, guild: str = "") -> list[str]:
    return [one["name"] for one in lab.discord.commands(guild)]


def test_they_are_told_once_and_again_when_they_changed(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        started(lab, valkey_url)
        started(lab, valkey_url)
        assert told(lab) == (1, 0)
        started(lab, valkey_url, command="/video")
        assert told(lab) == (2, 0)
        assert names(lab) == ["video", "Make a video"]
        started(lab, valkey_url)
        started(lab, valkey_url)
        assert told(lab) == (3, 0)
        assert names(lab) == ["paper", "Make a video"]


def test_nobody_is_offered_them_twice_after_a_change_of_place(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        started(lab, valkey_url)
        started(lab, valkey_url, discord_dev_guild=GUILD)
        assert (names(lab), names(lab, GUILD)) == ([], ["paper", "Make a video"])
        assert told(lab) == (2, 1)
        started(lab, valkey_url, discord_dev_guild=GUILD)
        assert told(lab) == (2, 1)
        started(lab, valkey_url)
        assert (names(lab), names(lab, GUILD)) == (["paper", "Make a video"], [])
        assert told(lab) == (3, 2)


def test_a_place_that_the_app_has_left_is_no_hindrance(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        lab.discord.invite(ELSEWHERE)
        started(lab, valkey_url, discord_dev_guild=ELSEWHERE)
        assert names(lab, ELSEWHERE)
        lab.discord.uninstall(ELSEWHERE)
        started(lab, valkey_url)
        started(lab, valkey_url)
        assert names(lab) == ["paper", "Make a video"]
        assert told(lab) == (1, 2)


def test_what_discord_does_not_take_is_told_again_at_the_next_start(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        lab.discord.fail_next(EVERYWHERE, 30034)
        started(lab, valkey_url)
        assert names(lab) == []
        started(lab, valkey_url)
        assert names(lab) == ["paper", "Make a video"]
        assert told(lab) == (2, 0)
