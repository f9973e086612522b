"""A script that waits for its requester's word."""

from __future__ import annotations

import pytest

from storage.records import JobState
from tests.fakes.slack import View
from tests.scenarios.lab import BOSS, MADE, Lab, has_button

pytestmark = pytest.mark.timeout(300)


def fields(view: View) -> dict[str, str]:
    """What stands in each field of a form."""
    return {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in view.body["blocks"]
        if block["type"] == "input"
    }


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
    view = lab.until(lambda: [one for one in lab.slack.views(ada) if fields(one)])[-1]
    scene, words = next(iter(fields(view).items()))
    lab.slack.submit(ada, view.id, {scene: f"{words} That is 4711 ms."})
    lab.until(lambda: "One scene is marked" in str(view.body))
    assert "4711" in str(view.body)
    assert lab.job(message).state is JobState.AWAITING_APPROVAL
    mended = next(name for name, text in fields(view).items() if "4711" in text)
    lab.slack.submit(ada, view.id, {mended: f"In short: {words}"})
    lab.until(lambda: "Approved with your words" in str(view.body))
    lab.shows(question, "approved this script.")
    assert not has_button(question, "approve")
    lab.shows(message, "Done", seconds=MADE)
    result = lab.in_thread(message, "Your video is ready.")
    job = lab.settled(message)
    captions = next(file for file in lab.files(message) if file.name.endswith(f"{job.id}.srt"))
    assert "In short:" in " ".join(captions.content.decode().split())
    assert lab.slack.notified(ada) == [question, result]
    assert lab.slack.notifications(ben) == 0


def test_shorter_asks_again_and_discard_ends_it(lab: Lab) -> None:
    ada = lab.person("Ada")
    room = lab.channel(ada, BOSS)
    message = lab.ask(ada, room, f"{lab.paper()} seconds=90 approve=yes")
    first = lab.in_thread(message, "Shall the video be made?")
    lab.press(ada, first, "shorter")
    lab.shows(first, "Another script takes its place.")
    assert not has_button(first, "shorter")
    second = lab.until(
        lambda: [
            one
            for one in lab.slack.of_app(room, message.ts)
            if one.ts != first.ts and has_button(one, "discard")
        ]
    )[0]
    scripts = [one for one in lab.slack.of_app(room, message.ts) if one.shown.startswith("The script\n")]
    assert len(scripts) == 2
    assert len(scripts[1].shown) < len(scripts[0].shown)
    lab.press(BOSS, second, "discard")
    lab.becomes(message, JobState.CANCELLED)
    lab.shows(second, "Nothing is made of this script.")
    lab.shows(message, "Cancelled.")
    assert lab.slack.of_app(room) == [message]
