"""What the HTTP API does when it has no time: limits, storms of errors, answers that are lost, a process that dies."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bots import fetching
from bots.discord.port import DiscordPort
from bots.port import BusyError, PortAwayError, Tag
from storage import chat
from tests.bots.discord.labs import BOB, LAB, PDF, Lab, again, lab_at, running
from tests.bots.discord.ports import ADA, at, through
from tests.bots.discord.test_port import card
from tests.fakes.discord import FakeDiscord

POST = "POST /channels/{channel_id}/messages"
PATCH = "PATCH /channels/{channel_id}/messages/{message_id}"
OTHER = "3000000000000000004"


def tag(what: str) -> Tag:
    return Tag(job="k3mfq7xz", what=what)


@pytest.mark.parametrize(("scope", "elsewhere"), [("user", True), ("shared", True), ("global", False)])
def test_a_limit_bars_its_own_channel_or_everything(
    fake_discord: FakeDiscord, scope: str, elsewhere: bool
) -> None:
    fake_discord.add_channel(OTHER, "other")
    fake_discord.fail_next(POST, 429, retry_after=30, scope=scope)

    async def work(port: DiscordPort) -> None:
        with pytest.raises(BusyError) as caught:
            await port.post(at(), card("words"), tag=tag("message"))
        assert caught.value.retry_after == 30
        with pytest.raises(BusyError):
            await port.post(at(), card("words"), tag=tag("message"))
        if elsewhere:
            assert await port.post(at(OTHER), card("words"), tag=tag("end:1"))
        else:
            with pytest.raises(BusyError):
                await port.post(at(OTHER), card("words"), tag=tag("end:1"))
            with pytest.raises(BusyError):
                await port.dm(ADA)

    through(fake_discord, work)
    assert len(fake_discord.calls_of(POST)) == (2 if elsewhere else 1)


def test_a_storm_of_errors_loses_nothing_and_says_nothing_twice(lab: Lab) -> None:
    jobs = [lab.ordered() for _ in range(3)]
    for fault in (500, 502, "break", "lost", 503, 504):
        lab.discord.fail_next(POST, fault)
        lab.discord.fail_next(PATCH, fault)
    messages = [lab.message(job) for job in jobs]
    lab.work()
    lab.until(lambda: lab.discord.notifications(BOB) == len(jobs), 60)
    for message in messages:
        lab.until(lambda message=message: "Done" in message.shown, 60)  # type: ignore[misc]
        ends = [one for one in lab.discord.of_app(LAB, message.ts) if one.pinged]
        assert len(ends) == 1
    own = {message.ts for message in messages}
    assert own <= {one.ts for one in lab.discord.of_app(LAB)}
    assert len([one for one in lab.discord.of_app(LAB) if "Caption times" in one.shown]) == len(jobs)


def test_a_process_that_dies_before_it_noted_its_post_does_not_post_again(
    tmp_path: Path, valkey_url: str
) -> None:
    """Discord has it, the answer never comes, and the next process asks Discord whether it got out."""
    with lab_at(tmp_path, valkey_url, stays=False) as lab:
        with running(lab):
            lab.discord.wait_connected()
            lab.discord.fail_next(POST, "mute", 3)
            job = lab.ordered()
            lab.until(lambda: lab.discord.of_app(LAB))
        found = chat.chat_of(lab.office.database, job.id)
        assert found is not None
        assert found.message is None
        lab.discord.api.faults.clear()
        lab.discord.advance(600)  # longer than Discord knows a nonce
        with running(again(lab, valkey_url)):
            message = lab.message(job)
            lab.work()
            lab.until(lambda: lab.discord.notifications(BOB) == 1, 40)
        (only,) = lab.discord.of_app(LAB)
        assert message.ts == only.ts


def test_a_link_is_asked_for_anew_once_and_then_fetched_once(lab: Lab) -> None:
    ts = lab.discord.drop(BOB, LAB, "paper.pdf", PDF)
    offer = lab.until(lambda: [one for one in lab.discord.of_app(LAB, ts) if "Make video" in one.shown])[-1]
    asked, fetched = len(_fresh(lab)), len(lab.discord.cdn.asked)
    lab.discord.advance(3 * 24 * 3600)
    lab.discord.press(BOB, offer, "Make video")
    lab.until(lab.jobs)
    assert len(_fresh(lab)) - asked == 1
    assert len(lab.discord.cdn.asked) - fetched == 1


def _fresh(lab: Lab) -> list[object]:
    return list(lab.discord.calls_of("GET /channels/{channel_id}/messages/{message_id}"))


def test_a_file_that_says_less_than_it_is_is_cut_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 200_000)
    content = PDF + b"x" * 3_000_000
    lab.discord.drop(BOB, lab.discord.dm(BOB), "paper.pdf", content, says_size=1_000)
    lab.direct(BOB, "are taken at most")
    lab.quiet()
    assert lab.jobs() == []


def test_an_answer_whose_ticket_ran_out_comes_where_only_they_read(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.discord.slow_down("POST /webhooks/{webhook_id}/{webhook_token}", 0.5)
    lab.discord.fail_next("POST /webhooks/{webhook_id}/{webhook_token}", 50027)
    lab.discord.fail_next("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", 50027)
    lab.type(BOB, "quota")
    lab.direct(BOB, "Your quota")
    lab.discord.advance(3_000)  # and the job's own message never depended on it
    lab.work()
    lab.until(lambda: "Done" in message.shown)


def test_when_the_way_is_cut_nothing_is_taken_for_done(fake_discord: FakeDiscord) -> None:
    async def work(port: DiscordPort) -> None:
        root = await port.post(at(), card("words"), tag=tag("message"))
        fake_discord.fail_next(PATCH, "break")
        with pytest.raises(PortAwayError):
            await port.edit(at(), root, card("later"), tag=tag("message"))
        began = time.monotonic()
        await port.edit(at(), root, card("later"), tag=tag("message"))
        assert time.monotonic() - began < 5

    through(fake_discord, work)
    (message,) = fake_discord.of_app(LAB)
    assert "later" in message.shown


@pytest.mark.parametrize("fault", ["break", "lost", 500])
def test_a_command_whose_answer_met_a_broken_connection_is_done_once(lab: Lab, fault: str | int) -> None:
    lab.discord.fail_next("POST /interactions/{interaction_id}/{interaction_token}/callback", fault)
    message = lab.asked(BOB, "32296183")
    lab.discord.fail_next("POST /interactions/{interaction_id}/{interaction_token}/callback", fault)
    lab.discord.press(BOB, lab.with_button(message, "cancel"), "cancel")
    lab.whisper(BOB, "Stop this video?")
    lab.quiet()
    assert len(lab.jobs()) == 1
    assert [one for one in lab.discord.ephemerals(BOB) if one.loading] == []
