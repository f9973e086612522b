"""A job's message in Discord, from the order to the video in its thread, whatever Discord allows."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.bots.discord.labs import BOB, FAR, LAB, Lab, lab_at


def test_one_message_is_kept_up_to_date_and_the_video_follows_in_its_thread(lab: Lab) -> None:
    job = lab.ordered()
    message = lab.message(job)
    lab.work()
    lab.until(lambda: any(one.pinged for one in lab.discord.of_app(LAB, message.ts)))
    lab.until(lambda: "ready" in message.shown.lower() or "Caption times" in message.shown)
    assert len(lab.discord.of_app(LAB)) == 1
    assert message.edits
    assert lab.discord.notifications(BOB) == 1
    assert [one for one in lab.discord.of_app(LAB, message.ts) if one.files]


def test_a_failure_invites_to_retry(lab: Lab) -> None:
    job = lab.ordered()
    message = lab.message(job)
    lab.fail()
    lab.until(lambda: "🔁" in message.reactions)
    lab.until(lambda: lab.discord.notifications(BOB) == 1)


def test_in_a_direct_message_it_rings_once(lab: Lab) -> None:
    channel = lab.discord.dm(BOB)
    job = lab.ordered(channel=channel, kind="dm")
    message = lab.message(job)
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 1)
    lab.until(lambda: [one for one in lab.discord.of_app(channel, message.ts) if one.files])
    assert lab.discord.notifications(BOB) == 1


def test_where_it_cannot_write_it_goes_on_in_a_direct_message(lab: Lab) -> None:
    job = lab.ordered(channel=FAR)
    message = lab.message(job)
    assert message.channel == lab.discord.dm(BOB)


def test_an_old_message_is_replaced_by_one_in_its_thread(lab: Lab) -> None:
    job = lab.ordered()
    old = lab.message(job)
    lab.discord.old_edits(0, 3600)
    lab.discord.advance(7200)
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == 1)
    lab.until(lambda: lab.message(job).ts != old.ts)
    assert lab.message(job).thread_ts == old.ts
    assert "Done" in lab.message(job).shown
    assert lab.discord.of_app(LAB) == [old]


@pytest.mark.parametrize("kind", ["gone", "restarted"])
def test_what_ended_while_nobody_listened_is_shown_later(tmp_path: Path, valkey_url: str, kind: str) -> None:
    with lab_at(tmp_path, valkey_url) as lab:
        job = lab.ordered()
        message = lab.message(job)
        if kind == "gone":
            lab.discord.fail_next("*", 503, 3)
        else:
            lab.discord.drop_connections()
        lab.work()
        lab.until(lambda: lab.discord.notifications(BOB) == 1, 40)
        assert len(lab.discord.of_app(LAB)) == 1
        assert message.edits


def test_it_stops_within_five_seconds(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url) as lab:
        lab.message(lab.ordered())
        lab.discord.slow_down("*", 30)
        began = time.monotonic()
    assert time.monotonic() - began < 5
