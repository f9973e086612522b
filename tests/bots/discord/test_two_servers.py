"""Somebody of two servers: in their direct messages, what they press and say is about the server of that video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bots.discord import directory
from storage.records import JobState
from tests.bots.discord.labs import BOB, Lab, lab_at
from tests.fakes.discord import FakeDiscord, Message

OTHER, THERE = "1000000000000000007", "3000000000000000007"


def with_another(fake: FakeDiscord) -> None:
    """A second server that we are in, with Bob in it too."""
    fake.add_guild(OTHER, "The other lab")
    fake.add_user(BOB, "Bob Vale", guild=OTHER)
    fake.add_channel(THERE, "there", guild=OTHER)


def pressed(lab: Lab, message: Message) -> None:
    lab.discord.press(BOB, lab.with_button(message, "retry"), "retry")


def reacted(lab: Lab, message: Message) -> None:
    lab.discord.react(BOB, lab.discord.dm(BOB), message.ts, "🔁")


def replied(lab: Lab, message: Message) -> None:
    lab.discord.say(BOB, lab.discord.dm(BOB), "retry", reply_to=message.ts)


@pytest.mark.parametrize("does", [pressed, reacted, replied])
def test_what_is_done_to_a_video_counts_in_its_own_server(
    tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch, does: Callable[[Lab, Message], None]
) -> None:
    monkeypatch.setattr(directory, "BELIEVED", 0.0)
    with lab_at(tmp_path, valkey_url, before=with_another) as lab:
        lab.asked(BOB, "32296183")
        message = lab.asked(BOB, "28445112", lab.discord.dm(BOB))
        lab.fail()
        lab.until(lambda: "🔁" in message.reactions)
        lab.type(BOB, "make", THERE, source="31018141")
        lab.until(lambda: [one for one in lab.discord.of_app(THERE) if not one.loading])
        does(lab, message)
        lab.until(lambda: lab.job().state is not JobState.FAILED)
