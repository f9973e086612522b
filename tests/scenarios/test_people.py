"""Who may do what, and who sees what."""

from __future__ import annotations

import re

import pytest

from storage.records import JobState
from tests.scenarios.lab import Lab
from tests.scenarios.papers import PDF

pytestmark = pytest.mark.timeout(300)


def test_a_quota_that_is_reached_says_when_it_is_possible_again(slack_lab: Lab) -> None:
    lab = slack_lab
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    assert (
        "One person: 1 video a day."
        in lab.say(lab.hand.boss, room, "admin quota videos_per_user_day=1").shown
    )
    try:
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        refused = lab.say(ada, room, f"{lab.paper()} seconds=30")
        assert "1 video" in refused.shown
        assert "UTC" in refused.shown
        assert "1" in lab.say(ada, room, "quota").shown
    finally:
        lab.say(lab.hand.boss, room, "admin quota videos_per_user_day=none")
    assert len(lab.jobs_of(ada)) == 1
    assert lab.hand.of_app(room) == [message]
    lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)


def test_what_is_asked_for_in_private_is_nobody_elses_business(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    secret, dm = lab.channel(ada, ben, kind="private"), lab.hand.dm(ada)
    lobby = lab.channel(ada, ben, lab.hand.boss)
    titles = ["A secret of the private channel", "A secret of the direct messages"]
    told = [
        lab.ask(ada, where, f"{lab.paper(title)} seconds=30 approve=yes")
        for where, title in zip((secret, dm), titles, strict=True)
    ]
    for message, title in zip(told, titles, strict=True):
        lab.shows(message, title, "waits for approval", "private")
    mine = lab.say(ada, lobby, "list").shown
    assert all(title in mine for title in titles)
    theirs = lab.say(ben, lobby, "list").shown
    every = lab.say(lab.hand.boss, lobby, "admin list").shown
    assert lab.job(told[0]).id in every
    status = [lab.say(who, lobby, f"status {lab.job(told[1]).id}").shown for who in (ben, lab.hand.boss)]
    assert all("This video is private" in text for text in status)
    lab.say(lab.hand.boss, lobby, "admin csv")
    sheet = lab.hand.sheet(lab.hand.boss)
    assert lab.job(told[0]).id in sheet
    overview = lab.hand.admins_page(lab.hand.boss, lab.job(told[0]).id)
    for text in (overview, theirs, every, *status, sheet, lab.say(lab.hand.boss, lobby, "admin audit").shown):
        assert not any(title in text for title in titles), text
    assert lab.hand.of_app(lobby) == []
    for message in told:
        lab.say(ada, lobby, f"cancel {lab.job(message).id}")
        lab.becomes(message, JobState.CANCELLED)


def test_with_an_access_code_only_those_who_know_it_are_let_in(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    lab.say(lab.hand.boss, room, "admin allow code")
    try:
        code = re.findall(
            r"join (?:code\\?:)?([0-9A-Z-]{8,9})", lab.say(lab.hand.boss, room, "rotate-code").shown
        )[0]
        assert "access code" in lab.say(ada, room, lab.paper()).shown
        assert "not the access code" in lab.say(ada, room, "join 00000000").shown
        assert "in" in lab.say(ada, room, f"join {code.lower()}").shown
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    finally:
        lab.say(lab.hand.boss, room, "admin allow everyone")
    lab.hand.react(ada, message, "❌")
    lab.becomes(message, JobState.CANCELLED)


def test_where_the_app_is_not_it_goes_on_in_the_direct_messages(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, bot_in=False)
    whisper = lab.say(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    assert lab.hand.not_there in whisper.shown
    lab.press(ada, whisper, "continue-dm")
    dm = lab.hand.dm(ada)
    message = lab.started(dm)
    question = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")
    assert lab.hand.messages(room) == []


def test_an_admin_pauses_everything_and_others_cant(slack_lab: Lab) -> None:
    lab = slack_lab
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    assert "Only an admin" in lab.say(ada, room, "admin pause").shown
    assert "Paused" in lab.say(lab.hand.boss, room, "admin pause").shown
    try:
        assert "pause" in lab.say(ada, room, lab.paper()).shown.lower()
    finally:
        lab.say(lab.hand.boss, room, "admin resume")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.hand.react(lab.hand.boss, message, "❌")
    lab.becomes(message, JobState.CANCELLED)


def test_an_admin_ticks_several_videos_and_deletes_them_at_once(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    messages = [lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes") for _ in range(3)]
    for message in messages:
        lab.press(ada, message, "cancel")
        lab.becomes(message, JobState.CANCELLED)
    jobs = [lab.job(message).id for message in messages]

    def nothing_yet() -> None:
        assert lab.job(messages[0]).state is JobState.CANCELLED

    lab.hand.delete_ticked(lab.hand.boss, jobs[:2], nothing_yet)
    for message in messages[:2]:
        lab.becomes(message, JobState.DELETED)
    assert lab.job(messages[2]).state is JobState.CANCELLED
    assert all(lab.deeds(lab.job(message), "delete") == 1 for message in messages[:2])


def test_in_an_automatic_channel_a_file_starts_at_once(lab: Lab) -> None:
    ada = lab.person("Ada")
    room, other = lab.channel(ada, lab.hand.boss), lab.channel(ada)
    lab.say(ada, room, "me approve=yes seconds=30")
    lab.say(lab.hand.boss, room, f"admin auto <#{room}> on")
    try:
        file = PDF.read_bytes()
        ts = lab.hand.drop(ada, room, "paper.pdf", file)
        message = lab.started(room, ts)
        lab.shows(message, "Captions timed by the voice itself")
        asked = lab.hand.drop(ada, other, "paper.pdf", file)
        assert lab.has_button(lab.until(lambda: lab.hand.of_app(other, asked))[0], "make-file")
    finally:
        lab.say(lab.hand.boss, room, f"admin auto <#{room}> off")
    lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)
    assert len(lab.jobs_of(ada)) == 1


def test_whoever_wants_to_be_forgotten_is(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    title = "Captions of somebody who wants to be forgotten"
    message = lab.ask(ada, room, f"{lab.paper(title)} seconds=30 approve=yes")
    lab.shows(message, title)
    question = lab.say(ada, room, "forget-me")
    assert "Forget you?" in question.shown
    lab.press(ada, question, "forget-me")
    lab.becomes(message, JobState.DELETED)
    lab.until(lambda: title not in message.shown)
    assert "Ada" not in message.shown
    told = (
        lab.say(lab.hand.boss, room, "admin list").shown + lab.say(lab.hand.boss, room, "admin audit").shown
    )
    assert title not in told
