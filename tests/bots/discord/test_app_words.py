"""What is said to the app: commands, mentions, direct messages; and who is not listened to."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import JobState
from storage.workspaces import change_terms
from tests.bots.discord.labs import (
    ADA,
    BEN,
    BOB,
    ELSEWHERE,
    EVE,
    FAR,
    LAB,
    PDF,
    SECRET,
    WORKSPACE,
    Lab,
    lab_at,
)
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.discord.state import BOT_ROLE


def test_a_command_becomes_one_message_in_its_channel(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    assert (message.channel, message.thread_ts) == (LAB, None)
    assert len(lab.discord.of_app(LAB)) == 1
    assert lab.job().requester.name == "Bob Vale"
    assert not lab.job().private
    lab.quiet()
    assert lab.discord.ephemerals(BOB) == []  # no thinking is left
    assert lab.discord.notifications(BOB) == 0


@pytest.mark.parametrize("channel", [SECRET, "dm"])
def test_what_is_asked_for_in_private_is_private(lab: Lab, channel: str) -> None:
    where = lab.discord.dm(BOB) if channel == "dm" else channel
    assert lab.asked(BOB, "32296183", where).channel == where
    assert lab.job().private


def test_options_mean_what_the_words_mean(lab: Lab) -> None:
    lab.asked(BOB, "32296183", seconds=60, audience="student", approve=True, figures="off")
    order = lab.job().order
    assert '"seconds":60' in order
    assert '"audience":"student"' in order
    assert '"figures":"off"' in order
    assert lab.job().needs_approval
    lab.type(BOB, "me", seconds=45)
    lab.whisper(BOB, "45 s")


def test_a_file_comes_with_a_command(lab: Lab) -> None:
    file = lab.discord.add_file(BOB, "my_paper.pdf", PDF)
    lab.type(BOB, "make", file=file)
    lab.until(lab.jobs)
    assert lab.message(lab.job()).channel == LAB
    assert "my_paper" in lab.job().source
    bad = lab.discord.add_file(BOB, "photo.png", b"x", "image/png")
    lab.type(BOB, "make", file=bad)
    assert "no paper that I can read" in lab.whisper(BOB, "no paper").shown
    assert len(lab.jobs()) == 1


def test_help_list_and_quota_are_whispered(lab: Lab) -> None:
    for words, shown in (
        ("help", "/paper"),
        ("list", "No videos yet"),
        ("quota", "Your quota"),
        ("me", "Bob Vale"),
    ):
        lab.type(BOB, words)
        assert lab.whisper(BOB, shown)
    assert lab.discord.of_app(LAB) == []
    assert lab.discord.ephemerals(BEN) == []


def test_commands_about_a_video_mean_the_latest_or_the_one_that_is_named(lab: Lab) -> None:
    lab.asked(BOB, "32296183")
    lab.asked(BOB, "28445112")
    lab.type(BOB, "cancel", video=lab.job(0).id)
    lab.until(lambda: lab.job(0).state is JobState.CANCELLED)
    assert lab.job(1).state is not JobState.CANCELLED
    lab.type(BOB, "cancel")
    lab.until(lambda: lab.job(1).state is JobState.CANCELLED)
    lab.type(BOB, "cancel", video="the one about hills")
    assert "eight letters" in lab.whisper(BOB, "eight letters").shown


def test_where_the_app_can_t_write_it_says_so_and_goes_on_in_the_direct_messages(lab: Lab) -> None:
    lab.type(BOB, "make", FAR, source="32296183", seconds=60)
    whisper = lab.whisper(BOB, "View Channel")
    assert lab.jobs() == []
    lab.discord.press(BOB, whisper, "continue-dm")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).channel == lab.discord.dm(BOB)
    assert lab.job().private
    assert '"seconds":60' in lab.job().order
    lab.whisper(BOB, "It goes on")
    lab.type(BOB, "quota", FAR)
    lab.whisper(BOB, "Your quota")


def test_a_mention_says_the_same_and_knows_its_thread(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.discord.mention(BOB, LAB, "cancel", thread_ts=message.ts)
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    assert "Cancelled" in lab.direct(BOB, "Cancelled").shown  # nobody else reads it
    lab.discord.say(BOB, LAB, "retry", reply_to=message.ts)
    lab.until(lambda: lab.job().state is not JobState.CANCELLED)
    lab.discord.mention(BEN, LAB, "make <https://pubmed.ncbi.nlm.nih.gov/28445112/> seconds=60")
    lab.until(lambda: len(lab.jobs()) == 2)
    assert lab.job().source == "28445112"


def test_whoever_takes_no_direct_messages_is_told_how_to_ask(lab: Lab) -> None:
    lab.discord.change_user(BOB, closed=True)
    lab.discord.mention(BOB, LAB, "list")
    (said,) = lab.until(lambda: lab.discord.of_app(LAB))
    assert "slash command" in said.shown


def test_in_direct_messages_no_command_is_needed(lab: Lab) -> None:
    dm = lab.discord.dm(BOB)
    lab.discord.say(BOB, dm, "32296183")
    lab.until(lab.jobs)
    assert lab.message(lab.job()).channel == dm
    assert lab.job().requester.workspace == WORKSPACE
    lab.discord.say(BOB, dm, "/paper quota")
    lab.direct(BOB, "Your quota")
    lab.discord.say(BOB, dm, "what is this?")
    lab.direct(BOB, "A paper in, a short narrated video out")
    lab.discord.say(BOB, dm, "quantum soup")
    lab.direct(BOB, "I don’t know what")
    message = lab.message(lab.job())
    lab.discord.say(BOB, dm, "cancel", reply_to=message.ts)
    lab.until(lambda: lab.job().state is JobState.CANCELLED)
    assert len(lab.jobs()) == 1


def test_a_mention_with_a_file_is_heard_once(lab: Lab) -> None:
    file = lab.discord.add_file(BOB, "paper.pdf", PDF)
    ts = lab.discord.mention(BOB, LAB, "seconds=60", files=[file])
    lab.until(lab.jobs)
    message = lab.message(lab.job())
    lab.quiet()
    assert message.thread_ts == ts
    assert '"seconds":60' in lab.job().order
    assert len(lab.discord.of_app(LAB, ts)) == 1  # no offer beside it


def test_bots_strangers_and_other_servers_are_not_listened_to(tmp_path: Path, valkey_url: str) -> None:
    guild, there, mal, pat = (
        "1000000000000000099",
        "3000000000000000099",
        "2000000000000000098",
        "2000000000000000099",
    )

    def next_door(discord: FakeDiscord) -> None:
        discord.add_guild(guild, "Next door")
        discord.add_user(mal, "Mal", guild=guild)
        discord.add_user(pat, "Pat", guild=guild)
        discord.add_channel(there, "there", guild=guild)

    with lab_at(tmp_path, valkey_url, before=next_door, discord_allowed_guilds=GUILD) as lab:
        lab.until(lab.discord.commands)
        robot = lab.discord.add_user("", "Robot", bot=True)
        lab.discord.mention(robot.id, LAB, "32296183")
        lab.discord.mention(mal, there, "32296183")
        lab.quiet()
        lab.type(mal, "make", there, source="32296183")
        assert "another server" in lab.whisper(mal, "another server").shown
        lab.type(mal, "make", there, source="32296183")
        lab.discord.mention(mal, there, "32296183")
        lab.discord.drop(mal, there, "paper.pdf", PDF)
        lab.discord.say(pat, lab.discord.dm(pat), "32296183")
        lab.direct(pat, "in none of them")
        lab.discord.say(pat, lab.discord.dm(pat), "32296183")
        lab.quiet()
        assert lab.jobs() == []
        assert lab.discord.of_app(there) == []
        assert [one.loading for one in lab.discord.ephemerals(mal)] == [False]


def test_a_server_that_has_only_the_commands_is_told_how_to_add_the_app(lab: Lab) -> None:
    there = "3000000000000000098"
    lab.discord.add_channel(there, "there", guild=ELSEWHERE)
    lab.discord.state.guilds[ELSEWHERE].commands_in = True
    lab.type(EVE, "make", there, source="32296183")
    assert "scope=bot" in lab.whisper(EVE, "Only my commands").shown
    lab.quiet()
    assert lab.jobs() == []


def test_who_may_not_is_told_so(lab: Lab) -> None:
    change_terms(lab.office.database, WORKSPACE, lambda now: now.model_copy(update={"access": "code"}))
    lab.type(BEN, "make", source="32296183")
    assert "access code" in lab.whisper(BEN, "access code").shown
    lab.type(BEN, "join", code="wrong")
    lab.whisper(BEN, "not the access code")
    lab.type(BEN, "admin rotate-code")
    lab.whisper(BEN, "Only an admin")
    lab.type(ADA, "admin rotate-code")
    code = lab.whisper(ADA, "new access code is").shown.partition("code\\:")[2].split()[0].rstrip(".`*")
    lab.type(BEN, "join", code=code)
    lab.whisper(BEN, "You’re in")


def test_in_development_they_are_told_to_one_server(tmp_path: Path, valkey_url: str) -> None:
    with lab_at(tmp_path, valkey_url, discord_dev_guild=GUILD, command="/video") as lab:
        assert [one["name"] for one in lab.until(lambda: lab.discord.commands(GUILD))][:1] == ["video"]
        lab.discord.command(BOB, LAB, "video quota")
        lab.whisper(BOB, "Your quota")


def test_commands_are_told_once_and_again_when_they_changed(lab: Lab) -> None:
    assert [one["name"] for one in lab.discord.commands()] == ["paper", "Make a video"]
    assert len(lab.discord.calls_of("PUT /applications/{application_id}/commands")) == 1


def test_our_role_is_us_and_thanks_are_no_command(lab: Lab) -> None:
    message = lab.asked(BOB, "32296183")
    lab.discord.say(BOB, LAB, f"<@&{BOT_ROLE}> make 28445112")
    lab.until(lambda: len(lab.jobs()) == 2)
    lab.discord.say(BEN, LAB, "thanks, that is neat", reply_to=message.ts)
    lab.discord.say(BEN, LAB, "cancel")
    lab.quiet()
    assert lab.discord.of_app(lab.discord.dm(BEN)) == []
