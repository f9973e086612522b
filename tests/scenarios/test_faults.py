"""Processes die, Slack is busy, things are said twice, messages and channels go away."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.scenarios.lab import MADE, Lab, has_button
from tests.scenarios.papers import jats

pytestmark = pytest.mark.timeout(300)


def test_the_app_is_killed_in_the_middle_and_catches_up(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30")
    lab.kill("slack")
    lab.becomes(message, JobState.DONE, MADE)
    assert "Done" not in message.shown
    lab.start("slack")
    lab.shows(message, "Done")
    result = lab.in_thread(message, "Your video is ready.")
    lab.settled(message)
    assert lab.slack.of_app(room) == [message]
    assert len([one for one in lab.slack.of_app(room, message.ts) if one.shown.startswith("The script")]) == 1
    assert len(lab.files(message)) == 4
    assert lab.slack.notified(ada) == [result]


def test_the_app_is_killed_while_it_speaks_and_nothing_is_said_twice(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    lab.slack.fail_next("chat.postMessage", "lost")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes", noted=False)
    lab.kill("slack")  # its first message is there, and it never heard so
    lab.slack.fail_next("chat.postMessage", "lost")
    lab.start("slack")
    lab.in_thread(message, "the passages of the paper")
    lab.kill("slack")  # the same with the script
    lab.start("slack")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")
    lab.settled(message)
    assert lab.slack.of_app(room) == [message]
    thread = [one.shown.partition("\n")[0] for one in lab.slack.of_app(room, message.ts)]
    assert len(thread) == len(set(thread)) == 2


def test_without_a_worker_the_message_says_so_and_goes_on_once_there_is_one(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    lab.kill("worker")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    lab.age_workers(61)
    lab.shows(message, "o worker is running")
    lab.start("worker")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.shows(message, "waits for approval")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")


def test_what_slack_says_twice_is_done_once(lab: Lab) -> None:
    ada = lab.person("Ada")
    room, dm = lab.channel(ada), lab.slack.dm(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    command = [one for one in lab.slack.sent if one.kind == "slash_commands"][-1]
    lab.slack.redeliver(command)
    lab.slack.lose_acks(1)
    paper = jats("Captions that were dropped once")
    ts = lab.slack.drop(ada, dm, "captions.xml", paper, "application/xml", text="approve=yes seconds=30")
    dropped = lab.until(lambda: lab.slack.of_app(dm, ts))[0]
    lab.quiet()
    lab.slack.redeliver(lab.slack.events("message")[-1])
    lab.quiet()
    for one in (message, dropped):
        question = lab.in_thread(one, "Shall the video be made?")
        press = lab.press(ada, question, "discard")
        lab.slack.redeliver(press)
        lab.shows(one, "Cancelled.")
    lab.quiet()
    assert len(lab.jobs_of(ada)) == 2
    assert lab.slack.of_app(room) == [message]
    assert [one for one in lab.slack.of_app(dm, ts) if has_button(one, "cancel")] == []
    assert [lab.deeds(job, "cancel") for job in lab.jobs_of(ada)] == [1, 1]


def test_a_busy_slack_gets_its_rest_and_everything_is_said_in_the_end(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    calls = len(lab.slack.calls)
    for method in ("chat.postMessage", "chat.update"):
        lab.slack.fail_next(method, 429, times=3, retry_after=1)
    lab.slack.limits(on=True, chat_update=30)
    try:
        messages = [lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes") for _ in range(2)]
        questions = [lab.in_thread(one, "Shall the video be made?") for one in messages]
        for message, question in zip(messages, questions, strict=True):
            lab.press(ada, question, "discard")
            lab.shows(message, "Cancelled.")
            lab.settled(message)
    finally:
        lab.slack.limits(on=False)
    busy = [call for call in lab.slack.calls[calls:] if call.status == 429]
    assert len(busy) >= 6
    assert lab.slack.of_app(room) == messages
    assert [len(lab.slack.of_app(room, one.ts)) for one in messages] == [2, 2]


def test_a_connection_that_breaks_comes_back(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    lab.slack.drop_connections()
    lab.until(lambda: lab.slack.connections)
    assert "/paper" in lab.say(ada, room, "help").shown


def test_a_deleted_message_stays_deleted_and_the_end_is_told(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.slack.delete_message(room, message.ts)
    lab.press(ada, question, "approve")
    dm = lab.slack.dm(ada)
    result = lab.only(lambda: lab.slack.of_app(dm), "Your video is ready.", MADE)
    lab.settled(message)
    assert lab.slack.of_app(room) == []
    assert lab.slack.notified(ada) == [question, result]


def test_a_channel_that_the_app_was_taken_out_of_is_left(lab: Lab) -> None:
    ada = lab.person("Ada")
    room, dm = lab.channel(ada, kind="private"), lab.slack.dm(ada)
    message = lab.ask(ada, room, f"{lab.paper('Captions that moved house')} seconds=30 approve=yes")
    lab.in_thread(message, "Shall the video be made?")
    lab.settled_for_now(message)
    lab.slack.kick(room)
    lab.slack.say(ada, dm, f"cancel {lab.job(message).id}")

    def moved() -> list[str]:
        return [one.shown for one in lab.slack.of_app(dm) if "Captions that moved house" in one.shown]

    lab.until(lambda: any("Nothing was spent." in text for text in moved()))
    lab.settled(message)
    assert len([text for text in moved() if "your video goes on here" in text]) == 1
    # The answer to whoever cancelled, the news that it goes on here, and the message.
    assert len(moved()) == 3
    assert lab.slack.notifications(ada) == 1
