"""What only Slack has: things said twice, guests, people of other companies, closed accounts."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.scenarios.lab import Lab
from tests.scenarios.papers import jats
from tests.scenarios.slack_hand import SlackHand

pytestmark = pytest.mark.timeout(300)


def test_what_slack_says_twice_is_done_once(slack_lab: Lab[SlackHand]) -> None:
    lab, slack = slack_lab, slack_lab.hand.fake
    ada = lab.person("Ada")
    room, dm = lab.channel(ada), lab.hand.dm(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    command = [one for one in slack.sent if one.kind == "slash_commands"][-1]
    slack.redeliver(command)
    slack.lose_acks(1)
    paper = jats("Captions that were dropped once")
    ts = lab.hand.drop(ada, dm, "captions.xml", paper, "application/xml", text="approve=yes seconds=30")
    dropped = lab.until(lambda: lab.hand.of_app(dm, ts))[0]
    lab.hand.quiet()
    slack.redeliver(slack.events("message")[-1])
    lab.hand.quiet()
    for one in (message, dropped):
        question = lab.in_thread(one, "Shall the video be made?")
        press = lab.press(ada, question, "discard")
        slack.redeliver(press)
        lab.shows(one, "Cancelled.")
    lab.hand.quiet()
    assert len(lab.jobs_of(ada)) == 2
    assert lab.hand.of_app(room) == [message]
    assert [one for one in lab.hand.of_app(dm, ts) if lab.has_button(one, "cancel")] == []
    assert [lab.deeds(job, "cancel") for job in lab.jobs_of(ada)] == [1, 1]


def test_people_of_another_company_are_refused(slack_lab: Lab[SlackHand]) -> None:
    lab, slack = slack_lab, slack_lab.hand.fake
    ada, eve = lab.person("Ada"), lab.person("Eve", team="T0ELSE")
    room = lab.channel(ada, eve)
    before = len(lab.ncbi.requests)
    slack.command(eve, room, lab.paper())
    slack.mention(eve, room, lab.paper())
    lab.hand.drop(eve, room, "paper.pdf", b"%PDF-1.7")
    lab.whisper(eve, "for the people of another workspace")
    lab.hand.quiet()
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.hand.react(eve, message, "❌")
    lab.in_thread(message, "Shall the video be made?")
    lab.hand.quiet()
    assert lab.jobs_of(eve) == []
    assert lab.job(message).state is JobState.AWAITING_APPROVAL
    assert len(lab.hand.whispers(eve)) == 1
    assert len(lab.ncbi.requests) > before
    lab.hand.react(ada, message, "❌")
    lab.becomes(message, JobState.CANCELLED)


def test_a_guest_may_when_an_admin_says_so(slack_lab: Lab[SlackHand]) -> None:
    lab = slack_lab
    gus = lab.person("Gus", guest=True)
    room = lab.channel(gus, lab.hand.boss)
    assert "uest" in lab.say(gus, room, lab.paper()).shown
    lab.say(lab.hand.boss, room, "admin guests on")
    try:
        message = lab.ask(gus, room, f"{lab.paper()} seconds=30 approve=yes")
    finally:
        lab.say(lab.hand.boss, room, "admin guests off")
    lab.hand.react(lab.hand.boss, message, "❌")
    lab.becomes(message, JobState.CANCELLED)
    assert len(lab.jobs_of(gus)) == 1


def test_what_is_made_for_somebody_who_left_is_cancelled(slack_lab: Lab[SlackHand]) -> None:
    lab, slack = slack_lab, slack_lab.hand.fake
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    message = lab.ask(ada, room, f"{lab.paper('Captions of somebody who left')} seconds=30 approve=yes")
    lab.in_thread(message, "Shall the video be made?")
    slack.change_user(ada, deleted=True)
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(message, "Cancelled.")
    assert "Captions of somebody who left" in lab.say(lab.hand.boss, room, "admin list").shown
    assert not lab.has_button(message, "cancel")
