"""Processes die, the platform is busy, messages and channels go away."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.scenarios.lab import MADE, Lab

pytestmark = pytest.mark.timeout(300)


def test_the_app_is_killed_in_the_middle_and_catches_up(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30")
    lab.kill_app()
    lab.becomes(message, JobState.DONE, MADE)
    assert "Done" not in message.shown
    lab.start_app()
    lab.shows(message, "Done")
    result = lab.in_thread(message, "Your video is ready.")
    lab.settled(message)
    assert lab.hand.of_app(room) == [message]
    assert len(lab.scripts(message)) == 1
    assert len(lab.hand.files(message)) == 4
    assert lab.hand.rang(ada) == [result]


def test_the_app_is_killed_while_it_speaks_and_nothing_is_said_twice(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    lab.hand.fail_next("post", "lost")
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes", noted=False)
    lab.kill_app()  # its first message is there, and it never heard so
    lab.hand.fail_next("post", "lost")
    lab.start_app()
    lab.in_thread(message, "the passages of the paper")
    lab.kill_app()  # the same with the script
    lab.start_app()
    question = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, question, "discard")
    lab.shows(message, "Cancelled.")
    lab.settled(message)
    assert lab.hand.of_app(room) == [message]
    thread = [one.shown.partition("\n")[0] for one in lab.thread(message)]
    assert len(thread) == len(set(thread)) == 2


def test_without_a_worker_the_message_says_so_and_goes_on_once_there_is_one(slack_lab: Lab) -> None:
    lab = slack_lab
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


def test_a_busy_platform_gets_its_rest_and_everything_is_said_in_the_end(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    before = lab.hand.refusals()
    lab.hand.fail_next("post", 429, times=3)
    lab.hand.fail_next("edit", 429, times=3)
    with lab.hand.limits():
        messages = [lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes") for _ in range(2)]
        questions = [lab.in_thread(one, "Shall the video be made?") for one in messages]
        for message, question in zip(messages, questions, strict=True):
            lab.press(ada, question, "discard")
            lab.shows(message, "Cancelled.")
            lab.settled(message)
    assert lab.hand.refusals() >= before + 6
    assert lab.hand.of_app(room) == messages
    assert [len(lab.thread(one)) for one in messages] == [2, 2]


def test_a_connection_that_breaks_comes_back(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    lab.hand.drop_connections()
    lab.until(lambda: lab.hand.connections)
    assert "/paper" in lab.say(ada, room, "help").shown


def test_a_deleted_message_stays_deleted_and_the_end_is_told(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    question = lab.in_thread(message, "Shall the video be made?")
    lab.hand.delete(message)
    lab.press(ada, question, "approve")
    dm = lab.hand.dm(ada)
    result = lab.only(lambda: lab.hand.of_app(dm), "Your video is ready.", MADE)
    lab.settled(message)
    assert lab.hand.of_app(room) == []
    assert lab.hand.rang(ada) == [question, result]


def test_a_channel_that_the_app_was_taken_out_of_is_left(lab: Lab) -> None:
    ada = lab.person("Ada")
    room, dm = lab.channel(ada, kind="private"), lab.hand.dm(ada)
    message = lab.ask(ada, room, f"{lab.paper('Captions that moved house')} seconds=30 approve=yes")
    lab.in_thread(message, "Shall the video be made?")
    lab.settled_for_now(message)
    lab.hand.kick(room)
    lab.hand.write(ada, dm, f"cancel {lab.job(message).id}")

    def moved() -> list[str]:
        return [one.shown for one in lab.hand.of_app(dm) if "Captions that moved house" in one.shown]

    lab.until(lambda: any("Nothing was spent." in text for text in moved()))
    lab.settled(message)
    assert len([text for text in moved() if "your video goes on here" in text]) == 1
    # The answer to whoever cancelled, the news that it goes on here, and the message.
    assert len(moved()) == 3
    assert len(lab.hand.rang(ada)) == 1
