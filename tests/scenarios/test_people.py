"""Who may do what, and who sees what."""

from __future__ import annotations

import re

import pytest

from storage.records import JobState
from tests.scenarios.lab import BOSS, Lab, elements, has_button
from tests.scenarios.papers import PDF

pytestmark = pytest.mark.timeout(300)

#: The button of the admins' page that deletes what is ticked.
DELETE = "home-delete@home-tick"


def test_a_quota_that_is_reached_says_when_it_is_possible_again(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    assert "One person: 1 video a day." in lab.say(BOSS, room, "admin quota videos_per_user_day=1").shown
    try:
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
        refused = lab.say(ada, room, f"{lab.paper()} seconds=30")
        assert "1 video" in refused.shown
        assert "UTC" in refused.shown
        assert "1" in lab.say(ada, room, "quota").shown
    finally:
        lab.say(BOSS, room, "admin quota videos_per_user_day=none")
    assert len(lab.jobs_of(ada)) == 1
    assert lab.slack.of_app(room) == [message]
    lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)


def test_people_of_another_company_are_refused(lab: Lab) -> None:
    ada, eve = lab.person("Ada"), lab.person("Eve", team="T0ELSE")
    room = lab.channel(ada, eve)
    before = len(lab.ncbi.requests)
    lab.slack.command(eve, room, lab.paper())
    lab.slack.mention(eve, room, lab.paper())
    lab.slack.drop(eve, room, "paper.pdf", b"%PDF-1.7")
    lab.whisper(eve, "for the people of another workspace")
    lab.quiet()
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.slack.react(eve, room, message.ts, "x")
    lab.in_thread(message, "Shall the video be made?")
    lab.quiet()
    assert lab.jobs_of(eve) == []
    assert lab.job(message).state is JobState.AWAITING_APPROVAL
    assert len(lab.slack.ephemerals(eve)) == 1
    assert len(lab.ncbi.requests) > before
    lab.slack.react(ada, room, message.ts, "x")
    lab.becomes(message, JobState.CANCELLED)


def test_what_is_asked_for_in_private_is_nobody_elses_business(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    secret, dm = lab.channel(ada, ben, kind="private"), lab.slack.dm(ada)
    lobby = lab.channel(ada, ben, BOSS)
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
    every = lab.say(BOSS, lobby, "admin list").shown
    assert lab.job(told[0]).id in every
    status = [lab.say(who, lobby, f"status {lab.job(told[1]).id}").shown for who in (ben, BOSS)]
    assert all("This video is private" in text for text in status)
    lab.say(BOSS, lobby, "admin csv")
    boss_dm = lab.slack.dm(BOSS)
    sheet = lab.until(lambda: lab.slack.files(boss_dm))[-1].content.decode()
    assert lab.job(told[0]).id in sheet
    lab.slack.press(BOSS, lab.page(BOSS), "home-admin")
    overview = lab.until(lambda: _words(lab, BOSS, lab.job(told[0]).id))
    for text in (overview, theirs, every, *status, sheet, lab.say(BOSS, lobby, "admin audit").shown):
        assert not any(title in text for title in titles), text
    assert lab.slack.of_app(lobby) == []
    for message in told:
        lab.say(ada, lobby, f"cancel {lab.job(message).id}")
        lab.becomes(message, JobState.CANCELLED)


def _words(lab: Lab, user: str, of: str) -> str:
    """All that stands on somebody's page, once `of` stands there."""
    view = lab.slack.home(user)
    words = "" if view is None else str(view.body["blocks"])
    return words if of in words else ""


def test_with_an_access_code_only_those_who_know_it_are_let_in(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    lab.say(BOSS, room, "admin allow code")
    try:
        code = re.findall(r"join ([0-9A-Z-]{8,9})", lab.say(BOSS, room, "rotate-code").shown)[0]
        assert "access code" in lab.say(ada, room, lab.paper()).shown
        assert "not the access code" in lab.say(ada, room, "join 00000000").shown
        assert "in" in lab.say(ada, room, f"join {code.lower()}").shown
        message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    finally:
        lab.say(BOSS, room, "admin allow everyone")
    lab.slack.react(ada, room, message.ts, "x")
    lab.becomes(message, JobState.CANCELLED)


def test_where_the_app_is_not_it_goes_on_in_the_direct_messages(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, bot_in=False)
    whisper = lab.say(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    assert "/invite" in whisper.shown
    lab.press(ada, whisper, "continue-dm")
    dm = lab.slack.dm(ada)
    message = lab.until(lambda: lab.slack.of_app(dm))[0]
    question = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")
    assert lab.slack.messages(room) == []


def test_an_admin_pauses_everything_and_others_cant(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    assert "Only an admin" in lab.say(ada, room, "admin pause").shown
    assert "Paused" in lab.say(BOSS, room, "admin pause").shown
    try:
        assert "pause" in lab.say(ada, room, lab.paper()).shown.lower()
    finally:
        lab.say(BOSS, room, "admin resume")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.slack.react(BOSS, room, message.ts, "x")
    lab.becomes(message, JobState.CANCELLED)


def test_an_admin_ticks_several_videos_and_deletes_them_at_once(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    messages = [lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes") for _ in range(3)]
    for message in messages:
        lab.press(ada, message, "cancel")
        lab.becomes(message, JobState.CANCELLED)
    jobs = [lab.job(message).id for message in messages]
    lab.slack.press(BOSS, lab.page(BOSS), "home-admin")
    lab.until(lambda: _words(lab, BOSS, jobs[0]))
    view = lab.slack.home(BOSS)
    assert view is not None
    lab.slack.press(BOSS, view, "home-tick", jobs[:2])
    assert lab.job(messages[0]).state is JobState.CANCELLED
    (button,) = [one for one in elements(view.body["blocks"]) if one["action_id"] == DELETE]
    assert button["confirm"]["style"] == "danger"
    lab.slack.press(BOSS, view, DELETE)
    for message in messages[:2]:
        lab.becomes(message, JobState.DELETED)
    assert lab.job(messages[2]).state is JobState.CANCELLED
    assert all(lab.deeds(lab.job(message), "delete") == 1 for message in messages[:2])


def test_a_guest_may_when_an_admin_says_so(lab: Lab) -> None:
    gus = lab.person("Gus", guest=True)
    room = lab.channel(gus, BOSS)
    assert "uest" in lab.say(gus, room, lab.paper()).shown
    lab.say(BOSS, room, "admin guests on")
    try:
        message = lab.ask(gus, room, f"{lab.paper()} seconds=30 approve=yes")
    finally:
        lab.say(BOSS, room, "admin guests off")
    lab.slack.react(BOSS, room, message.ts, "x")
    lab.becomes(message, JobState.CANCELLED)
    assert len(lab.jobs_of(gus)) == 1


def test_in_an_automatic_channel_a_file_starts_at_once(lab: Lab) -> None:
    ada = lab.person("Ada")
    room, other = lab.channel(ada, BOSS), lab.channel(ada)
    lab.say(ada, room, "me approve=yes seconds=30")
    lab.say(BOSS, room, f"admin auto <#{room}> on")
    try:
        # As files of people from a connected company are told of: what they are is asked for.
        file = PDF.read_bytes()
        ts = lab.slack.drop(ada, room, "paper.pdf", file, file_access="check_file_info")
        message = lab.until(lambda: [one for one in lab.slack.of_app(room, ts) if one.metadata])[0]
        lab.shows(message, "Captions timed by the voice itself")
        asked = lab.slack.drop(ada, other, "paper.pdf", file)
        assert has_button(lab.until(lambda: lab.slack.of_app(other, asked))[0], "make-file")
    finally:
        lab.say(BOSS, room, f"admin auto <#{room}> off")
    lab.press(ada, message, "cancel")
    lab.becomes(message, JobState.CANCELLED)
    assert len(lab.jobs_of(ada)) == 1


def test_whoever_wants_to_be_forgotten_is(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    title = "Captions of somebody who wants to be forgotten"
    message = lab.ask(ada, room, f"{lab.paper(title)} seconds=30 approve=yes")
    lab.shows(message, title)
    job = lab.job(message)
    question = lab.say(ada, room, "forget-me")
    assert "Forget you?" in question.shown
    lab.press(ada, question, "forget-me")
    lab.becomes(message, JobState.DELETED)
    lab.until(lambda: title not in message.shown)
    assert "Ada" not in message.shown
    told = lab.say(BOSS, room, f"admin list {job.id}").shown + lab.say(BOSS, room, "admin audit").shown
    assert title not in told


def test_what_is_made_for_somebody_who_left_is_cancelled(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    message = lab.ask(ada, room, f"{lab.paper('Captions of somebody who left')} seconds=30 approve=yes")
    lab.in_thread(message, "Shall the video be made?")
    lab.slack.change_user(ada, deleted=True)
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.")
    assert "Captions of somebody who left" in lab.say(BOSS, room, "admin list").shown
    assert not has_button(message, "cancel")
