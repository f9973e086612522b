"""A script that waits for its requester's word."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.scenarios.lab import MADE, Lab

pytestmark = pytest.mark.timeout(300)


def test_a_script_is_edited_held_to_the_paper_and_made(lab: Lab) -> None:
    ada, ben = lab.person("Ada"), lab.person("Ben")
    room = lab.channel(ada, ben)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=30 approve=yes")
    question = lab.in_thread(message, "Shall the video be made?")
    assert f"<@{ada}>" in question.shown
    assert "The video costs nothing." in question.shown
    lab.shows(message, "waits for approval")
    lab.press(ben, question, "edit")
    lab.whisper(ben, "Only Ada or an admin can edit the script of this video.")
    lab.press(ada, question, "edit")
    script = lab.hand.script_form(ada)
    words = script.first
    script.send(f"{words} That is 4711 ms.")
    lab.until(lambda: "One scene is marked" in script.shown)
    assert "4711" in script.shown
    assert lab.job(message).state is JobState.AWAITING_APPROVAL
    script.send(f"In short: {words}")
    lab.until(lambda: "Approved with your words" in script.shown)
    lab.shows(question, "approved this script.")
    assert not lab.has_button(question, "approve")
    lab.shows(message, "Done", seconds=MADE)
    result = lab.in_thread(message, "Your video is ready.")
    job = lab.settled(message)
    captions = next(file for file in lab.hand.files(message) if file.name.endswith(f"{job.id}.srt"))
    assert "In short:" in " ".join(captions.content.decode().split())
    assert lab.hand.rang(ada) == [question, result]
    assert lab.hand.rang(ben) == []


def test_shorter_asks_again_and_discard_ends_it(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, lab.hand.boss)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=90 approve=yes")
    first = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, first, "shorter")
    lab.shows(first, "Another script takes its place.")
    assert not lab.has_button(first, "shorter")
    second = lab.until(
        lambda: [
            one
            for one in lab.hand.of_app(room, message.ts)
            if one.ts != first.ts and lab.has_button(one, "discard")
        ]
    )[0]
    scripts = lab.scripts(message)
    assert len(scripts) == 2
    assert len(scripts[1].shown) < len(scripts[0].shown)
    lab.press(lab.hand.boss, second, "discard")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(second, "Nothing is made of this script.")
    lab.shows(message, "Cancelled.")
    assert lab.hand.of_app(room) == [message]
